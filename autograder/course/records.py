"""The folder of a class's results: what was graded there already is known by the submission, the program and the assignment it was made of.

DIR/<name>/results.json             as Gradescope reads it, written at once or not at all
DIR/.earlier/<when>/<name>/…        what it was before a changed notebook or check was graded again
DIR/.earlier/<when>/.unfinished     that run was stopped: the next one goes on with it, and both are put back as one
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import math
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder import PACKAGE
from autograder.checks.assignment import Assignment
from autograder.course.regrade import Change, change
from autograder.course.shelf import Shelf
from autograder.intake.graded import HandedIn
from autograder.intake.names import OF_THE_CLASS
from autograder.submissions.handed_in import files_below

EARLIER = ".earlier"
LOCK = ".lock"
UNFINISHED = ".unfinished"
GRADES_NOTHING = ("authors", "proof", "cluster", "course", "lesson")  # rooms of the program, folders of an assignment
BUFFER = 1 << 20
PATIENCE = 2.0  # seconds


class Busy(Exception):
    """Another run writes into the same folder."""


class Unusable(Exception):
    """The folder can hold no results; the message says why, and what to do."""


class Records:
    """The results in `folder`, or in no folder at all; one run at a time."""

    def __init__(self, folder: Path | None, assignment: Assignment, write: bool = True) -> None:
        """`write`: false to look without a trace. Raises Busy, Unusable."""
        self._folder, self._assignment, self._write = folder, assignment, write
        self.shelf = Shelf(folder if write else None)
        self.changed: list[Change] = []
        self._keys: dict[str, str] = {}
        self._lock = -1
        if folder and write:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _refuse_somebody_elses(folder)
                self._lock = _locked(folder / LOCK)
            except OSError as error:
                raise Unusable(
                    f"Results cannot be written into {folder} ({error.strerror or error}). Expected a folder that is there or can be "
                    "made: name another with --out, or mend that."
                ) from None
        last = self._moments()[-1:]
        self._stopped = last[0] if write and last and (self._earlier / last[0] / UNFINISHED).exists() else ""
        self._moment = self._stopped or time.strftime("%Y-%m-%dT%H.%M.%S")

    def __enter__(self) -> Records:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._lock >= 0:
            with suppress(OSError):
                (self._folder or Path()).joinpath(LOCK).unlink()
            os.close(self._lock)

    def found(self, one: HandedIn) -> dict[str, Any] | None:
        """The results of an earlier run, where nothing that they depend on has changed and no fault of ours is in them."""
        earlier = self.read(one.name)
        if earlier is None or earlier["extra_data"].get("grader_error"):
            return None
        return earlier if earlier["extra_data"].get("key") == self.key(one) else None

    def put(self, one: HandedIn, results: dict[str, Any]) -> None:
        """Write the results of a submission; what was there before is kept beside."""
        results["extra_data"]["key"] = self.key(one)
        earlier = self.read(one.name)
        if earlier is not None and not _is_repeated(earlier, results):
            self.changed.append(change(one.name, earlier, results))
            if self._write and self._folder:
                self._keep(one.name)
        self.shelf.put(one.name, results)

    def key(self, one: HandedIn) -> str:
        """Of what was handed in, and of all that grades it. The seed follows from the submission."""
        if one.name not in self._keys:
            own = hashlib.sha256(self._grader.encode())
            _add_files(own, sorted(files_below(one.path)) if one.path.is_dir() else [one.path], one.path)
            self._keys[one.name] = own.hexdigest()
        return self._keys[one.name]

    @cached_property
    def _grader(self) -> str:
        return grader(self._assignment)

    def read(self, name: str) -> dict[str, Any] | None:
        """The results that lie in the folder, whatever they were made of."""
        return _read(self._folder / name / "results.json") if self._folder else None

    def earlier(self) -> tuple[str, dict[str, Change]]:
        """When something was graded again for the last time, and what putting that back would change, by name; nothing if nothing was."""
        moments = self._moments()
        if not moments:
            return "", {}
        kept = self._kept(moments[-1])
        now = {name: self.read(name) or {"score": 0.0, "tests": []} for name in kept}
        return moments[-1], {name: change(name, now[name], was) for name, was in kept.items()}

    def all_changed(self) -> list[Change]:
        """What was graded again in this run, and in the one that it went on with."""
        kept = self._kept(self._stopped) if self._stopped else {}
        whole = {name: change(name, was, now) for name, was in kept.items() if (now := self.read(name))}
        return list(({one.name: one for one in self.changed} | whole).values())

    def complete(self) -> None:
        """All that this run had to do is done: the next regrade is another."""
        with suppress(OSError):
            if self._write:
                (self._earlier / self._moment / UNFINISHED).unlink()

    def others(self, names: set[str]) -> list[str]:
        """Whose results lie there beside those."""
        if not self._folder:
            return []
        return sorted(path.parent.name for path in self._folder.glob("*/results.json") if path.parent.name not in names)

    @property
    def _earlier(self) -> Path:
        return (self._folder or Path("/nonexistent")) / EARLIER

    def _moments(self) -> list[str]:
        return sorted(path.name for path in self._earlier.glob("*") if path.is_dir())

    def _kept(self, moment: str) -> dict[str, dict[str, Any]]:
        found = {path.name: _read(path / "results.json") for path in sorted((self._earlier / moment).iterdir()) if path.is_dir()}
        return {name: was for name, was in found.items() if was is not None}

    def put_back(self, moment: str, name: str) -> None:
        """What it was before that moment, in place of what it is. Raises OSError. Done at once or not at all."""
        assert self._folder
        kept, results = self._folder / EARLIER / moment / name / "results.json", self._folder / name / "results.json"
        results.parent.mkdir(exist_ok=True)
        os.replace(kept, results)
        kept.parent.rmdir()

    def forget(self, moment: str) -> None:
        """All of that moment is put back, and what follows from it is written."""
        shutil.rmtree((self._folder or Path()) / EARLIER / moment, ignore_errors=True)

    def _keep(self, name: str) -> None:
        """Once for each moment: of a run that was stopped, what was there before it is what counts."""
        assert self._folder
        kept = self._earlier / self._moment / name / "results.json"
        with suppress(OSError):  # no room: the grade itself matters more
            kept.parent.mkdir(parents=True, exist_ok=True)
            (self._earlier / self._moment / UNFINISHED).touch()
            if not kept.exists():
                os.link(self._folder / name / "results.json", kept)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        whole = isinstance(results["extra_data"], dict) and isinstance(results["tests"], list) and math.isfinite(results["score"])
        return results if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def grader(assignment: Assignment) -> str:
    """A digest of all of the program and of the assignment that a grade depends on."""
    found, root = hashlib.sha256(), assignment.root
    program = (path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in GRADES_NOTHING)
    _add_files(found, sorted(program), PACKAGE)
    questions = (path for path in root.rglob("*") if path.is_file() and path.suffix not in (".md", ".pyc"))
    _add_files(found, sorted(path for path in questions if path.relative_to(root).parts[0] not in GRADES_NOTHING), root)
    return found.hexdigest()


def _refuse_somebody_elses(folder: Path) -> None:
    """Raises Unusable where files named as ours lie without a result beside them: a teacher's own scores.csv, say."""
    theirs = [name for name in OF_THE_CLASS if (folder / name).exists()]
    if theirs and not (folder / EARLIER).exists() and not any(folder.glob("*/results.json")):
        raise Unusable(
            f"{folder} holds {theirs[0]} but no results that it could be of, and it would be written over. Name another folder with "
            "--out, or move that file away."
        )


