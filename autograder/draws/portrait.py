"""What is seen of a random answer beside the right one, in words: said where no catalogued slip does the same.

As in `laws`, the right answer is the yardstick: its centre and spread at each element, from many draws. What was seen is then a
multiple of that spread away from that centre, whatever the question is about. Each sentence holds for all calls that were looked
at, with a margin far above what chance explains; what fits none of them is not spoken of.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import torch
from torch import Tensor

from autograder.draws.dependence import repeats, shared
from autograder.draws.look import DRAWS, Look, Scatter, look_at
from autograder.draws.shape import shape_of, variance_of
from autograder.draws.slopes import DRAWN
from autograder.student.generators import seed_everything
from autograder.wire.calls import Call, various
from autograder.wire.comparing import alike, numbers_alike
from autograder.wire.trees import tensors

ENOUGH = 400  # numbers, for a law to be spoken of
MOST = 40_000  # numbers of a call that is looked at
STEADY = 0.8
PLENTY = 200  # numbers with a like spread: what they do not fit is ruled out
CALLS, FEWEST = 12, 4  # that are looked at for the law, and that one factor must be seen in
START = "Its random numbers: "  # what the sentences of this module begin with, but for those below
FIXED = (
    "Called twice with the same inputs it gave the very same numbers: nothing in it is drawn anew in each call (is a seed set, a "
    "generator made, or something kept? or is there no chance in it at all?)."
)
NOTHING = (
    "Every number that comes out is exactly 0: what is differentiated has no part in what it is differentiated with respect to, or is "
    "detached where it should not be, or still attached where its share cancels."
)
SEEDED = "It sets the global seed, or puts the generator's state back: that takes the noise from every later draw, too."
PUT_BACK = (
    "It draws from the global generator and then puts its state back (fork_rng, set_rng_state): the next draw, its own or anyone's, gets "
    "the same numbers again."
)
QUIET = "For a batch of one example there is nothing random in it, for more there is: each call wants fresh numbers."

Draw = Callable[[int, int], Call | None]  # what the right answer does in the i-th call, with another seed each turn
Drawn = Callable[[int], Scatter | None]  # of many such turns


def portray(seen: Sequence[Call], draw: Draw, drawn: Drawn, lawful: bool) -> str:
    """What can be said of a random answer, or nothing. `lawful`: its law is, as far as that shows, the right one's."""
    quiet = [i for i, call in enumerate(seen) if _is_an_argument(call, i, draw)]
    if _seeds(seen):
        return SEEDED
    if seen and all(_is_nothing(call) for call in seen):
        return NOTHING
    plain = [(i, call) for i, call in enumerate(seen) if not call.scenario]
    if plain and all(_puts_back(call, draw(i, 0)) for i, call in plain):
        return PUT_BACK
    if _is_fixed([(i, call) for i, call in enumerate(seen) if i not in quiet], draw):
        return FIXED
    if quiet and len(quiet) < len(seen):
        return _on_what([seen[i] for i in quiet], [call for i, call in enumerate(seen) if i not in quiet])
    facts = list(_facts(list(_looks(seen, drawn)), lawful))
    said = f"{START}{'; and '.join(facts[:2])}"
    return "" if not facts else said if said.endswith("?") else f"{said}."


def is_portrait(hint: str) -> bool:
    """Whether a hint is a sentence of this module."""
    return hint.startswith((START, DRAWN)) or hint in (FIXED, NOTHING, SEEDED, QUIET, PUT_BACK)


def _seeds(seen: Sequence[Call]) -> bool:
    """Whether three calls that were seeded differently left the generator in one state: one of 24 bits is seen of it, so 4e-11 by chance."""
    states = Counter(state for state, _ in {(call.rng_after, call.seed) for call in seen if not call.scenario})
    return max(states.values(), default=0) >= 3


def _puts_back(call: Call, right: Call | None) -> bool:
    """Whether it drew what the right answer draws, and left the generator as it was before."""
    with torch.random.fork_rng(devices=[]):
        seed_everything(call.seed)
        untouched = torch.rand(()).item()
    return right is not None and alike(call.value, right.value) and call.rng_after == untouched != right.rng_after


