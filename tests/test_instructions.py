"""What README.md and INSTRUCTORS.md tell people to type works as it stands there, and what they quote is so."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.checks import assignment as assignments

REPO = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "INSTRUCTORS.md")
IN_CI = {
    "make": "make",
    "make test": "make test",
    "make browser": "make browser",
    "python -m autograder verify": "make verify",
}  # these take minutes
WRONG = "\ndef gaussian_kl(mu, logvar):\n    return (mu.square() + logvar.exp() - 1 - logvar).sum(-1)\n"


def blocks(document: str) -> list[list[str]]:
    """The commands of each block, without their comments."""
    found = re.findall(r"```(?:sh|console)\n(.*?)```", (REPO / document).read_text("utf-8"), re.DOTALL)
    return [[line.split("  #")[0].strip() for line in block.splitlines()] for block in found]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the same form with a small assignment, and two submissions, one of which has the KL twice too big."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(REPO / "autograder", root / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPO / "tests" / "small_assignment", root / "assignment")
    toml = root / "assignment" / "assignment.toml"
    toml.write_text(toml.read_text().replace('slug = "small"', 'slug = "vae"'))
    typed(["python -m autograder build"], root)
    (root / "submissions").mkdir()
    for name, more in {"ana": "", "bob": WRONG}.items():
        notebook = json.loads((root / "reference" / "vae.ipynb").read_text())
        cell = {"cell_type": "code", "metadata": {}, "source": more, "outputs": [], "execution_count": None}
        notebook["cells"].append(cell)
        (root / "submissions" / f"{name}.ipynb").write_text(json.dumps(notebook))
    return root


def typed(commands: list[str], folder: Path) -> str:
    """What a shell says to the commands of one block; raises when one of them fails."""
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT")}
    own["PATH"] = f"{Path(sys.executable).parent}:{own['PATH']}"  # as in an activated environment
    own["PYTHONPATH"] = str(folder)  # as `make` has it there
    script = "set -eo pipefail\n" + "\n".join(commands)
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=own, capture_output=True, text=True)
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_does_what_it_says(project: Path, document: str) -> None:
    """In the order of the document; what was built already is not built again, and what takes minutes is left to CI."""
    said = ""
    for block in blocks(document):
        if block[0].startswith("dask"):  # beyond one machine: below
            continue
        said += typed([line for line in block if line not in IN_CI and line != "python -m autograder build"], project)
    ana, bob = (json.loads((project / "results" / name / "results.json").read_text())["score"] for name in ("ana", "bob"))
    assert ana == 10 and bob < ana
    if document == "README.md":
        assert "Only the public checks ran" in said
    else:
        assert "2 graded" in said
        report = (project / "results" / "report.html").read_text(encoding="utf-8")
        assert "Half of it all, not twice." in report and (project / "results" / "scores.csv").exists()


def test_a_class_is_graded_beyond_one_machine_as_instructors_are_told(project: Path) -> None:
    """The block as it stands, but for where the scheduler is, and that what serves is ended."""
    (block,) = (block for block in blocks("INSTRUCTORS.md") if block[0].startswith("dask"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    block = [line.replace("SCHEDULER", "127.0.0.1").replace("8786", str(port)).replace("results/", "far/") for line in block]
    block[0] += f" --host 127.0.0.1 --port {port} --no-dashboard"
    serving = [f"{line} >serving.log 2>&1 & trap 'kill $(jobs -p); wait' EXIT" for line in block if line.startswith("dask")]
    said = typed([*serving, *(line for line in block if not line.startswith("dask"))], project)
    scores = [json.loads((project / "far" / name / "results.json").read_text())["score"] for name in ("ana", "bob")]
    assert "2 graded" in said and scores[0] == 10 and scores[1] < 10


def test_what_takes_minutes_is_typed_by_ci() -> None:
    typed_there = (REPO / ".ci" / "run").read_text().splitlines()
    assert set(IN_CI.values()) <= set(typed_there)
    assert "verify: $(READY)\n\t$(PY) -m autograder verify" in (REPO / "Makefile").read_text()


def test_each_slip_that_instructors_are_told_of_is_one_the_catalogue_names() -> None:
    assignment = assignments.load()
    hints = {entry.hint for question in assignment.questions.values() for entry in assignment.wrong_answers(question)}
    told = re.findall(r"^\| `q\d+` \| “(.*?)” \|", (REPO / "INSTRUCTORS.md").read_text("utf-8"), re.MULTILINE)
    assert len(told) >= len(assignment.questions)
    assert [hint for hint in told if hint not in hints] == []


def test_the_week_has_every_question_once_and_its_points() -> None:
    questions = assignments.load().questions
    rows = re.findall(
        r"^\| \d \|.*?\| ((?:`q\d+`,? ?)+).*?\| (\d+) \|$", (REPO / "INSTRUCTORS.md").read_text("utf-8"), re.MULTILINE
    )
    days = [re.findall(r"q\d+", ids) for ids, _ in rows]
    assert [id for day in days for id in day] == list(questions)
    assert [sum(questions[id].points for id in day) for day in days] == [int(points) for _, points in rows]


def test_public_checks_hold_less_than_a_tenth_of_the_points() -> None:
    questions = assignments.load().questions.values()
    public = sum(check.points for question in questions for check in question.checks if not check.hidden)
    assert public < 0.1 * sum(question.points for question in questions)
