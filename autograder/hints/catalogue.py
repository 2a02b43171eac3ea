"""The wrong answers to one question, asked which of them a student's answer is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from autograder.hints.answers import Entry, Instead
from autograder.hints.lineup import Lineup
from autograder.hints.precedents import Precedents, repeat
from autograder.pencil import slips
from autograder.pencil.working import Working
from autograder.wire.calls import Call, various
from autograder.wire.comparing import alike

MAX_CALLS = 64  # of one function; more of a form add little
MAX_PARTS = 500  # of a value: what falls into more is no answer, but costs time


class LookedUp(dict[str, Any]):
    """A namespace that knows what it was asked for."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(names)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)


@dataclass(frozen=True)
class Catalogue:
    """The wrong answers to one question, and what is needed to run them."""

    entries: tuple[Entry, ...]
    reference: dict[str, Any]
    scenarios: Mapping[str, Callable[..., Any]]
    terms: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # of a right value, see `edits`
    workings: Mapping[str, Working] = field(default_factory=dict)  # of a right number
    precedents: Precedents = field(default_factory=Precedents)
    built_on: Callable[[], Iterable[Entry]] = tuple  # wrong answers by what they build on
    lent: tuple[str, ...] = ()  # the names in whose place ours stood when the calls were made

    @property
    def targets(self) -> list[str]:
        return list(dict.fromkeys(entry.target for entry in self.entries))

    def asked_by(self, names: Iterable[str], calls: Iterable[Call]) -> set[str]:
        """The answers that a check which asks for `names` has judged, by itself or in a scenario that was called."""
        names = set(names)
        return names.union(*(self._played(call) for call in calls if call.scenario and call.name in names))

    def _played(self, call: Call) -> frozenset[str]:
        """The names that a scenario looks up, as `ns["train_step"]`: seen when it is run on our answers."""
        key = (call.name, *sorted(f"{name}={value}" for name, value in call.kwargs.items() if isinstance(value, str)))
        if key not in self.precedents.played:
            looked_up = LookedUp(self.reference)
            repeat(lambda **given: self.scenarios[call.name](looked_up, **given), call, call.seed)
            self.precedents.played[key] = frozenset(looked_up.names)
        return self.precedents.played[key]

    def hint(self, target: str, calls: Iterable[Call]) -> str:
        """The hint for a function that failed, or nothing."""
        seen = [call for call in calls if (target in self._played(call) if call.scenario else call.name == target)]
        seen = [call for call in (seen[i] for i in various(seen, MAX_CALLS)) if len(call.parts) <= MAX_PARTS]
        if not seen:
            return ""
        lineup = Lineup(self, target, seen)
        for way in (lineup.exactly, lineup.in_place, lineup.roughly, lineup.by_law, lineup.in_a_part):
            if found := way():
                return _only(found) or ("" if found == {""} else _only(lineup.described()))
        return _only(self._by_what_it_builds_on(target, seen)) or _only(lineup.described())

    def _by_what_it_builds_on(self, target: str, seen: list[Call]) -> set[str]:
        """The hint of a wrong answer to an earlier question, which does the same in place of the right one."""
        entries = [entry for entry in self.built_on() if entry.target == target]
        used = {name for name in {entry.answer.needed for entry in entries} if self._uses(target, name, seen[0])}
        lineup = Lineup(self, target, seen, [entry for entry in entries if entry.answer.needed in used])
        return next((found for way in (lineup.exactly, lineup.roughly, lineup.in_a_part) if (found := way() - {""})), set())

    def _uses(self, target: str, needed: str, call: Call) -> bool:
        """Whether our answer to `target` calls `needed` in this call."""
        noted: list[str] = []
        right = self.reference[needed]

        def watched(*args: Any, **kwargs: Any) -> Any:
            noted.append(needed)
            return right(*args, **kwargs)

        Lineup(self, target, [], []).repeat(Instead(target, needed, watched, self.reference), call, 0)
        return bool(noted)

    def hint_for_value(self, target: str, value: Any) -> str:
        """The hint for a number or a choice, or nothing: the nearest, where it is ten times nearer than any other."""
        near: dict[str, float] = {}
        for entry in self.entries:
            if entry.target == target and (away := _distance(entry.answer, value)) is not None:
                near[entry.hint] = min(away, near.get(entry.hint, math.inf))
        best = min(near.values(), default=0.0)
        return _only({hint for hint, away in near.items() if away <= max(10 * best, 1e-12)}) or self._of_the_number(target, value)

    def _of_the_number(self, target: str, value: Any) -> str:
        """What a number that is no catalogued one is in terms of the right one."""
        value = value.item() if isinstance(value, Tensor) and value.numel() == 1 else value
        right = self.reference.get(target)
        if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in (value, right)):
            return ""
        return slips.describe(target, float(value), float(right), self.workings)  # type: ignore[arg-type]


def _only(hints: set[str]) -> str:
    return hints.pop() if len(hints) == 1 else ""


def _distance(known: Any, value: Any) -> float | None:
    """How far a value is from the catalogued one; None where it is not that one: a letter exactly, a number as it would be rounded."""
    if isinstance(known, str):
        return 0.0 if isinstance(value, str) and value.strip().upper() == known else None
    if isinstance(known, tuple):
        return 0.0 if alike(known, value) else None
    value = value.item() if isinstance(value, Tensor) and value.numel() == 1 else value
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in (value, known)):
        return None
    away = abs(value - known)
    tolerance = min(max(_half_a_digit(value), _half_a_digit(known, exact=True)), 2e-3 * abs(known))
    return away if away <= max(tolerance * (1 + 1e-9), 2e-4 * abs(known), 1e-5) else None


def _half_a_digit(number: float, exact: bool = False) -> float:
    """Half a unit in the last decimal that a number was given with. `exact`: one of less than three digits stands for itself."""
    if not math.isfinite(number) or number == 0:
        return 0.0
    shown = f"{abs(number):.12g}"
    digits = len(shown.replace(".", "").strip("0"))
    if "e" in shown or (exact and digits < 3):
        return 0.0
    return 0.5 * 10.0 ** -len(shown.partition(".")[2])
