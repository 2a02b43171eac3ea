"""Every odd thing that students hand in, graded by the real program: a folder under `submissions/` each, with what must come of it.

`story.py` says the story and builds the submission; `expected.json` says

    questions   the status of each question that is not passed with full marks…
    otherwise   …or of all those that are not named
    says        what the results must tell: "submission" above the questions, "q5" at question 5
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from book import Book
from filelock import FileLock

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Question
from autograder.run.session import Session

TESTS = Path(__file__).parents[1]
STORIES = sorted(path.parent.name for path in TESTS.glob("submissions/*/story.py"))
SCHEMA = TESTS.parent.parent / "shared" / "schemas" / "results.schema.json"
ASSIGNMENT = assignments.load()
QUESTIONS = list(ASSIGNMENT.questions.values())
# Enough for an honest answer, little for an endless one.
SHORT = {"call_seconds": 2, "cell_seconds": 4, "submission_seconds": 120}


def told(name: str) -> tuple[Any, dict[str, Any]]:
    """A story's `build` and what is expected of it."""
    folder = TESTS / "submissions" / name
    spec = importlib.util.spec_from_file_location(f"story_{name}", folder / "story.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.build, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


class Run:
    """The program, run once on a class whose students are the stories."""

    def __init__(self, folder: Path, stories: list[str]) -> None:
        self.results = folder / "results"
        if not (folder / "said.json").exists():
            for name in {*stories, "reference", "template"}:  # two at least, or it would not be a class
                (folder / "class" / name).mkdir(parents=True)
                told(name)[0](folder / "class" / name, Book(ASSIGNMENT))
            done = subprocess.run(
                [sys.executable, "-m", "autograder", "grade", folder / "class", "--out", self.results, "--jobs", "2"],
                cwd=TESTS.parent,
                env=os.environ | {"AUTOGRADER_ASSIGNMENT": str(in_a_hurry(folder / "assignment"))},
                capture_output=True,
                text=True,
            )
            shutil.rmtree(folder / "class")
            said = {"code": done.returncode, "out": done.stdout, "err": done.stderr}
            (folder / "said.json").write_text(json.dumps(said))
        self.said = json.loads((folder / "said.json").read_text())
        assert self.said["code"] == 0, self.said["err"]

    def results_of(self, name: str) -> dict[str, Any]:
        return json.loads((self.results / name / "results.json").read_text(encoding="utf-8"))


def in_a_hurry(folder: Path) -> Path:
    """A copy of the assignment with short limits."""
    shutil.copytree(ASSIGNMENT.root, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = (folder / "assignment.toml").read_text(encoding="utf-8")
    for name, seconds in SHORT.items():
        text, found = re.subn(rf"^{name} = \d+", f"{name} = {seconds}", text, flags=re.MULTILINE)
        assert found
    (folder / "assignment.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One run for all that were asked for, and for all workers of pytest-xdist."""
    asked = [item.callspec.params["story"] for item in request.session.items if item.name.startswith("test_a_story_ends")]
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    with FileLock(shared / "submissions.lock"):
        return Run(shared / "submissions", asked)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_ends_as_it_must(story: str, run: Run) -> None:
    _, expected = told(story)
    results = run.results_of(story)
    assert len(results["tests"]) == len(QUESTIONS)
    assert "Traceback" not in json.dumps(results)
    entries = {f"q{entry['number']}": entry for entry in results["tests"] if entry["max_score"]}
    otherwise = expected.get("otherwise", "passed")
    wanted = {id: expected.get("questions", {}).get(id, otherwise) for id in entries}
    found = {id: entry["extra_data"]["status"] for id, entry in entries.items()}
    unexpected = [entry["output"] for id, entry in entries.items() if found[id] != wanted[id]]
    assert found == wanted, "\n".join([results["output"], *unexpected])
    assert all(entry["score"] == entry["max_score"] for id, entry in entries.items() if wanted[id] == "passed")
    assert results["score"] == sum(entry["score"] for entry in entries.values())
    for where, texts in expected.get("says", {}).items():
        said = results["output"] if where == "submission" else entries[where]["output"]
        for text in texts:
            assert text in said, f"{text!r} is not in\n{said}"
    assert not results["extra_data"]["grader_error"]


def test_all_results_are_what_the_platform_reads(run: Run) -> None:
    if not SCHEMA.exists():
        pytest.skip("the platform's schema is not beside this repository")
    jsonschema = pytest.importorskip("jsonschema")
    found = list(run.results.glob("*/results.json"))
    assert len(found) >= 2
    for path in found:
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), json.loads(SCHEMA.read_text()))


def test_every_submission_was_judged_without_a_traceback(run: Run) -> None:
    assert run.said["code"] == 0, run.said
    assert "Traceback" not in run.said["out"] + run.said["err"]
    assert not run.said["err"]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_one_question_wrong_costs_that_question_only(question: Question, session: Session, tmp_path: Path) -> None:
    entries = ASSIGNMENT.wrong_answers(question)
    if not entries:
        pytest.skip("no wrong answers")
    book = Book(ASSIGNMENT)
    book.define(entries[0].target, entries[0].source)
    book.save(tmp_path / "vae.ipynb")
    report = session.grade(tmp_path)
    assert not report.failed_by_us
    lost = {verdict.question.id: verdict.outcomes for verdict in report.verdicts if verdict.earned < verdict.possible}
    assert lost.keys() == {question.id}, lost
