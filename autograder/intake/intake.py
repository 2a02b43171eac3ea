"""What the paths given to `grade` mean: which files are submissions, whose they are, and what was passed over, with reasons.

    Gradescope   Assignments → Review Grades → Export Submissions: `submission_metadata.yml` and a folder for each submission
    Canvas       Assignment → Download Submissions: `lopezana_LATE_1234_56789_homework-1.ipynb`, by user and attachment
    Moodle       View all submissions → Download all: `Ana Lopez_1234_assignsubmission_file_`, by participant
    plain        a notebook, a zip with one (otter's exports are such), a folder of one, or a folder of them

Each may come as a folder or as one zip, and several may be mixed.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.intake.graded import HandedIn, Student
from autograder.intake.names import own_name, unique_names
from autograder.intake.platforms import (
    METADATA,
    MOODLE,
    NO_SUBMISSION,
    Said,
    canvas,
    canvas_files,
    composed,
    gradescope,
    is_candidate,
    is_marked,
    moodle,
    names_in,
    seen,
)
from autograder.intake.unpacked import Unreadable, unpack
from autograder.submissions.handed_in import files_below, may_be_one

UNREADABLE = """\
{name} holds {count} files, and none of them can be graded: of the first, {why}.
Download it again, or unpack it yourself and give the folder."""
CALLED = {"gradescope": "a Gradescope export", "canvas": "a Canvas download", "moodle": "a Moodle download", "plain": "plain files"}


@dataclass
class Intake:
    """What was found."""

    handed_in: list[HandedIn] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # what, and why

    @property
    def crowded(self) -> list[tuple[str, int]]:
        """Folders and zips that count as one submission, and hold so many notebooks that they may be a class."""
        plain = (one for one in self.handed_in if one.source == "plain")
        counts = ((one.name, sum(file.suffix == ".ipynb" and is_candidate(file) for file in _inside(one.path))) for one in plain)
        return [(name, count) for name, count in counts if count > 2]

    @property
    def twice(self) -> list[tuple[Student, list[str]]]:
        """Students of whom several submissions were found, and how these are called: two downloads of one course, perhaps."""
        found: dict[tuple[str, str], list[tuple[Student, str]]] = {}
        for one in self.handed_in:
            for student in one.students:
                number = student.platform_id or student.sid or student.email
                if number := student.name if one.source == "moodle" else number:  # in each activity there it is another
                    found.setdefault((one.source, number), []).append((student, one.name))
        return [(theirs[0][0], [name for _, name in theirs]) for theirs in found.values() if len(theirs) > 1]

    @property
    def doubts(self) -> list[tuple[str, str]]:
        """Files that may be somebody else's, and why."""
        return [(one.path.name, one.doubt) for one in self.handed_in if one.doubt]

    @property
    def recognised(self) -> str:
        """In a sentence."""
        counts = Counter(one.source for one in self.handed_in)
        parts = [f"{CALLED[source]} ({count} submission{'s' * (count != 1)})" for source, count in counts.items()]
        return f"Recognised: {', '.join(parts)}." if parts else "No submission was found."


def take_in(paths: Iterable[Path], scratch: Path, handed_out: str) -> Intake:
    """Find the submissions; zips of a class are unpacked in `scratch`. `handed_out`: what the notebook that students get is called.

    Raises Unreadable where nothing of such a zip can be unpacked: it has a password, or came down in part.
    """
    found = Intake()
    paths = list(dict.fromkeys(paths))
    # As in a folder: among zips of single students none is a class, whatever a student put into it.
    zips = [path for path in paths if not path.is_dir() and path.suffix.lower() == ".zip"]
    classes = zips if all(is_class(path, handed_out) for path in zips) else []
    for number, path in enumerate(paths):
        if path in classes:
            folder = scratch / f"class-{number}"
            folder.mkdir(parents=True)
            left = list(unpack(path, folder))
            if left and not any(file.is_file() for file in folder.rglob("*")):
                raise Unreadable(UNREADABLE.format(name=path.name, count=len(left), why=left[0][1]))
            found.skipped += left
            found.handed_in += _in_folder(_innermost(folder), found.skipped, scratch)
        elif path.is_dir():
            inside = _innermost(path)
            found.handed_in += _in_folder(inside if is_marked(inside) else path, found.skipped, scratch)
        else:
            found.handed_in.append(_plain(path))
    once: dict[str, HandedIn] = {}
    for one in found.handed_in:
        if once.setdefault(os.path.abspath(one.path), one) is not one:
            found.skipped.append((one.path.name, "it was given twice"))
    found.handed_in = list(once.values())
    names = unique_names([_called(one) for one in found.handed_in])
    found.handed_in = [replace(one, name=name) for one, name in zip(found.handed_in, names, strict=True)]
    return found


def is_class(path: Path, handed_out: str) -> bool:
    """Whether a zip holds the submissions of several students: by a platform's marks, or since it holds several notebooks or zips.

    One of a single student holds the notebook under the name that it was handed out with, and a copy at most.
    """
    if path.is_dir() or path.suffix.lower() != ".zip":
        return False
    if is_marked(path):
        return True
    submissions = [name for name in names_in(path) if may_be_one(name.name)]
    return len(submissions) > 2 or (len(submissions) == 2 and sum(name.name == handed_out for name in submissions) != 1)


