"""What came back, in a student's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor

from autograder.wire.calls import EARLIER_VALUE, GLOBAL_SEED, GRADIENT
from autograder.wire.faults import theirs
from autograder.wire.values import Foreign

# How much of a shape is told of an answer to a hidden check: more could spell out what it was fed.
MOST_DIMS, LARGEST_DIM, MOST_VALUES = 4, 256, 20
# What a call changed that no call may, in words.
IMPURE = {
    EARLIER_VALUE: "what one call returned is changed by the next: make a new tensor in every call, and write to none that is kept",
    GLOBAL_SEED: "the call sets the global seed, which takes the noise from everyone else: never seed in a function",
    GRADIENT: "the call goes backward itself, and leaves gradients in what was passed in: return the value alone",
}
TYPES = {
    "complex",
    "set",
    "bytes",
    "range",
    "generator",
    "function",
    "method",
    "module",
    "Normal",
    "Distribution",
    "Fraction",
    "Decimal",
}


_shows_values = ContextVar("_shows_values", default=True)
_tensor = ContextVar("_tensor", default="a tensor")  # what the lesson calls one


@contextmanager
def discreet(hidden: bool) -> Iterator[None]:
    """In a hidden check, what came back is described without its values: they may be what the check fed in."""
    token = _shows_values.set(not hidden)
    try:
        yield
    finally:
        _shows_values.reset(token)


@contextmanager
def in_the_words_of(lesson: str) -> Iterator[None]:
    """What crosses as a tensor is described as what students of this lesson know: "a tensor", "an array"."""
    token = _tensor.set(lesson)
    try:
        yield
    finally:
        _tensor.reset(token)


def a_tensor() -> str:
    return _tensor.get()


def describe(value: object) -> str:
    """What came back, in a student's words: 'a tensor of shape (3, 4)', 'nothing (None)', 'a str'."""
    shown = _shows_values.get()
    if value is None:
        return "nothing (None): is the `return` missing?"
    if isinstance(value, Tensor):
        if value.dim() == 0:
            kind = "bool" if value.dtype == torch.bool else "number"
            return f"a single {kind}{f', {value.item():.6g}' if shown and kind == 'number' else ''}"
        large = value.dim() > MOST_DIMS or max(value.shape) > LARGEST_DIM
        return (
            f"{a_tensor()} with {value.dim()} dimensions" if large and not shown else f"{a_tensor()} of shape {tuple(value.shape)}"
        )
    if isinstance(value, Foreign):
        return f"an object of type {value.type_name}" if shown or value.type_name in TYPES else "an object of another type"
    if isinstance(value, tuple):
        return f"{len(value)} values" if shown or len(value) < MOST_VALUES else "many values"
    if isinstance(value, dict):
        return f"a dict with keys {', '.join(map(theirs, sorted(value)))}"[:200] if shown else "a dict"
    if isinstance(value, str):
        return "a string"
    return f"the {type(value).__name__} {value!r}"[:80] if shown else f"the {type(value).__name__}"


def shows_values() -> bool:
    return _shows_values.get()
