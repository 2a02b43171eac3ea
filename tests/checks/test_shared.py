"""A look that several checks share is taken once for each process, and all of them are told what it saw."""

from __future__ import annotations

import pytest

from autograder.authoring import Failed, shared


class Asked:
    """A student's function, as a check holds it."""


def looks() -> tuple[list[tuple[object, ...]], object]:
    taken: list[tuple[object, ...]] = []

    @shared
    def look(asked: object, size: int, *, rng: object = None) -> int:
        """What it looks at."""
        taken.append((size, rng))
        if size < 0:
            raise Failed("it is negative", "as can be seen")
        return 10 * size

    return taken, look


def test_a_second_check_gets_what_the_first_one_saw() -> None:
    taken, look = looks()
    asked = Asked()
    assert [look(asked, 3, rng=1), look(asked, 3, rng=2)] == [30, 30]  # type: ignore[operator]
    assert taken == [(3, 1)]


def test_a_second_check_fails_as_the_first_one_did() -> None:
    taken, look = looks()
    asked = Asked()
    for _ in range(2):
        with pytest.raises(Failed) as error:
            look(asked, -1)  # type: ignore[operator]
        assert (error.value.summary, error.value.detail) == ("it is negative", "as can be seen")
    assert len(taken) == 1


def test_another_process_or_another_question_is_another_look() -> None:
    taken, look = looks()
    asked = Asked()
    look(asked, 3), look(Asked(), 3), look(asked, 4)  # type: ignore[operator]
    assert len(taken) == 3


def test_what_broke_off_is_looked_at_again() -> None:
    tried = []

    @shared
    def look(asked: object) -> None:
        tried.append(asked)
        raise TimeoutError

    asked = Asked()
    for _ in range(2):
        with pytest.raises(TimeoutError):
            look(asked)
    assert len(tried) == 2
