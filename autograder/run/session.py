"""One run of the grader: the clean parent forked first, then the tests read, then any number of submissions graded."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TypeVar

import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Limits
from autograder.confine.libc import keep_memory
from autograder.confine.workspace import Workspace, clear, make_folder
from autograder.remote.process import PUT_OFF, Process, Workplace
from autograder.run.crew import Crew, Lost
from autograder.run.grade import Report, grade
from autograder.student import lazy_dynamo
from autograder.student.clean_parent import Serve
from autograder.student.forks import Forks, SeedLost
from autograder.submissions.reading import Readers

TWICE = """\
{name} could not be graded: each time that it was tried, a process of the grader's own was lost. Nobody else's grade is affected.
Look at that submission by hand, or grade it again by itself, with more memory. What happened the last time:
{reason}"""

# What our own tracebacks end with then.
NO_ROOM = re.compile("Resource temporarily unavailable|Cannot allocate memory|No space left on device|can't start new thread")

# Bytes a worker: two of them and all that is ours stay below 700 MB then. Right answers hold 15 MB.
SHARE = 60 << 20

T = TypeVar("T")
R = TypeVar("R")


class Session:
    """Graders and the clean parent they share.

    Make it before any hidden test is read in this process: the clean parent inherits all that this process knows.
    """

    def __init__(self, root: Path | None = None, readers: Readers | None = None) -> None:
        self.required: frozenset[str] = frozenset()  # layers without which no student's code may run
        torch.set_num_threads(1)
        keep_memory(32 << 20)
        lazy_dynamo.install()
        self.readers = readers or Readers()
        self.workspace = Workspace()
        try:
            self.public = _public_folder(self.workspace.folder, assignments.load(root))
        except OSError:  # no room
            self.workspace.close()
            raise
        self.forks = Forks(partial(_prepare, self.workspace.folder, self.public, root), self.workspace.folder)
        self.assignment: Assignment = assignments.load(root)
        for question in self.assignment.questions.values():
            question.checks  # noqa: B018 (read once here, before workers are forked)
        gc.freeze()  # keep the collector from touching, and so copying, the pages that workers share

    def workplace(self, limits: Limits | None = None, disable: frozenset[str] = frozenset()) -> Workplace:
        folder = make_folder(self.workspace.folder, "worker-", 0o711)
        return Workplace(
            self.forks.channel(),
            self.readers,
            self.public,
            limits or self.assignment.limits,
            disable,
            self.required - disable,
            0.0 if limits else PUT_OFF * self.assignment.limits.submission_seconds,  # who sets limits has a deadline of their own
            folder,
        )

    def layers(self) -> dict[str, str]:
        """How a student process is confined on this machine: 'applied' or 'unavailable: why' for each layer."""
        workplace = self.workplace()
        process = Process(workplace)
        try:
            return process.layers()
        finally:
            process.end()
            _leave(workplace)

    def grade(self, path: Path, workplace: Workplace | None = None, seed: int | None = None) -> Report:
        """Grade one submission. A failure of ours becomes a report that says so.

        Should the clean parent be killed meanwhile, it is graded again, once, with a new one that no other submission uses; and so it is
        should we have failed for want of what another submission held.
        """
        own = workplace or self.workplace()
        try:
            report = self._graded(path, own, seed)
            if own.channel.lost:
                self._renew(own)
                report = self._graded(path, own, seed)
            elif any(NO_ROOM.search(said) for said in report.staff):
                report = self._graded(path, own, seed)
            if own.channel.lost:  # it is this submission that kills them: the next gets another
                self._renew(own)
                return Report(path.name, broken=TWICE.format(name=path.name, reason="\n".join(report.staff)))
            return report
        finally:
            if not workplace:
                _leave(own)

    def _renew(self, workplace: Workplace) -> None:
        workplace.channel.close()
        workplace.channel = self.forks.channel(fresh=True)

    def _graded(self, path: Path, workplace: Workplace, seed: int | None) -> Report:
        try:
            return grade(path, self.assignment, workplace, seed)
        except Exception as error:
            return Report(path.name, broken="".join(traceback.format_exception(error))[-8000:])

    def grade_all(self, paths: Iterable[Path], jobs: int) -> Iterator[tuple[int, Report]]:
        """Grade many, `jobs` at a time: the reports as they are ready, each with its submission's place. Raises SeedLost."""
        paths = list(paths)
        for place, report in self._each(Session.grade, paths, jobs, SHARE):
            if isinstance(report, Lost):
                name = paths[place].name
                report = Report(name, broken=TWICE.format(name=name, reason=report.reason))
            if report.failed_by_us and not self.forks.alive():
                raise SeedLost
            yield place, report

    def map(self, work: Callable[[Session, T, Workplace], R], items: list[T], jobs: int) -> list[R]:
        """`work` on each item, `jobs` at a time, each in a process forked from this one with a workplace of its own."""
        results: dict[int, R] = {}
        for place, result in self._each(work, items, jobs):
            if isinstance(result, Lost):
                raise RuntimeError(result.reason)
            results[place] = result
        return [results[place] for place in range(len(items))]

    def _each(
        self, work: Callable[[Session, T, Workplace], R], items: list[T], jobs: int, share: int = 0
    ) -> Iterator[tuple[int, R | Lost]]:
        if len(items) == 1:  # there is nobody else who could pay for it
            workplace = self.workplace()
            try:
                yield 0, work(self, items[0], workplace)
            finally:
                _leave(workplace)
            return
        yield from Crew(partial(work, self), items, self.workplace, self.longest, share).results(max(1, jobs))

    @property
    def longest(self) -> float:
        """Seconds after which grading a submission, twice perhaps, has surely come to an end."""
        return 3 * (1 + PUT_OFF) * self.assignment.limits.submission_seconds + 60

    def close(self) -> None:
        self.forks.close()
        self.readers.close()
        self.workspace.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _leave(workplace: Workplace) -> None:
    workplace.channel.close()
    clear(workplace.folder)


def _prepare(workspace: Path, public: Path, root: Path | None) -> Serve:
    """Done in the clean parent: import and make what every student process needs, and the grader does not."""
    tempfile.tempdir = os.fspath(workspace)
    from autograder.student.responder import serve
    from autograder.student.shell import make_shell

    assignment = assignments.load(root)
    shell, scenarios = make_shell(public), assignment.scenarios
    if package := assignment.lesson.package:
        for module in (package, *(f"{package}.{found.name}" for found in iter_modules([os.fspath(public / package)]))):
            with suppress(Exception):  # whoever imports it is told
                import_module(module)
    return lambda wire, confinement: serve(wire, shell, scenarios, confinement)


def _public_folder(workspace: Path, assignment: Assignment) -> Path:
    """A copy of the lesson's package, where student processes may read it. In a student's copy it lies beside the assignment."""
    folder = workspace / "public"
    folder.mkdir()
    if name := assignment.lesson.package:
        root, package = assignment.root, folder / name
        source = root / "files" / name
        shutil.copytree(source if source.exists() else root.parent / name, package, ignore=shutil.ignore_patterns("__pycache__"))
        if (root / "data").exists():
            shutil.copytree(root / "data", package, dirs_exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        os.chmod(path, 0o755 if path.is_dir() else 0o644)
    return folder
