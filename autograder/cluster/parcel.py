"""A submission on its way to another machine: the names and bytes that reading it depends on, and nothing else of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from autograder.submissions.handed_in import MAX_MEMBERS, MAX_NOTEBOOK, files_below, may_be_one

MOST = 2 * (MAX_NOTEBOOK + 1)  # bytes of one parcel: where several notebooks are, none is opened


class Parcel(NamedTuple):
    """Names are bytes: a file may be called what no text can be."""

    kind: Literal["file", "folder", "link", "nothing"]
    name: bytes
    files: tuple[tuple[bytes, bytes], ...] = ()  # path in the folder (of a file: nothing), content


def packed(path: Path) -> Parcel:
    """The submission at `path`. What no reader would open goes by its name alone."""
    name = os.fsencode(os.path.basename(os.path.abspath(path)) or "submission")
    if path.is_symlink():
        return Parcel("link", name)
    if path.is_dir():
        return Parcel("folder", name, tuple(_members(path)))
    return Parcel("file", name, ((b"", _content(path, MOST)),)) if path.is_file() else Parcel("nothing", name)


def unpacked(parcel: Parcel, folder: Path) -> Path:
    """Write the submission below `folder`. Raises OSError, and ValueError where a name leads out of it."""
    path = folder / _inside(parcel.name)
    if parcel.kind == "link":
        path.symlink_to("elsewhere")
    elif parcel.kind == "file":
        path.write_bytes(parcel.files[0][1])
    elif parcel.kind == "folder":
        path.mkdir()
        for name, content in parcel.files:
            member = path / _inside(name)
            member.parent.mkdir(parents=True, exist_ok=True)
            member.write_bytes(content)
    return path


def _members(folder: Path) -> Iterator[tuple[bytes, bytes]]:
    """Notebooks first: one is never left out for a zip that is not opened beside it."""
    found = list(islice(files_below(folder), MAX_MEMBERS + 1))
    room = MOST
    for path in sorted(found, key=lambda path: (not path.name.lower().endswith(".ipynb"), path.name.lower().endswith(".zip"))):
        content = _content(path, room)
        room -= len(content)
        yield os.fsencode(path.relative_to(folder)), content


def _content(path: Path, room: int) -> bytes:
    """As much as shows a reader that there is too much. A file that cannot be read is an empty one, which is refused."""
    if may_be_one(path.name):
        with suppress(OSError), path.open("rb") as file:
            return file.read(min(MAX_NOTEBOOK + 1, room))
    return b""


def _inside(name: bytes) -> Path:
    path = Path(os.fsdecode(name))
    if path.is_absolute() or not path.parts or ".." in path.parts:
        raise ValueError(f"{name!r} is not a name within a submission")
    return path
