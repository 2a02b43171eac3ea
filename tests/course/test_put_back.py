"""What a regrade changed is put back: all of it, whatever ends the command, and everything that is made of it follows."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import assignment as assignments
from autograder.course import put_back, terminal
from autograder.course.records import EARLIER, Records
from autograder.run.grade import Report
from tests import made_class
from tests.course.test_terminal import FakeSession

ASSIGNMENT = assignments.load()
COUNT = 40


def judged(points: float) -> Any:
    """A judge that gives everybody so many points."""

    def judge(handed_in: list[Any]) -> Any:
        for place, _ in enumerate(handed_in):
            status = "passed" if points else "failed"
            yield place, made_class.graded("x", made_class.question("q5", made_class.check("test_it", status, 12))).results

    return judge


def regraded(tmp_path: Path, count: int = COUNT) -> Path:
    """A class graded, changed but for the first, and graded again: from 12 points to none."""
    lot, out = tmp_path / "class", tmp_path / "out"
    lot.mkdir()
    for points, which in ((12, range(count)), (0, range(1, count))):
        for number in which:
            (lot / f"s{number:02}.ipynb").write_text(json.dumps(points))
        assert terminal.grade(session(), [lot], out, 1, judge=judged(points)) == 0
    assert scores(out) == {f"s{number:02}": 12.0 * (number == 0) for number in range(count)}
    return out


def session(*reports: Report) -> Any:
    return FakeSession(*reports)


def scores(out: Path) -> dict[str, float]:
    return {path.parent.name: json.loads(path.read_text())["score"] for path in sorted(out.glob("*/results.json"))}


def in_the_table(out: Path) -> dict[str, str]:
    with (out / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["submission"]: row["total"] for row in csv.DictReader(file)}


def back(out: Path, dry_run: bool = False) -> int:
    return put_back.main(session(), [str(out.parent / "class")], str(out), dry_run)


def test_scores_pages_tables_and_report_are_as_before_and_who_changes_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = regraded(tmp_path, 4)
    assert "FAIL" not in (out / "s00" / "index.html").read_text() and in_the_table(out)["s02"] == "0"
    low = (out / "s02" / "index.html").read_text()
    capsys.readouterr()
    assert back(out, dry_run=True) == 0 and scores(out)["s02"] == 0
    assert "3 to be put back: 3 gained, 0 lost" in capsys.readouterr().out
    assert back(out) == 0
    said = capsys.readouterr().out
    assert "3 put back as they were before" in said and "s02: 0, now 12 (q5 test_it: failed, now passed)" in said
    assert set(scores(out).values()) == {12.0} and set(in_the_table(out).values()) == {"12"}
    assert (out / "s02" / "index.html").read_text() != low and "12" in (out / "report.html").read_text()
    assert list((out / EARLIER).iterdir()) == []
    assert back(out) == 2 and "There is nothing to put back" in capsys.readouterr().err


def test_with_a_part_of_the_class_nothing_is_put_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tables and the pages of the others would say what is undone."""
    out = regraded(tmp_path, 4)
    capsys.readouterr()
    assert put_back.main(session(), [str(tmp_path / "class" / "s01.ipynb")], str(out), False) == 2
    said = capsys.readouterr()
    assert "2 of those whose results would change were not given (s02, s03)" in said.err and "put back as" not in said.out
    assert scores(out)["s01"] == scores(out)["s02"] == 0 and in_the_table(out)["s01"] == "0"
    assert back(out) == 0 and set(scores(out).values()) == {12.0}


def test_one_regrade_after_the_other_is_put_back_the_last_first(tmp_path: Path) -> None:
    out = regraded(tmp_path, 2)
    [moment] = (out / EARLIER).iterdir()
    moment.rename(moment.with_name("2020-01-01T00.00.00"))
    (tmp_path / "class" / "s01.ipynb").write_text("[]")
    assert terminal.grade(session(), [tmp_path / "class"], out, 1, judge=judged(0)) == 0
    assert (back(out), scores(out)["s01"]) == (0, 0)
    assert (back(out), scores(out)["s01"]) == (0, 12)


def test_a_regrade_that_was_stopped_and_went_on_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All whom it changed are told at its end, and put back at once."""
    out, lot = tmp_path / "out", tmp_path / "class"
    lot.mkdir()
    for number in range(4):
        (lot / f"s{number:02}.ipynb").write_text("[1]")
    assert terminal.grade(session(), [lot], out, 1, judge=judged(12)) == 0
    for number in range(4):
        (lot / f"s{number:02}.ipynb").write_text("[2]")

    def stopped(handed_in: list[Any]) -> Any:
        for (place, results), _ in zip(judged(0)(handed_in), range(2), strict=False):
            yield place, results
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        terminal.grade(session(), [lot], out, 1, judge=stopped)
    moments = sorted(path.name for path in (out / EARLIER).iterdir())
    time.sleep(1.1)  # the next moment would have another name
    capsys.readouterr()
    assert terminal.grade(session(), [lot], out, 1, judge=judged(0)) == 0
    assert "4 graded again: 0 gained, 4 lost" in capsys.readouterr().out
    assert sorted(path.name for path in (out / EARLIER).iterdir()) == moments and set(scores(out).values()) == {0.0}
    assert back(out) == 0 and set(scores(out).values()) == {12.0}


def test_it_is_refused_while_another_run_writes_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = regraded(tmp_path, 2)
    with Records(out, ASSIGNMENT):
        assert back(out) == 2
    assert "Another run writes into" in capsys.readouterr().err and scores(out)["s01"] == 0


def test_killed_at_any_moment_it_goes_on_from_there(tmp_path: Path) -> None:
    """Each time a copy of the same folder, and a real SIGKILL."""
    out, moments, caught = regraded(tmp_path), random.Random(11), set[int]()
    for number in range(12):
        copy = tmp_path / f"copy {number}" / "out"
        shutil.copytree(out, copy)
        shutil.copytree(tmp_path / "class", copy.parent / "class")
        if (pid := os.fork()) == 0:
            try:
                back(copy)
            finally:
                os._exit(0)
        while number % 3 and sum(scores(copy).values()) < 12 * moments.randrange(2, COUNT):
            pass
        time.sleep(moments.uniform(0, 0.1) if number % 3 == 0 else 0)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        caught.add(round(sum(scores(copy).values()) / 12))
        assert back(copy) in (0, 2)  # 2: it was done
        assert set(scores(copy).values()) == {12.0} and set(in_the_table(copy).values()) == {"12"}
        assert not list((copy / EARLIER).rglob("*"))
    assert len(caught) > 3, "killed in the middle"
