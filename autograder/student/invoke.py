"""Call one of the student's functions, beside the student's code, and say plainly what happened.

Used by the student process of the grader and, on the live function, by the checks in a notebook.
"""

from __future__ import annotations

import inspect
import linecache
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.student.earlier import Earlier
from autograder.student.generators import seed_everything
from autograder.wire.calls import EARLIER_VALUE, GLOBAL_SEED, GRADIENT
from autograder.wire.faults import Crashed, NotAttempted, OutOfMemory, Raised, StudentError, one_line
from autograder.wire.values import Oversized, bits, plain


@dataclass(frozen=True)
class Returned:
    """What one call did.

    `changed` names the arguments that were changed in place (their numbers, or whether they want a gradient), and what else was: their `.grad`, the value of the call before, torch's
    global seed. `rng_after` is drawn from torch's global generator right after the call, so two calls seeded differently that agree
    on it were re-seeded inside.
    """

    value: Any
    changed: tuple[str, ...] = ()
    rng_after: float = 0.0


def invoke(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    seed: int,
    through: tuple[type[BaseException], ...] = (),
    earlier: Earlier | None = None,
) -> Returned:
    """Call `function` with copies of the arguments, seeded; return plain data or raise a StudentError.

    `through`: exceptions that are not the student's where this runs, an interrupt say; they are raised as they are.
    `earlier`: what it and others returned before, where later calls are to leave that alone.
    """
    given = {str(position): value for position, value in enumerate(args)} | dict(kwargs)
    fresh = {name: _copy(value) for name, value in given.items()}
    before = {name: (value.shape, _bits(value).clone()) for name, value in fresh.items() if isinstance(value, (Tensor, np.ndarray))}
    flags = {name: value.requires_grad for name, value in fresh.items() if isinstance(value, Tensor)}
    grads = {name: value.grad for name, value in given.items() if isinstance(value, Tensor) and value.is_leaf}
    seed_everything(seed)
    try:
        value = plain(function(*[fresh[str(i)] for i in range(len(args))], **{name: fresh[name] for name in kwargs}))
    except through:
        raise
    except BaseException as error:
        raise explain(error) from None
    reseeded, rng_after = torch.initial_seed() != seed, torch.rand(()).item()
    changed = [
        _parameter(function, name)
        for name, (shape, was) in before.items()
        if fresh[name].shape != shape
        or not torch.equal(was, _bits(fresh[name]))
        or flags.get(name, False) != getattr(fresh[name], "requires_grad", False)
    ]
    changed += [f"{_parameter(function, name)}{GRADIENT}" for name, grad in grads.items() if given[name].grad is not grad]
    if reseeded:
        changed.append(GLOBAL_SEED)
    if earlier and earlier.changed_by(function, value):
        changed.append(EARLIER_VALUE)
    return Returned(value, tuple(changed), rng_after)


def explain(error: BaseException) -> StudentError:
    """The StudentError that tells the student about an exception their code raised."""
    if isinstance(error, StudentError):
        return error
    text = _text(error)
    if isinstance(error, NotImplementedError):
        found = re.match(r"Question (\d{1,3})\b", text)
        if found:
            return NotAttempted(int(found[1]))
    if isinstance(error, MemoryError) or "can't allocate memory" in text or "not enough memory" in text:
        return OutOfMemory("your code ran out of memory: does a tensor grow with the square of the batch?")
    if isinstance(error, Oversized):
        return Crashed(f"your code returned {text}, far more than this question needs", computed=True)
    return Crashed(raised=Raised(one_line(type(error).__name__, 60), text, *_where(error)))


def _text(error: BaseException) -> str:
    """What an exception says, on one line; nothing if it raises even then."""
    try:
        return one_line(str(error), 300)
    except BaseException:
        return ""


def _where(error: BaseException) -> tuple[str, str]:
    """The function that the innermost frame of a notebook cell belongs to, and the line; nothing where there is none."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        filename = frame.f_code.co_filename
        if "ipython-input" in filename or "ipykernel_" in filename or filename.startswith("<cell"):
            return one_line(frame.f_code.co_name, 60), linecache.getline(filename, line, frame.f_globals).strip()[:120]
    return "", ""


def _copy(value: Any) -> Any:
    return value.clone() if isinstance(value, Tensor) else value.copy() if isinstance(value, np.ndarray) else value


def _bits(value: Tensor | np.ndarray) -> Tensor:
    return bits(value if isinstance(value, Tensor) else torch.from_numpy(np.ascontiguousarray(value)))


def _parameter(function: Callable[..., Any], name: str) -> str:
    """The name of a positional argument as the function calls it."""
    if not name.isdigit():
        return name
    try:
        return list(inspect.signature(function).parameters)[int(name)]
    except (TypeError, ValueError, IndexError):
        return f"argument {int(name) + 1}"
