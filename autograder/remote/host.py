"""The grader's side of the wire: a student's process as a host for checks.

A student's function in a check is a `RemoteFunction`: it ships its arguments, the student's process calls the function, and plain
data comes back. A result that required grad is joined to the grader's graph, so gradients work across the boundary.
"""

from __future__ import annotations

import difflib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.assignment import Assignment
from autograder.checks.check import Check, of_its_kind
from autograder.hosts.in_process import LocalFunction
from autograder.remote.lender import Lender, needed_by
from autograder.remote.process import Process, Workplace
from autograder.remote.proxies import RemoteFunction, RemoteScenario
from autograder.submissions.cells import Cell
from autograder.wire.calls import Call, Recorder
from autograder.wire.faults import Crashed, Missing, NotAttempted, StudentError, TimedOut, one_line
from autograder.wire.trees import detached
from autograder.wire.values import Malformed, decode, encode

MAX_REPLACEMENTS = 60
TOO_LATE = "the time for the whole submission was used up before this check"
MAX_HANGS = 3  # a function that hangs as often is left alone, for the other questions' sake
IMPATIENCE = 3  # who has hung before gets a half of a call's time, then this part of it: still several times what any check needs


@dataclass
class Diary:
    """What happened so far: the cells' trouble by number, the cells that kill or hang their process, how many calls hung."""

    troubles: dict[int, str] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    hangs: int = 0


