"""What the folder of each submission's results is called."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path

LONGEST = 120  # bytes
OF_THE_CLASS = ("scores.csv", "canvas.csv", "moodle.csv", "report.html")  # files that lie beside the folders of results


def own_name(path: Path) -> tuple[str, str]:
    """A submission's own name, and its folder's, should that not be enough. Where a link leads does not name a submission."""
    path = Path(os.path.abspath(path))
    return path.name if path.is_dir() else path.stem, path.parent.name


def unique_names(names: Iterable[tuple[str, str]]) -> list[str]:
    """A folder name for each: its own, with the other before it where two are alike, and a number where that is alike, too."""
    pairs = [(folder_name(own), other) for own, other in names]
    counts = Counter(own for own, _ in pairs)
    wanted = [folder_name(f"{other}-{own}") if counts[own] > 1 and other else own for own, other in pairs]
    known, taken = set(wanted), set[str]()
    for i, name in enumerate(wanted):
        numbered = (f"{name}-{number}" for number in count(2))
        wanted[i] = name if name not in taken else next(one for one in numbered if one not in taken and one not in known)
        taken.add(wanted[i])
    return wanted


def folder_name(name: str) -> str:
    """A name under which a folder can be made, and is seen: it begins with no dot, nor is it too long for a file system once it is added to."""
    name = os.fsdecode(os.fsencode(name.replace("/", "-").replace("\0", "").lstrip("."))[:LONGEST])
    if name.casefold() in OF_THE_CLASS:
        return f"{name} submission"
    return name or "submission"
