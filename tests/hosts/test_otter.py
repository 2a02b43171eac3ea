"""Otter as a host: `otter run` scores an honest notebook as we do, and `grader.check` says what we have to say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import REPO
from autograder.authors import build
from autograder.authors import notebook as notebooks
from autograder.authors.build import Built
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.check import PUBLIC_SEED
from autograder.checks.judge import judge
from autograder.checks.outcomes import MARKS, Outcome
from autograder.checks.trust import trusted_names
from autograder.hosts import otter_host
from autograder.hosts.in_process import LocalHost
from autograder.pieces import archive

pytestmark = pytest.mark.filterwarnings("ignore")  # otter's own dependencies warn on import

HERE = Path(__file__).parents[1]
SMALL = HERE / "small_assignment"
QUESTIONS = list(assignments.load().questions)


@pytest.fixture(scope="module")
def real() -> Built:
    return build.make(assignments.load())


@pytest.fixture(scope="module")
def small() -> Built:
    return build.make(assignments.load(SMALL))


# --- the real `otter run` ---------------------------------------------------------------------------------------------


def otter_run(built: Built, notebook: bytes, folder: Path) -> dict[str, float]:
    """The score of each question, from the command an instructor would type."""
    (folder / "autograder.zip").write_bytes(archive.zipped(built.autograder, build.EXECUTABLE))
    (folder / "anything.ipynb").write_bytes(notebook)
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT")}
    command = [sys.executable, "-m", "otter", "run", "--no-logo", "-a", "autograder.zip", "-o", ".", "anything.ipynb"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    results = json.loads((folder / "results.json").read_text())
    return {test["name"]: test["score"] for test in results["tests"]}


def test_otter_gives_the_reference_full_marks(real: Built, tmp_path: Path) -> None:
    points = {question.id: question.points for question in assignments.load().questions.values()}
    assert otter_run(real, notebooks.written(real.solved), tmp_path) == points


def test_otter_gives_the_template_nothing(real: Built, tmp_path: Path) -> None:
    assert otter_run(real, real.student["vae.ipynb"], tmp_path) == dict.fromkeys(QUESTIONS, 0)


def test_otter_takes_a_wrong_kl_for_one_question(real: Built, tmp_path: Path) -> None:
    """Without any metadata, too: neither ids, nor tags, nor the file's name matter."""
    notebook = json.loads(notebooks.written(real.solved))
    notebook["metadata"] = {}
    notebook["nbformat_minor"] = 2
    for cell in notebook["cells"]:
        del cell["id"]
        ignored = "otter_ignore" in cell["metadata"].get("tags", ())
        cell["metadata"] = {}
        if ignored:
            cell["source"] = "# a plot"  # else it would train
        elif "def gaussian_kl" in "".join(cell["source"]):
            cell["source"] = "def gaussian_kl(mu, logvar):\n    return (mu**2 + logvar.exp() - 1 - logvar).sum(-1)"
    scores = otter_run(real, json.dumps(notebook).encode(), tmp_path)
    full = {question.id: question.points for question in assignments.load().questions.values()}
    assert scores.pop("q5") < full.pop("q5")
    assert scores == full


# --- otter's own objects on a live namespace --------------------------------------------------------------------------


@pytest.fixture
def otter_scores(real: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], dict[str, float]]:
    """Runs the zip's test files, all checks, as otter does."""
    from otter.test_files import create_test_file

    for path, content in real.autograder.items():
        if path.startswith("tests/"):
            (tmp_path / Path(path).name).write_bytes(content)

    def scores(namespace: dict[str, Any]) -> dict[str, float]:
        otter_host.sitting.cache_clear()
        found = {}
        for id in QUESTIONS:
            file = create_test_file(str(tmp_path / f"{id}.py"), None)
            file.run(namespace)
            found[id] = file.score
        return found

    return scores


def our_scores(assignment: Assignment, namespace: dict[str, Any]) -> dict[str, float]:
    trusted: frozenset[str] = frozenset()
    scores = {}
    host = LocalHost(namespace, assignment.scenarios, assignment.lendable)
    for question in assignment.questions.values():
        outcomes = judge(question.checks, host, PUBLIC_SEED, question.needs, trusted)
        trusted |= trusted_names(question.answers, question.checks, outcomes)
        scores[question.id] = sum(outcome.earned for outcome in outcomes)
    return scores


