"""Rivals beside answers of ours that were lent: those draw there, as they did for the student's process, from a seed of their own.

What a lent answer draws is drawn by the grader (`student.borrowed` and `remote.lender`). Whoever calls it and goes on to draw is met
again only by a rival for whom it is so, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.student.generators import apart, seed_of, standing, step_on


@contextmanager
def lent(names: Iterable[str], *namespaces: dict[str, Any]) -> Iterator[None]:
    """In these namespaces, what the names hold is as if it were lent."""
    before = [(space, name, space[name]) for space in namespaces for name in names if callable(space.get(name))]
    for space, name, function in before:
        space[name] = _as_lent(function)
    try:
        yield
    finally:
        for space, name, function in reversed(before):
            space[name] = function


def _as_lent(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        value, drew = apart(seed_of(standing()), lambda: function(*args, **kwargs))
        if drew:
            step_on()
        return value

    return called
