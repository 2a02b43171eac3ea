"""`grade --put-back`: what the last regrade changed is again as it was before it, with the pages, the tables and the report.

Each submission's results are moved back at once or not at all, and the moment of the regrade is forgotten last of all: the same command
goes on where one that was killed stopped.
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.course import regrade
from autograder.course.brief import Briefs
from autograder.course.console import Console
from autograder.course.records import EARLIER, Busy, Records, Unusable
from autograder.course.rollcall import whose
from autograder.course.terminal import write_class
from autograder.intake.graded import Graded, HandedIn
from autograder.intake.roster import Broken
from autograder.intake.unpacked import Unreadable
from autograder.run.results import clean
from autograder.run.session import Session


def main(session: Session, paths: list[str], out: str, dry_run: bool, roster: str | None = None) -> int:
    """0 when all is as it was; a dry run says what would change."""
    folder = Path(out)
    if absent := [path for path in (*paths, out) if not Path(path).exists()]:
        print(
            f"There is nothing at {', '.join(absent)}. Give what was graded, and with --out the folder of its results.",
            file=sys.stderr,
        )
        return 2
    console = Console()
    try:
        with Records(folder, session.assignment, write=not dry_run) as records:
            handed_in = whose(session, list(map(Path, paths)), folder, roster, console)
            return _put_back(session, handed_in, records, folder, dry_run, console)
    except (Busy, Broken, Unreadable, Unusable) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"Not all could be put back ({error}). Mend that, and run the same command again: it goes on from there.",
            file=sys.stderr,
        )
        return 1


def _put_back(session: Session, handed_in: list[HandedIn], records: Records, out: Path, dry_run: bool, console: Console) -> int:
    moment, changes = records.earlier()
    if not moment:
        print(f"There is nothing to put back: {out / EARLIER} holds no earlier results.", file=sys.stderr)
        return 2
    given = {one.name for one in handed_in}
    if absent := [name for name in changes if name not in given and records.read(name)]:
        print(
            f"Nothing was put back: {len(absent)} of those whose results would change were not given ({', '.join(absent[:10])}), so the "
            f"tables, the report and their pages would not say what is put back. Give all of the class; who has left it, remove from {out}.",
            file=sys.stderr,
        )
        return 2
    said = regrade.told(changes.values(), "to be put back" if dry_run else f"put back as they were before {moment}")
    console.print(clean(said or "All was put back before.", 100_000), markup=False, highlight=False, soft_wrap=True)
    if dry_run:
        return 0
    for name in changes:
        records.put_back(moment, name)
    briefs = Briefs()
    graded = [Graded(one, briefs.of(results)) for one in handed_in if (results := records.read(one.name))]
    if write_class(console, graded, session, records, out):
        return 1
    records.forget(moment)
    return 0
