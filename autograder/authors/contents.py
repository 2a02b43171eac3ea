"""What the folders and zips hold beside the notebook: the lesson, the program, the public part of the assignment, the answers."""

from __future__ import annotations

from autograder import PACKAGE
from autograder.checks.assignment import Assignment
from autograder.pieces import archive, stub

# Rooms that only authors and instructors enter. The rest of the package goes to the grader and, there is no secret in it, to the students.
NOT_SHIPPED = ("authors", "pieces", "proof", "cluster")
# Of an assignment, what grades nothing: answers of others that `verify` judges, a page for authors.
AUTHORS_OWN = ("proof", "AUTHORING.md")
# What a student's copy has of a question. A file that is not named here stays home.
PUBLIC_FILES = ("public_tests.py", "given.py", "scenarios.py")

Files = dict[str, bytes]


def lesson_files(assignment: Assignment) -> Files:
    """`assignment/files` as they are, with the data beside the module that reads it."""
    data = {
        f"{assignment.lesson.package}/{path}": content for path, content in archive.read_folder(assignment.root / "data").items()
    }
    return archive.read_folder(assignment.root / "files") | data


def stays_home(path: str) -> bool:
    """What of an assignment's folder only its authors use."""
    return path.split("/")[0] in AUTHORS_OWN


def gradescope_files(assignment: Assignment) -> Files:
    """What the platform starts; the assignment is installed in a folder of its name."""
    files = archive.read_folder(PACKAGE / "authors" / "gradescope_files")
    return {path: content.replace(b"@slug@", assignment.slug.encode()) for path, content in files.items()}


def public_assignment(assignment: Assignment) -> Files:
    """The assignment without answers and hidden tests, saying how many of those there are."""
    text = (assignment.root / "assignment.toml").read_text(encoding="utf-8")
    files: Files = {}
    for question in assignment.questions.values():
        header = f"[questions.{question.id}]\n"
        text = text.replace(header, f"{header}hidden = {question.hidden_checks}\n", 1)
        for name in PUBLIC_FILES:
            if question.source(name):
                files[f"assignment/questions/{question.folder.name}/{name}"] = (question.folder / name).read_bytes()
    return files | {"assignment/assignment.toml": text.encode()}


def program() -> Files:
    """The modules of the rooms that are shipped, and the pages that they fill in, by their path."""
    paths = sorted(path.relative_to(PACKAGE) for kind in ("**/*.py", "*/pages/*.html") for path in PACKAGE.glob(kind))
    return {f"autograder/{path.as_posix()}": (PACKAGE / path).read_bytes() for path in paths if path.parts[0] not in NOT_SHIPPED}


def answers_module(assignment: Assignment) -> str:
    """Given code and answers as one module, question by question."""
    parts = [
        f'"""The answers of "{assignment.title}", and the code given with the questions. Built from `assignment/`."""',
        assignment.imports,
    ]
    for question in assignment.questions.values():
        cells = stub.cells(question.source("given.py")) + list(map(stub.answer, stub.cells(question.source("solution.py"))))
        title = f"# --- Question {question.number} · {question.title} ({question.points:g} points)"
        parts += [title, *cells]
    return "\n\n\n".join(parts) + "\n"
