"""A class's scores as tables: what spreadsheets, Canvas and Moodle read."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import assignment as assignments
from autograder.intake.graded import Graded, HandedIn, Source, Student
from autograder.report.tables import write_tables

ASSIGNMENT = assignments.load()


def graded(name: str, *students: Student, source: Source = "plain", scores: dict[str, float] | None = None, **extra: Any) -> Graded:
    tests = [
        {
            "score": score,
            "max_score": ASSIGNMENT.questions[id].points,
            "extra_data": {"question": id, "status": "passed", "checks": []},
        }
        for id, score in (scores or {}).items()
    ]
    results = {
        "score": sum((scores or {}).values()),
        "tests": tests,
        "extra_data": {"grader_error": False, "refused": False} | extra,
    }
    return Graded(HandedIn(Path(name), name, students, source, late=name == "ben"), results)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_scores_have_a_row_a_student_and_a_column_a_question_whatever_was_handed_in(tmp_path: Path) -> None:
    pair = Student("Ana", "1", "a@x"), Student("Zoë", "2", "z@x")
    lot = [
        graded("pair", *pair, scores={"q1": 8, "q2": 7.5}),
        graded("ben"),
        graded("cai", refused=True),
        graded("dee", grader_error=True),
    ]
    assert [path.name for path in write_tables(lot, ASSIGNMENT, tmp_path)] == ["scores.csv"]
    found = rows(tmp_path / "scores.csv")
    assert [row["name"] for row in found] == ["Ana", "Zoë", "ben", "cai", "dee"]
    assert [row["total"] for row in found] == ["15.5", "15.5", "0", "0", ""] and found[1]["q2"] == "7.5" and found[1]["q10"] == ""
    assert list(found[0])[-10:] == list(ASSIGNMENT.questions) and found[2]["late"] == "late"
    assert [row["remarks"] for row in found] == ["", "", "", "not graded", "grader error"]


@pytest.mark.parametrize("evil", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=cmd"])
def test_no_name_is_run_as_a_formula(evil: str, tmp_path: Path) -> None:
    lot = [graded(evil, Student(evil, evil, evil, "7"), source=source) for source in ("plain", "canvas", "moodle")]
    for path in write_tables(lot, ASSIGNMENT, tmp_path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert len(cells) > 5 and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_canvas_and_moodle_get_what_they_find_students_by(tmp_path: Path) -> None:
    lot = [
        graded("ana", Student("lopezana", platform_id="1001"), source="canvas", scores={"q1": 8}),
        graded("ben", Student("Ben Ng", platform_id="2002"), source="moodle", scores={"q1": 4.25}),
        graded("cai", Student("Cai", platform_id="2003"), source="moodle", grader_error=True),
    ]
    assert [path.name for path in write_tables(lot, ASSIGNMENT, tmp_path)] == ["scores.csv", "canvas.csv", "moodle.csv"]
    points, ana = rows(tmp_path / "canvas.csv")
    assert points["Student"].strip() == "Points Possible" and points[ASSIGNMENT.title] == "100"
    assert (ana["ID"], ana[ASSIGNMENT.title]) == ("1001", "8")
    [ben] = rows(tmp_path / "moodle.csv")  # nobody gets a zero for a failure of ours
    assert ben.pop("Last modified (grade)") == ""  # without the column Moodle refuses the file
    assert ben == {"Identifier": "Participant 2002", "Full name": "Ben Ng", "Grade": "4.25", "Maximum Grade": "100"}
