"""What the paths given to `grade` mean: which files are submissions, whose they are, and what was passed over, with reasons.

    Gradescope   Assignments → Review Grades → Export Submissions: `submission_metadata.yml` and a folder for each submission
    Canvas       Assignment → Download Submissions: `lopezana_LATE_1234_56789_homework-1.ipynb`, by user and attachment
    Moodle       View all submissions → Download all: `Ana Lopez_1234_assignsubmission_file_`, by participant
    plain        a notebook, a zip with one (otter's exports are such), a folder of one, or a folder of them

Each may come as a folder or as one zip, and several may be mixed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.intake.graded import HandedIn, Student
from autograder.intake.names import own_name, unique_names
from autograder.intake.unpacked import members, unpack
from autograder.submissions.handed_in import files_below, may_be_one

METADATA = "submission_metadata.yml"
CANVAS = re.compile(r"(?P<name>[^_]+)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)")
MOODLE = re.compile(r"(?P<name>.+)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)")
CALLED = {"gradescope": "a Gradescope export", "canvas": "a Canvas download", "moodle": "a Moodle download", "plain": "plain files"}


@dataclass
class Intake:
    """What was found."""

    handed_in: list[HandedIn] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # what, and why

    @property
    def recognised(self) -> str:
        """In a sentence."""
        counts = Counter(one.source for one in self.handed_in)
        parts = [f"{CALLED[source]} ({count} submission{'s' * (count != 1)})" for source, count in counts.items()]
        return f"Recognised: {', '.join(parts)}." if parts else "No submission was found."


def take_in(paths: Iterable[Path], scratch: Path, handed_out: str) -> Intake:
    """Find the submissions; zips of a class are unpacked in `scratch`. `handed_out`: what the notebook that students get is called."""
    found = Intake()
    for number, path in enumerate(paths):
        if is_class(path, handed_out):
            folder = scratch / f"class-{number}"
            folder.mkdir(parents=True)
            found.skipped += unpack(path, folder)
            found.handed_in += _in_folder(_innermost(folder), found.skipped)
        elif path.is_dir():
            found.handed_in += _in_folder(path, found.skipped)
        else:
            found.handed_in.append(_plain(path))
    names = unique_names([_called(one) for one in found.handed_in])
    found.handed_in = [replace(one, name=name) for one, name in zip(found.handed_in, names, strict=True)]
    return found


def is_class(path: Path, handed_out: str) -> bool:
    """Whether a zip holds the submissions of several students: by a platform's marks, or since it holds several notebooks or zips.

    One of a single student holds the notebook under the name that it was handed out with, once.
    """
    if path.is_dir() or path.suffix.lower() != ".zip":
        return False
    names = [PurePosixPath(one.filename) for one in members(path)]
    if any(name.name == METADATA or CANVAS.fullmatch(name.name) or any(map(MOODLE.fullmatch, name.parts)) for name in names):
        return True
    submissions = [name for name in names if may_be_one(name.name)]
    return len(submissions) > 1 and sum(name.name == handed_out for name in submissions) != 1


def submissions_in(path: Path) -> list[Path]:
    """A file is one submission. A folder is a class when it holds several notebooks, zips or folders of them; else it is one."""
    if not path.is_dir():
        return [path]
    inside = sorted(child for child in path.iterdir() if not child.name.startswith((".", "__")))
    files = [child for child in inside if _may_be_one(child)]
    folders = [child for child in inside if child.is_dir() and not child.is_symlink()]
    full = [folder for folder in folders if any(map(_may_be_one, files_below(folder)))]
    if len(files) + len(full) > 1:
        return sorted(files + folders)  # in a class, a folder without a notebook is a student who forgot it
    return full if full and not files else [path]


# --- the forms --------------------------------------------------------------------------------------------------------


def _in_folder(folder: Path, skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    if (folder / METADATA).is_file():
        yield from _gradescope(folder, skipped)
        return
    children = sorted(child for child in folder.iterdir() if not child.name.startswith((".", "__")))
    canvas = {child: match for child in children if child.is_file() and (match := CANVAS.fullmatch(child.name))}
    moodle = {child: match for child in children if (match := MOODLE.fullmatch(child.name))}
    yield from _canvas(canvas, skipped)
    yield from _moodle(moodle, skipped)
    rest = [child for child in children if child not in canvas and child not in moodle]
    if not canvas and not moodle:
        yield from map(_plain, submissions_in(folder))
        return
    for child in rest:
        if child.is_dir() or _may_be_one(child):
            yield from map(_plain, submissions_in(child))
        else:
            skipped.append((child.name, "it is no notebook and no zip"))


def _gradescope(folder: Path, skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    import yaml

    try:
        said = yaml.load((folder / METADATA).read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, ValueError, yaml.YAMLError) as error:
        skipped.append((METADATA, f"it cannot be read, so nobody's name is known ({' '.join(str(error).split())[:120]})"))
        yield from map(_plain, submissions_in(folder))
        return
    known: dict[str, Any] = said if isinstance(said, dict) else {}
    for id, facts in known.items():
        facts = facts if isinstance(facts, dict) else {}
        if not (folder / str(id)).is_dir():
            skipped.append((str(id), f"{METADATA} names it, and there is no such folder"))
            continue
        submitters = [one for one in facts.get(":submitters") or [] if isinstance(one, dict)]
        students = tuple(Student(_text(one, ":name"), _text(one, ":sid"), _text(one, ":email")) for one in submitters)
        yield HandedIn(folder / str(id), str(id), students, "gradescope", submitted=_text(facts, ":created_at"))
    for child in sorted(folder.iterdir()):
        if child.is_dir() and child.name not in known and not child.name.startswith((".", "__")):
            skipped.append((child.name, f"{METADATA} does not name it"))


def _canvas(found: dict[Path, re.Match[str]], skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    """Of a student who attached several notebooks the last one; Canvas numbers attachments as they come."""
    of_user: dict[str, list[tuple[int, Path, re.Match[str]]]] = {}
    for path, match in found.items():
        if _may_be_one(path):
            of_user.setdefault(match["user"], []).append((int(match["attachment"]), path, match))
        else:
            skipped.append((path.name, "it is no notebook and no zip"))
    for user, theirs in of_user.items():
        *earlier, (_, path, match) = sorted(theirs, key=lambda one: one[0])
        skipped += [(other.name, f"{match['name']} attached another later: {path.name}") for _, other, _ in earlier]
        student = Student(match["name"], platform_id=user)
        yield HandedIn(path, match["name"], (student,), "canvas", late=bool(match["late"]))


def _moodle(found: dict[Path, re.Match[str]], skipped: list[tuple[str, str]]) -> Iterator[HandedIn]:
    for path, match in found.items():
        if match["kind"] == "onlinetext":
            skipped.append((path.name, "it is a text that was typed in, no file"))
        elif path.is_dir() or _may_be_one(path):
            yield HandedIn(path, match["name"], (Student(match["name"], platform_id=match["user"]),), "moodle")
        else:
            skipped.append((path.name, "it is no notebook and no zip"))


def _plain(path: Path) -> HandedIn:
    return HandedIn(path, path.name, ())


def _innermost(folder: Path) -> Path:
    """Most zips hold one folder that holds all."""
    inside = [child for child in folder.iterdir() if not child.name.startswith((".", "__"))]
    return _innermost(inside[0]) if len(inside) == 1 and inside[0].is_dir() and not MOODLE.fullmatch(inside[0].name) else folder


def _called(one: HandedIn) -> tuple[str, str]:
    """By what its folder of results is called: the students' names where they are known, and who they are should those not be enough."""
    if not one.students:
        return own_name(one.path)
    ids = [student.sid or student.platform_id or student.email for student in one.students]
    return " + ".join(student.name for student in one.students) or one.name, "-".join(filter(None, ids))


def _text(facts: dict[str, Any], name: str) -> str:
    said = facts.get(name)
    return "" if said is None else str(said)


def _may_be_one(path: Path) -> bool:
    return may_be_one(path.name) and ".ipynb_checkpoints" not in path.parts
