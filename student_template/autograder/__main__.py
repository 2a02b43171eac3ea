"""The command line: `python -m autograder build | grade | verify | gradescope`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

NEEDS_PYTHON = (3, 11)


def main() -> int:
    if sys.version_info < NEEDS_PYTHON:
        print("This program needs Python 3.11 or newer.", file=sys.stderr)
        return 2
    arguments = parser().parse_args()
    if arguments.command == "build":
        from autograder.build import main as build

        return build()
    from autograder.launch import relaunch

    return relaunch(sys.argv[1:])


def parser() -> argparse.ArgumentParser:
    """What can be asked, and how it is spelled."""
    top = argparse.ArgumentParser(prog="python -m autograder", description="Builds, grades and verifies the VAE assignment.")
    commands = top.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="write student_template/, reference/, dist/student.zip and dist/autograder.zip")
    grade = commands.add_parser("grade", help="grade notebooks: one, a zip of one, or a folder of them")
    grade.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    grade.add_argument("--out", metavar="DIR", type=Path, help="write DIR/<name>/results.json for each submission")
    grade.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count() or 1, help="how many at a time (default: all cores)")
    commands.add_parser("verify", help="check the checks: every right answer passes, every wrong one fails, every attack is held")
    commands.add_parser("gradescope", help="what run_autograder calls in Gradescope's container")
    return top


if __name__ == "__main__":
    sys.exit(main())
