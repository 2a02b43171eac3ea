"""Name the slip: find the one wrong answer of the catalogue that does what the student's function did.

Every call that the checks made is made again, with the same arguments and seed, on each wrong answer and on the right one. A wrong
answer matches when it agrees with the student's function in all that was seen of it (values, shapes, dtypes, whether a gradient
flows and which, arguments changed), on every call, and when some of that is not what the right answer does. Where none does, less
is asked, step by step, and more evidence: the same numbers whatever their dtype; the same apart from calls with extreme arguments;
the same in one part of the value; of random answers, the same law (`laws`). At last, what the answer is in terms of the right one
is said in a sentence (`edits`). One match, or several that would say the same, is a hint. Anything else is silence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.differences import edits, forms
from autograder.draws import portrait
from autograder.draws.estimates import estimates, is_of_estimates
from autograder.draws.look import Scatter, scatter
from autograder.draws.slopes import slopes_of_a_draw
from autograder.hints import laws
from autograder.hints.answers import Entry
from autograder.hints.lent import lent
from autograder.hints.precedents import digest, forgetful, remembers, repeat
from autograder.pencil import slips
from autograder.wire.calls import Call, various
from autograder.wire.comparing import alike, differing_numbers, is_extreme, roughly_same, same
from autograder.wire.trees import size, tensors

if TYPE_CHECKING:
    from autograder.hints.catalogue import Catalogue

MAX_BYTES = 16 << 20  # of what rivals did, at any time: some draw a thousand images
EVIDENCE = 8  # numbers in which a match beyond the exact one must differ from the right answer, unless two calls do
MOST = 2 / 3  # of the calls must be answered
MAX_FOR_A_LAW = 40  # calls: each costs draws of every answer that is not yet ruled out
ANOTHER, THIRD = 0x5BD1E995, 0x2545F491  # turn a call's seed into others

T = TypeVar("T")


class Lineup:
    """What a function was seen to do, beside what each wrong answer does on the same calls."""

    def __init__(self, catalogue: Catalogue, target: str, seen: list[Call], entries: Iterable[Entry] | None = None) -> None:
        self.catalogue, self.target, self.seen = catalogue, target, seen
        self.right = catalogue.reference[target]
        every = catalogue.entries if entries is None else entries
        self.rivals = [entry for entry in every if entry.target == target and callable(entry.answer)]
        self._repeats: dict[tuple[int, int, int], Call | None] = {}
        self._memories: dict[tuple[int, int, int], Call | None] = {}  # of those that remember, whose calls can't be made twice
        self._room = MAX_BYTES
        self._sticks: dict[int, dict[str, laws.Yardstick]] = {}
        self._names = {id(entry.answer): entry.name for entry in self.rivals}
        self._digests = [digest(call) for call in seen]
        self._fresh: dict[tuple[int, int], Callable[..., Any]] = {}  # of those that remember, one for each twist

    def again(self, answer: Callable[..., Any], i: int, twist: int = 0) -> Call | None:
        """What an answer does in the i-th call; one that remembers, after those before it. A `twist` makes the seed another."""
        key = (id(answer), i, twist)
        if remembers(answer):
            fresh = self._fresh.setdefault((id(answer), twist), forgetful(answer))
            for j in (i,) if twist else range(i + 1):
                if (id(answer), j, twist) not in self._memories:
                    self._memories[id(answer), j, twist] = self.repeat(fresh, self.seen[j], twist)
            return self._memories[key]
        if key not in self._repeats:
            call = self._precedent(answer, i, twist)
            self._room -= size(call.value) if call else 0
            if self._room < 0:
                self._repeats.clear()
                self._room = MAX_BYTES
            self._repeats[key] = call
        return self._repeats[key]

    def _precedent(self, answer: Callable[..., Any], i: int, twist: int) -> Call | None:
        precedents = self.catalogue.precedents
        asked = f"{self.target} {self._names.get(id(answer), '')} {twist} {self.catalogue.lent}", self._digests[i]
        if asked not in precedents:
            call = self.repeat(answer, self.seen[i], twist)
            precedents.add(asked, call)
            return call
        return precedents.of(asked, self.seen[i])

    def repeat(self, answer: Callable[..., Any], call: Call, twist: int) -> Call | None:
        """What an answer does in a call, or in the scenario that was called."""
        ours = self.catalogue.reference
        with lent(self.catalogue.lent, ours, getattr(answer, "__globals__", {})):
            if not call.scenario:
                return repeat(answer, call, call.seed ^ twist)
            scenario, namespace = self.catalogue.scenarios[call.name], ours | {self.target: answer}
            return repeat(lambda **given: scenario(namespace, **given), call, call.seed ^ twist)

    def exactly(self) -> set[str]:
        """The hints of wrong answers that do the same in all that was recorded; an empty one if the right answer does."""
        if self._is_exactly(self.right):
            return {""}
        return _told([entry for entry in self.rivals if self._is_exactly(entry.answer)])

    def _is_exactly(self, answer: Callable[..., Any]) -> bool:
        every = range(len(self.seen))
        order = every if remembers(answer) else self._telling_first
        if not all(same(self.seen[i], self.again(answer, i)) for i in order):
            return False
        return _reseeds(self.seen) == _reseeds([call for i in every if (call := self.again(answer, i))])

    @cached_property
    def _telling_first(self) -> list[int]:
        """The calls, first those that the right answer answers otherwise: most rivals fail in one of these."""
        return sorted(range(len(self.seen)), key=lambda i: same(self.seen[i], self.again(self.right, i)))

    def in_place(self) -> set[str]:
        """That arguments came back changed, before anything is made of the numbers: where inputs change, many a slip looks like another."""
        said = edits.touched(self.seen)
        return {said} if said else set()

    def roughly(self) -> set[str]:
        """The same numbers and gradients in every call, or else in every call whose arguments are ordinary, or that the other can answer."""
        if self.is_random:
            return set()
        every = self._telling_first
        ordinary = [i for i in every if not is_extreme(self.seen[i])]
        for chosen, must_answer in ((every, True), (ordinary, True), (every, False)):
            found = []
            for entry in self.rivals:
                alike = self._alike(entry.answer, chosen, must_answer)
                if alike and self._is_evidence(alike):
                    found.append(entry)
            if found:
                return _told(found)
        return set()

    def _alike(self, answer: Callable[..., Any], chosen: Sequence[int], must_answer: bool) -> list[int]:
        """The chosen calls, if an answer gave the same numbers in each; unless it must, it may fail in some: the same slip, for one form of input."""
        alike = []
        for i in chosen:
            again = self.again(answer, i)
            if again is not None or must_answer:
                if not roughly_same(self.seen[i], again):
                    return []
                alike.append(i)
        return alike if len(alike) >= MOST * len(chosen) else []

    def _is_evidence(self, chosen: Iterable[int]) -> bool:
        """Whether what was seen in these calls is plainly not what the right answer does."""
        plain = gradients = 0
        counts = []
        for i in chosen:
            right = self.again(self.right, i)
            if right is None:
                continue
            counts.append(differing_numbers(self.seen[i].value, right.value))
            plain += counts[-1] > 0
            gradients += not counts[-1] and not roughly_same(self.seen[i], right, slack=10)
        return plain >= 2 or sum(counts) >= EVIDENCE or gradients >= 1

    @cached_property
    def is_lawful(self) -> bool:
        """Whether what was seen has the law of the right answer."""
        return self._follows(self.right, various(self.seen, MAX_FOR_A_LAW))

    @cached_property
    def is_random(self) -> bool:
        """Whether the right answer depends on the seed."""
        for i in range(min(3, len(self.seen))):
            one, other = self.again(self.right, i), self.again(self.right, i, ANOTHER)
            if one and other and not roughly_same(one, other):
                return True
        return False

    def by_law(self) -> set[str]:
        """The same law, memory and slopes; the right answer must be told from it, and from what was seen."""
        if not self.is_random:
            return set()
        every, first = various(self.seen, MAX_FOR_A_LAW), self._telling()
        if self.is_lawful:  # asked first: many rivals would follow it, too
            return set()
        found = [entry for entry in self.rivals if self._follows(entry.answer, [first]) and self._follows(entry.answer, every)]
        return _told([entry for entry in found if not self._follows(self.right, every, entry.answer)])

    def _telling(self) -> int:
        """The call that tells most in little time: the one nearest to 4,000 numbers."""
        sizes = {i: max((leaf.numel() for leaf in tensors(call.value)), default=0) for i, call in enumerate(self.seen)}
        fitting = {i: size for i, size in sizes.items() if size >= laws.ENOUGH}
        return min(fitting, key=lambda i: abs(math.log(fitting[i] / 4000)), default=0)

    def _follows(self, answer: Callable[..., Any], chosen: list[int], seen: Callable[..., Any] | None = None) -> bool:
        """Whether what was seen in these calls, or what another answer does in them, has the law of this answer."""
        mine = ((i, self.seen[i] if seen is None else self.again(seen, i, ANOTHER ^ THIRD)) for i in chosen)
        pairs = ((call, self.again(answer, i, ANOTHER)) for i, call in mine)
        if not laws.follows(pairs, lambda j: self.again(answer, chosen[j], THIRD), lambda j: self._stick(chosen[j])):
            return False
        ours = [call for i in chosen if (call := self.seen[i] if seen is None else self.again(seen, i, ANOTHER ^ THIRD))]
        return len(chosen) < 2 or _reseeds(ours) == _reseeds([call for i in chosen if (call := self.again(answer, i, ANOTHER))])

    def _stick(self, i: int) -> dict[str, laws.Yardstick]:
        if i not in self._sticks:
            big = any(leaf.numel() >= laws.ENOUGH for leaf in tensors(self.seen[i].value))
            self._sticks[i] = self._of_ours("yardsticks", i, lambda: self._yardsticks(i)) if big else {}
        return self._sticks[i]

    def _yardsticks(self, i: int) -> dict[str, laws.Yardstick]:
        drawn = [self.again(self.right, i, 77 * (turn + 1)) for turn in range(laws.DRAWS)]
        whole = [call for call in drawn if call is not None]
        return laws.yardsticks(whole) if len(whole) == laws.DRAWS else {}

    def _of_ours(self, what: str, i: int, work: Callable[[], T]) -> T:
        """What is worked out of the right answer's draws in the i-th call."""
        return self.catalogue.precedents.once((f"{what} {self.target} {self.catalogue.lent}", self._digests[i]), work)

    def in_a_part(self) -> set[str]:
        """The same numbers in the first part of the value that is wrong and matches; the axes of one shape are no such parts."""
        if self.is_random or not any(tensors(call.value) for call in self.seen):
            return set()
        for part, order in self._wrong_parts():
            found = [
                entry for entry in self.rivals if all(roughly_same(self.seen[i], self.again(entry.answer, i), part) for i in order)
            ]
            if found and self._is_evidence(range(len(self.seen))):
                return _told(found)
        return set()

    def _wrong_parts(self) -> Iterator[tuple[str, list[int]]]:
        """The parts in which it is wrong, each with the calls in an order: first those that show it, where most rivals are right."""
        right = [self.again(self.right, i) for i in range(len(self.seen))]
        everywhere = set.intersection(*(set(call.parts) if call else set() for call in right))
        names = [name for name in self.seen[0].parts if name in everywhere]
        for name in names if len(self.seen[0].parts) > 1 else []:
            fine = [roughly_same(call, again, name, slack=10) for call, again in zip(self.seen, right, strict=True)]
            if not all(fine):
                yield name, sorted(range(len(fine)), key=fine.__getitem__)

    @cached_property
    def _pairs(self) -> list[tuple[Call, Call]]:
        """The calls of the function itself, each beside what the right answer does; of a scenario it is not known what went in."""
        calls = ((i, call) for i, call in enumerate(self.seen) if not call.scenario)
        return [(call, ours) for i, call in calls if (ours := self.again(self.right, i))]

    def described(self) -> set[str]:
        """What the answer is in terms of the right one, or in what form it comes: true by construction."""
        return (self.portrayed() if self.is_random else set()) or self.edited() or self.formed()

    def formed(self) -> set[str]:
        """What is wrong with the form of its values."""
        said = forms.form(self._pairs, self.right) if self._pairs else ""
        return {said} if said else set()

    def portrayed(self) -> set[str]:
        """What is seen of a random answer beside the right one."""
        said = estimates(self._pairs, self.right)
        if not said:
            said = portrait.portray(self.seen, self._drawn, self._scatter, self.is_lawful)
        if not said:
            drawn = [(call, ours) for call in self.seen if call.grads and (ours := self.repeat(self.right, call, THIRD))]
            said = slopes_of_a_draw(drawn, self.right, self.is_lawful)
        return {said} if said else set()

    def _drawn(self, i: int, turn: int) -> Call | None:
        return self.repeat(self.right, self.seen[i], turn * 131)

    def _scatter(self, i: int) -> Scatter | None:
        return self._of_ours("scatter", i, lambda: scatter(lambda turn: self._drawn(i, turn)))

    def edited(self) -> set[str]:
        """What the answer is in terms of the right one, or that it is two things for the same inputs."""
        calls = [call for call in self.seen if not call.scenario]
        terms, summands = (self.catalogue.terms.get(f"{self.target}_{kind}") for kind in ("terms", "summands"))
        said = edits.edit(self._pairs, self.right, terms, summands) if len(self._pairs) == len(calls) else ""
        twice = ((a, b) for a, b in combinations(calls, 2) if alike(a.inputs, b.inputs))
        if not said and not self.is_random and any(differing_numbers(a.value, b.value) for a, b in twice):
            said = edits.UNSTEADY
        return {said} if said else set()


def is_description(hint: str) -> bool:
    """Whether a hint describes what was seen, and holds by construction."""
    return (
        edits.is_edit(hint) or forms.is_form(hint) or is_of_estimates(hint) or portrait.is_portrait(hint) or slips.is_pencil(hint)
    )


def _told(entries: list[Entry]) -> set[str]:
    """What these wrong answers would say, the rare ones only where there is no other; the idea they share where they say different things."""
    entries = [entry for entry in entries if not entry.rare] or entries
    hints, ideas = {entry.hint for entry in entries}, {entry.idea for entry in entries}
    return ideas if len(hints) > 1 and len(ideas) == 1 and "" not in ideas else hints


def _reseeds(calls: list[Call]) -> bool:
    """Whether calls that were seeded differently left the global generator in one state."""
    states = [call.rng_after for call in calls if not call.scenario]
    return len(states) > 1 and len(set(states)) == 1
