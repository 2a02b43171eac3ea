"""The notebooks: an ordinary otter master from the lesson and the questions, and what is made of otter's output.

The master holds public tests only, as one-line functions that name a check. `otter assign` makes the student's notebook from
it; here it is tidied (stable ids, no otter leftovers) and solved again for `reference/`.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.checks.assignment import Assignment, Question
from autograder.pieces import stub, wheel

Node = Any  # nbformat's nodes are dicts with attributes

IGNORED = "otter_ignore"  # otter's tag for a cell that is skipped when the notebook is graded
NOT_GRADED = "# Not graded: skipped when your notebook is graded."  # says so to readers, and where an editor strips the tag

CONFIG = {
    "init_cell": False,  # otter's own names the file, and fails in a renamed notebook
    "check_all_cell": True,
    "export_cell": {"pdf": False, "run_tests": False, "force_save": False, "ignore_log": True},
    "generate": False,  # the zip is ours: hidden tests never pass through a notebook
    "run_tests": False,  # nothing to run them with, then; the build judges the solutions by every check itself
    "tests": {"files": True, "ok_format": False},
}

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}

CHECK_ALL = """\
---

To double-check your work, run every public check once more.
Hidden checks count too: passing the public ones does not mean full marks."""

# How the first cell ends: with what comes beside the notebook or, where that is not, with one sentence for every later cell.
SETUP = Path(__file__).with_name("otter_files") / "setup_cell.txt"
REQUIREMENTS = SETUP.with_name("requirements.txt")  # what it installs in Colab is pinned there

# What otter inserts, by the text of its cell.
_OTTERS_OWN = {
    re.compile(r'grader\.check\("(\w+)"\)'): r"\1-check",
    re.compile(r"---\s+To double-check your work,.*", re.DOTALL): "check-all-note",
    re.compile(r"grader\.check_all\(\)"): "check-all",
    re.compile(r"## Submission\s.*", re.DOTALL): "export-note",
    re.compile(r"#.*\ngrader\.export\(.*\)"): "export",
}


def master(assignment: Assignment) -> Node:
    """What an instructor would have written by hand for `otter assign`."""
    cells = [new_raw_cell("# ASSIGNMENT CONFIG\n" + json.dumps(CONFIG), id="config")]
    for part in assignment.order:
        if part in assignment.questions:
            cells += _question(assignment.questions[part])
        else:
            text = (assignment.root / "lesson" / f"{part}.md").read_text(encoding="utf-8")
            cells += prose(text, part.replace(".", "-"))
    _add_setup(cells, assignment)
    return _notebook(cells, METADATA | {"assignment": {"name": assignment.slug, "version": assignment.version}})


def _question(question: Question) -> Iterator[Node]:
    """One question between otter's fences."""
    id = question.id

    def fence(words: str, body: str = "") -> Node:
        return new_raw_cell(f"# {words}\n{body}", id=f"{id}-{words.lower().replace(' ', '-')}")

    yield fence("BEGIN QUESTION", f"name: {id}\n")
    yield from prose(question.prompt, f"{id}-prompt")
    yield from _numbered(stub.cells(question.source("given.py")), f"{id}-given")
    yield fence("BEGIN SOLUTION")
    solutions = stub.cells(question.source("solution.py"))
    yield from _numbered([stub.otter_solution(cell, question.number) for cell in solutions], f"{id}-answer")
    yield fence("END SOLUTION")
    yield fence("BEGIN TESTS")
    public = [check for check in question.checks if not check.hidden]
    yield from _numbered([_test_cell(id, check.name, check.points) for check in public], f"{id}-test")
    yield fence("END TESTS")
    yield fence("END QUESTION")


def _test_cell(question: str, check: str, points: float) -> str:
    """One constant function and no message: nothing in it can break a test file, nothing in it says how we test."""
    return (
        f'""" # BEGIN TEST CONFIG\npoints: {points}\nhidden: false\n""" # END TEST CONFIG\n'
        f"def {check}(env):\n"
        "    from autograder.hosts import otter_host\n"
        f'    otter_host.run("{question}", "{check}", env)'
    )


def _numbered(sources: Iterable[str], id: str) -> Iterator[Node]:
    for number, source in enumerate(sources, start=1):
        yield new_code_cell(source, id=f"{id}-{number}")