def _locked(path: Path) -> int:
    """A descriptor that holds the lock. Raises Busy. The workers of a run that was killed hold it until they are dead, too."""
    deadline = time.monotonic() + PATIENCE
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_ino == os.stat(path).st_ino:  # else its owner removed it meanwhile
                return descriptor
        os.close(descriptor)
        if time.monotonic() > deadline:
            break
        time.sleep(0.1)
    raise Busy(f"Another run writes into {path.parent}. Wait until it is done, or name another folder.")


def _add_files(found: hashlib._Hash, paths: Iterable[Path], root: Path) -> None:
    for path in paths:
        name = path.relative_to(root).as_posix() if path != root else ""
        found.update(f"\0{name}\0".encode("utf-8", "surrogateescape"))
        with suppress(OSError), path.open("rb") as file:
            while block := file.read(BUFFER):
                found.update(block)


def _is_repeated(earlier: dict[str, Any], results: dict[str, Any]) -> bool:
    """Whether the grader failed as it did before, at the same: then nothing has changed, and there is nothing to put back."""
    facts = earlier["extra_data"], results["extra_data"]
    said = [
        [one["score"], *(test for test in one["tests"] if "question" in test.get("extra_data", {}))] for one in (earlier, results)
    ]
    return said[0] == said[1] and facts[0].get("key") == facts[1]["key"] and all(one.get("grader_error") for one in facts)
