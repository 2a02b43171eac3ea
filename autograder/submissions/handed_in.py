"""From what a student handed in, a file, a zip or a folder, to the bytes of the one notebook in it. Nothing is run or written.

Whatever it is instead gets a `Refused` with a sentence that says what was expected, what came, and what to do.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from autograder.wire.faults import theirs

MAX_NOTEBOOK = 64 << 20  # bytes; a solved notebook with all its plots is about 1 MB
MAX_MEMBERS = 2000
ENTRY = b"PK\x01\x02"  # how each file begins in a zip's list of files
ZIP = b"PK\x03\x04"
DEEPEST = 40  # folders within folders

# What browsers make of a notebook's name when they take it for text: name.ipynb.txt, name.ipynb (1).json
DISGUISED = re.compile(r"\.ipynb ?(\(\d{1,3}\))?\.(txt|json)$", re.IGNORECASE)
AGAIN = "Download your notebook again (File → Download) and submit that file."
INSTEAD = {  # what comes in place of a notebook, and how to get one
    ".py": "a script: in Jupyter or Colab choose File → Download → Notebook (.ipynb)",
    ".pdf": "a printout: submit the notebook that it was made from",
    ".html": "a web page, as is made from a notebook or a typed text: submit the notebook itself (.ipynb)",
    ".htm": "a web page, as is made from a notebook or a typed text: submit the notebook itself (.ipynb)",
    ".md": "a text made from a notebook: submit the notebook itself (.ipynb)",
    ".json": "if it is your notebook, rename it so that it ends in .ipynb",
    ".txt": "if it is your notebook, rename it so that it ends in .ipynb",
    ".gdoc": "a link to a file in a cloud: open it there and choose File → Download → Download .ipynb",
    ".url": "a link: open it and choose File → Download → Download .ipynb",
    ".webloc": "a link: open it and choose File → Download → Download .ipynb",
    ".rar": "an archive that cannot be read here: submit the notebook itself, or a zip of it",
    ".7z": "an archive that cannot be read here: submit the notebook itself, or a zip of it",
    ".gz": "an archive that cannot be read here: submit the notebook itself, or a zip of it",
    ".tar": "an archive that cannot be read here: submit the notebook itself, or a zip of it",
}


class Refused(Exception):
    """The submission cannot be graded; the message is for the student."""


def may_be_one(name: str) -> bool:
    """Whether a file of this name may be a submission by itself."""
    return name.lower().endswith((".ipynb", ".zip")) or bool(DISGUISED.search(name))


def find(path: Path) -> tuple[str, bytes]:
    """The name and the bytes of the one notebook at `path`. Raises Refused."""
    if path.is_symlink():
        raise Refused("The submission is a link, not a file. Submit the notebook itself.")
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():
        raise Refused(f"There is no file at {theirs(path.name)}.")
    return _opened(path, path.name)


def _opened(path: Path, name: str) -> tuple[str, bytes]:
    """One file: a notebook, or a zip, whatever it calls itself."""
    if not may_be_one(name):
        raise Refused(
            f"Expected a notebook (.ipynb), but got {theirs(name)}{_instead(name) or '. Submit the notebook file itself.'}"
        )
    with path.open("rb") as file:
        content = file.read(MAX_NOTEBOOK + 1)
    if name.lower().endswith(".zip") or content.startswith(ZIP):
        return _in_zip(content)
    return name, _not_too_big(content)


def _in_folder(folder: Path) -> tuple[str, bytes]:
    found = list(islice(files_below(folder), MAX_MEMBERS + 1))
    if len(found) > MAX_MEMBERS:
        raise Refused(f"The submission holds more than {MAX_MEMBERS:,} files. Submit your notebook alone.")
    names = [str(path.relative_to(folder)) for path in sorted(found)]
    names = [name for name in names if not _hidden(Path(name))]
    zips = [name for name in names if name.lower().endswith(".zip")]
    if not _candidates(names) and len(zips) == 1:
        return _opened(folder / zips[0], zips[0])
    chosen = _the_one(names)
    return _opened(folder / chosen, Path(chosen).name)


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


def _in_zip(packed: bytes) -> tuple[str, bytes]:
    """The notebook in a zip. Only its bytes are read, into memory: no member is ever written to a path."""
    if not packed or len(packed) > MAX_NOTEBOOK:
        raise Refused(f"The zip is empty or larger than {MAX_NOTEBOOK >> 20} MB. Submit your notebook (.ipynb) alone.")
    if packed.count(ENTRY) > MAX_MEMBERS:  # counted first: a million of them would take a gigabyte to list
        raise Refused(f"The zip holds more than {MAX_MEMBERS:,} files. Submit your notebook alone.")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            chosen = _the_one(
                [m.filename for m in members if not stat.S_ISLNK(m.external_attr >> 16) and not _hidden(Path(m.filename))]
            )
            if archive.getinfo(chosen).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise RuntimeError  # the other methods unpack all at once, to any size
            with archive.open(chosen) as file:
                text = file.read(MAX_NOTEBOOK + 1)
    except (Refused, MemoryError):
        raise
    except Exception:  # zipfile, zlib and the codecs of names each have their own
        raise Refused("The zip file is damaged, encrypted or not a zip. Submit your notebook (.ipynb) itself.") from None
    return Path(chosen).name, _not_too_big(text)


def _hidden(path: Path) -> bool:
    """Checkpoints, `__MACOSX` and the like are not the student's doing."""
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in path.parts)


def _candidates(names: list[str]) -> list[str]:
    """The notebooks among some files; those that a browser renamed only where there is no other."""
    notebooks = [name for name in names if name.lower().endswith(".ipynb")]
    return notebooks or [name for name in names if DISGUISED.search(name)]


def _the_one(names: list[str]) -> str:
    candidates = _candidates(names)
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        listed = ", ".join(map(theirs, candidates[:4]))
        raise Refused(f"Expected one notebook, but found {len(candidates)}: {listed}. Submit only the one to be graded.")
    if not names:
        raise Refused(f"Expected a notebook (.ipynb), but the submission is empty. {AGAIN}")
    instead = _instead(names[0]) if len(names) == 1 else ""
    raise Refused(f"Expected a notebook (.ipynb), but found {', '.join(map(theirs, names[:4]))}{instead or f'. {AGAIN}'}")


def _instead(name: str) -> str:
    advice = INSTEAD.get(Path(name).suffix.lower(), "")
    return f", {advice}." if advice else ""


def _not_too_big(text: bytes) -> bytes:
    if len(text) > MAX_NOTEBOOK:
        raise Refused(
            f"The notebook is larger than {MAX_NOTEBOOK >> 20} MB. "
            "Clear its outputs (Edit → Clear All Outputs), save it, and submit it again."
        )
    return text
