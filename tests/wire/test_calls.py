"""What is remembered of a check's calls, and how much its answers may hold."""

from __future__ import annotations

import pytest
import torch

from autograder.wire.calls import FORGOTTEN, MAX_BYTES, MOST_BYTES, Recorder
from autograder.wire.faults import Crashed

MEGABYTE = torch.zeros(1 << 20, dtype=torch.uint8)


def test_answers_beyond_what_is_remembered_are_forgotten_and_many_more_end_the_check() -> None:
    recorder = Recorder()
    for check in range(2):
        recorder.begin(check)
        for _ in range(MOST_BYTES >> 20):
            recorder.add("f", (), {}, 0, MEGABYTE)
        with pytest.raises(Crashed, match="returned 16 MB to one check, far more than this question needs"):
            recorder.add("f", (), {}, 0, MEGABYTE)
    kept = [call.value is not FORGOTTEN for call in recorder.calls]
    remembered, forgotten = MAX_BYTES >> 20, (MOST_BYTES - MAX_BYTES) >> 20
    assert kept == 2 * ([True] * remembered + [False] * forgotten), "the next check begins anew"
