"""The global generators, torch's, numpy's and Python's: seeded, read, and put back."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import numpy.random  # now, in the clean parent: a process that ran out of memory could not load it
import torch

T = TypeVar("T")


def seed_everything(seed: int) -> None:
    """Seed every global generator. Without a GPU in use torch.manual_seed spends a millisecond on noting where it was called."""
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.manual_seed(seed)
    else:
        torch.default_generator.manual_seed(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)


@contextmanager
def generators_restored() -> Iterator[None]:
    """Leave the global random state as it was: it is the student's, or the grader's own."""
    pythons, numpys = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]):
        try:
            yield
        finally:
            random.setstate(pythons)
            np.random.set_state(numpys)


def standing(arrays: bool = False) -> bytes:
    """Where the generator stands that answers draw from: torch's or, in a lesson of arrays, numpy's."""
    if not arrays:
        return bytes(torch.get_rng_state().numpy())
    state: Any = np.random.get_state(legacy=False)["state"]
    return bytes(state["key"]) + str(state["pos"]).encode()


def apart(seed: int, draw: Callable[[], T], arrays: bool = False) -> tuple[T, bool]:
    """What `draw` returns where everything is seeded so, and whether it drew; the generators stand as before then."""
    with generators_restored():
        seed_everything(seed)
        before = standing(arrays)
        return draw(), standing(arrays) != before


def seed_of(standing: bytes) -> int:
    """A seed for what is drawn elsewhere, without a draw: what draws nothing there leaves no trace in what is drawn next here."""
    return zlib.crc32(standing) >> 1


def step_on(arrays: bool = False) -> None:
    """One draw, for those that were made elsewhere."""
    if arrays:
        np.random.randint(2)
    else:
        torch.randint(2, ())
