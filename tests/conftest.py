"""What the tests share: one clean parent for all student processes, forked before anything else happens here."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process with threads should not fork

from autograder.run.session import Session

# Minutes each: begun first, or one worker would be at them when the other has nothing left.
LONGEST = ("test_seat", "test_submissions", "test_class_of_twelve", "test_holds", "test_otter", "test_gradescope", "test_cluster")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@contextmanager
def as_a_script() -> Iterator[None]:
    """Have the warnings and streams of a script, not those of pytest: what is forked here keeps them."""
    with warnings.catch_warnings(), redirect_stdout(sys.__stdout__), redirect_stderr(sys.__stderr__):
        warnings.resetwarnings()
        warnings.simplefilter("ignore")  # pytest-xdist's own thread is a reason to warn of forking from Python 3.12 on
        yield


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """Grades across the real boundary."""
    with as_a_script():
        made = Session()
    with made:
        yield made
