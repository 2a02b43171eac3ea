"""From what a student handed in to the cells that will run: everything is parsed, nothing is run or trusted.

A submission is a notebook, a zip with one notebook in it, or a folder with one. Whatever else it is gets a `Refused` with a
sentence that says what was expected, what came, and what to do.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

MAX_NOTEBOOK = 64 << 20  # bytes; a solved notebook with all its plots is about 1 MB
MAX_MEMBERS = 2000
ENTRY = b"PK\x01\x02"  # how each file begins in a zip's list of files
DEEPEST = 40  # folders within folders
MAX_CELLS = 2000
MAX_SOURCE = 256 << 10  # bytes of all code cells together; a solved notebook has some 20 KB
MAX_PARTS = 2_000_000  # lists, dicts and their items: each takes memory, however short its text

MARKER = re.compile(r"^# Assignment: (\S+) (\S+)$", re.MULTILINE)
STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
NOT_GRADED = "# Not graded"  # how a training or plotting cell begins, should an editor have stripped its tag
AGAIN = "Download your notebook again (File → Download) and submit that file."


class Refused(Exception):
    """The submission cannot be graded; the message is for the student."""


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
    name, text = _find(path)
    cells = _code_cells(_parse(text))
    submission = Submission(name, tuple(cells))
    return Submission(name, submission.cells, tuple(_identify(submission.code, slug, version, answers)))


def _find(path: Path) -> tuple[str, bytes]:
    """The name and bytes of the one notebook at `path`."""
    if path.is_symlink():
        raise Refused("The submission is a link, not a file. Submit the notebook itself.")
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():
        raise Refused(f"There is no file at {path.name}.")
    if path.suffix.lower() == ".zip":
        return _in_zip(path)
    if path.suffix.lower() != ".ipynb":
        raise Refused(f"Expected a notebook (.ipynb), but got {path.name}. Submit the notebook file itself.")
    return path.name, _bounded(path)


def _in_folder(folder: Path) -> tuple[str, bytes]:
    found = list(islice(files_below(folder), MAX_MEMBERS + 1))
    if len(found) > MAX_MEMBERS:
        raise Refused(f"The submission holds more than {MAX_MEMBERS:,} files. Submit your notebook alone.")
    files = [p for p in sorted(found) if not _hidden(p.relative_to(folder))]
    notebooks = [p for p in files if p.suffix.lower() == ".ipynb"]
    zips = [p for p in files if p.suffix.lower() == ".zip"]
    if not notebooks and len(zips) == 1:
        return _in_zip(zips[0])
    chosen = _the_one([str(p.relative_to(folder)) for p in notebooks], [str(p.relative_to(folder)) for p in files])
    return Path(chosen).name, _bounded(folder / chosen)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, links aside, down to a depth that no honest submission has."""
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        with suppress(OSError), os.scandir(here) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)
                elif entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))


def _in_zip(path: Path) -> tuple[str, bytes]:
    """The notebook in a zip. Only its bytes are read, into memory: no member is ever written to a path."""
    packed = path.read_bytes() if path.stat().st_size <= MAX_NOTEBOOK else b""
    if not packed:
        raise Refused(f"The zip is empty or larger than {MAX_NOTEBOOK >> 20} MB. Submit your notebook (.ipynb) alone.")
    if packed.count(ENTRY) > MAX_MEMBERS:  # counted first: a million of them would take a gigabyte to list
        raise Refused(f"The zip holds more than {MAX_MEMBERS:,} files. Submit your notebook alone.")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            plain = [m for m in members if not stat.S_ISLNK(m.external_attr >> 16) and not _hidden(Path(m.filename))]
            notebooks = [m.filename for m in plain if m.filename.lower().endswith(".ipynb")]
            chosen = _the_one(notebooks, [m.filename for m in plain])
            if archive.getinfo(chosen).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise RuntimeError  # the other methods unpack all at once, to any size
            with archive.open(chosen) as file:
                text = file.read(MAX_NOTEBOOK + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, KeyError):
        raise Refused("The zip file is damaged, encrypted or not a zip. Submit your notebook (.ipynb) itself.") from None
    except Exception as error:  # zlib, lzma and bz2 each have their own
        if isinstance(error, Refused):
            raise
        raise Refused("The zip file is damaged. Submit your notebook (.ipynb) itself.") from None
    return Path(chosen).name, _not_too_big(text)


