"""`grade` as a person meets it: what was recognised, a table on the terminal, results, tables and a report in a folder."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.checks.outcomes import MARKS
from autograder.confine.layers import applied, weakness
from autograder.course import regrade, similar
from autograder.course.examples import Examples
from autograder.course.graded import Graded, HandedIn
from autograder.course.intake import Intake, take_in
from autograder.course.records import Busy, Records
from autograder.course.report import write_page, write_report
from autograder.course.tables import write_tables
from autograder.run import results
from autograder.run.grade import Report, Verdict
from autograder.run.results import clean
from autograder.run.session import Session

UNPROTECTED = """\
WARNING: on this machine students' code can read hidden tests or other submissions, or write results ({why}).
That is fine for notebooks of people you trust. Grade all others on Gradescope, or on Linux as SECURITY.md says."""
STYLES = {"passed": "green", "not_attempted": "dim", "grader_error": "bold magenta"}
SAY_EVERY = 10.0  # seconds, where no bar can be drawn
SKIPPED_SHOWN = 20


def main(session: Session, paths: list[str], out: str | None, jobs: int, dry_run: bool) -> int:
    """`grade` as the command line asks for it."""
    return grade(session, list(map(Path, paths)), Path(out) if out else None, jobs, dry_run)


def grade(session: Session, paths: list[Path], out: Path | None, jobs: int, dry_run: bool = False) -> int:
    """Grade, write, and show; 0 when every submission was judged. A dry run writes nothing, and says what would change."""
    absent = [path for path in paths if not path.exists()]
    if absent:
        print(f"There is nothing at {', '.join(map(str, absent))}. Give a notebook, a zip, or a folder of them.", file=sys.stderr)
        return 2
    intake = take_in(paths, session.workspace.folder, f"{session.assignment.slug}.ipynb")
    if out:  # results of an earlier run, in the class's own folder
        intake.handed_in = [one for one in intake.handed_in if one.path.resolve() != out.resolve()]
    console = Console()
    _say_what_was_found(console, intake)
    _warn_if_unprotected(session, [one.path for one in intake.handed_in], out)
    try:
        with Records(out, session.assignment, write=not dry_run) as records:
            return _grade(session, intake.handed_in, records, jobs, out if not dry_run else None, console)
    except Busy as busy:
        print(busy, file=sys.stderr)
        return 2


def _grade(session: Session, handed_in: list[HandedIn], records: Records, jobs: int, out: Path | None, console: Console) -> int:
    found = {one.name: results for one in handed_in if len(handed_in) > 1 and (results := records.found(one))}
    if found:
        console.print(
            f"{len(found)} of {len(handed_in)} were graded before and have not changed: they are not graded again.", highlight=False
        )
    fresh = [one for one in handed_in if one.name not in found]
    reports: dict[str, Report] = {}
    try:
        for place, report in _with_progress(session, [one.path for one in fresh], jobs, console):
            one = fresh[place]
            reports[one.name], found[one.name] = _as_results(report)
            records.put(one, found[one.name])
    finally:  # stopped or not, what is judged is not lost
        unwritten = records.shelf.finish()
        if unwritten:
            print(unwritten, file=sys.stderr)
    graded = [Graded(one, found[one.name], again=one.name not in reports) for one in handed_in]
    if len(graded) == 1:
        show_one(console, graded[0].name, reports[graded[0].name])
    else:
        show_many(console, graded)
    if said := regrade.told(records.changed):
        console.print(clean(said, 100_000), markup=False, highlight=False, soft_wrap=True)
    if out and not unwritten:
        unwritten = _write_class(console, graded, session, out)
    broken = [report for report in reports.values() if report.broken]
    for report in broken:
        said = f"{report.name}: the grader itself failed. This is not the student's fault.\n{report.broken}"
        print(f"\n{clean(said, 10_000)}", file=sys.stderr)
    return 1 if unwritten or any(one.results["extra_data"]["grader_error"] for one in graded) else 0


def _write_class(console: Console, graded: list[Graded], session: Session, out: Path) -> str:
    """A page for each student, and of a class the tables and the report; what there is to say if that cannot be done."""
    console.print(f"Results are in {out}/<name>/results.json.", highlight=False, markup=False)
    title = session.assignment.title
    try:
        for one in graded:
            if not one.again or not (out / one.name / "index.html").exists():
                write_page(one, title, out)
        if len(graded) < 2:
            return ""
        examples = Examples(session, [one.handed_in for one in graded])
        alike = similar.pairs([one.name for one in graded], examples, session.assignment), similar.by_nature(session.assignment)
        written = [*write_tables(graded, session.assignment, out), write_report(graded, title, out, examples, alike)]
    except OSError as error:
        said = f"The class's tables and pages could not be written ({error.strerror or error}). Run the same command again: nothing is graded twice."
        print(said, file=sys.stderr)
        return said
    console.print(f"The class: {', '.join(str(path) for path in written)}.", highlight=False, markup=False, soft_wrap=True)
    return ""


def _say_what_was_found(console: Console, intake: Intake) -> None:
    """Of a single plain file there is nothing to say."""
    if len(intake.handed_in) != 1 or intake.handed_in[0].source != "plain":
        console.print(intake.recognised, highlight=False, markup=False)
    for name, why in intake.skipped[:SKIPPED_SHOWN]:
        console.print(f"  passed over: {clean(name, 80)}: {clean(why, 160)}", highlight=False, markup=False)
    if len(intake.skipped) > SKIPPED_SHOWN:
        console.print(f"  and {len(intake.skipped) - SKIPPED_SHOWN} more", highlight=False)


def _as_results(report: Report) -> tuple[Report, dict[str, Any]]:
    """A report and its results; should those be such as no platform reads, the report says that we failed."""
    try:
        return report, results.gradescope(report)
    except Exception as error:
        report = Report(report.name, broken="".join(traceback.format_exception(error))[-8000:])
        return report, results.gradescope(report)


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


def _with_progress(session: Session, paths: list[Path], jobs: int, console: Console) -> Iterator[tuple[int, Report]]:
    """A bar on a terminal, a line now and then elsewhere."""
    reports = session.grade_all(paths, jobs) if paths else iter(())
    if len(paths) < 2:
        yield from reports
    elif console.is_terminal:
        columns = (
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.speed:.1f}/s"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=len(paths))
            for one in reports:
                progress.advance(task)
                yield one
    else:
        yield from _in_lines(reports, len(paths), console)


def _in_lines(reports: Iterable[tuple[int, Report]], total: int, console: Console) -> Iterator[tuple[int, Report]]:
    started = said = time.monotonic()
    for done, one in enumerate(reports, 1):
        yield one
        now = time.monotonic()
        if now - said > SAY_EVERY and done < total:
            said, rate = now, done / (now - started)
            console.print(
                f"graded {done} of {total}, {rate:.1f} a second, about {(total - done) / rate:.0f} s left", highlight=False
            )


def show_one(console: Console, name: str, report: Report) -> None:
    """Question by question, and for each that lost points, why."""
    table = Table(title=Text(clean(name, 80)), title_justify="left", show_footer=True)
    table.add_column("question", footer="total")
    table.add_column("points", justify="right", footer=_points(report.score, report.possible))
    table.add_column("result")
    for verdict in report.verdicts:
        title = f"{verdict.question.id:>3}  {verdict.question.title}"
        table.add_row(title, _points(verdict.earned, verdict.possible), _mark(verdict))
    console.print(table)
    for line in results.headline(report):
        console.print(clean(line), markup=False, highlight=False)
    for verdict in report.verdicts:
        if verdict.status not in ("passed", "not_attempted") and not report.refused:
            console.print(f"\n{verdict.question.id} · {verdict.question.title}", style="bold", highlight=False)
            for line in results.explain(verdict):
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
    judged = [one.score for one in graded if one.questions and one.trouble != "not graded"]
    refused = f", {len(graded) - len(judged)} not graded" if len(judged) < len(graded) else ""
    mean = f", mean {sum(judged) / len(judged):.1f}" if judged else ""
    console.print(f"{len(judged)} graded{refused}{mean}", highlight=False)


def _points(earned: float, possible: float) -> str:
    return f"{earned:g} / {possible:g}"


def _mark(verdict: Verdict) -> Text:
    return Text(MARKS[verdict.status].lower(), style=STYLES.get(verdict.status, "red"))
