"""What each wrong answer of the catalogue gets: recorded, so that a change of points is read before it is accepted."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

HEAD = "question\tanswer to\tpoints\tof\tname\n"


class Scored(Protocol):
    @property
    def earned(self) -> float: ...
    @property
    def possible(self) -> float: ...
    @property
    def target(self) -> str: ...
    @property
    def name(self) -> str: ...


def table(scored: Mapping[str, Sequence[Scored]]) -> str:
    """A line an answer, by question, the dearest first."""
    lines = [HEAD]
    for question, found in scored.items():
        for one in sorted(found, key=lambda one: (one.target, -one.earned, one.name)):
            lines.append(f"{question}\t{one.target}\t{one.earned:g}\t{one.possible:g}\t{one.name}\n")
    return "".join(lines)


def changes(now: str, recorded: Path, written: Path) -> Iterator[str]:
    """What differs from the record, after the table was written beside it."""
    written.parent.mkdir(exist_ok=True)
    written.write_text(now, encoding="utf-8")
    before = set(recorded.read_text(encoding="utf-8").splitlines()) if recorded.exists() else set()
    if new := [line for line in now.splitlines()[1:] if line not in before]:
        shown = "; ".join(line.replace("\t", " ") for line in new[:3])
        yield f"{len(new)} scores of wrong answers are not as recorded ({shown} …): read them, and copy {written.name} to {recorded}"


def summary(scored: Mapping[str, Sequence[Scored]]) -> str:
    """One line for all questions: what half of the wrong answers get at most, and the dearest."""
    said = []
    for question, found in scored.items():
        if found:
            dearest = max(found, key=lambda one: one.earned)
            middle = statistics.median(one.earned for one in found)
            said.append(f"{question} {middle:g} of {dearest.possible:g}, at most {dearest.earned:g} ({dearest.name})")
    return "what wrong answers get, half of them and at most: " + "; ".join(said)
