"""A short fuzz of each kind, from a fixed seed; `make fuzz SECONDS=600` goes on with others."""

from __future__ import annotations

import pytest

from tests.fuzz import reader, values, wire


def test_odd_values_never_make_a_grader_error() -> None:
    assert values.run(600, 1, cases=1500) == 1500


def test_frames_are_values_or_malformed() -> None:
    assert wire.run(5, 1) > 200


def test_files_are_read_or_refused() -> None:
    assert reader.run(5, 1) > 20


def test_a_finding_is_told_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise OSError("ours")

    monkeypatch.setattr(values, "run_check", broken)
    with pytest.raises(OSError):
        values.run(5, 1)
    monkeypatch.setattr(wire, "decode", broken)
    with pytest.raises(AssertionError, match=r"wire: seed 3, case \d+: OSError"):
        wire.run(5, 3)