def spoiled(assignment: Assignment, question: Question, how: str) -> dict[str, Any]:
    """The reference's namespace with one question deleted, returning nothing, or answered with the first listed mistakes."""
    namespace = assignment.reference()
    for name in question.answers:
        if how == "deleted":
            del namespace[name]
        elif how == "nothing":
            namespace[name] = (lambda *args, **kwargs: None) if callable(namespace[name]) else ...
        else:
            entry = next(entry for entry in assignment.wrong_answers(question) if entry.target == name)
            exec(compile(entry.source, "<cell>", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("how", ["deleted", "nothing", "mistaken"])
@pytest.mark.parametrize("id", QUESTIONS)
def test_one_question_wrong_costs_that_question_only(
    otter_scores: Callable[[dict[str, Any]], dict[str, float]], id: str, how: str
) -> None:
    assignment = assignments.load()
    question = assignment.questions[id]
    scores = otter_scores(spoiled(assignment, question, how))
    assert scores == our_scores(assignment, spoiled(assignment, question, how))
    full = {other.id: other.points for other in assignment.questions.values()}
    assert scores.pop(id) < full.pop(id)
    assert scores == full


def test_every_check_is_a_test_case_of_its_points(real: Built, tmp_path: Path) -> None:
    from otter.test_files import create_test_file

    for question in assignments.load().questions.values():
        path = tmp_path / f"{question.id}.py"
        for files, checks in (
            (real.autograder, question.checks),
            (real.student, [check for check in question.checks if not check.hidden]),
        ):
            path.write_bytes(files[f"tests/{question.id}.py"])
            cases = create_test_file(str(path), None).test_cases
            assert [(case.points, case.hidden) for case in cases] == [(check.points, check.hidden) for check in checks]


def test_no_message_stands_in_a_test_file(small: Built) -> None:
    """Quotes and newlines in titles and messages cannot break a file that has neither."""
    for files in (small.student, small.autograder):
        for path, content in files.items():
            if path.startswith("tests/"):
                compile(content, path, "exec")
                assert b"exactly" not in content and b"half of" not in content


# --- what a student sees ----------------------------------------------------------------------------------------------


def run_as_student(built: Built, folder: Path, sources: list[str], name: str = "vae.ipynb") -> list[str]:
    """Run code cells in a kernel in the student's folder; the text (HTML where there is some) that each shows."""
    files = dict(built.student)
    files[name] = files.pop(built.name)
    archive.write_folder(folder, files)
    setup = "import math, torch\nimport otter\ngrader = otter.Notebook()"  # its own: nothing of this is in the notebook's file
    cells = [nbformat.v4.new_code_cell(source) for source in (setup, *sources)]
    (folder.parent / "script.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    script = (
        "import sys, nbformat; from nbclient import NotebookClient\n"
        "nb = nbformat.read(sys.argv[1], 4)\n"
        "NotebookClient(nb, timeout=60, allow_errors=True, resources={'metadata': {'path': sys.argv[2]}}).execute()\n"
        "nbformat.write(nb, sys.argv[1])"
    )
    path = folder.parent / "script.ipynb"
    environment = os.environ | {"PYTHONPATH": str(REPO), "AUTOGRADER_ASSIGNMENT": str(folder / "assignment")}
    command = [sys.executable, "-W", "ignore", "-c", script, str(path), str(folder)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    done = nbformat.read(path, as_version=4)
    return ["\n".join(map(shown, cell.outputs)) for cell in done.cells[1:]]


def shown(output: Any) -> str:
    data = output.get("data", {})
    return str(output.get("text") or data.get("text/html") or data.get("text/plain") or output.get("evalue"))


RIGHT_HALF = "def half(x): return x / 2"
KL_STUB = 'def gaussian_kl(mu, logvar):\n    raise NotImplementedError("Question 2: write gaussian_kl …")'


def test_a_check_in_a_renamed_notebook(small: Built, tmp_path: Path) -> None:
    """Nothing is read from the notebook's file: it may be renamed or stripped, run in any order, twice, with a cell missing."""
    deleted, stub, partly, again, wrong, crashing, all_of_it, exported = run_as_student(
        small,
        tmp_path / "student",
        [
            'grader.check("q2")',
            f'{KL_STUB}\ndef half(x):\n    raise NotImplementedError("Question 2: write half …")\ngrader.check("q2")',
            f'{RIGHT_HALF}\ngrader.check("q2")',
            'grader.check("q2")',
            'def half(x): return x\ngrader.check("q2")',
            'def gaussian_kl(mu, logvar):\n    return logvar["<b>"]\ngrader.check("q2")',
            "grader.check_all()",
            "grader.export(pdf=False, ignore_log=True)",
        ],
        name="Ünterwegs's copy (1).ipynb",
    )
    assert deleted.count("<strong>MISSING</strong>") == 2 and "`half` does not exist" in deleted
    assert "Not attempted yet: write your answer" in stub and "FAIL" not in stub
    assert partly.count("<strong>PASS</strong>") == 1 and partly.count("<strong>NOT ATTEMPTED</strong>") == 1
    assert again == partly
    assert "<strong>FAIL</strong> Half of two is one, &quot;exactly&quot; &amp; &lt;b&gt;always&lt;/b&gt;." in wrong
    assert "a &quot;half&quot;\nof two: the value is wrong\nfed 2.0,\nno \\ more: expected 1, but got 2" in wrong
    assert "your code raised" in crashing and "(in gaussian_kl: `return logvar[&quot;&lt;b&gt;&quot;]`)" in crashing
    assert re.findall(r"Question \d", all_of_it) == ["Question 1", "Question 2", "Question 3"]
    for text in (deleted, stub, partly, wrong, crashing):
        assert "2 hidden checks count too: passing what is shown here does not mean full marks." in text
    for text in (deleted, stub, partly, wrong, crashing, all_of_it):
        assert "otter_host" not in text and "Traceback" not in text and "passed!" not in text and "expect." not in text
    assert "Your submission has been exported" in exported
    [zipped] = (tmp_path / "student").glob("*.zip")
    with zipfile.ZipFile(zipped) as opened:
        assert "Ünterwegs's copy (1).ipynb" in opened.namelist() and not any(name.endswith(".pdf") for name in opened.namelist())


def test_a_check_answers_within_half_a_second(real: Built, tmp_path: Path) -> None:
    ids = [question.id for question in assignments.load().questions.values()]
    answers = "\n\n".join(cell.source for cell in real.solved.cells if "-answer-" in cell.id or "-given-" in cell.id)
    imports = real.reference["answers.py"].decode().split("\n\n\n")[1]
    timed = f"import time\nfor id in {ids}:\n    start = time.perf_counter(); grader.check(id); print(time.perf_counter() - start)"
    compiler = "import sys; 'torch._dynamo' in sys.modules"
    _, first, second, found = run_as_student(real, tmp_path / "student", [f"{imports}\n\n{answers}", timed, timed, compiler])
    assert found == "False"  # importing it takes seconds
    times = [min(map(float, pair)) for pair in zip(first.split(), second.split(), strict=True)]
    assert len(times) == len(QUESTIONS) and max(times) < 0.5, dict(zip(ids, times, strict=True))


def test_what_is_rendered_names_every_status(monkeypatch: pytest.MonkeyPatch) -> None:
    from typing import get_args

    from autograder.wire.faults import Status

    assert set(MARKS) == set(get_args(Status))


def test_a_hint_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    question = assignments.load(SMALL).questions["q2"]
    outcome = Outcome("q2", "test_half_of_two", "A title", 0.5, False, "failed", "the message", hint="the <hint>")
    sitting = otter_host.Sitting(assignments.load(SMALL), {question.id: {outcome.check: outcome}})
    monkeypatch.setattr(otter_host, "sitting", lambda: sitting)
    assert "the message\nthe &lt;hint&gt;" in otter_host.as_html(["q2"])
    assert "           the <hint>" in otter_host.as_text(["q2"])
    assert "All" not in otter_host.as_text(["q2"])


def test_a_hint_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the first check that it explains; each message is said all the same."""
    messages = {"test_half_of_two": "it is 2", "test_zero_at_the_prior": "it is 3"}
    latest = {name: Outcome("q2", name, "A title", 0.5, False, "failed", says, hint="Halve it.") for name, says in messages.items()}
    sitting = otter_host.Sitting(assignments.load(SMALL), {"q2": latest})
    monkeypatch.setattr(otter_host, "sitting", lambda: sitting)
    for said in (otter_host.as_text(["q2"]), otter_host.as_html(["q2"])):
        assert said.count("Halve it.") == 1 and said.count("The hint above is for this, too.") == 1
        assert all(message in said for message in messages.values())
