"""A look at a student's function that several checks of a question need, taken once for each process that answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from autograder.checks.expect import Failed

P = ParamSpec("P")
R = TypeVar("R")


def shared(look: Callable[P, R]) -> Callable[P, R]:
    """For a function of checks whose first argument is what it asks: later checks are told what the first one saw, or found wrong.

    It is the same look if the other positional arguments are equal. What is asked in another process, one with answers of ours lent
    to it say, is another look.
    """
    seen: WeakKeyDictionary[object, dict[object, R | Failed]] = WeakKeyDictionary()

    @wraps(look)
    def once(*args: P.args, **kwargs: P.kwargs) -> R:
        asked, *rest = args
        looks = seen.setdefault(asked, {})
        key = tuple(rest)
        if key not in looks:
            try:
                looks[key] = look(*args, **kwargs)
            except Failed as error:
                looks[key] = Failed(error.summary, error.detail)
        if isinstance(found := looks[key], Failed):
            raise Failed(found.summary, found.detail)
        return found

    return once
