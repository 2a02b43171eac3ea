"""How a check is judged, and what a student may read of it: hidden checks tell the property, never the inputs."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from benchmarks.in_process import outcomes

from autograder.checks import assignment as assignments
from autograder.checks import expect
from autograder.checks.assignment import Question
from autograder.checks.check import Check, load_checks, points, run_check
from autograder.checks.judge import judge
from autograder.checks.outcomes import Outcome
from autograder.hints.answers import Entry
from autograder.hosts.in_process import LocalHost
from autograder.wire.calls import EARLIER_VALUE, GLOBAL_SEED

ASSIGNMENT = assignments.load()
QUESTIONS = list(ASSIGNMENT.questions.values())
REPO = Path(__file__).resolve().parents[2]


def outcome_of(function: Callable[..., None], hidden: bool, **names: Any) -> Outcome:
    """What a check comes to when the notebook holds `names`."""
    check = Check("q5", 5, "test_it", "It holds.", 1.0, hidden, function)
    return run_check(check, LocalHost(names, {}), seed=1)


def fails(gaussian_kl: Any) -> None:
    expect.fail("the summary", "the detail")


def calls(gaussian_kl: Any, rng: torch.Generator) -> None:
    expect.tensor(gaussian_kl(torch.rand(3, 2, generator=rng)), (3,), "one KL per example")


def test_a_public_failure_shows_its_detail_and_a_hidden_one_does_not() -> None:
    assert outcome_of(fails, hidden=False, gaussian_kl=print).message == "the summary\nthe detail"
    assert outcome_of(fails, hidden=True, gaussian_kl=print).message == "the summary"


def test_an_exception_that_prints_its_inputs_does_not_show_those_of_a_hidden_check() -> None:
    def prints(mu: torch.Tensor) -> None:
        raise ValueError(f"cannot handle {mu}")

    assert "tensor([[" in outcome_of(calls, hidden=False, gaussian_kl=prints).message
    message = outcome_of(calls, hidden=True, gaussian_kl=prints).message
    assert message == "your code raised ValueError: cannot handle …"
    assert not re.search(r"\d\.\d", message)


def test_our_own_failure_reads_so_and_keeps_its_traceback_for_the_staff() -> None:
    def broken(gaussian_kl: Any) -> None:
        raise KeyError("ours")

    outcome = outcome_of(broken, hidden=False, gaussian_kl=print)
    assert outcome.status == "grader_error"
    assert "our fault" in outcome.message and "KeyError" not in outcome.message
    assert "KeyError" in outcome.staff


def test_what_a_check_raises_over_a_students_value_is_the_students_failure_with_a_note_for_the_staff() -> None:
    def clumsy(gaussian_kl: Any) -> None:
        gaussian_kl(torch.zeros(2, 2))["kl"] + 1

    outcome = outcome_of(clumsy, hidden=True, gaussian_kl=lambda x: x.sum(-1))
    assert outcome.status == "failed" and "not in the form that the question asks for" in outcome.message
    assert "a tensor of shape (2,)" in outcome.message and "clumsy" in outcome.staff


def test_a_stub_is_not_attempted_and_a_deleted_one_is_missing() -> None:
    def stub(mu: torch.Tensor) -> None:
        raise NotImplementedError("Question 5: write gaussian_kl")

    assert outcome_of(calls, hidden=True, gaussian_kl=stub).status == "not_attempted"
    assert outcome_of(calls, hidden=True, gaussian_kl=...).status == "not_attempted"
    assert outcome_of(calls, hidden=True).status == "missing"


def test_random_inputs_follow_from_the_seed_and_differ_between_checks() -> None:
    drawn = []

    def draws(gaussian_kl: Any, rng: torch.Generator) -> None:
        drawn.append(torch.rand((), generator=rng).item())

    host = LocalHost({"gaussian_kl": print}, {})
    for name, seed in (("test_it", 1), ("test_it", 1), ("test_it", 2), ("test_that", 1)):
        run_check(Check("q5", 5, name, "It holds.", 1.0, True, draws), host, seed)
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 3


@pytest.mark.parametrize("text", ["@points(1)\ndef test_it(f): pass", 'def test_it(f):\n    """It holds."""'])
def test_a_check_without_a_property_or_points_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "hidden_tests.py").write_text(f"from autograder.authoring import points\n{text}\n")
    with pytest.raises(ValueError, match="test_it needs"):
        load_checks(tmp_path / "hidden_tests.py", "q5", 5, hidden=True)


def test_a_check_may_say_why_it_is_kept() -> None:
    @points(1, kept="for a reason")
    def test_it() -> None: ...

    assert test_it.kept == "for a reason"  # type: ignore[attr-defined]


def samples(every: int) -> list[Any]:
    """Every so many wrong answers of each question, and their own outcomes."""
    return [
        pytest.param(question, entry, id=f"{question.id}-{entry.name}"[:80])
        for question in QUESTIONS
        for entry in ASSIGNMENT.wrong_answers(question)[::every]
    ]


@pytest.mark.parametrize(("question", "entry"), samples(9))
def test_messages_hold_no_traceback_and_hidden_ones_no_inputs(question: Question, entry: Entry) -> None:
    for outcome in outcomes(ASSIGNMENT, question, entry.target, entry.source, seed=2):
        assert "Traceback" not in outcome.message and ".py" not in outcome.message
        if outcome.hidden:
            assert not re.search(r"^fed |at position|tensor\(\[|, but got \S+ at", outcome.message), outcome.message
            assert "\n" not in outcome.message


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_titles_name_no_inputs_and_no_answers(question: Question) -> None:
    """A hidden check's title is shown to everyone: it holds no number but a count in words and the limits the contract states."""
    stated = {"0", "1", "2", "12", "−30", "16", "32", "64", "3", "4", "5", "6"}
    for check in question.checks:
        if check.hidden:
            title = re.sub(r"q\d+_\w+|float\d\d|[Ss]tep \d|question \d", "", check.title)
            assert set(re.findall(r"−?\d+(?:\.\d+)?", title)) <= stated, title


