"""A limit of time on one call in this process, where there is a timer to keep it: on Unix, in the main thread."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from autograder.wire.faults import TimedOut


class Late(BaseException):
    """Not an Exception: `except Exception` in an endless loop must not catch it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises TimedOut where the block takes longer."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise Late

    former = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again each second: a bare `except` may catch it once
    try:
        yield
    except Late:
        raise TimedOut(f"your code was still running after {seconds:.0f} s: is there an endless loop?") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
