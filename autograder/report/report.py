"""The class's results as pages: one of the whole class for its teachers, one of each submission for whoever made it.

Everything that comes from a submission passes `clean` and is escaped; the page's policy lets no script run but its own, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.checks.outcomes import MARKS
from autograder.intake.graded import Graded
from autograder.report import attention, chart, slips, statistics
from autograder.report.similar import Pair
from autograder.report.whole import write_whole
from autograder.run.results import clean

PAGES = Path(__file__).with_name("pages")
# However big the class is, a browser opens the page at once, and it can be sent by mail.
MOST_GROUPS = 300  # in one list
MOST_EXAMPLES = 100
LONGEST_EXAMPLE = 2000
MENTIONS = 500_000  # characters for the names in one list of groups, and the links that they are

Examples = Callable[[str, str], str]


@dataclass(frozen=True)
class Row:
    """A submission as the report's tables name it."""

    number: int
    label: str  # names of students, told apart where they are alike
    about: str  # what else is known of them
    section: str
    page: str  # its address
    graded: Graded


@dataclass(frozen=True)
class Group:
    """Something, and the first of those whom it is about."""

    what: Any
    rows: Sequence[Row]
    more: int
    example: str = ""
    whose: str = ""


@dataclass(frozen=True)
class Twins:
    """Two submissions whose code is alike, and that code by question."""

    share: float
    one: Row
    other: Row
    code: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Alike:
    """What a comparison of a class's answers found, and how often our own right answers are as alike."""

    pairs: Sequence[Twins]
    nature: tuple[int, int]


@dataclass(frozen=True)
class Listing:
    """The first groups of a list, and how many others there are."""

    groups: list[Group]
    more: int


def write_report(
    graded: Sequence[Graded],
    title: str,
    folder: Path,
    examples: Examples | None = None,
    pairs: tuple[Sequence[Pair], tuple[int, int]] | None = None,
) -> Path:
    """`folder/report.html`, all of it in one file. `examples` gives the code that a submission (by name) has for a question (by id);
    `pairs` are those that are alike, with how many of how many of our own answers are so by nature."""
    rows = rows_of(graded)
    by_id = {id(row.graded): row for row in rows}
    questions = statistics.items(graded)
    scores = statistics.scores(graded)
    page = (
        _pages()
        .get_template("report.html")
        .render(
            title=title,
            script=(PAGES / "script.html").read_text(encoding="utf-8"),
            rows=rows,
            concerns=listing(attention.concerns(graded), by_id),
            judged=len(statistics.judged(graded)),
            scores=scores,
            distribution=chart.distribution(scores),
            questions=questions,
            discrimination=chart.discrimination(questions),
            slips=listing(slips.slips(graded), by_id),
            never=statistics.never_failed(questions),
            alike=_alike(pairs, {row.graded.name: row for row in rows}, examples),
            failures=listing(slips.unexplained(graded), by_id, examples),
            slowest=[by_id[id(one)] for one in statistics.slowest(graded)],
            sections=sorted({row.section for row in rows if row.section}),
            late=any(row.graded.handed_in.late for row in rows),
            submitted=any(row.graded.handed_in.submitted for row in rows),
        )
    )
    return write_whole(folder / "report.html", page.encode())


def write_page(graded: Graded, title: str, folder: Path) -> Path:
    """`folder/<name>/index.html`: what one student got and why. It says nothing of others, and nothing that is for the staff alone."""
    entries = [entry for entry in graded.questions if entry.get("visibility") != "hidden" and graded.trouble != "not graded"]
    page = (
        _pages()
        .get_template("submission.html")
        .render(title=title, row=rows_of([graded])[0], entries=entries, made_of=_made_of(graded, title, folder))
    )
    return write_whole(folder / graded.name / "index.html", page.encode())


def has_page(graded: Graded, title: str, folder: Path) -> bool:
    """Whether a page lies there that was made of the results beside it, and of the same student."""
    with suppress(OSError), (folder / graded.name / "index.html").open("rb") as page:
        return _made_of(graded, title, folder).encode() in page.read(1000)
    return False


def _made_of(graded: Graded, title: str, folder: Path) -> str:
    found = hashlib.sha256(repr((title, graded.handed_in.students, graded.name)).encode("utf-8", "surrogateescape"))
    with suppress(OSError):
        found.update((folder / graded.name / "results.json").read_bytes())
    return found.hexdigest()[:32]


def rows_of(graded: Iterable[Graded]) -> list[Row]:
    """Each submission once, in the order given; those of students who share a name have the submission's beside it."""
    those = list(graded)
    names = [", ".join(student.name for student in one.handed_in.students) or one.name for one in those]
    shared = {name for name, count in Counter(names).items() if count > 1}
    return [_row(number, one, name, name in shared) for number, (one, name) in enumerate(zip(those, names, strict=True), 1)]


def _row(number: int, one: Graded, name: str, shared: bool) -> Row:
    label = f"{clean(name, 80)} ({clean(one.name, 80)})" if shared and name != one.name else clean(name, 80)
    students = one.handed_in.students
    known = [student.sid or student.email for student in students] + [one.name]
    about = " · ".join(dict.fromkeys(fact for fact in known if fact and fact not in label))
    section = ", ".join(dict.fromkeys(student.section for student in students if student.section))
    return Row(number, label, clean(about, 120), clean(section, 40), f"{quote(os.fsencode(one.name), safe='')}/index.html", one)


def listing(found: Sequence[Any], by_id: dict[int, Row], examples: Examples | None = None) -> Listing:
    """Things with those whom they are about: all of them, unless that would be too many to read and to load."""
    size = sum(len(row.page) + len(row.label) + 60 for row in by_id.values()) // max(len(by_id), 1)
    total = sum(len(one.who) for one in found)
    most = total if total * size <= MENTIONS else MENTIONS // (size * len(found[:MOST_GROUPS]))
    groups = [_group(one, by_id, most, examples if i < MOST_EXAMPLES else None) for i, one in enumerate(found[:MOST_GROUPS])]
    return Listing(groups, len(found[MOST_GROUPS:]))


def _alike(
    pairs: tuple[Sequence[Pair], tuple[int, int]] | None, by_name: dict[str, Row], examples: Examples | None
) -> Alike | None:
    if pairs is None or examples is None:
        return None

    def code(name: str, question: str) -> str:
        return clean(examples(name, question), LONGEST_EXAMPLE)

    found = [
        Twins(
            pair.share,
            by_name[pair.one],
            by_name[pair.other],
            [(id, code(pair.one, id), code(pair.other, id)) for id in pair.questions],
        )
        for pair in pairs[0]
    ]
    return Alike(found, pairs[1])


def _group(what: Any, by_id: dict[int, Row], most: int, examples: Examples | None) -> Group:
    rows = [by_id[id(one)] for one in what.who]
    codes = ((row.label, examples(row.graded.name, what.question)) for row in rows[:3]) if examples else iter(())
    whose, code = next(((label, code) for label, code in codes if code.strip()), ("", ""))
    return Group(what, rows[:most], len(rows[most:]), clean(code, LONGEST_EXAMPLE), whose)


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: clean(value, 100_000) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"percent": percent, "sha256": sha256}
    pages.globals |= {"marks": MARKS}
    return pages


def percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def sha256(script: str) -> str:
    """A script as the page's policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
