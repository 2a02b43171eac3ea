"""The command line: `python -m autograder new | build | grade | verify`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from autograder import PACKAGE, REPO

NEEDS_PYTHON = (3, 11)
AUTHORS = (PACKAGE / "authors").is_dir()  # a student's copy grades, and no more


def main(arguments: list[str] | None = None) -> int:
    """Carry out what the command line says, or `arguments`."""
    if sys.version_info < NEEDS_PYTHON:
        print("This program needs Python 3.11 or newer.", file=sys.stderr)
        return 2
    asked = parser().parse_args(arguments)
    if asked.command == "new":
        from autograder.authors.new import main as new

        return new(asked.folder)
    if asked.assignment:
        os.environ["AUTOGRADER_ASSIGNMENT"] = str(asked.assignment.resolve())
    if asked.command == "build":
        from autograder.authors.build import main as build

        return build()
    if not hasattr(os, "fork"):
        print("Grading needs Linux or macOS: use the check cells of the notebook, or WSL.", file=sys.stderr)
        return 2
    root = Path(os.environ.get("AUTOGRADER_ASSIGNMENT", REPO / "assignment"))
    if not (root / "assignment.toml").is_file():
        print(f"There is no assignment.toml in {root}: name the folder that has it with --assignment DIR.", file=sys.stderr)
        return 2
    from autograder.run.launch import relaunch

    if asked.command == "verify":
        return relaunch("autograder.proof.verify:verify")
    orders = {"paths": list(map(str, asked.paths)), "out": asked.out and str(asked.out), "dry_run": asked.dry_run}
    orders["roster"] = asked.roster and str(asked.roster)
    if asked.put_back:
        if not asked.out:
            print("Name the folder of results in which something is to be put back, with --out DIR.", file=sys.stderr)
            return 2
        return relaunch("autograder.course.put_back:main", **orders)
    if AUTHORS and asked.scheduler:
        settings = {name: value for name, value in os.environ.items() if name == "HOME" or name.startswith("DASK_")}
        return relaunch("autograder.cluster.grading:main", scheduler=asked.scheduler, settings=settings, **orders)
    return relaunch("autograder.course.terminal:main", jobs=asked.jobs, **orders)


def _count(said: str) -> int:
    if not said.isdecimal() or int(said) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, but got {said}")
    return int(said)


def parser() -> argparse.ArgumentParser:
    """What can be asked, and how it is spelled."""
    top = argparse.ArgumentParser(prog="python -m autograder", description="Builds, grades and verifies an assignment.")
    commands = top.add_subparsers(dest="command", required=True)
    if AUTHORS:
        commands.add_parser("build", help="write student_template/, reference/, dist/student.zip and dist/autograder.zip")
    grade = commands.add_parser("grade", help="grade notebooks: one, or a class as a folder or a zip")
    grade.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        type=Path,
        help="a notebook, a zip with one, a folder of them, or a Gradescope, Canvas or Moodle download",
    )
    grade.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="write results, tables and a report there; a run that was stopped goes on where it was",
    )
    grade.add_argument("--dry-run", action="store_true", help="write nothing: say which scores would change")
    grade.add_argument(
        "--roster", metavar="FILE", type=Path, help="the course's roster as CSV: names, ids and sections of students"
    )
    grade.add_argument("--put-back", action="store_true", help="grade nothing: what the last regrade changed is as it was before")
    grade.add_argument(
        "--jobs", metavar="N", type=_count, default=os.cpu_count() or 1, help="how many at a time (default: all cores)"
    )
    if AUTHORS:
        grade.add_argument("--scheduler", metavar="ADDRESS", help="grade on the workers of this Dask cluster, as tcp://host:8786")
        commands.add_parser(
            "verify", help="check the checks: every right answer passes, every wrong one fails, every attack is held"
        )
    for command in commands.choices.values():
        command.add_argument(
            "--assignment", metavar="DIR", type=Path, help="the folder with assignment.toml (default: the one beside this program)"
        )
    if AUTHORS:
        new = commands.add_parser("new", help="start an assignment in an empty folder")
        new.add_argument(
            "folder", metavar="DIR", type=Path, help="a folder that is empty or does not exist; the assignment is DIR/assignment"
        )
    return top


if __name__ == "__main__":
    sys.exit(main())
