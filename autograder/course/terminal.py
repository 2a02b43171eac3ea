"""`grade` as a person meets it: what was recognised, a table on the terminal, results, tables and a report in a folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.checks.outcomes import MARKS
from autograder.confine.layers import applied, weakness
from autograder.course import regrade
from autograder.course.brief import Briefs
from autograder.course.console import Console
from autograder.course.records import Busy, Records, Unusable
from autograder.course.rollcall import listed, refuse_other_points, whose
from autograder.intake.graded import Graded, HandedIn
from autograder.intake.roster import Broken
from autograder.intake.unpacked import Unreadable
from autograder.report import similar
from autograder.report.examples import Examples
from autograder.report.report import has_page, write_page, write_report
from autograder.report.statistics import scored
from autograder.report.tables import write_tables
from autograder.run.results import clean, sure
from autograder.run.session import Session
from autograder.student.forks import SeedLost
from autograder.wire.faults import Status

UNPROTECTED = """\
WARNING: on this machine students' code can read hidden tests or other submissions, or write results ({why}).
That is fine for notebooks of people you trust. Grade all others on Gradescope, or on Linux as SECURITY.md says."""
NO_SEED = """\
Stopped: the process that all students' processes come from was ended, by somebody or for want of memory.
What is judged so far stands: the same command with the same --out goes on from there."""
STYLES = {"passed": "green", "not_attempted": "dim", "grader_error": "bold magenta"}
SAY_EVERY = 10.0  # seconds, where no bar can be drawn

Results = dict[str, Any]  # of one submission, as they are written
Judge = Callable[[list[HandedIn]], Iterator[tuple[int, Results]]]  # the results as they are ready, each with its submission's place


class Stopped(Exception):
    """No more can be graded now, by no submission's fault; what is judged stands."""


def main(session: Session, paths: list[str], out: str | None, jobs: int, dry_run: bool, roster: str | None) -> int:
    """`grade` as the command line asks for it."""
    return grade(session, list(map(Path, paths)), Path(out) if out else None, jobs, dry_run, roster=roster)


def grade(
    session: Session,
    paths: list[Path],
    out: Path | None,
    jobs: int,
    dry_run: bool = False,
    judge: Judge | None = None,
    roster: str | None = None,
) -> int:
    """Grade, write, and show; 0 when every submission was judged. A dry run writes nothing, and says what would change.

    `judge` grades, where that is not done on this machine.
    """
    absent = [path for path in paths if not path.exists()]
    if absent:
        print(f"There is nothing at {', '.join(map(str, absent))}. Give a notebook, a zip, or a folder of them.", file=sys.stderr)
        return 2
    console = Console()
    try:
        refuse_other_points(session)
        handed_in = whose(session, paths, out, roster, console)
    except (Broken, Unreadable, Unusable) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    if not judge:
        _warn_if_unprotected(session, [one.path for one in handed_in], out)
    try:
        with Records(out, session.assignment, write=not dry_run) as records:
            made_by = judge or partial(_here, session, jobs)
            return _grade(session, handed_in, records, made_by, out if not dry_run else None, console)
    except (Busy, Unusable) as refusal:
        print(refusal, file=sys.stderr)
        return 2


def _here(session: Session, jobs: int, handed_in: list[HandedIn]) -> Iterator[tuple[int, Results]]:
    """Grade on this machine. Raises Stopped."""
    try:
        for place, report in session.grade_all([one.path for one in handed_in], jobs):
            yield place, sure(report)
    except SeedLost:
        raise Stopped(NO_SEED) from None


def _grade(session: Session, handed_in: list[HandedIn], records: Records, judge: Judge, out: Path | None, console: Console) -> int:
    briefs, alone = Briefs(), len(handed_in) == 1
    found = {one.name: briefs.of(results) for one in handed_in if not alone and (results := records.found(one))}
    if found:
        console.print(
            f"{len(found)} of {len(handed_in)} were graded before and have not changed: they are not graded again.", highlight=False
        )
    fresh = [one for one in handed_in if one.name not in found]
    try:
        for place, results in _with_progress(judge(fresh) if fresh else iter(()), len(fresh), console):
            records.put(fresh[place], results)
            found[fresh[place].name] = results if alone else briefs.of(results)
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    finally:  # stopped or not, what is judged is not lost
        unwritten = records.shelf.finish()
        if unwritten:
            print(unwritten, file=sys.stderr)
    made = {one.name for one in fresh}
    graded = [Graded(one, found[one.name], again=one.name not in made) for one in handed_in]
    if len(graded) == 1:
        show_one(console, graded[0])
    else:
        show_many(console, graded)
    if said := regrade.told(records.all_changed()):
        console.print(clean(said, 100_000), markup=False, highlight=False, soft_wrap=True)
    if out and not unwritten:
        unwritten = write_class(console, graded, session, records, out)
    if not unwritten:
        records.complete()
    for one in graded:
        if one.trouble == "grader error" and not one.questions and not one.again:
            said = f"{one.name}: the grader itself failed. This is not the student's fault.\n{''.join(one.results['extra_data']['staff'])}"
            print(f"\n{clean(said, 10_000)}", file=sys.stderr)
    return 1 if unwritten or any(one.results["extra_data"]["grader_error"] for one in graded) else 0