def test_two_threads_and_flushed_denormals_make_no_difference() -> None:
    """In a process of its own: one that has used threads must not fork."""
    command = [sys.executable, "-m", "tests.benchmarks.conditions", "40"]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout.endswith(" 0 differences\n"), done.stdout + done.stderr


def test_the_solution_is_judged_alike_with_any_seed() -> None:
    for question in QUESTIONS:
        host = LocalHost(ASSIGNMENT.reference(), ASSIGNMENT.scenarios)
        for seed in (0, 7, 2**31 - 1):
            assert all(outcome.status == "passed" for outcome in judge(question.checks, host, seed)), question.id


@pytest.mark.parametrize(
    ("got", "want", "said"),
    [
        (torch.tensor(2.0), torch.tensor(3.0), "expected 3, but got 2"),
        (torch.tensor(4.934640001), torch.tensor(4.9346410), "expected 4.934641, but got 4.93464"),
        (
            torch.tensor(4.93464, dtype=torch.float32).double(),
            torch.tensor(4.93464, dtype=torch.float64),
            "expected 4.93464, but got 4.9346399: they differ as float32 and float64 do, so something was computed or rounded in float32",
        ),
    ],
)
def test_two_numbers_are_told_apart_in_words(got: torch.Tensor, want: torch.Tensor, said: str) -> None:
    with pytest.raises(expect.Failed) as failed:
        expect.close(got, want, "it", rtol=1e-12, atol=0.0)
    assert failed.value.detail == said


@pytest.mark.parametrize(("imports", "called"), [("import numpy as np", "an array"), ("import torch", "a tensor")])
@pytest.mark.parametrize("asked", ['expect.tensor(f(), (3,), "numbers")', 'expect.number(f(), "a number")'])
def test_what_came_back_is_called_what_the_lesson_calls_it(tmp_path: Path, imports: str, called: str, asked: str) -> None:
    """A notebook that imports no torch has arrays."""
    folder = tmp_path / "questions" / "one"
    folder.mkdir(parents=True)
    question = '[questions.q1]\nfolder = "one"\ntitle = "One"\npoints = 1\nanswers = ["f"]\n'
    head = f'title = ""\nslug = "one"\nversion = "1"\norder = ["q1"]\nimports = "{imports}"\n'
    (tmp_path / "assignment.toml").write_text(head + question)
    source = f'@points(1)\ndef test_it(f):\n    """It."""\n    {asked}\n'
    (folder / "public_tests.py").write_text(f"from autograder.authoring import expect, points\n\n\n{source}")
    [check] = assignments.load(tmp_path).questions["q1"].checks
    outcome = run_check(check, LocalHost({"f": lambda: torch.ones(2)}, {}), seed=0)
    assert f"but got {called} of shape (2,)" in outcome.message


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("mu", EARLIER_VALUE), "mu came back changed"),
        ((EARLIER_VALUE,), "what one call returned is changed by the next"),
        ((GLOBAL_SEED, "mu.grad"), "the call sets the global seed"),
        (("mu.grad",), "the call goes backward itself"),
    ],
)
def test_a_call_that_is_not_pure_is_told_what_it_did(changed: tuple[str, ...], said: str) -> None:
    expect.pure(())
    with pytest.raises(expect.Failed, match=said):
        expect.pure(changed)


def test_an_array_comes_out_as_numpy_has_it() -> None:
    found = expect.array(torch.ones(2, requires_grad=True), (2,), "numbers")
    assert isinstance(found, np.ndarray) and found.tolist() == [1, 1]
    with pytest.raises(expect.Failed, match="NaN"):
        expect.array(torch.tensor([math.nan]), (1,), "numbers")
