"""What was handed in and by whom, said to whoever grades before anything is done."""

from __future__ import annotations

from pathlib import Path

from autograder.course.console import Console
from autograder.course.records import Unusable
from autograder.intake.graded import HandedIn
from autograder.intake.intake import Intake, take_in
from autograder.intake.roster import read
from autograder.run.results import clean
from autograder.run.session import Session

SHOWN = 200  # of what was passed over


def whose(session: Session, paths: list[Path], out: Path | None, roster: str | None, console: Console) -> list[HandedIn]:
    """What was handed in, and by whom, said to whoever grades. Raises Broken, Unreadable or Unusable, before anything else is done."""
    roll = read(Path(roster)) if roster else None
    intake = take_in(paths, session.workspace.folder, f"{session.assignment.slug}.ipynb")
    if out and any(path.is_dir() and path.resolve() == out.resolve() for path in paths):
        raise Unusable(f"{out} is the folder of the submissions. Name another for the results with --out, inside it or elsewhere.")
    if out and (mixed := [one for one in intake.handed_in if (out / one.name).resolve() == one.path.resolve()]):
        raise Unusable(
            f"{mixed[0].path} was handed in, and the results of {mixed[0].name} would be written into it. Name another folder with --out."
        )
    _say_what_was_found(console, intake)
    if roll:
        intake.handed_in = roll.applied(intake.handed_in)
        console.print(clean(roll.told(), 10_000), highlight=False, markup=False, soft_wrap=True)
    return intake.handed_in


def refuse_other_points(session: Session) -> None:
    """A check whose points were changed alone would make a score that is more than all. Raises Unusable."""
    if session.assignment.has_hidden_tests:
        for question in session.assignment.questions.values():
            try:
                question.refuse_other_points()
            except ValueError as error:
                raise Unusable(f"Nothing was graded: {error}. Mend one of them.") from None


def _say_what_was_found(console: Console, intake: Intake) -> None:
    """Of a single plain file there is nothing to say."""
    if len(intake.handed_in) != 1 or intake.handed_in[0].source != "plain":
        console.print(intake.recognised, highlight=False, markup=False)
    for name, count in intake.crowded[:SHOWN]:
        said = f"  {clean(name, 80)} holds {count} notebooks and counts as one submission. If it is a class, give it by itself."
        console.print(said, highlight=False, markup=False, soft_wrap=True)
    for name, why in intake.skipped[:SHOWN]:
        console.print(f"  passed over: {clean(name, 80)}: {clean(why, 160)}", highlight=False, markup=False)
    if len(intake.skipped) > SHOWN:
        console.print(f"  and {len(intake.skipped) - SHOWN} more", highlight=False)
    for name, why in intake.doubts[:SHOWN]:
        console.print(f"  {clean(name, 80)}: {clean(why, 300)}", highlight=False, markup=False, soft_wrap=True)
    for student, names in intake.twice[:SHOWN]:
        said = (
            f"  {clean(student.name, 80)} has {len(names)} submissions ({clean(listed(names), 200)}): the tables have a row of each, and a "
            "platform that reads them takes the first or the last. Give one of them, unless two students have that name."
        )
        console.print(said, highlight=False, markup=False, soft_wrap=True)


def listed(names: list[str], most: int = 10) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
