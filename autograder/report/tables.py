"""A class's scores as tables: one that opens in a spreadsheet, and one for each platform that the submissions came from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.checks.assignment import Assignment
from autograder.intake.graded import Graded, Student
from autograder.report.whole import write_whole
from autograder.run.results import clean

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is run by spreadsheets
NOBODY = (Student(""),)
COLUMNS = ("name", "sid", "email", "section", "submission", "late", "submitted", "remarks", "total")


def write_tables(graded: list[Graded], assignment: Assignment, folder: Path) -> list[Path]:
    """Write scores.csv, and canvas.csv or moodle.csv where submissions came from there; each whole or not at all. Raises OSError."""
    tables = {"scores.csv": scores(graded, assignment)}
    forms = {"canvas": canvas, "moodle": moodle}
    for source, form in forms.items():
        theirs = [
            one
            for one in graded
            if one.handed_in.source == source
            and any(who.platform_id or (source == "canvas" and (who.sid or who.email)) for who in one.handed_in.students)
        ]
        if theirs:
            tables[f"{source}.csv"] = form(theirs, assignment)
    return [_write(folder / name, rows) for name, rows in tables.items()]


def scores(graded: list[Graded], assignment: Assignment) -> Iterator[list[Any]]:
    """A row a student, a column a question; the columns are those of the assignment, whatever was handed in."""
    yield [*COLUMNS, *assignment.questions]
    for one, student in _by_student(graded):
        points = {test["extra_data"]["question"]: 0.0 for test in one.questions}
        for test in one.questions:  # choices that are told later have an entry of their own
            points[test["extra_data"]["question"]] += test["score"]
        facts = (
            student.name or one.name,
            student.sid,
            student.email,
            student.section,
            one.name,
            "late" if one.handed_in.late else "",
        )
        row: list[Any] = [*map(_text, (*facts, one.handed_in.submitted, one.trouble))]
        total = "" if one.trouble == "grader error" else _number(one.score)
        yield [*row, total, *(_number(points[id]) if id in points else "" for id in assignment.questions)]


def canvas(graded: list[Graded], assignment: Assignment) -> Iterator[list[Any]]:
    """What Canvas's gradebook imports: it finds students by their ID. Rename the last column to that of your gradebook."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", _text(assignment.title)]
    yield ["    Points Possible", "", "", "", "", _number(assignment.total)]
    for one, student in _by_student(graded):
        if not one.trouble:
            facts = (student.platform_id, student.sid, student.email, student.section)
            yield [*map(_text, (student.name, *facts)), _number(one.score)]


def moodle(graded: list[Graded], assignment: Assignment) -> Iterator[list[Any]]:
    """What Moodle's assignment takes as a grading worksheet: it finds students by their identifier, and refuses it without a date of
    the grade. None is said, so that nothing is overwritten that was changed there, unless whoever uploads it allows that."""
    yield ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]
    for one, student in _by_student(graded):
        if not one.trouble:
            yield [f"Participant {student.platform_id}", _text(student.name), _number(one.score), _number(assignment.total), ""]


def _by_student(graded: Iterable[Graded]) -> Iterator[tuple[Graded, Student]]:
    for one in graded:
        for student in one.handed_in.students or NOBODY:
            yield one, student


def _text(said: str) -> str:
    """A student's words as a cell that no spreadsheet takes for a formula."""
    said = " ".join(clean(said, 10_000).split())
    return f"'{said}" if said.startswith(FORMULA) else said


def _number(value: float) -> str:
    return f"{value:g}" if value == round(value, 4) else f"{value:.4f}"


def _write(path: Path, rows: Iterable[list[Any]]) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return write_whole(
        path, text.getvalue().encode("utf-8-sig", "replace")
    )  # Excel takes UTF-8 for something else without the mark