def _hidden(path: Path) -> bool:
    """Checkpoints, `__MACOSX` and the like are not the student's doing."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in path.parts)


def _the_one(notebooks: list[str], files: list[str]) -> str:
    if len(notebooks) == 1:
        return notebooks[0]
    if notebooks:
        listed = ", ".join(name[:60] for name in notebooks[:4])
        raise Refused(f"Expected one notebook, but found {len(notebooks)}: {listed}. Submit only the one to be graded.")
    found = f"found {', '.join(name[:60] for name in files[:4])}" if files else "the submission is empty"
    raise Refused(f"Expected a notebook (.ipynb), but {found}. {AGAIN}")


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return _not_too_big(file.read(MAX_NOTEBOOK + 1))


def _not_too_big(text: bytes) -> bytes:
    if len(text) > MAX_NOTEBOOK:
        raise Refused(
            f"The notebook is larger than {MAX_NOTEBOOK >> 20} MB. "
            "Clear its outputs (Edit → Clear All Outputs), save it, and submit it again."
        )
    return text


def _parse(text: bytes) -> dict[str, Any]:
    if _parts(text) > MAX_PARTS and _parts(STRING.sub(b"", text)) > MAX_PARTS:
        raise Refused("The notebook's file is too long a list. Clear its outputs (Edit → Clear All Outputs), save, submit again.")
    if len(text) * _width(text) > 2 * MAX_NOTEBOOK:
        size = f"{len(text) >> 20} MB"
        raise Refused(f"The notebook is too large ({size}). Clear its outputs (Edit → Clear All Outputs), save, submit again.")
    try:
        notebook = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused(f"The file is not a notebook: its content is not valid JSON. {AGAIN}") from None
    if type(notebook) is not dict or "nbformat" not in notebook:
        raise Refused(f"The file is JSON but not a notebook. {AGAIN}")
    if notebook["nbformat"] != 4:
        found = notebook["nbformat"] if type(notebook["nbformat"]) in (int, str) else "another"
        raise Refused(
            f"Expected a notebook in format 4, but got format {str(found)[:10]}. "
            "Open it in a current Jupyter, save it, and submit it again."
        )
    if type(notebook.get("cells")) is not list or len(notebook["cells"]) > MAX_CELLS:
        raise Refused(f"The notebook has no list of cells, or more than {MAX_CELLS:,}. {AGAIN}")
    return notebook


def _width(text: bytes) -> int:
    """How many bytes a character of it may take in Python: one emoji makes four of every letter in its string."""
    if re.search(rb"[\xf0-\xff]|\\u[dD]", text):
        return 4
    return 2 if re.search(rb"[\xc4-\xff]|\\u", text) else 1


def _parts(text: bytes) -> int:
    return text.count(b"[") + text.count(b"{") + text.count(b",")


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
        title = f"“{marker[1]}”" if marker and marker[1] != slug else "another assignment"
        raise Refused(
            f"This is not this assignment's notebook: it looks like {title}; none of the names asked for "
            f"({', '.join(answers[:3])}, …) stands in its code. Submit the notebook of this assignment."
            if not known
            else f"This is not this assignment's notebook: it says it is {title}. Submit the notebook of this assignment."
        )
    if marker and marker[2] != version:
        return [
            f"This notebook is from {marker[2]}; this year's is {version}. It was graded by this year's questions: "
            "where they differ, copy your answers into this year's notebook and submit that."
        ]
    return []
