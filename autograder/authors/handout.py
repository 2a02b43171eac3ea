"""What a student is given beside the notebook, the lesson's files and the program: how to start, what to install, and the cards."""

from __future__ import annotations

from pathlib import Path
from string import Template

from autograder.checks.assignment import Assignment
from autograder.pieces import flashcards, wheel

TEMPLATES = Path(__file__).with_name("otter_files")
CARDS = "| `flashcards.apkg`, `flashcards.tsv` | the flashcards of the last section: a deck that Anki opens, and a table for other programs |\n"


def files(assignment: Assignment, notebook: str) -> dict[str, bytes]:
    """By path in the student's folder; `notebook` is the name of theirs."""
    cards = {}
    if assignment.flashcards:
        cards = {"flashcards.apkg": flashcards.package(assignment), "flashcards.tsv": flashcards.table(assignment)}
    readme = Template((TEMPLATES / "student_readme.md").read_text(encoding="utf-8")).substitute(
        title=assignment.title,
        notebook=notebook,
        wheel=wheel.NAME,
        questions=len(assignment.questions),
        points=f"{assignment.total:g}",
        lesson=f"| `{assignment.lesson.package}/` | {assignment.lesson.says}; nothing in it is graded |\n"
        if assignment.lesson.package
        else "",
        cards=CARDS if cards else "",
    )
    pins = (TEMPLATES / "requirements.txt").read_text(encoding="utf-8")
    installs = {"requirements.txt": f"{pins}./{wheel.NAME}\n".encode(), "left_out.txt": (TEMPLATES / "left_out.txt").read_bytes()}
    return {"README.md": readme.encode(), **installs, **cards}
