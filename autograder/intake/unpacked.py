"""A zip of a class, unpacked where its submissions can be graded one by one. What no submission can be stays in the zip, with a reason."""

from __future__ import annotations

import os
import shutil
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from autograder.submissions.handed_in import MAX_NOTEBOOK

MAX_TOTAL = 8 << 30  # bytes of a class
BUFFER = 1 << 20


class Unreadable(Exception):
    """Nothing of a zip can be unpacked; the message says why, and what to do."""


def members(path: Path) -> list[zipfile.ZipInfo]:
    """The files in a zip, without what systems add to it; none where it is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [one for one in archive.infolist() if not one.is_dir() and not _of_a_system(PurePosixPath(one.filename))]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return []


def unpack(path: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Write the files of a zip below `folder`, and yield the name of each that was not, and why. Empty folders are students, too."""
    room = MAX_TOTAL
    with zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            name = PurePosixPath(one.filename.replace("\\", "/"))
            if one.is_dir() and not name.is_absolute() and ".." not in name.parts and not _of_a_system(name):
                with suppress(OSError, ValueError):
                    folder.joinpath(*name.parts).mkdir(parents=True, exist_ok=True)
        for one in members(path):
            name = PurePosixPath(one.filename.replace("\\", "/"))
            if name.is_absolute() or ".." in name.parts or stat.S_ISLNK(one.external_attr >> 16):
                yield one.filename, "its path leads out of the zip"
                continue
            if one.file_size > MAX_NOTEBOOK or one.file_size > room:
                yield one.filename, f"it is larger than a submission may be ({one.file_size >> 20} MB)"
                continue
            room -= one.file_size
            try:
                target = folder.joinpath(*name.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(one) as source, open(target, "xb") as file:
                    shutil.copyfileobj(source, file, BUFFER)
                with suppress(OverflowError, ValueError):  # which of two files is the newer may decide
                    os.utime(target, (when := time.mktime((*one.date_time, 0, 0, -1)), when))
            except (OSError, RuntimeError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
                yield one.filename, f"it cannot be unpacked ({error})"


def _of_a_system(name: PurePosixPath) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.parts)
