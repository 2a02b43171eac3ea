"""The second assignment, of another kind: numpy alone, other names, another slug. Whatever the program took for granted would show here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from book import Book
from conftest import as_a_script

from autograder import PACKAGE
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Question
from autograder.checks.judge import judge
from autograder.hosts.in_process import LocalHost
from autograder.pieces import archive
from autograder.proof import scoreboard, trials, verify
from autograder.proof.local_gradescope import SECRETS, Gradescope
from autograder.proof.trials import Finding
from autograder.run.session import Session

REPO = Path(__file__).resolve().parents[2]
EXAMPLE = REPO / "examples" / "least_squares" / "assignment"
ASSIGNMENT = assignments.load(EXAMPLE)
QUESTIONS = list(ASSIGNMENT.questions.values())
NOTEBOOK = "least_squares.ipynb"
TURNED_ROUND = next(entry for entry in ASSIGNMENT.wrong_answers(ASSIGNMENT.questions["ls2"]) if entry.name == "turned_round")


def command(folder: Path, *arguments: str | Path) -> str:
    """What `python -m autograder` prints, started in `folder`."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT")}
    line = [sys.executable, "-m", "autograder", *map(str, arguments)]
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder beside a copy of the assignment, with all that a build writes."""
    root = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, root / "assignment", ignore=shutil.ignore_patterns("__pycache__"))
    command(REPO, "build", "--assignment", root / "assignment")
    return root


@pytest.fixture(scope="module")
def graded(built: Path) -> dict[str, dict[str, Any]]:
    """The results of a solved, an untouched and a wrong notebook, by name."""
    wrong = Book(ASSIGNMENT)
    wrong.define("gradient", TURNED_ROUND.source)
    wrong.save(built / "wrong.ipynb")
    notebooks = [built / "reference" / NOTEBOOK, built / "student_template" / NOTEBOOK, built / "wrong.ipynb"]
    command(REPO, "grade", "--assignment", built / "assignment", *notebooks, "--out", built / "results", "--jobs", "1")
    return {path.parent.name: json.loads(path.read_text()) for path in (built / "results").glob("*/results.json")}


def scores(results: dict[str, Any]) -> list[float]:
    return [test["score"] for test in results["tests"]]


# --- built and graded ---------------------------------------------------------------------------------------------------


def test_the_reference_gets_full_marks_and_the_template_none(graded: dict[str, dict[str, Any]]) -> None:
    assert scores(graded["reference-least_squares"]) == [question.points for question in QUESTIONS]
    assert graded["student_template-least_squares"]["score"] == 0


def test_a_wrong_answer_is_told_its_hint(graded: dict[str, dict[str, Any]]) -> None:
    [told] = [test["output"] for test in graded["wrong"]["tests"] if TURNED_ROUND.hint in test["output"]]
    assert told == graded["wrong"]["tests"][1]["output"]


def test_a_slip_in_the_gradient_costs_its_own_question_alone(graded: dict[str, dict[str, Any]]) -> None:
    """Ours is lent to their descent: arrays go out of the student's process and come back as arrays."""
    first, second, third = scores(graded["wrong"])
    assert (first, third) == (4, 8) and 0 < second < 8


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="the platform runs as root on Linux")
def test_the_zip_grades_on_the_platform(built: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        Path(folder).chmod(0o755)
        platform = Gradescope(built / "dist" / "autograder.zip", Path(folder) / "autograder", Path(sys.prefix))
        for name, score in (("reference", 20), ("student_template", 0)):
            posted = platform.grade({NOTEBOOK: (built / name / NOTEBOOK).read_bytes()})
            assert not posted.lost and posted.score == score, posted.stdout
            assert not any(secret in posted.everything for secret in SECRETS)


def test_a_students_copy_names_the_slip_without_the_wrong_answers(built: Path, tmp_path: Path) -> None:
    """From hints under lock, which open to what the public checks see of arrays, too."""
    folder = Path(shutil.copytree(built / "student_template", tmp_path / "mine"))
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as program:
        program.extractall(folder)
    assert not list(folder.rglob("wrong_answers.py"))
    shutil.copy(built / "wrong.ipynb", folder)
    command(folder, "grade", "wrong.ipynb", "--out", "out")
    [results] = (folder / "out").rglob("results.json")
    assert TURNED_ROUND.hint in results.read_text()


# --- what students are given --------------------------------------------------------------------------------------------


def test_students_meet_no_torch(built: Path) -> None:
    """In no cell, given file or check of theirs: the grader alone has it."""
    notebook = nbformat.read(built / "student_template" / NOTEBOOK, as_version=4)
    assert [cell.id for cell in notebook.cells if "torch" in cell.source] == []
    files = archive.read_folder(built / "student_template")
    theirs = [path for path in files if path.startswith(("assignment/questions/", "least_squares_lesson/"))]
    assert theirs and [path for path in theirs if b"torch" in files[path]] == []


def test_the_plot_says_what_it_shows(built: Path) -> None:
    notebook = nbformat.read(built / "reference" / NOTEBOOK, as_version=4)
    [drawn] = [cell for cell in notebook.cells if "plots.descent" in cell.source]
    [output] = drawn.outputs
    assert output.data["text/plain"] in output.data["text/html"] and len(output.data["text/plain"]) > 200
    assert (built / "reference" / "plots" / "descent.png").stat().st_size > 10_000


def test_what_only_authors_use_stays_home(built: Path) -> None:
    for folder in ("student_template", "reference"):
        assert not [path for path in archive.read_folder(built / folder) if "proof" in path]
    shutil.unpack_archive(built / "dist" / "autograder.zip", built / "unpacked")
    files = archive.read_folder(built / "unpacked" / "files")
    assert "assignment/questions/ls2_error/wrong_answers.py" in files
    assert not [path for path in files if path.startswith(("assignment/proof/", "autograder/proof/", "autograder/authors/"))]


# --- its checks, checked ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def findings() -> Iterator[list[Finding]]:
    """Every answer of its catalogues, judged across the boundary."""
    with as_a_script():
        session = Session(EXAMPLE)
    with session:
        yield list(session.map(trials.attempt, list(trials.trials(session.assignment)), 2))


def test_every_wrong_answer_is_caught_and_told_its_hint(findings: list[Finding]) -> None:
    wrong = [finding for finding in findings if finding.trial.kind == "wrong"]
    assert len(wrong) >= 40
    assert [finding.name for finding in wrong if not finding.caught] == []
    assert [finding.name for finding in wrong if finding.silent and finding.hints != {finding.hint}] == []


def test_every_right_answer_gets_full_marks(findings: list[Finding]) -> None:
    right = [finding for finding in findings if finding.trial.kind == "right"]
    assert len(right) >= 15
    assert [(finding.name, finding.failed) for finding in right if not finding.accepted or finding.hints] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_hidden_check_is_needed_or_kept_for_a_reason(findings: list[Finding], question: Question) -> None:
    needed = verify.needed_checks(question, [f for f in findings if f.trial.question == question.id], [])
    assert [check.name for check in question.checks if check.hidden and not needed[check.name] and not check.kept] == []
    assert sum(check.points for check in question.checks) == question.points


def test_the_scores_of_wrong_answers_are_as_recorded(findings: list[Finding]) -> None:
    wrong = {q.id: [f for f in findings if f.trial.kind == "wrong" and f.trial.question == q.id] for q in QUESTIONS}
    assert scoreboard.table(wrong) == (ASSIGNMENT.proof / verify.SCORES).read_text()


ODD = [None, "0.5", float("nan"), 10**400, object(), [1.0, 2.0], {}, np.ones((2, 3)), np.array(["a"]), np.array([1j]), np.zeros(0)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_no_return_value_is_the_graders_fault(question: Question, odd: Any) -> None:
    namespace = ASSIGNMENT.reference()
    for name in question.answers:
        namespace[name] = (lambda *_, **__: odd) if callable(namespace[name]) else odd
    outcomes = judge(question.checks, LocalHost(namespace, {}, ASSIGNMENT.reference()), seed=1)
    assert not [outcome for outcome in outcomes if outcome.status == "grader_error"]
    assert not any("tensor" in outcome.message for outcome in outcomes)
    assert sum(outcome.earned for outcome in outcomes) == 0


# --- the program ----------------------------------------------------------------------------------------------------------


def test_the_program_names_neither_lesson() -> None:
    texts = {path.relative_to(PACKAGE).as_posix(): path.read_text().lower() for path in PACKAGE.rglob("*.py")}
    assert len(texts) > 80
    words = ("vae", "least_squares", "gaussian_kl", "spring", "clinic")
    assert [(path, word) for path, text in texts.items() for word in words if word in text] == []
