"""A new assignment: a small one that builds and verifies as it is, to be changed from there."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from autograder.pieces import archive

TEMPLATE = Path(__file__).with_name("new_assignment")

NEXT = """\
{folder} holds an assignment with one question. Change it, and after each change:

    python -m autograder build --assignment {folder}
    python -m autograder verify --assignment {folder}

The first writes {out}/student_template, {out}/reference and {out}/dist. assignment/AUTHORING.md says how a question is written."""


def main(project: Path) -> int:
    """Write `project`/assignment; 2 where something would be in its way."""
    try:
        if project.exists() and (not project.is_dir() or any(project.iterdir())):
            print(f"{project} is not empty. Name a folder that is, or that does not exist yet.", file=sys.stderr)
            return 2
        folder = project / "assignment"
        archive.write_folder(folder, files(slug(project)))
    except OSError as error:
        print(f"{project} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(NEXT.format(folder=folder, out=project))
    return 0


def slug(project: Path) -> str:
    """What the notebook is called: the folder's name, in letters that a file name may have anywhere."""
    return re.sub(r"[^a-z0-9]+", "_", project.resolve().name.lower()).strip("_") or "assignment"


def files(slug: str) -> dict[str, bytes]:
    """The new assignment's files, by path in its folder."""
    found = archive.read_folder(TEMPLATE)
    named = re.sub(rb'^slug = "\w+"', f'slug = "{slug}"'.encode(), found["assignment.toml"], count=1, flags=re.MULTILINE)
    return found | {"assignment.toml": named}