class RemoteHost:
    """A student's process, replaced when it dies, with the notebook's cells run in it."""

    def __init__(
        self,
        workplace: Workplace,
        assignment: Assignment,
        cells: tuple[Cell, ...],
        deadline: float,
        diary: Diary | None = None,
    ) -> None:
        self.recorder = Recorder()
        self.diary = diary or Diary()
        self.confinement: dict[str, str] = {}
        self._workplace, self._assignment, self._cells = workplace, assignment, cells
        self._deadline = deadline
        self.process: Process | None = None
        self._replacements = 0
        self._hangs: Counter[str] = Counter()
        self._waits: dict[int, float] = {}  # seconds that each process was kept from running
        self.lender: Lender | None = None
        self._held: dict[str, tuple[dict[str, Any], list[bytearray]]] = {}  # what this process said that its names hold
        self._proxies: dict[str, RemoteFunction | RemoteScenario] = {}  # what checks hold of this process
        self._fresh = False  # the next request is the first of its check
        self._at_rest = False

    @property
    def source(self) -> str:
        return "\0".join(cell.source for cell in self._cells)

    def begin(self, seed: int, check: Check | None = None) -> None:
        self.recorder.begin(seed)
        self._fresh = True
        if self.lender and check:
            self.lender.begin(needed_by(check, self._assignment))
        elif check and not check.asks_values_alone:
            self._refuse_to_wait(check)

    def _refuse_to_wait(self, check: Check) -> None:
        """What builds on an answer that hangs is tried where ours stands in, and nobody waits for theirs again and again."""
        for name in self._assignment.questions[check.question].needs:
            if self._hangs[name] >= MAX_HANGS and self.can_stand_in(name):
                raise TimedOut(f"this builds on `{name}`, which did not answer in {MAX_HANGS} checks before this one")

    def repeat(self, call: Call, slanted: bool = False) -> Any:
        """What a recorded call answers when it is made again, with answers that stand in off where `slanted`."""
        if self.lender:
            self.lender.begin(self.lender.needed)
            self.lender.slanted = slanted
        reply, out = self.request(call.name, call.args, call.kwargs, call.seed, call.scenario)
        return detached(self.decoded(reply.get("value"), out))

    def request(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], seed: int, scenario: bool = False, grad: bool = True
    ) -> tuple[dict[str, Any], list[bytearray]]:
        buffers: list[bytes] = []
        header = {"op": "scenario" if scenario else "call", "name": name, "kwargs": encode(kwargs, buffers), "seed": seed}
        header["grad"] = grad
        if not scenario:
            header["args"] = encode(args, buffers)
        return self.ask(header, buffers)

    def get(self, name: str) -> Any:
        if name in self._assignment.scenarios:
            self.start()
            return self._proxies.setdefault(name, RemoteScenario(self, name))
        if self.lender and name in self.lender.functions:
            return LocalFunction(name, self.lender.functions[name], self.recorder)
        said, buffers = self._what_holds(name)
        kind = said.get("kind")
        if kind == "missing":
            raise Missing(self._where_is(name))
        if kind == "empty":
            raise NotAttempted
        if kind == "value":
            return of_its_kind(name, self.decoded(said.get("value"), buffers))
        return of_its_kind(name, self._proxies.setdefault(name, RemoteFunction(self, name)))

    def _what_holds(self, name: str) -> tuple[dict[str, Any], list[bytearray]]:
        """What this process says that a name holds: asked of all answers at once, and again of one that is large."""
        if not (self._at_rest and name in self._held):
            self.start()
        if name not in self._held:
            self._ask_what_holds(sorted(self._assignment.answer_names | {name}))
        if self._held[name][0].get("kind") == "large":
            self._ask_what_holds([name])
        return self._held[name]

    def _ask_what_holds(self, names: list[str]) -> None:
        reply, buffers = self.ask({"op": "get", "names": names})
        held = reply.get("held")
        for name in names:
            said = held.get(name) if type(held) is dict else None
            self._held[name] = said if type(said) is dict else {}, buffers

    def _where_is(self, name: str) -> str:
        with suppress(StudentError):
            reply, _ = self.ask({"op": "names"})
            names = reply.get("names")
            if type(names) is list:
                known = [n for n in names[:200] if type(n) is str and len(n) <= 60 and n.isidentifier()]
                near = difflib.get_close_matches(name, known, 1, 0.75)
                if near:
                    return f"`{name}` does not exist after your notebook ran, but `{near[0]}` does: was it renamed?"
        broken = "; ".join(f"cell {number}: {trouble}" for number, trouble in list(self.diary.troubles.items())[:2])
        why = f" These cells failed: {broken}" if broken else " Was its cell deleted, or its name changed?"
        return f"`{name}` does not exist after your notebook ran.{why}"

    def can_stand_in(self, name: str) -> bool:
        return name in self._assignment.lendable

    @contextmanager
    def standing_in(self, names: tuple[str, ...]) -> Iterator[RemoteHost]:
        """A fresh process of the same notebook in which our answers stand in for `names`; it lives for one question."""
        # A diary of its own: what its cells say is not shown.
        diary = Diary(dict(self.diary.troubles), set(self.diary.skipped), self.diary.hangs)
        helped = RemoteHost(self._workplace, self._assignment, self._cells, self._deadline + self._put_off(), diary)
        helped.lender = Lender({name: self._assignment.lendable[name] for name in names})
        try:
            yield helped
        finally:
            helped.close()

    def start(self) -> None:
        """Have a process with the cells run in it."""
        while self.process is None:
            if self._left() <= 0:
                raise TimedOut(TOO_LATE)
            if self._replacements > MAX_REPLACEMENTS:
                raise Crashed("your code ended its process too often; grading stopped trying")
            self.process = Process(self._workplace, self.lender)
            try:
                self._load(self.process)
            except Exception:
                self.close()
                raise

    def _load(self, process: Process) -> None:
        """Run the cells. One that kills or hangs the process is skipped when the process is replaced."""
        self._held.clear()
        self._proxies.clear()
        self._at_rest = False
        self.confinement = process.layers()  # raises Unconfined
        self._replacements += 1  # from here on it is the student's code that may have ended it
        for cell in self._cells:
            if cell.number in self.diary.skipped:
                continue
            try:
                reply, _ = self._exchange(process, {"op": "cell", "source": cell.source}, [], self._workplace.limits.cell_seconds)
            except StudentError as error:
                self.diary.skipped.add(cell.number)
                self.diary.troubles[cell.number] = f"{error} (the cell was skipped)"
                self.close()
                return
            trouble = reply.get("trouble")
            if trouble and type(trouble) is str:
                self.diary.troubles.setdefault(cell.number, one_line(trouble, 500))
        for source in self._assignment.given:  # put back as it was given: no answer is judged with a changed one
            self._exchange(process, {"op": "cell", "source": source, "given": True}, [], self._workplace.limits.cell_seconds)
        if self.lender:
            names = list(self.lender.functions)
            self._exchange(process, {"op": "stand_in", "names": names}, [], self._workplace.limits.cell_seconds)

    def ask(self, header: dict[str, Any], buffers: list[bytes] | None = None) -> tuple[dict[str, Any], list[bytearray]]:
        """One request to the student's process. Raises a StudentError for whatever the student's side did wrong."""
        self.start()
        assert self.process
        header, self._fresh = header | {"fresh": self._fresh}, False
        called = str(header.get("name")) if header["op"] in ("call", "scenario") else ""
        if self._hangs[called] >= MAX_HANGS:
            raise TimedOut(f"`{called}` did not answer in {MAX_HANGS} checks before this one, and was not called again")
        seconds = self._workplace.limits.call_seconds / min(1 + self.diary.hangs, IMPATIENCE)
        try:
            return self._exchange(self.process, header, buffers or [], seconds)
        except StudentError as error:
            hung = isinstance(error, TimedOut)
            self.diary.hangs += hung
            self._hangs[called] += bool(called) and hung
            if self.process and self.process.ended:
                self.process = None
            raise

    def _exchange(
        self, process: Process, header: dict[str, Any], buffers: list[bytes], seconds: float
    ) -> tuple[dict[str, Any], list[bytearray]]:
        if (left := self._left()) <= 0:
            process.end()
            self.process = None
            raise TimedOut(TOO_LATE)
        try:
            return process.exchange(header, buffers, min(seconds, left))
        except TimedOut:
            if left < seconds:
                raise TimedOut("the time for the whole submission was used up during this check") from None
            raise
        finally:
            self._waits[process.pid] = process.kept_waiting

    def _left(self) -> float:
        """Seconds for the whole submission. What its processes were kept waiting by others is not its own."""
        return self._deadline + self._put_off() - time.monotonic()

    def _put_off(self) -> float:
        return min(sum(self._waits.values()), self._workplace.put_off)

    def decoded(self, tree: Any, buffers: list[bytearray]) -> Any:
        """Plain data from a reply; a process that sends anything else is ended."""
        try:
            return decode(tree, buffers)
        except Malformed as error:
            self.close()
            raise Crashed(f"your code's process sent something that is not an answer: {error}") from None

    def rest(self) -> None:
        """End the process: no more is to be asked than what its names held. Should more be asked, there is another."""
        self.close()
        self._at_rest = True

    def close(self) -> None:
        if self.process:
            self.process.end()
            self.process = None
