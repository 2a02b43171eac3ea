"""The bug clinic: its patients are what the catalogue's wrong answers make, and its candidates are what they are said to be."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.checks import assignment as assignments
from tests.benchmarks import clinic as recorder

sys.path.insert(0, str(Path(__file__).parents[2] / "assignment" / "files"))

from vae_lesson import clinic, digits, picture

DATA = recorder.FILE.parent
KL = assignments.load().reference()["gaussian_kl"]
CAUSES = list(recorder.PATIENTS.values())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sentences: list[str] = []
    monkeypatch.setattr(picture, "tell", sentences.append)
    return sentences


def test_patients_are_what_wrong_answers_of_the_catalogue_make() -> None:
    """Twenty epochs of one of them again: the first eleven points of its curve, which a processor may round otherwise."""
    images, _ = digits.load(DATA / "digits.csv.gz")
    with np.load(recorder.FILE) as file:
        found = dict(file)
    assert list(found["cause"]) == CAUSES and set(CAUSES) < set(clinic.CAUSES)
    place = list(recorder.PATIENTS).index("mean_over_pixels")
    again = recorder.run(recorder.namespace_with(assignments.load(), "mean_over_pixels"), images, epochs=20)
    assert np.allclose(again["recon"], found["recon"][place][: len(again["recon"])], rtol=1e-2)


def test_every_cause_that_a_patient_has_is_explained() -> None:
    assert set(clinic.SIGNS) == set(CAUSES)
    lesson = (DATA.parent / "lesson" / "clinic.md").read_text("utf-8")
    assert all(f"- **{letter}.** " in lesson for letter in clinic.CAUSES)


def diagnosed(*letters: Any) -> None:
    clinic.diagnosed(dict(enumerate(letters, 1)), recorder.FILE)


def test_diagnoses_are_counted_and_explained_from_three_right_ones_on(told: list[str]) -> None:
    diagnosed(*[...] * 6)
    assert told == ["No diagnosis yet: give each patient a letter."]
    told.clear()
    diagnosed(CAUSES[0].lower(), CAUSES[1], *"GGGG")
    assert told == ["2 of 6 diagnoses are right."]
    told.clear()
    diagnosed(*CAUSES[:3], ..., None, 7)
    assert told[0] == "3 of 3 diagnoses are right. 3 without a diagnosis." and len(told) == 4
    assert f"Patient 1, {CAUSES[0]}: {clinic.CAUSES[CAUSES[0]]}" in told[1]


INPUTS = [
    (torch.randn(5, 3), torch.randn(5, 3)),
    (torch.randn(1, 1), torch.full((1, 1), 6.0)),
    (torch.zeros(2, 4), torch.zeros(2, 4)),
]


def thorough(f: Callable[..., Any]) -> bool:
    """The test that a careful student might write, with the answer at hand."""
    for dtype in (torch.float32, torch.float64):
        for m, v in INPUTS:
            mu, logvar = (each.to(dtype).clone().requires_grad_() for each in (m, v))  # of their own: a candidate may change them
            before = mu.detach().clone()
            value, wanted = f(mu, logvar), KL(mu, logvar)
            if value.shape != wanted.shape or value.dtype != dtype or not value.requires_grad or not torch.equal(mu, before):
                return False
            if not torch.allclose(value, wanted, rtol=1e-5, atol=1e-6):
                return False
    return True


def test_right_candidates_are_right_and_wrong_ones_wrong() -> None:
    for m, v in INPUTS:
        for name, f in clinic.RIGHT.items():
            assert torch.allclose(f(m.clone(), v.clone()), KL(m, v), rtol=1e-5, atol=1e-6), name
    assert all(thorough(f) for f in clinic.RIGHT.values())
    assert not [name for name, f in clinic.WRONG.items() if thorough(f)]


def test_a_test_is_told_how_many_candidates_it_tells_apart(told: list[str]) -> None:
    clinic.tells_apart(thorough)
    assert told == ["Your test tells 20 of 20 candidates apart."]
    told.clear()
    clinic.tells_apart(lambda f: bool((f(torch.randn(4, 2), torch.randn(4, 2)) >= 0).all()))
    assert "Your test tells" in told[0] and "wrong ones pass. Can it catch this one: twice the KL?" in told[-1]
    told.clear()
    clinic.tells_apart(lambda f: True)
    assert told == ["Your test calls nearly every candidate right, so it tells nothing apart yet."]


def test_a_test_may_assert_and_must_answer(told: list[str]) -> None:
    def asserting(f: Callable[..., Any]) -> bool:
        assert thorough(f)
        return True

    clinic.tells_apart(asserting)
    assert told == ["Your test tells 20 of 20 candidates apart."]
    with pytest.raises(picture.Unfit, match="True or False"):
        clinic.tells_apart(lambda f: ...)
    with pytest.raises(NameError):  # the test's own slip: the notebook tells it
        clinic.tells_apart(lambda f: nowhere(f))  # type: ignore[name-defined]  # noqa: F821
