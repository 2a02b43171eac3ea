"""From the bytes of a notebook to the cells that will run: everything is parsed, nothing is run or trusted.

No pattern here looks back, and no step takes more than its text is long; what memory and time it may take, `reading` limits.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.submissions.handed_in import AGAIN, Refused, find
from autograder.wire.faults import one_line, theirs

MAX_CELLS = 2000
MAX_SOURCE = 256 << 10  # bytes of all code cells together; a solved notebook has some 20 KB

MARKER = re.compile(r"^# Assignment: (\S+) (\S+)$", re.MULTILINE)
NOT_GRADED = "# Not graded"  # how a training or plotting cell begins, should an editor have stripped its tag
NO_NOTEBOOKS = {  # how files begin that are no notebooks, and what to do
    b"version https://git-lfs": "It is a pointer of Git LFS, which stands for the file: run git lfs pull, and submit the notebook itself.",
    b"<!doctype html": "It is a web page. Open your notebook where you wrote it, choose File → Download → .ipynb, and submit that file.",
    b"<html": "It is a web page. Open your notebook where you wrote it, choose File → Download → .ipynb, and submit that file.",
    b"%pdf": "It is a PDF. Submit the notebook that it was made from.",
    b"http": "It is a link. Open it, choose File → Download → .ipynb, and submit that file.",
    b"import ": "It is a script. Submit the notebook (.ipynb) that it was made from.",
}
MERGE = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One code cell that is to run. `number` counts all cells of the notebook from 1, as a reader would."""

    number: int
    source: str


@dataclass(frozen=True)
class Submission:
    name: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = field(default=())  # what the student should know, though it was graded

    @property
    def code(self) -> str:
        return "\n".join(cell.source for cell in self.cells)


def read(path: Path, slug: str, version: str, answers: tuple[str, ...]) -> Submission:
    """The submission at `path`. Raises Refused.

    `slug`, `version` and `answers` (the names students define) tell this assignment's notebook from another.
    """
    name, text = find(path)
    submission = Submission(name, tuple(_code_cells(_parse(text))))
    return Submission(name, submission.cells, tuple(_identify(submission.code, slug, version, answers)))


def _parse(text: bytes) -> dict[str, Any]:
    try:
        notebook = json.loads(text.decode(json.detect_encoding(text)))
    except RecursionError:
        raise Refused(f"The file is not a notebook: it is nested too deeply to be one. {AGAIN}") from None
    except ValueError:
        raise Refused(_no_json(text)) from None
    if type(notebook) is not dict or "nbformat" not in notebook:
        raise Refused(f"The file is JSON but not a notebook. {AGAIN}")
    if notebook["nbformat"] != 4:
        found = notebook["nbformat"] if type(notebook["nbformat"]) in (int, str) else "another"
        raise Refused(
            f"Expected a notebook in format 4, but got format {theirs(str(found), 10)}. "
            "Open it in a current Jupyter, save it, and submit it again."
        )
    if type(notebook.get("cells")) is not list or len(notebook["cells"]) > MAX_CELLS:
        raise Refused(f"The notebook has no list of cells, or more than {MAX_CELLS:,}. {AGAIN}")
    return notebook


def _no_json(text: bytes) -> str:
    """What a file is that is no JSON."""
    start = text[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return f"The file is empty, and so not valid JSON. {AGAIN}"
    for sign, advice in NO_NOTEBOOKS.items():
        if start.startswith(sign):
            return f"The file is not a notebook. {advice}"
    if MERGE.search(text):
        return (
            "The file is not valid JSON: it has marks of an unfinished merge (<<<<<<< and >>>>>>>). "
            "Settle the merge, open the notebook in Jupyter, save it, and submit it again."
        )
    if start.startswith(b"{"):
        return f"The file is damaged or was cut off: its content is not valid JSON. {AGAIN}"
    return f"The file is not a notebook: its content is not valid JSON. {AGAIN}"


def _code_cells(notebook: dict[str, Any]) -> list[Cell]:
    cells = []
    for number, cell in enumerate(notebook["cells"], 1):
        if type(cell) is not dict or cell.get("cell_type") != "code" or _ignored(cell):
            continue
        source = _source(cell)
        if source.strip() and not source.lstrip().startswith(NOT_GRADED):
            cells.append(Cell(number, source))
    if sum(len(cell.source.encode()) for cell in cells) > MAX_SOURCE:
        raise Refused(f"The notebook's code is larger than {MAX_SOURCE >> 10} KB. Submit the notebook you were given, filled in.")
    if not cells:
        raise Refused(f"The notebook has no code in it. {AGAIN}")
    return cells


def _ignored(cell: dict[str, Any]) -> bool:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if type(metadata) is dict else None
    return type(tags) is list and "otter_ignore" in tags


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if type(source) is list:
        source = "".join(line for line in source if type(line) is str)
    if type(source) is not str:
        return ""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.encode("utf-8", "replace").decode()  # a lone surrogate cannot be sent, nor compiled


def _identify(code: str, slug: str, version: str, answers: tuple[str, ...]) -> list[str]:
    """Notes on which notebook this is; Refused when it is another assignment's."""
    marker = MARKER.search(code)
    known = [name for name in answers if re.search(rf"\b{name}\b", code)]
    if (marker and marker[1] != slug) or not known:
        title = f"“{one_line(marker[1], 60)}”" if marker and marker[1] != slug else "another assignment"
        raise Refused(
            f"This is not this assignment's notebook: it looks like {title}; none of the names asked for "
            f"({', '.join(answers[:3])}, …) stands in its code. Submit the notebook of this assignment."
            if not known
            else f"This is not this assignment's notebook: it says it is {title}. Submit the notebook of this assignment."
        )
    if marker and marker[2] != version:
        return [
            f"This notebook is from {theirs(marker[2], 20)}; this year's is {version}. It was graded by this year's questions: "
            "where they differ, copy your answers into this year's notebook and submit that."
        ]
    return []