def _is_fixed(seen: Sequence[tuple[int, Call]], draw: Draw) -> bool:
    """Whether equal inputs, under different seeds, always gave equal numbers, of which the right answer gives different ones."""
    pairs = combinations(seen, 2)
    twins = [(i, a, b) for (i, a), (_, b) in pairs if a.seed != b.seed and a.name == b.name and alike(a.inputs, b.inputs)]
    if not twins or not all(_is_finite(a) and alike(a.value, b.value) for _, a, b in twins):
        return False
    one, other = draw(twins[0][0], 1), draw(twins[0][0], 2)
    return one is not None and other is not None and not alike(one.value, other.value)


def _is_nothing(call: Call) -> bool:
    leaves = list(tensors(call.value))
    return bool(leaves) and not any(bool(leaf.any()) for leaf in leaves)


def _is_finite(call: Call) -> bool:
    return all(bool(torch.isfinite(leaf).all()) for leaf in tensors(call.value))


def _looks(seen: Sequence[Call], drawn: Drawn) -> Iterator[Look]:
    """The calls that tell most: of one tensor of the right form, finite, the largest first, and of equal ones those asked of other numbers."""
    found: dict[int, list[int]] = {}
    for i, call in enumerate(seen):
        value = call.value
        if isinstance(value, Tensor) and value.is_floating_point() and ENOUGH <= value.numel() <= MOST:
            found.setdefault(value.numel(), []).append(i)
    chosen: list[int] = []
    for _, places in sorted(found.items(), reverse=True):
        chosen += [places[k] for k in various([seen[i] for i in places], CALLS - len(chosen))]
    for i in chosen:
        if look := look_at(seen[i], drawn(i)):
            yield look


def _is_an_argument(call: Call, i: int, draw: Draw) -> bool:
    """Whether the value is one of the arguments, unchanged, while the right answer scatters."""
    value = call.value
    if call.scenario or not isinstance(value, Tensor) or not any(numbers_alike(leaf, value) for leaf in tensors(call.inputs)):
        return False
    right = draw(i, 1)
    return right is not None and isinstance(right.value, Tensor) and not numbers_alike(right.value, value)


def _on_what(quiet: Sequence[Call], others: Sequence[Call]) -> str:
    """What sets apart the calls in which nothing is random; nothing where that cannot be told."""
    alone = [
        {call.value.dim() > 0 and len(call.value) == 1 for call in calls if isinstance(call.value, Tensor)}
        for calls in (quiet, others)
    ]
    return QUIET if alone == [{True}, {False}] else ""


def _facts(looks: Sequence[Look], lawful: bool) -> Iterator[str]:
    """What holds of the noise: first what is shared, then its law, then how its spread goes with the right one."""
    even = [look.measured() for look in looks if look.even]
    if even:
        common = {shared(*pair) for pair in even if pair[0].dim() == 2}
        if len(common) == 1 and (fact := common.pop()):
            yield fact
            return
        if lawful:
            return
        if fact := repeats(even):
            yield fact
            return
        if common == {""} or not common:
            seen, right = (torch.cat([pair[side].flatten() for pair in even]) for side in (0, 1))
            formless = any(pair[0].dim() < 2 for pair in even)
            fact = shape_of(seen, right, formless) if not formless or _are_stretched(even) else ""
            if fact and ("spread" not in fact or _is_proportional(looks, pooled_ratio(seen, right))):
                yield fact
                looks = [look for look in looks if look.seen.dim() > 1]  # of lists all is said
    if lawful:
        return
    if fact := variance_of([look.measured() for look in looks if look.seen.dim() == 1 and (look.even or look.steady < STEADY)]):
        yield fact
        return
    looks = [look for look in looks if look.even or look.steady > STEADY]
    if end := _at_the_ends(looks):  # first: of a spread that is kept within limits one chunk may go with its root
        yield end
        return
    kinds = {_proportion(look) for look in looks if not look.even} - {None}
    if len(kinds) == 1:
        yield from filter(None, kinds)


def pooled_ratio(seen: Tensor, right: Tensor) -> float:
    """By how much the numbers are further apart than the right ones, in logarithms."""
    sizes = [(numbers - numbers.median()).abs().median() for numbers in (seen, right)]
    return float((sizes[0] / sizes[1]).clamp_min(1e-12).log())


