"""`grade` as a person meets it: which submissions a path means, a table on the terminal, results in a folder."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.checks.outcomes import MARKS
from autograder.confine.layers import applied, weakness
from autograder.course.shelf import Shelf
from autograder.run import results
from autograder.run.grade import Report, Verdict
from autograder.run.results import clean
from autograder.run.session import Session
from autograder.submissions.handed_in import files_below, may_be_one

LONGEST_NAME = 120  # bytes
UNPROTECTED = """\
WARNING: on this machine students' code can read hidden tests or other submissions, or write results ({why}).
That is fine for notebooks of people you trust. Grade all others on Gradescope, or on Linux as SECURITY.md says."""
STYLES = {"passed": "green", "not_attempted": "dim", "grader_error": "bold magenta"}


def main(session: Session, paths: list[str], out: str | None, jobs: int) -> int:
    """`grade` as the command line asks for it."""
    return grade(session, list(map(Path, paths)), Path(out) if out else None, jobs)


def grade(session: Session, paths: list[Path], out: Path | None, jobs: int) -> int:
    """Grade, write, and show; 0 when every submission was judged."""
    absent = [path for path in paths if not path.exists()]
    if absent:
        print(f"There is nothing at {', '.join(map(str, absent))}. Give a notebook, a zip, or a folder of them.", file=sys.stderr)
        return 2
    found = [submission for path in paths for submission in submissions_in(path)]
    if out:
        found = [path for path in found if path.resolve() != out.resolve()]  # results of an earlier run, in the class's own folder
    console = Console()
    _warn_if_unprotected(session, found, out)
    names, shelf = unique_names(found), Shelf(out)
    reports: dict[int, Report] = {}
    try:
        for place, report in _with_progress(session, found, jobs, console):
            reports[place], written = _as_results(report)
            shelf.put(names[place], written)
    finally:  # stopped or not, what is judged is not lost
        unwritten = shelf.finish()
        if unwritten:
            print(unwritten, file=sys.stderr)
    ordered = [(name, reports[place]) for place, name in enumerate(names)]
    if len(ordered) == 1:
        show_one(console, *ordered[0])
    else:
        show_many(console, ordered)
    if out and not unwritten:
        console.print(f"Results are in {out}/<name>/results.json.", highlight=False, markup=False)
    broken = [report for _, report in ordered if report.broken]
    for report in broken:
        said = f"{report.name}: the grader itself failed. This is not the student's fault.\n{report.broken}"
        print(f"\n{clean(said, 10_000)}", file=sys.stderr)
    return 1 if unwritten or any(report.failed_by_us for _, report in ordered) else 0


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


def submissions_in(path: Path) -> list[Path]:
    """A file is one submission. A folder is a class when it holds several notebooks, zips or folders of them; else it is one."""
    if not path.is_dir():
        return [path]
    inside = sorted(child for child in path.iterdir() if not child.name.startswith((".", "__")))
    files = [child for child in inside if _is_submission(child)]
    folders = [child for child in inside if child.is_dir() and not child.is_symlink()]
    full = [folder for folder in folders if any(map(_is_submission, files_below(folder)))]
    if len(files) + len(full) > 1:
        return sorted(files + folders)  # in a class, a folder without a notebook is a student who forgot it
    return full if full and not files else [path]


def _is_submission(path: Path) -> bool:
    return may_be_one(path.name) and ".ipynb_checkpoints" not in path.parts


def unique_names(paths: list[Path]) -> list[str]:
    """A folder name for each submission's results: its own name, with its parent's before it where two are alike."""
    absolute = [Path(os.path.abspath(path)) for path in paths]  # where a link leads does not name a submission
    names = [folder_name(path.name if path.is_dir() else path.stem) for path in absolute]
    names = [
        folder_name(f"{path.parent.name}-{name}") if names.count(name) > 1 else name
        for path, name in zip(absolute, names, strict=True)
    ]
    taken: set[str] = set()
    for i, name in enumerate(names):
        numbered = (f"{name}-{number}" for number in count(2))
        names[i] = name if name not in taken else next(other for other in numbered if other not in taken and other not in names)
        taken.add(names[i])
    return names


def folder_name(name: str) -> str:
    """A name under which a folder can be made: neither nothing nor dots alone, nor too long for a file system once it is added to."""
    name = os.fsdecode(os.fsencode(name)[:LONGEST_NAME])
    return name if name.strip(".") else "submission"


def _with_progress(session: Session, paths: list[Path], jobs: int, console: Console) -> Iterator[tuple[int, Report]]:
    reports = session.grade_all(paths, jobs)
    if len(paths) == 1 or not console.is_terminal:
        yield from reports
        return
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(reports, total=len(paths))


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


def show_many(console: Console, reports: list[tuple[str, Report]]) -> None:
    """One line a submission."""
    table = Table()
    table.add_column("submission")
    table.add_column("score", justify="right")
    table.add_column("remarks", overflow="fold")
    for name, report in reports:
        remarks = results.headline(report)
        table.add_row(Text(clean(name, 80)), _points(report.score, report.possible), Text(clean(" ".join(remarks), 160)))
    console.print(table)
    judged = [report.score for _, report in reports if not report.broken and not report.refused]
    refused = f", {len(reports) - len(judged)} not graded" if len(judged) < len(reports) else ""
    mean = f", mean {sum(judged) / len(judged):.1f}" if judged else ""
    console.print(f"{len(judged)} graded{refused}{mean}", highlight=False)


def _points(earned: float, possible: float) -> str:
    return f"{earned:g} / {possible:g}"


def _mark(verdict: Verdict) -> Text:
    return Text(MARKS[verdict.status].lower(), style=STYLES.get(verdict.status, "red"))
