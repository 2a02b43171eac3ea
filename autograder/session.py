"""One run of the grader: the clean parent forked first, then the tests read, then any number of submissions graded."""

from __future__ import annotations

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import torch

from autograder import assignment as assignments
from autograder import lazy_dynamo
from autograder.assignment import Assignment, Limits
from autograder.grading import Report, grade
from autograder.nursery import Nursery, Serve
from autograder.process import Process, Workplace
from autograder.reading import Readers

PACKAGE = "vae_lesson"  # what the notebook imports besides libraries

T = TypeVar("T")
R = TypeVar("R")


class Session:
    """Graders and the clean parent they share.

    Make it before any hidden test is read in this process: the clean parent inherits all that this process knows.
    """

    def __init__(self, root: Path | None = None, readers: Readers | None = None) -> None:
        self.required: frozenset[str] = frozenset()  # layers without which no student's code may run
        torch.set_num_threads(1)
        lazy_dynamo.install()
        self.readers = readers or Readers()
        self.public = _public_folder(assignments.load(root).root)
        self.nursery = Nursery(partial(_prepare, self.public, root))
        self.assignment: Assignment = assignments.load(root)
        for question in self.assignment.questions.values():
            question.checks  # noqa: B018 (read once here, before workers are forked)

    def workplace(self, limits: Limits | None = None, disable: frozenset[str] = frozenset()) -> Workplace:
        return Workplace(
            self.nursery.channel(), self.readers, self.public, limits or self.assignment.limits, disable, self.required - disable
        )

    def layers(self) -> dict[str, str]:
        """How a student process is confined on this machine: 'applied' or 'unavailable: why' for each layer."""
        workplace = self.workplace()
        process = Process(workplace)
        try:
            return process.layers()
        finally:
            process.end()
            workplace.channel.close()

    def grade(self, path: Path, workplace: Workplace | None = None, seed: int | None = None) -> Report:
        """Grade one submission. A failure of ours becomes a report that says so."""
        own = workplace or self.workplace()
        try:
            return grade(path, self.assignment, own, seed)
        except Exception as error:
            return Report(path.name, broken="".join(traceback.format_exception(error))[-8000:])
        finally:
            if not workplace:
                own.channel.close()

    def grade_all(self, paths: Iterable[Path], jobs: int) -> Iterator[Report]:
        """Grade many, in order, `jobs` at a time."""
        return self.map(Session.grade, list(paths), jobs)

    def map(self, work: Callable[[Session, T, Workplace], R], items: list[T], jobs: int) -> Iterator[R]:
        """`work` on each item, in order, `jobs` at a time, each in a process forked from this one with a workplace of its own."""
        workplaces = [self.workplace() for _ in range(max(1, min(jobs, len(items))))]
        try:
            if len(workplaces) == 1:
                yield from (work(self, item, workplaces[0]) for item in items)
            else:
                yield from self._map_in_workers(work, items, workplaces)
        finally:
            for workplace in workplaces:
                workplace.channel.close()

    def _map_in_workers(
        self, work: Callable[[Session, T, Workplace], R], items: list[T], workplaces: list[Workplace]
    ) -> Iterator[R]:
        context = get_context("fork")
        free = context.SimpleQueue()
        for index in range(len(workplaces)):
            free.put(index)
        _Worker.session, _Worker.workplaces = self, workplaces
        with ProcessPoolExecutor(len(workplaces), mp_context=context, initializer=_Worker.start, initargs=(free,)) as pool:
            for item, result in zip(items, [pool.submit(_Worker.run, work, item) for item in items], strict=True):
                try:
                    yield result.result()
                except BrokenProcessPool:  # a worker died, of memory perhaps, and took the pool with it: go on without
                    workplaces.append(self.workplace())  # no dead worker's line, on which a reply may still lie
                    yield work(self, item, workplaces[-1])

    def close(self) -> None:
        self.nursery.close()
        self.readers.close()
        shutil.rmtree(self.public, ignore_errors=True)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Worker:
    """What a forked working process finds in its memory."""

    session: ClassVar[Session]
    workplaces: ClassVar[list[Workplace]]
    workplace: ClassVar[Workplace]

    @classmethod
    def start(cls, free: Any) -> None:
        cls.workplace = cls.workplaces[free.get()]

    @classmethod
    def run(cls, work: Callable[[Session, T, Workplace], R], item: T) -> R:
        return work(cls.session, item, cls.workplace)


def _prepare(public: Path, root: Path | None) -> Serve:
    """Done in the clean parent: import and make what every student process needs, and the grader does not."""
    from autograder.shell import make_shell
    from autograder.student_process import serve

    shell, scenarios = make_shell(public), assignments.load(root).scenarios
    return lambda wire, confinement: serve(wire, shell, scenarios, confinement)


def _public_folder(root: Path) -> Path:
    """A copy of the lesson's package, where student processes may read it. In a student's copy it lies beside the assignment."""
    folder = Path(tempfile.mkdtemp(prefix="public-"))
    package = folder / PACKAGE
    source = root / "files" / PACKAGE
    shutil.copytree(source if source.exists() else root.parent / PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    if (root / "data").exists():
        shutil.copytree(root / "data", package, dirs_exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        os.chmod(path, 0o755 if path.is_dir() else 0o644)
    return folder
