"""What the C library does for us."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAULTS = """
import resource
from autograder.confine.libc import keep_memory
if {kept}:
    keep_memory(32 << 20)
def work():
    for _ in range(100):
        two = [b"x" * 3_000_000, b"y" * 3_000_000]
        two.clear()
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(kept: bool) -> int:
    ran = subprocess.run([sys.executable, "-c", FAULTS.format(kept=kept)], capture_output=True, text=True, check=True)
    return int(ran.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own")
def test_memory_that_is_kept_is_not_given_back_and_brought_anew() -> None:
    pages = 100 * 2 * 3_000_000 // 4096
    assert faults(kept=False) > pages // 2
    assert faults(kept=True) < pages // 20
