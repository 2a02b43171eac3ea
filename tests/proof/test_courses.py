"""The comparison with other courses' public checks says what it claims to say.

The whole of it: `python -m tests.benchmarks.courses`.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from benchmarks.course_checks import COURSE_CHECKS, CourseCheck
from benchmarks.courses import ASSIGNMENT, FUNCTIONS, OUR_PROMISES, answer, catalogue, course, judged, suites

from autograder.hints.answers import Entry

pytestmark = pytest.mark.filterwarnings("ignore")  # wrong answers earn warnings
SAMPLERS = [check for check in COURSE_CHECKS if check.target == "reparameterize"]


def named(check: CourseCheck) -> str:
    return f"{check.course}-{check.target}".replace(" ", "-")


def entry(name: str, target: str = "reparameterize") -> Entry:
    return next(entry for entries in catalogue(target) for entry in entries if entry.name == name)


def failing(check: CourseCheck, runs: int) -> float:
    """The share of runs, with seeds other than the course's, in which our solution fails."""
    return sum(not check.accepts(answer(None, check.target), seed) for seed in range(10_000, 10_000 + runs)) / runs


def by_course(course_name: str) -> CourseCheck:
    return next(check for check in SAMPLERS if check.course.startswith(course_name))


def test_three_courses_or_more_are_compared_and_each_names_its_source() -> None:
    assert len({check.course for check in COURSE_CHECKS}) >= 3
    assert {check.target for check in COURSE_CHECKS} == set(FUNCTIONS)
    assert all("/" in check.source.split(":")[0] and check.source.split(":")[1] for check in COURSE_CHECKS)


@pytest.mark.parametrize("check", COURSE_CHECKS, ids=named)
def test_a_restated_check_accepts_the_solution_and_refuses_nothing_at_all(check: CourseCheck) -> None:
    """A restatement that failed the solution, or passed anything, would be our mistake and not the course's."""
    assert course(check).accepts(None)
    assert not check.accepts(lambda *args: None, check.seed or 0)


@pytest.mark.parametrize("check", COURSE_CHECKS, ids=named)
def test_every_course_lets_some_wrong_answer_through(check: CourseCheck) -> None:
    suite = course(check)
    assert any(suite.accepts(entry) for entry in reversed(catalogue(check.target)[0]))


@pytest.mark.parametrize("check", SAMPLERS, ids=named)
def test_a_sampler_without_gradients_passes_every_course(check: CourseCheck) -> None:
    """torch.normal(mu, sigma) has the right law, and gradients of exactly zero."""
    assert course(check).accepts(entry("torch_normal"))


def test_a_sampler_without_gradients_does_not_pass_ours() -> None:
    assert not suites("reparameterize")[-1].accepts(entry("torch_normal"))


@pytest.mark.parametrize("course_name", ["Stanford", "Michigan"])
def test_a_seed_exact_check_rejects_right_samplers(course_name: str) -> None:
    check = by_course(course_name)
    assert check.exact
    assert course(check).accepts(entry("rsample"))
    for name in ("box_muller", "inverse_distribution_function", "minus_instead_of_plus", "numpy_noise"):
        assert not course(check).accepts(entry(name))


def test_stanfords_table_is_recomputed_as_printed() -> None:
    """The first and the last of its 15 numbers."""
    seen = []

    def sampler(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
        seen.append(mu + torch.exp(0.5 * logvar) * torch.randn_like(mu))
        return seen[0]

    assert by_course("Stanford").accepts(sampler, 0)
    assert [seen[0][0, 0].item(), seen[0][-1, -1].item()] == pytest.approx([3.1794934273, -1.8190975189], abs=1e-5)


def test_unpinned_statistical_checks_fail_a_right_answer_now_and_then() -> None:
    """DeepBayes by the Gaussian tail at 0.1 / (1.9728 / 32) and 0.1 / (1.1508 / 32): 11 %. UBC about every fourth time."""
    assert 0.05 < failing(by_course("DeepBayes"), 200) < 0.18
    assert 0.15 < failing(by_course("UBC"), 100) < 0.35


@pytest.mark.parametrize("target", FUNCTIONS)
def test_ours_catches_every_wrong_answer_and_rejects_no_right_one(target: str) -> None:
    """On every sixth answer: test_questions.py has them all."""
    wrong, right = catalogue(target)
    row = judged(suites(target)[-1], wrong[::6], right[::6], runs=3)
    assert len(row.caught) == len(row.wrong) > 0
    assert (bool(row.right), row.rejected, row.failures) == (True, (), 0)


def test_the_promises_left_out_are_checks_of_ours() -> None:
    names: set[Any] = {check.name for question in ASSIGNMENT.questions.values() for check in question.checks}
    assert names >= OUR_PROMISES
