"""The student's seat: every cell of the notebook is run as a student may have left it, and none shows a traceback into our code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import REPO
from autograder.authors import build
from autograder.authors.build import Built
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.pieces import archive

pytestmark = pytest.mark.filterwarnings("ignore")  # otter's own dependencies warn on import

ASSIGNMENT = assignments.load()
QUESTIONS = list(ASSIGNMENT.questions)
OURS = re.compile(r"Traceback|(autograder|vae_lesson|otter|site-packages)/[\w/]+\.py|File .*\.py")
FAST = """\
from vae_lesson import figure
_png = figure.Plot.png
def _small(self):
    self.figure.set_size_inches(3, 3)
    return _png(self)
figure.Plot.png = _small
"""
NEED_NO_ANSWER = re.compile(r"diagrams\.|kl_surface|touch\.step|clinic\.patients")  # drawn alike whatever the answers are
FORMS = ("None", "3", "'text'", "(torch.ones(3),)", "[]", "torch.tensor(float('nan'))", "{'loss': 'low'}")


@pytest.fixture(scope="module")
def real() -> Built:
    return build.make(ASSIGNMENT, REPO / "student_template" / build.HINTS)


def run(
    built: Built, folder: Path, cells: Iterable[Any], environment: dict[str, str] | None = None, place: list[str] | None = None
) -> list[Any]:
    """Run cells in one kernel, in the student's folder, going on after an error; the cells as they are then.

    `place`: a command that runs another one somewhere else.
    """
    folder.mkdir(exist_ok=True)
    archive.write_folder(folder, built.student)
    path = folder.parent / "cells.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.source, id=f"c{i}") for i, cell in enumerate(cells)])
    path.write_text(nbformat.writes(notebook))
    script = (
        "import sys, nbformat; from nbclient import NotebookClient\n"
        "nb = nbformat.read(sys.argv[1], 4)\n"
        "NotebookClient(nb, timeout=120, allow_errors=True, resources={'metadata': {'path': sys.argv[2]}}).execute()\n"
        "nbformat.write(nb, sys.argv[1])"
    )
    own = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_ASSIGNMENT"} | {"PYTHONPATH": str(REPO)}
    command = [*(place or ()), sys.executable, "-W", "ignore", "-c", script, str(path), str(folder)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=own | (environment or {}))
    return list(nbformat.read(path, as_version=4).cells)


def code(built: Built, solved: bool) -> list[Any]:
    notebook = built.solved if solved else nbformat.reads(built.student[built.name].decode(), as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def quick(cells: list[Any]) -> Iterator[Any]:
    """The same cells, with little training and small pictures."""
    for cell in cells:
        source = cell.source.replace("epochs=300", "epochs=2")
        yield nbformat.v4.new_code_cell(source + ("\n" + FAST if cell.id == "setup" else ""))


def variant(solved: list[Any], cells: dict[str, str]) -> Iterator[Any]:
    """Every cell after the first, with all of the lesson's names forgotten before and some answers defined anew by `cells`."""
    names = [*ASSIGNMENT.answer_names, "model", "history", "runs", "images", "labels", "levels", "train", "held_out"]
    yield nbformat.v4.new_code_cell("".join(f"globals().pop('{name}', None)\n" for name in names))
    for cell in solved[1:]:
        if cell.id == "export" or NEED_NO_ANSWER.search(cell.source):
            continue
        yield cell
        for name, source in cells.items():
            if re.search(rf"^(def {name}\(|{name} =)", cell.source, re.MULTILINE):
                yield nbformat.v4.new_code_cell(source)