def _is_proportional(looks: Sequence[Look], ratio: float) -> bool:
    """Whether the spread is as much too large wherever the right one is another."""
    levels = [_log_ratio(look, chunk) for look in looks if not look.even and look.steady > STEADY for chunk in _chunks(look)]
    seen = math.log(math.hypot(math.exp(ratio), DRAWS**-0.5))  # the centres, too, are known to so much only
    return sum(abs(level - seen) < 0.4 for level in levels) >= 0.9 * len(levels)


def _are_stretched(pairs: Sequence[tuple[Tensor, Tensor]]) -> bool:
    """Whether the numbers of every call have the right mean, and the right spread but for one factor, however it is measured.

    What is worked out from a draw has another law in every call. Anything said of all of them together would be said of none.
    """
    factors = []
    for seen, right in pairs:
        if abs(float(seen.mean() - right.mean())) > 0.1 * float(right.std()) + 5 * float(seen.std()) / len(seen) ** 0.5:
            return False
        factors += [float(seen.std() / right.std()), math.exp(pooled_ratio(seen, right))]
    return len(pairs) >= FEWEST and max(factors) < 1.25 * min(factors)


POWERS = {2.0: "is its square", 0.5: "is its root", 0.0: "does not change with it", -1.0: "is its inverse"}


def _proportion(look: Look) -> str | None:
    """How the spread that was seen goes with the right one, over elements that differ in it by a factor of three or more; None of others."""
    groups = [] if look.even else _chunks(look)
    if len(groups) < 4:
        return None
    levels = torch.stack([look.spread.flatten()[chunk].log().mean() for chunk in groups])
    if float(levels[-1] - levels[0]) < 1.1:
        return None
    ratios = torch.tensor([_log_ratio(look, chunk) for chunk in groups], dtype=levels.dtype)
    design = torch.stack([levels, torch.ones_like(levels)], 1)
    found = torch.linalg.lstsq(design, ratios[:, None]).solution.flatten()
    rest = (ratios - design @ found).abs().max()
    for power, said in POWERS.items():
        if abs(float(found[0]) - (power - 1)) < 0.12 and float(rest) < min(0.3, 0.08 + 4 / len(groups[0]) ** 0.5):
            return f"where the right spread is large or small, theirs {said}"
    return "" if len(groups[0]) >= PLENTY else None


def _at_the_ends(looks: Sequence[Look]) -> str:
    """Whether the spread is right at ordinary levels, and wrong where it is to be very small or very large."""
    levels = [
        (float(look.spread.flatten()[chunk].log().mean()), _log_ratio(look, chunk)) for look in looks for chunk in _chunks(look)
    ]
    ordinary = [abs(ratio) for level, ratio in levels if abs(level) < 1]
    if len(ordinary) < 3 or max(ordinary) > 0.2:
        return ""
    low, high = (sorted((side * level, ratio) for level, ratio in levels if side * level > 1) for side in (-1, 1))
    off = [_mean(ends[-3:]) for ends in (low, high)]  # at the three outermost levels, and on the other side at all of them
    if off[0] > 0.5 and abs(_mean(high)) < 0.2:
        return "where their spread is to be very small they scatter too widely: something is added to it, or keeps it from below"
    if off[1] < -0.5 and abs(_mean(low)) < 0.2:
        return "where their spread is to be large they scatter too little: something keeps it from above"
    return ""


def _mean(levels: Sequence[tuple[float, float]]) -> float:
    return sum(ratio for _, ratio in levels) / len(levels) if levels else 0.0


def _chunks(look: Look) -> list[Tensor]:
    """The elements in up to eight groups, by the right spread."""
    if look.even:
        return [torch.arange(look.spread.numel())]
    return [chunk for chunk in look.spread.flatten().argsort().chunk(8) if len(chunk) >= 50]


def _log_ratio(look: Look, chunk: Tensor) -> float:
    """By how much the typical distance from the centre is too large, in logarithms."""
    mine, theirs = (((value - look.centre).abs() / look.spread).flatten() for value in (look.seen, look.right))
    return float((mine[chunk].median() / theirs.median()).clamp_min(1e-12).log())