def submissions_in(path: Path, skipped: list[tuple[str, str]] | None = None) -> list[Path]:
    """A file is one submission. A folder is a class when it holds several notebooks, zips or folders of them; else it is one.

    What lies in a class and is none of its submissions is added to `skipped`, with the reason.
    """
    if not path.is_dir():
        return [path]
    skipped = [] if skipped is None else skipped
    inside = [child for child in seen(path) if not _holds_results(child)]
    files = [child for child in inside if is_candidate(child) and not child.is_dir()]
    folders = [child for child in inside if child.is_dir() and not child.is_symlink()]
    full = [folder for folder in folders if any(map(is_candidate, files_below(folder)))]
    if len(files) + len(full) > 1:
        others = [child for child in inside if child not in files and child not in folders]
        skipped += [(child.name, "it is a link" if child.is_symlink() else NO_SUBMISSION) for child in others]
        return sorted(files + folders)  # in a class, a folder without a notebook is a student who forgot it
    if full and not files:
        skipped += [(folder.name, "no notebook is in it") for folder in folders if folder not in full]
        skipped += [(child.name, NO_SUBMISSION) for child in inside if child not in folders]
        return full
    return [path]


# --- the forms --------------------------------------------------------------------------------------------------------


def _in_folder(folder: Path, skipped: list[tuple[str, str]], scratch: Path) -> Iterator[HandedIn]:
    """Those of a class, or of one who handed in a folder. Where all that lies in it are downloads, folders or zips, each is taken in.

    Among plain submissions none is: what a student hands in must not say whose another is.
    """
    if (folder / METADATA).is_file():
        notes: list[tuple[str, str]] = []
        named = list(gradescope(folder, notes))
        nobody = [(METADATA, "it names none of the folders here, so nobody's name is known")]
        skipped += notes if named else [note for note in notes if note[0] == METADATA] or nobody
        yield from named or map(_plain, submissions_in(folder))
        return
    children = []
    hidden = (child for child in sorted(folder.iterdir()) if child.name.startswith((".", "__")) and not child.name.startswith("._"))
    skipped += [(child.name, "its name is that of a hidden file") for child in hidden if is_candidate(child) and not child.is_dir()]
    for child in seen(folder):
        if _holds_results(child):
            skipped.append((child.name, "it holds results, and no notebook"))
        else:
            children.append(child)
    canvases = canvas_files([child for child in children if not child.is_dir()])
    moodles: dict[Path, Said] = {
        child: match.groupdict(default="") for child in children if (match := MOODLE.fullmatch(composed(child.name)))
    }
    yield from canvas(canvases, skipped)
    yield from moodle(moodles, skipped)
    rest = [child for child in children if child not in canvases and child not in moodles]
    others = [child for child in rest if is_candidate(child) or child.is_dir()]
    alone = not canvases and not moodles  # beside submissions a file is one, whatever is in it
    classes = others if alone and all(is_marked(child, of_several=True) for child in others) else []
    for child in classes:
        inside = child
        if not child.is_dir():
            scratch.mkdir(parents=True, exist_ok=True)
            inside = Path(tempfile.mkdtemp(prefix="class-", dir=scratch))
            skipped += unpack(child, inside)
        yield from _in_folder(_innermost(inside), skipped, scratch)
    if not canvases and not moodles and not classes:
        yield from map(_plain, submissions_in(folder, skipped))
        return
    for child in rest:
        if child not in others:
            skipped.append((child.name, NO_SUBMISSION))
        elif child not in classes:
            yield from map(_plain, submissions_in(child, skipped))


def _holds_results(path: Path) -> bool:
    """Whether it is, or holds, what an earlier run wrote, and no notebook."""
    if path.is_symlink() or not path.is_dir():
        return False
    files = list(files_below(path))
    return any(file.name == "results.json" for file in files) and not any(map(is_candidate, files))


def _inside(path: Path) -> Iterable[Path]:
    """The files in a folder or a zip."""
    if path.is_dir():
        return files_below(path)
    return map(Path, names_in(path)) if path.suffix.lower() == ".zip" else ()


def _plain(path: Path) -> HandedIn:
    return HandedIn(path, path.name, ())


def _innermost(folder: Path) -> Path:
    """Most zips hold one folder that holds all."""
    inside = seen(folder)
    lone = inside[0] if len(inside) == 1 and not inside[0].is_symlink() else None
    return _innermost(lone) if lone and lone.is_dir() and not MOODLE.fullmatch(lone.name) else folder


def _called(one: HandedIn) -> tuple[str, str]:
    """By what its folder of results is called: the students' names where they are known, and who they are should those not be enough."""
    if not one.students:
        return own_name(one.path)
    ids = [student.sid or student.platform_id or student.email for student in one.students]
    return " + ".join(student.name for student in one.students) or one.name, "-".join(filter(None, ids))
