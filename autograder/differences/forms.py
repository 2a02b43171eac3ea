"""What is said of a value that comes in another form: its axes, its dtype, several values for one, no number, no gradient.

What is said of axes holds in every call whose value has another shape than the right one; in the others there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any

import torch
from torch import Tensor

from autograder.differences.relations import PLACES, Pair, arguments
from autograder.wire.calls import Call
from autograder.wire.comparing import numbers_alike
from autograder.wire.trees import parts_of, tensors

START = "Look at the form: "  # what every sentence of this module begins with
OVERFLOW = (
    "it is infinite where the right value is an ordinary number: something on the way overflows (in float32 an exponential does from 88.7 on, "
    "a square from 1.8e19 on), is divided by zero, or goes through the logarithm of zero"
)
UNDEFINED = (
    "it is not a number where the right value is one: 0 / 0, infinity minus infinity, a root or logarithm of a negative number, or the standard "
    "deviation of a single number, on the way"
)
CUT = (
    "no gradient comes back through it: on the way it is detached, sampled with `.sample()`, computed under no_grad, or made anew from "
    "numbers (`.item()`, `.numpy()`, `torch.tensor(...)`)"
)

Shape = tuple[int, ...]


def form(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """A sentence on the first thing that is wrong with the form, or nothing."""
    ways = (_several, _shapes, _dtypes, _numberless, _cut)
    said = next((said for way in ways if (said := way(pairs, right))), "")
    return said and f"{START}{said}."


def is_form(hint: str) -> bool:
    """Whether a hint is a sentence of this module."""
    return hint.startswith(START)


def _several(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """Several values where one tensor is right, or one where several are."""
    mine, ours = pairs[0]
    if isinstance(ours.value, tuple) and not isinstance(mine.value, (tuple, dict)):
        return _too_few(pairs)
    if not isinstance(ours.value, Tensor) or not all(isinstance(call.value, (tuple, dict)) and call.value for call, _ in pairs):
        return ""
    sizes = [(len(call.value), (*our.value.shape, 0)[0]) for call, our in pairs]
    if all(rows == n > 1 for n, rows in sizes) or len({n for n, _ in sizes}) > 1:
        return "a list or tuple comes back where one tensor is due: `torch.stack` makes one of a list of tensors, `torch.tensor` of numbers"
    for place, name in zip(PLACES, mine.parts, strict=False):
        if sizes[0][0] > 1 and all(numbers_alike(call.parts.get(name), our.value) for call, our in pairs):
            return f"{sizes[0][0]} values come back where one is due, and the {place} is the right one: return that alone"
    several = f"{sizes[0][0]} values come" if sizes[0][0] > 1 else "a tuple or list of one comes"
    return f"{several} back where one tensor is due"


def _too_few(pairs: Sequence[Pair]) -> str:
    """One value where several are due."""
    n = len(pairs[0][1].value)
    for place, name in zip(PLACES, pairs[0][1].parts, strict=False):
        if all(numbers_alike(parts_of(mine.value)[""], ours.parts.get(name)) for mine, ours in pairs):
            return f"one value comes back where {n} are due, and it is the {place} of them"
    if all(isinstance(mine.value, Tensor) and mine.value.dim() and len(mine.value) == n for mine, _ in pairs):
        return f"one tensor of {n} comes back where {n} values are due: return them by themselves, as `return a, b` does"
    return ""


def _shapes(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """Another shape, in the first part of the value that has one."""
    names = list(pairs[0][1].parts)
    for place, name in enumerate(names):
        off = [(mine, ours) for mine, ours in pairs if _shape(mine, name) not in (None, _shape(ours, name))]
        if not off or any(_shape(ours, name) is None for _, ours in off):
            continue
        which = f"the {PLACES[place]} of your values" if len(names) > 1 and place < len(PLACES) else "your value"
        found = [set(_of_axes(mine, ours, name, right)) for mine, ours in off]
        said = [sentence for sentence in _of_axes(*off[0], name, right) if all(sentence in others for others in found)]
        if said:
            some = "" if len(off) == len(pairs) else f" (in some calls: for {_given(off[0][0], right)} say)"
            return f"{which} {said[0]}{some}"
    return ""


def _shape(call: Call, name: str) -> Shape | None:
    value = call.parts.get(name)
    return tuple(value.shape) if isinstance(value, Tensor) else None


def _given(call: Call, right: Callable[..., Any]) -> str:
    """What went in, by its shapes and sizes: what a hidden check feeds is no more told than that."""
    shapes = (
        f"`{name}` of shape {tuple(value.shape)}" for name, value in arguments(right, call).items() if isinstance(value, Tensor)
    )
    numbers = (f"`{name}` = {value}" for name, value in arguments(right, call).items() if isinstance(value, int))
    return ", ".join(shapes) or ", ".join(numbers) or "one"


def _of_axes(mine: Call, ours: Call, name: str, right: Callable[..., Any]) -> Iterator[str]:
    """What can be said of one value of the wrong shape, what says most first."""
    value, wanted = mine.parts[name], ours.parts[name]
    given = {key: leaf for key, leaf in arguments(right, mine).items() if isinstance(leaf, Tensor)}
    yield from _a_piece(value, wanted, given)
    got, want = tuple(value.shape), tuple(wanted.shape)
    if [n for n in got if n != 1] == [n for n in want if n != 1] and len(got) != len(want):
        yield from _ones(got, want)
    for order in permutations(range(len(got))) if len(got) == len(want) and sorted(got) == sorted(want) else ():
        if tuple(got[i] for i in order) == want and numbers_alike(value.permute(order), wanted):
            yield "has the right numbers with its axes in another order: turn them back (`.T`, `transpose`, `permute`)"
    if value.numel() == wanted.numel() > 1 and len(got) != len(want):
        same = "the right numbers" if numbers_alike(value.reshape(want), wanted) else "as many numbers as are due"
        yield f"has {same} on {len(got)} axes instead of {len(want)}: a `view`, `reshape` or `flatten` on the way merges or splits axes"
    yield from _reduced(got, want, value, wanted, given)
    if want and got == (*want, want[-1]):
        yield "has an axis too many: somewhere (n, 1) and (n,) meet, and are broadcast to (n, n)"


def _ones(got: Shape, want: Shape) -> Iterator[str]:
    if len(got) > len(want):
        count = len(got) - len(want)
        end = ", at its front" if got[count:] == want else ", at its end" if got[: len(want)] == want else ""
        axes, them = ("an axis", "it") if count == 1 else (f"{count} axes", "them")
        yield f"has {axes} of length 1 too many{end}: index {them} away"
    else:
        yield "lacks an axis of length 1: `squeeze()`, an index or a sum has taken it away"


def _a_piece(value: Tensor, wanted: Tensor, given: dict[str, Tensor]) -> Iterator[str]:
    """Of a value that is cut out of an argument along one axis, as the right one is."""
    for name, leaf in given.items():
        cut, due = _cut_out(value, leaf), _cut_out(wanted, leaf)
        if cut and due and cut != due:
            yield f"is a piece of `{name}`, {' '.join(cut)}; the right one is {' '.join(due)}"
            yield f"is a piece of `{name}` {cut[1]}, and not the same share of it in each call; the right one is always {' '.join(due)}"


def _cut_out(piece: Tensor, whole: Tensor) -> tuple[str, ...]:
    """How much of a tensor a piece is, and along which axis; nothing of what is no piece of it."""
    if piece.dim() != whole.dim() or not piece.numel():
        return ()
    axes = [axis for axis in range(whole.dim()) if piece.shape[axis] != whole.shape[axis]]
    if len(axes) != 1:
        return ()
    axis, n = axes[0], piece.shape[axes[0]]
    total = whole.shape[axis]
    for start in dict.fromkeys((0, total - n, n)):
        if 0 <= start <= total - n and torch.equal(piece.double(), whole.narrow(axis, start, n).double()):
            side = "first" if start == 0 else "last"
            share = "half" if 2 * n == total else f"{n} of {total}"
            return f"the {side} {share}", f"along its {_axis(axis, whole.dim())} axis"
    return ()


def _axis(axis: int, axes: int) -> str:
    return "last" if axis == axes - 1 else PLACES[axis] if axis < len(PLACES) else f"{axis + 1}th"


def _reduced(got: Shape, want: Shape, value: Tensor, wanted: Tensor, given: dict[str, Tensor]) -> Iterator[str]:
    """Of sums over too many axes, too few, or others."""
    if value.numel() == 1 < wanted.numel():
        for how, made in (("the sum", wanted.double().sum()), ("the mean", wanted.double().mean())):
            if numbers_alike(value.double().reshape(()), made):
                yield f"is {how} of the right ones, where each of them is due: something sums or averages over too much"
        yield "is a single number, where one is due for each example or place: something sums or averages over all of them"
    for name, leaf in given.items() if not want and len(got) == 1 else ():
        for axis in [axis for axis, length in enumerate(leaf.shape) if length == got[0]]:
            place = "example (the first axis)" if axis == 0 else f"place of the {_axis(axis, leaf.dim())} axis"
            yield f"has a number for each {place} of `{name}`, where one is due for all of them together"
    for missing, rest in (("last", want[:-1]), ("first", want[1:])):
        if want and got == rest and value.numel() > 1:
            yield f"has no {missing} axis, and should have one: something sums or averages over it, or takes one index of it"
    for name, leaf in given.items():
        shape = tuple(leaf.shape)
        without = {shape[:axis] + shape[axis + 1 :]: axis for axis in range(len(shape))}
        if want in without and got in without and got != want:
            place = "batch (the first axis)" if without[got] == 0 else f"{_axis(without[got], len(shape))} axis"
            yield (
                f"has one number for each place of the other axes: it is summed or averaged over the {place} of `{name}`, and belongs "
                "over another axis"
            )
        if want in without and got == shape != want:
            place = _axis(without[want], len(shape))
            yield f"has a number for each element of `{name}`: nothing is summed over its {place} axis"


def _dtypes(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """Another dtype, where nothing else is wrong in the form."""
    met = set()
    for mine, ours in pairs:
        values, wanted = tensors(mine.value), tensors(ours.value)
        if [leaf.shape for leaf in values] != [leaf.shape for leaf in wanted]:
            return ""
        given = {leaf.dtype for leaf in tensors(mine.inputs) if leaf.is_floating_point()}
        if {leaf.dtype for leaf in wanted} != given:
            continue
        met |= {(one.dtype, other.dtype) for one, other in zip(values, wanted, strict=True) if one.dtype != other.dtype}
    if len(met) != 1 or not all(dtype.is_floating_point for each in met for dtype in each):
        return ""
    got, want = (str(dtype).removeprefix("torch.") for dtype in met.pop())
    made = {
        "float64": "numpy's numbers, `.double()`, a tensor made with dtype=float64",
        "float32": "`.float()`, or torch.tensor, torch.zeros, torch.randn and the like without a dtype",
    }.get(got, f"`.to(torch.{got})`, autocast")
    return f"it comes in {got} where {want} is due: something on the way is made in {got} whatever goes in ({made})"


def _numberless(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """Infinity or NaN where the right value is finite."""
    for test, said in ((torch.isinf, OVERFLOW), (torch.isnan, UNDEFINED)):
        odd = [
            mine
            for mine, ours in pairs
            if any(bool(test(leaf).any()) for leaf in _floats(mine))
            and all(bool(torch.isfinite(leaf).all()) for leaf in _floats(ours))
        ]
        if odd:
            return said if len(odd) == len(pairs) else f"{said} (for {_given(odd[0], right)}, say)"
    return ""


def _floats(call: Call) -> list[Tensor]:
    return [leaf for leaf in parts_of(call.value).values() if isinstance(leaf, Tensor) and leaf.is_floating_point()]


def _cut(pairs: Sequence[Pair], right: Callable[..., Any]) -> str:
    """No gradient to anything, of an answer that should have one."""
    asked = [
        mine
        for mine, ours in pairs
        if any(leaf.requires_grad for leaf in tensors(mine.inputs)) and any(ours.flows) and (mine.grads or not any(mine.flows))
    ]
    return CUT if asked and not any(any(_reached(mine)) for mine in asked) else ""


def _reached(call: Call) -> Iterator[bool]:
    return (grad is not None for _, grads in call.grads for grad in grads)
