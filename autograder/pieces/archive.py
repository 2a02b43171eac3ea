"""Zips whose bytes depend on what is in them alone: not on the clock, the umask, the folder or the version of zlib."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

FIRST = date(1980, 1, 1)  # that a zip can say


def zipped(files: Mapping[str, bytes], executable: Collection[str] = (), when: date = FIRST) -> bytes:
    """`files` by path as a zip, all of that date. Stored, not compressed: different zlibs compress the same bytes differently."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (when.year, when.month, when.day, 12, 0, 0))
            entry.create_system = 3  # Unix, also where it is built on another system: else the run bit is lost
            entry.external_attr = (0o100755 if path in executable else 0o100644) << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` by its path there, without caches and hidden files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in parts):
            found["/".join(parts)] = path.read_bytes()
    return found


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold exactly `files`; what is the same already is left untouched."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