def shown(cell: Any) -> str:
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        texts.append(str(output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", ()))))
    return "\n".join(texts)


def troubles(cells: list[Any]) -> list[str]:
    """Cells that stopped, or that showed where in our files something happened."""
    return [
        f"{cell.source[:200]}\n → {shown(cell)[:1500]}"
        for cell in cells
        if any(output.output_type == "error" for output in cell.outputs) or OURS.search(shown(cell))
    ]


def deleted(question: Question) -> dict[str, str]:
    return {name: f"del {name}" for name in question.answers}


def untouched(question: Question) -> dict[str, str]:
    """The question as the template has it."""
    from autograder.pieces import stub

    made = [stub.stub(cell, question.number) for cell in stub.cells(question.source("solution.py"))]
    found = {}
    for name in question.answers:
        found[name] = next(cell for cell in made if re.search(rf"^(def {name}\(|{name} =)", cell, re.MULTILINE))
    return found


def of_odd_form(assignment: Assignment, question: Question, value: str) -> dict[str, str]:
    ours = assignment.reference()
    return {
        name: f"def {name}(*args, **kwargs): return {value}" if callable(ours[name]) else f"{name} = {value}"
        for name in question.answers
    }


# --- run all ----------------------------------------------------------------------------------------------------------


def test_the_untouched_template_runs_to_its_last_cell(real: Built, tmp_path: Path) -> None:
    cells = run(real, tmp_path / "Übung 6", code(real, solved=False))
    assert not troubles(cells)
    drawings = [
        shown(cell)
        for cell in cells
        if re.search(r"diagrams\.|kl_surface|touch\.step|clinic\.patients", cell.source) and "picture" in cell.source
    ]
    assert len(drawings) == 8 and not any("waits for" in text for text in drawings), drawings
    pictures = [
        shown(cell)
        for cell in cells
        if "picture.shown" in cell.source and "clinic." not in cell.source and shown(cell) not in drawings
    ]
    assert len(pictures) == 11 and all(re.search(r"^This (picture|training) waits for", text) for text in pictures), pictures
    assert "waits for question 2." in pictures[0] and "waits for question 3." in pictures[1]
    assert "waits for question 8" in pictures[3]
    clinic = [shown(cell) for cell in cells if "clinic.diagnosed" in cell.source or "clinic.tells" in cell.source]
    assert "No diagnosis yet" in clinic[0] and "waits for `check_kl`" in clinic[1]
    [everything] = [shown(cell) for cell in cells if "grader.check_all()" in cell.source]
    assert everything.count("Not attempted yet") == len(QUESTIONS), everything


def test_every_check_at_once_says_what_each_check_says(real: Built, tmp_path: Path) -> None:
    solved = code(real, solved=True)
    cells = [cell for cell in solved if re.search(r"setup|-answer-|-given-|check", cell.id)]
    ran = run(real, tmp_path / "student", cells)
    *each, at_once = [shown(cell) for cell in ran if "grader.check" in cell.source]
    assert len(each) == len(QUESTIONS) and at_once == "\n\n".join(each)


@pytest.mark.parametrize("how", ["untouched", "deleted"])
def test_one_question_missing(real: Built, tmp_path: Path, how: str) -> None:
    """Whichever it is, all other cells do what they do."""
    solved = code(real, solved=True)
    cells = [solved[0]]
    for question in ASSIGNMENT.questions.values():
        cells += variant(solved, untouched(question) if how == "untouched" else deleted(question))
    assert not troubles(run(real, tmp_path / "student", quick(cells)))


def test_one_question_of_odd_form(real: Built, tmp_path: Path) -> None:
    solved = code(real, solved=True)
    cells = [solved[0]]
    for i, question in enumerate(ASSIGNMENT.questions.values()):
        cells += variant(solved, of_odd_form(ASSIGNMENT, question, FORMS[i % len(FORMS)]))
    assert not troubles(run(real, tmp_path / "student", quick(cells)))


def test_wrong_answers_of_the_catalogue(real: Built, tmp_path: Path) -> None:
    """One of each name, another one in each question; a wrong answer that never ends is left out here."""
    solved = code(real, solved=True)
    cells = [solved[0]]
    for question in ASSIGNMENT.questions.values():
        for name in question.answers:
            entries = [entry for entry in ASSIGNMENT.wrong_answers(question) if entry.target == name and callable(entry.answer)]
            for entry in entries[len(cells) % max(1, len(entries)) :][:1]:
                cells += variant(solved, {name: entry.source})
    assert not troubles(run(real, tmp_path / "student", quick(cells)))


# --- in another place -------------------------------------------------------------------------------------------------

PLACE = """\
for given in vae_lesson assignment tests; do
    mount --bind "$given" "$given" && mount -o remount,ro,bind "$given" || exit 1
done
"$0" -c "import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 1))"  # the loopback is up
exec "$0" "$@"
"""
PROBES = ("import socket; socket.create_connection(('192.0.2.1', 80), 3)", "open('vae_lesson/mine', 'w')")


def test_the_solved_notebook_runs_offline_beside_a_read_only_lesson_in_a_folder_of_any_name(real: Built, tmp_path: Path) -> None:
    unshare = ["unshare", "--net", "--mount", "sh", "-c"]
    refused = not shutil.which("unshare") or subprocess.run([*unshare, "mount --make-rprivate /"], capture_output=True).returncode
    place = [] if refused else [*unshare, PLACE]
    cells = list(quick(code(real, solved=True)))
    saved = nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()
    built = replace(real, student=real.student | {real.name: saved})
    folder = tmp_path / "Übung 6 (für später) αβ"
    *ran, offline, read_only = run(built, folder, [*cells, *map(nbformat.v4.new_code_cell, PROBES)], place=place)
    assert not troubles(ran)
    assert not any(re.search(r"waits for|could not|MISSING|FAIL", shown(cell)) for cell in ran if "clinic." not in cell.source)
    assert len(list(folder.glob("vae_*.zip"))) == 1
    if place:  # else not all of what the name says was seen
        assert "Network is unreachable" in shown(offline) and "Read-only file system" in shown(read_only)


# --- in the wrong place -----------------------------------------------------------------------------------------------


def test_a_notebook_alone_says_where_it_belongs(real: Built, tmp_path: Path) -> None:
    alone = Built(real.name, {}, {}, {}, real.solved, "")
    cells = run(alone, tmp_path / "Downloads", code(real, solved=True))
    assert not troubles(cells)
    said = "Keep this notebook in the folder it came in, beside `assignment`, and open it there"
    asking = [cell for cell in cells if re.search(r"grader\.|picture\.shown", cell.source)]
    assert len(asking) > 20 and all(shown(cell).startswith(said) for cell in asking)


def test_colab_says_what_to_upload_and_unpacks_it(real: Built, tmp_path: Path) -> None:
    colab = nbformat.v4.new_code_cell(
        "import subprocess, sys, types\nsys.modules['google.colab'] = types.ModuleType('google.colab')\n"
        "subprocess.run = lambda command, **_: print('ran', *command[1:4])"
    )
    setup, check = code(real, solved=True)[0], nbformat.v4.new_code_cell('grader.check("q4")')
    export = nbformat.v4.new_code_cell("grader.export()")
    uploaded = nbformat.v4.new_code_cell(f"open('student.zip', 'wb').write({archive.zipped(real.student)!r})")
    alone = Built(real.name, {}, {}, {}, real.solved, "")
    before = [colab, setup, check, uploaded, setup, check, export]
    _, first, asked, _, second, checked, exported = run(alone, tmp_path / "content", before)
    assert shown(first).strip() == shown(asked).strip() and "In Colab: upload student.zip" in shown(asked)
    assert shown(second).strip() == "ran -m pip install" and "Question 4" in shown(checked)
    assert "File → Download → Download .ipynb" in shown(exported)


# --- export -----------------------------------------------------------------------------------------------------------


def exported(built: Built, folder: Path, sources: list[str], environment: dict[str, str] | None = None) -> list[str]:
    setup = code(built, solved=True)[0]
    cells = run(built, folder, [setup, *map(nbformat.v4.new_code_cell, sources)], environment)
    assert not troubles(cells)
    return [shown(cell) for cell in cells[1:]]


COPY = "import shutil; shutil.copy('vae.ipynb', 'vae copy.ipynb')"


def test_work_that_is_not_saved_is_not_exported(real: Built, tmp_path: Path) -> None:
    _, said = exported(real, tmp_path / "a", ["q4_kl_a = 0", "grader.export(pdf=False)"])
    assert "does not hold what you ran last in the cell of `q4_kl_a`. Save the notebook" in said
    assert not list((tmp_path / "a").glob("*.zip"))


def test_the_export_says_when_the_file_was_saved(real: Built, tmp_path: Path) -> None:
    [said] = exported(real, tmp_path / "a", ["grader.export(pdf=False)"])
    assert re.search(r"This is vae.ipynb as it was saved at \d\d:\d\d:\d\d", said)
    [zipped] = (tmp_path / "a").glob("vae_*.zip")
    assert f"Your submission has been exported: {zipped.name}" in said


def test_with_a_copy_in_the_folder_it_asks_for_the_name(real: Built, tmp_path: Path) -> None:
    _, asked, named = exported(real, tmp_path / "a", [COPY, "grader.export()", 'grader.export("vae copy.ipynb")'])
    assert "Which notebook is this one?" in asked and "vae copy.ipynb, vae.ipynb" in asked
    assert "This is vae copy.ipynb" in named and len(list((tmp_path / "a").glob("vae copy_*.zip"))) == 1


def test_with_a_copy_in_the_folder_the_one_that_runs_is_known(real: Built, tmp_path: Path) -> None:
    code_says = "__vsc_ipynb_file__ = '/somewhere/vae copy.ipynb'"
    _, first, _, second = exported(
        real, tmp_path / "a", [COPY, "grader.export()", code_says, "grader.export()"], {"JPY_SESSION_NAME": "/hub/x/vae.ipynb"}
    )
    assert "This is vae.ipynb" in first and "This is vae copy.ipynb" in second


# --- answers that do not end ------------------------------------------------------------------------------------------


def test_one_interrupt_ends_a_check_cell_and_a_picture(real: Built, tmp_path: Path) -> None:
    """The signal that a front end's ■ sends, a second into an endless loop."""
    endless = "def gaussian_kl(mu, logvar):\n    while True:\n        pass"
    press = "import os, signal, threading\nthreading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
    draw = "with picture.shown():\n    plots.monte_carlo_kl(gaussian_kl, torch.zeros(2), torch.zeros(2)).show()"
    sources = [endless, press + 'grader.check("q5")', press + draw]
    cells = run(real, tmp_path / "a", [code(real, solved=True)[0], *map(nbformat.v4.new_code_cell, sources)])
    checked, drawn = cells[2:]
    assert shown(checked) == "Interrupted: the checks after this one did not run."
    assert shown(drawn) == "Interrupted."


def test_an_endless_answer_is_stopped_in_a_check(real: Built, tmp_path: Path) -> None:
    shorter = "from autograder.hosts import otter_host\nfrom dataclasses import replace\nsitting = otter_host.sitting()\n"
    shorter += "sitting.assignment = replace(sitting.assignment, limits=replace(sitting.assignment.limits, call_seconds=0.5))"
    endless = (
        "def gaussian_kl(mu, logvar):\n    while True:\n        try:\n            pass\n        except Exception:\n            pass"
    )
    *_, said = exported(real, tmp_path / "a", [shorter, endless, 'grader.check("q5")'])
    assert said.count("TIMED OUT") == 3 and said.count("is there an endless loop?") == 1


def test_training_stops_by_itself_and_says_so(real: Built, tmp_path: Path) -> None:
    cells = code(real, solved=True)
    fit = next(cell.source for cell in cells if "def fit(" in cell.source)
    answers = "\n\n".join(cell.source for cell in cells if "-answer-" in cell.id or "-given-" in cell.id)
    slow = "own = train_step\ndef train_step(*a):\n    import time\n    time.sleep(0.02)\n    return own(*a)"
    _, _, said = exported(real, tmp_path / "a", [answers, f"training.MOST_SECONDS = 2\n{slow}", fit])
    assert re.search(r"beta = 1: stopped by itself after 2 s, at step \d+ of 3,300, loss \d\d\.\d nats per image\.", said)
    assert "Training curves over" in said


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="grading needs fork")
def test_grade_tells_the_hint_that_the_notebook_tells(real: Built, tmp_path: Path) -> None:
    slip = "def gaussian_kl(mu, logvar):\n    return (mu**2 + logvar.exp() - 1 - logvar).sum(-1)"
    _, said = exported(real, tmp_path / "a", [slip, 'grader.check("q5")'])
    [hint] = {line.strip() for line in said.splitlines() if "½" in line}
    notebook = nbformat.from_dict(real.solved)
    cells = [
        nbformat.v4.new_code_cell(slip if "def gaussian_kl" in cell.source else cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    mine = nbformat.v4.new_notebook(cells=cells)
    (tmp_path / "a" / "mine.ipynb").write_text(nbformat.writes(mine))
    command = [sys.executable, "-m", "autograder", "grade", "--assignment", "assignment", "mine.ipynb", "--out", "out"]
    subprocess.run(command, cwd=tmp_path / "a", check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(REPO)})
    results = json.loads((tmp_path / "a" / "out" / "mine" / "results.json").read_text(encoding="utf-8"))
    [told] = [test["output"] for test in results["tests"] if test["name"].startswith("q5")]
    assert told.count(hint) == 1