def prose(text: str, id: str) -> Iterator[Node]:
    """Markdown as cells: a new one at every H2, code where a fence says "python cell"."""
    number = 0
    for kind, source in _pieces(text):
        source = source.strip("\n")
        if not source.strip():
            continue
        number += 1
        own = f"{id}-{number}"
        if kind == "markdown":
            yield new_markdown_cell(source, id=own)
        elif kind == "python cell ignored":
            yield new_code_cell(f"{NOT_GRADED}\n{source}", id=own, metadata={"tags": [IGNORED]})
        else:
            yield new_code_cell(source, id=own)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """("markdown" or a fence's "python cell…", text), in order."""
    kind, fence, lines = "markdown", "", list[str]()
    for line in text.splitlines():
        opened = re.match(r"(`{3,}|~{3,})\s*([^`]*?)\s*$", line)
        if fence:
            if line.startswith(fence) and not line.strip(fence[0] + " "):
                fence = ""
                if kind != "markdown":
                    yield kind, "\n".join(lines)
                    kind, lines = "markdown", []
                    continue
        elif opened:
            fence = opened[1]
            if opened[2].startswith("python cell"):
                if opened[2] not in ("python cell", "python cell ignored"):
                    raise ValueError(f"unknown kind of cell: {line}")
                yield kind, "\n".join(lines)
                kind, lines = opened[2], []
                continue
        elif line.startswith("## "):
            yield kind, "\n".join(lines)
            lines = []
        lines.append(line)
    if fence:
        raise ValueError("a fence is never closed")
    yield kind, "\n".join(lines)


def _add_setup(cells: list[Node], assignment: Assignment) -> None:
    """Let the first code cell also start otter and say which assignment this is (the grader reads that line)."""
    first = next(i for i, cell in enumerate(cells) if cell.cell_type == "code" or cell.source.startswith("# BEGIN QUESTION"))
    if cells[first].cell_type != "code":
        cells.insert(first, new_code_cell(""))
    cell = cells[first]
    package = assignment.lesson.package
    ours = re.compile(rf"^from {re.escape(package or 'autograder')} import (.*)$", re.MULTILINE)
    modules = [line[0] for line in ours.finditer(cell.source)]
    names = [name.strip() for line in ours.finditer(cell.source) for name in line[1].split(",")]
    pinned = dict(line.split("==") for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if "==" in line)
    values = {
        "$IMPORTS": "\n    ".join([*modules, "import otter", "from autograder.hosts.seat import Grader"]),
        "$NAMES": " = ".join([*names, "grader"]),
        "$WHEEL": f"./{wheel.NAME}",
        "$OTTER": pinned["otter-grader"],
        "$ANYWIDGET": pinned["anywidget"],
        "$LINK": json.dumps(assignment.student_zip),
    }
    setup = SETUP.read_text(encoding="utf-8").strip()
    if not assignment.student_zip:
        setup = re.sub(r"\n +if \$LINK.*\n.*", "", setup)
    for word, value in values.items():
        setup = setup.replace(word, value)
    marker = f"# Assignment: {assignment.slug} {assignment.version}"
    cell.source = f"{marker}\n{ours.sub('', cell.source).strip()}".strip() + "\n\n" + setup
    cell.id = "setup"


def tidied(made: Node, assignment: Assignment) -> Node:
    """Otter's student notebook with stable ids and nothing left over; raises if an answer cell is not exactly our stub."""
    cells = [copy.deepcopy(cell) for cell in made.cells if cell.source.strip()]
    for cell in cells:
        for pattern, id in _OTTERS_OWN.items():
            if pattern.fullmatch(cell.source):
                cell.id = pattern.sub(id, cell.source)
    by_id = {cell.id: cell for cell in cells}
    by_id["check-all-note"].source = CHECK_ALL
    stubs = {id: stub.stub(text, number) for id, (text, number) in _answers(assignment).items()}
    for id, source in stubs.items():
        if by_id[id].source != source:
            raise ValueError(f"otter assign left something else than the stub in {id}:\n{by_id[id].source}")
    known = {cell.id for cell in master(assignment).cells} | {cell.id for cell in cells if _is_otters_own(cell.id)}
    if len(by_id) != len(cells) or not by_id.keys() <= known:
        raise ValueError(f"cells without a stable id: {sorted(by_id.keys() - known)}, or an id twice")
    return _notebook(cells, made.metadata)


def _is_otters_own(id: str) -> bool:
    return bool(re.fullmatch(r"\w+-check|check-all(-note)?|export(-note)?", id))


def solved(student: Node, assignment: Assignment) -> Node:
    """The student's notebook with every answer in."""
    notebook = copy.deepcopy(student)
    answers = {id: stub.answer(text) for id, (text, _) in _answers(assignment).items()}
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def _answers(assignment: Assignment) -> dict[str, tuple[str, int]]:
    """The text of each answer cell and its question's number, by the id of the cell."""
    return {
        f"{question.id}-answer-{i}": (cell, question.number)
        for question in assignment.questions.values()
        for i, cell in enumerate(stub.cells(question.source("solution.py")), start=1)
    }


def _notebook(cells: list[Node], metadata: dict[str, Any]) -> Node:
    return new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)


def written(notebook: Node) -> bytes:
    """The bytes of the file: sorted keys, one space, Unix line ends."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)
    return text.encode().rstrip(b"\n") + b"\n"