def write_class(console: Console, graded: list[Graded], session: Session, records: Records, out: Path) -> str:
    """A page for each student, and of a class the tables and the report; what there is to say if that cannot be done."""
    console.print(f"Results are in {out}/<name>/results.json.", highlight=False, markup=False)
    title = session.assignment.title
    try:
        for one in graded:
            whole = None if one.again and has_page(one, title, out) else records.read(one.name)
            if whole:
                write_page(replace(one, results=whole), title, out)
        if said := _of_others(records.others({one.name for one in graded}), len(graded) > 1):
            console.print(clean(said, 10_000), highlight=False, markup=False, soft_wrap=True)
        if len(graded) < 2 and graded[0].handed_in.source == "plain":
            return ""
        examples = Examples(session, [one.handed_in for one in graded])
        alike = similar.pairs([one.name for one in graded], examples, session.assignment), similar.by_nature(session.assignment)
        written = [*write_tables(graded, session.assignment, out), write_report(graded, title, out, examples, alike)]
    except OSError as error:
        said = (
            f"The class's tables and pages could not be written ({error.strerror or error}: {error.filename}). "
            "Mend that, and run the same command again: nothing is graded twice."
        )
        print(said, file=sys.stderr)
        return said
    console.print(f"The class: {', '.join(str(path) for path in written)}.", highlight=False, markup=False, soft_wrap=True)
    return ""


def _of_others(names: list[str], several: bool) -> str:
    """What there is to say of results that lie beside those of this run."""
    if not names:
        return ""
    lie = f"Note: there lie results of {len(names)} other submission{'s' * (len(names) > 1)}, too ({listed(names)})."
    if several:
        return (
            f"{lie} The class's tables and report are of what was given now. Give all of a class at once; who has left it, remove."
        )
    return f"{lie} The class's tables and report were not made anew. Give all of the class for that: nothing is graded twice."


def _warn_if_unprotected(session: Session, submissions: list[Path], out: Path | None) -> None:
    """Nobody has secrets from themselves: a student's copy, which has no hidden tests, is spared this."""
    if not session.assignment.has_hidden_tests:
        return
    root = session.assignment.root
    secrets = [root, root.parent / "reference", *submissions, *([out] if out else [])]
    layers = session.layers()
    session.required = applied(layers)  # of every process, not of the first alone
    if why := weakness(layers, filter(Path.exists, secrets)):
        print(UNPROTECTED.format(why=why), file=sys.stderr)


def _with_progress(made: Iterator[tuple[int, Results]], count: int, console: Console) -> Iterator[tuple[int, Results]]:
    """A bar on a terminal, a line now and then elsewhere."""
    if count < 2:
        yield from made
    elif console.is_terminal:
        columns = (
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.speed:.1f}/s"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=count)
            for one in made:
                progress.advance(task)
                yield one
    else:
        yield from _in_lines(made, count, console)


def _in_lines(made: Iterable[tuple[int, Results]], total: int, console: Console) -> Iterator[tuple[int, Results]]:
    started = said = time.monotonic()
    for done, one in enumerate(made, 1):
        yield one
        now = time.monotonic()
        if now - said > SAY_EVERY and done < total:
            said, rate = now, done / (now - started)
            console.print(
                f"graded {done} of {total}, {rate:.1f} a second, about {(total - done) / rate:.0f} s left", highlight=False
            )


def show_one(console: Console, one: Graded) -> None:
    """Question by question, and for each that lost points, why."""
    table = Table(title=Text(clean(one.name, 80)), title_justify="left", show_footer=True)
    table.add_column("question", footer="total")
    table.add_column("points", justify="right", footer=_points(one.score, one.possible))
    table.add_column("result")
    for entry in one.questions:
        id, _, title = entry["name"].partition(" · ")
        table.add_row(f"{id:>3}  {title}", _points(entry["score"], entry["max_score"]), _mark(entry["extra_data"]["status"]))
    console.print(table)
    if one.results["output"]:
        console.print(one.results["output"], markup=False, highlight=False)
    for entry in one.questions:
        if entry["extra_data"]["status"] not in ("passed", "not_attempted") and one.trouble != "not graded":
            console.print(f"\n{entry['name']}", style="bold", highlight=False, markup=False)
            for line in entry["output"].splitlines():
                console.print(f"  {line}", markup=False, highlight=False)


def show_many(console: Console, graded: list[Graded]) -> None:
    """One line a submission."""
    table = Table()
    table.add_column("submission")
    table.add_column("score", justify="right")
    table.add_column("remarks", overflow="fold")
    for one in graded:
        remarks = " ".join(one.results["output"].split())
        table.add_row(Text(clean(one.name, 80)), _points(one.score, one.possible), Text(clean(remarks, 160)))
    console.print(table)
    judged = [one.score for one in scored(graded)]
    refused = f", {len(graded) - len(judged)} not graded" if len(judged) < len(graded) else ""
    mean = f", mean {sum(judged) / len(judged):.1f}" if judged else ""
    console.print(f"{len(judged)} graded{refused}{mean}", highlight=False)


def _points(earned: float, possible: float) -> str:
    return f"{earned:g} / {possible:g}"


def _mark(status: Status) -> Text:
    return Text(MARKS[status].lower(), style=STYLES.get(status, "red"))
