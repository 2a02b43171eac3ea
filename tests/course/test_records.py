"""A class graded, stopped, changed and graded again: nothing that stands is graded twice, and nothing that changed is forgotten."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from book import Book

from autograder.checks import assignment as assignments
from autograder.course.records import Busy, Records, Unusable
from autograder.intake.graded import HandedIn

ASSIGNMENT = assignments.load()
WRONG = "def gaussian_kl(mu, logvar):\n    return (mu.square() + logvar.exp() - 1 - logvar).sum(-1)"
NAMES = ("ana", "ben", "cai", "dee", "eva", "fay")


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A class of six, two of whom have one slip."""
    for name in NAMES:
        book = Book(ASSIGNMENT)
        book.append(f"mine = {name!r}", *([WRONG] if name in ("ben", "dee") else []))
        (tmp_path / "class").mkdir(exist_ok=True)
        book.save(tmp_path / "class" / f"{name}.ipynb")
    return tmp_path


def command(lesson: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "autograder", "grade", str(lesson / "class"), "--out", str(lesson / "out"), "--jobs", "2", *more]


def graded(lesson: Path, *more: str) -> str:
    done = subprocess.run(command(lesson, *more), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def results(lesson: Path) -> dict[str, dict[str, Any]]:
    return {path.parent.name: json.loads(path.read_text()) for path in (lesson / "out").glob("*/results.json")}


def test_a_file_of_somebody_elses_is_not_written_over(tmp_path: Path) -> None:
    """A teacher's own list of scores in the folder named with --out; beside results it is ours, and a new one is written."""
    own = tmp_path / "scores.csv"
    own.write_text("mine\n")
    with pytest.raises(Unusable, match=r"holds scores\.csv but no results"):
        Records(tmp_path, ASSIGNMENT)
    assert own.read_text() == "mine\n" and list(tmp_path.iterdir()) == [own]
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana" / "results.json").write_text("{}")
    with Records(tmp_path, ASSIGNMENT):
        pass


def without_time(found: dict[str, Any]) -> dict[str, Any]:
    return found | {"execution_time": 0}


def test_a_killed_run_goes_on_where_it_stopped_and_comes_to_the_same(lesson: Path) -> None:
    """Killed at some moment, again and again; then as soon as half of the results are there."""
    moments = random.Random(7)
    for _ in range(4):
        with subprocess.Popen(command(lesson), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            time.sleep(moments.uniform(1, 6))
            running.kill()
        for path in (lesson / "out").glob("*/results.json"):
            json.loads(path.read_text())
    with subprocess.Popen(command(lesson), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while len(list((lesson / "out").glob("*/results.json"))) < 3 and running.poll() is None:
            time.sleep(0.01)
        running.kill()
    before = {name: (lesson / "out" / name / "results.json").stat().st_mtime_ns for name in results(lesson)}
    said = graded(lesson)
    assert f"{len(before)} of 6 were graded before" in said and len(before) >= 3
    assert all((lesson / "out" / name / "results.json").stat().st_mtime_ns == when for name, when in before.items())
    resumed = results(lesson)
    assert {name: found["score"] for name, found in resumed.items()} == {
        name: 100 if name not in ("ben", "dee") else 88 for name in NAMES
    }
    assert "6 of 6 were graded before" in graded(lesson)
    whole = lesson / "whole"
    whole.mkdir()
    (whole / "class").symlink_to(lesson / "class")
    graded(whole)
    assert {name: without_time(found) for name, found in results(whole).items()} == {
        name: without_time(found) for name, found in resumed.items()
    }


def test_a_changed_notebook_alone_is_graded_again_and_who_gained_is_said(lesson: Path) -> None:
    graded(lesson)
    Book(ASSIGNMENT).save(lesson / "class" / "ben.ipynb")
    dry = graded(lesson, "--dry-run")
    assert "5 of 6 were graded before" in dry and "ben: 88, now 100 (q5 " in dry and results(lesson)["ben"]["score"] == 88
    assert "1 graded again: 1 gained, 0 lost, 0 as before." in graded(lesson)
    assert results(lesson)["ben"]["score"] == 100
    [earlier] = (lesson / "out" / ".earlier").glob("*/ben/results.json")
    assert json.loads(earlier.read_text())["score"] == 88


def test_a_second_run_on_the_same_folder_says_so_and_stops(tmp_path: Path) -> None:
    with Records(tmp_path / "out", ASSIGNMENT), pytest.raises(Busy, match="Another run"):
        Records(tmp_path / "out", ASSIGNMENT)
    with Records(tmp_path / "out", ASSIGNMENT):
        pass


def test_results_stand_for_one_submission_one_program_and_one_assignment(tmp_path: Path) -> None:
    (tmp_path / "ana.ipynb").write_text("{}")
    one = HandedIn(tmp_path / "ana.ipynb", "ana", ())
    with Records(tmp_path / "out", ASSIGNMENT) as records:
        records.put(one, {"score": 1.0, "tests": [], "extra_data": {"grader_error": False}})
        assert records.found(one)
    with Records(tmp_path / "out", ASSIGNMENT) as records:
        records._grader = "another"
        assert not records.found(one)
    (tmp_path / "ana.ipynb").write_text("{ }")
    with Records(tmp_path / "out", ASSIGNMENT) as records:
        assert not records.found(one)


def test_a_failure_of_ours_is_never_taken_for_a_result(tmp_path: Path) -> None:
    (tmp_path / "ana.ipynb").write_text("{}")
    one = HandedIn(tmp_path / "ana.ipynb", "ana", ())
    with Records(tmp_path / "out", ASSIGNMENT) as records:
        records.put(one, {"score": 1.0, "tests": [], "extra_data": {"grader_error": True}})
        assert not records.found(one)
    for score, wrong, changes in ((1.0, True, 0), (0.0, True, 1), (1.0, False, 1)):  # the same again is no step to put back
        with Records(tmp_path / "out", ASSIGNMENT) as records:
            records.put(one, {"score": score, "tests": [], "extra_data": {"grader_error": wrong}})
            assert len(records.changed) == changes
        assert bool(list((tmp_path / "out").glob(".earlier/*/ana/results.json"))) == (score == 0 or not wrong)


def test_who_reads_the_first_line_alone_has_all_results(lesson: Path) -> None:
    with subprocess.Popen(command(lesson), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout and running.stderr
        assert running.stdout.readline().startswith("Recognised")
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == ("", 0)
    assert (lesson / "out" / "scores.csv").exists() and (lesson / "out" / "report.html").exists() and len(results(lesson)) == 6
