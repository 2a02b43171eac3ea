"""Hints: one that fits is given, an ambiguous or unlisted mistake meets silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder.differences import edits
from autograder.hints.answers import Entry, inherited
from autograder.hints.catalogue import Catalogue
from autograder.hosts.in_process import LocalFunction, LocalHost
from autograder.proof.trials import Finding, Trial, attempt, entries, trials, unlisted
from autograder.run.session import Session
from autograder.wire.calls import Call, Recorder

INPUT = torch.tensor([0.5, -1.0, 2.0])


def wrong(name: str, answer: Any, target: str = "f") -> Entry:
    return Entry(target, name, answer, False, hint=f"it is {name}")


def catalogue(*rivals: Entry) -> Catalogue:
    return Catalogue(rivals, {"f": torch.square}, {})


def calls(function: Callable[..., Any], *inputs: torch.Tensor) -> list[Call]:
    """What was seen of a function that was called with these."""
    recorder = Recorder()
    for value in inputs or (INPUT, INPUT + 1):
        LocalFunction("f", function, recorder)(value)
    return recorder.calls


def test_a_unique_match_is_named() -> None:
    known = catalogue(wrong("doubled", lambda x: 2 * x), wrong("cubed", lambda x: x**3))
    assert known.hint("f", calls(lambda x: x + x)) == "it is doubled"


def test_what_matches_nothing_meets_silence() -> None:
    assert catalogue(wrong("doubled", lambda x: 2 * x)).hint("f", calls(lambda x: 2.1 * x)) == ""


def test_what_matches_two_slips_meets_silence() -> None:
    known = catalogue(wrong("doubled", lambda x: 2 * x), wrong("added to itself", lambda x: x + x))
    assert known.hint("f", calls(lambda x: 2 * x)) == ""


def test_two_slips_with_one_hint_are_one() -> None:
    known = catalogue(Entry("f", "a", lambda x: 2 * x, False, hint="same"), Entry("f", "b", lambda x: x + x, False, hint="same"))
    assert known.hint("f", calls(lambda x: 2 * x)) == "same"


def test_a_match_on_one_input_but_not_on_another_is_none() -> None:
    known = catalogue(wrong("absolute", torch.abs))
    assert known.hint("f", calls(lambda x: x, INPUT.abs(), INPUT)) == ""
    assert known.hint("f", calls(lambda x: x, INPUT.abs())) == "it is absolute"


def test_an_answer_that_does_what_the_right_one_does_meets_silence() -> None:
    assert catalogue(wrong("squared", torch.square)).hint("f", calls(torch.square)) == ""


def test_a_function_never_called_meets_silence() -> None:
    assert catalogue(wrong("doubled", lambda x: 2 * x)).hint("f", []) == ""


def test_noise_is_compared_with_the_same_seed() -> None:
    known = catalogue(wrong("uniform", torch.rand_like), wrong("normal", torch.randn_like))
    assert known.hint("f", calls(lambda x: torch.rand(x.shape))) == "it is uniform"


def test_a_wrong_answer_that_raises_or_warns_is_no_match_and_makes_no_noise(recwarn: pytest.WarningsRecorder) -> None:
    known = catalogue(wrong("raising", lambda x: x.nothing), wrong("warning", lambda x: x[:1].std() + x))
    assert known.hint("f", calls(lambda x: 2 * x)) == ""
    assert not recwarn.list


@pytest.mark.parametrize(
    ("known", "value", "fits"),
    [
        (0.5, 0.5, True),
        (0.5, torch.tensor([0.50005]), True),
        (0.5, 0.501, False),
        (0.5, "0.5", False),
        (1.0, True, False),
        ("B", " b", True),
        ("B", "C", False),
        ((0, 8069), (0, 8069), True),
        ((0, 8069), (0, 8181), False),
    ],
)
def test_values_match_as_they_would_be_rounded(known: Any, value: Any, fits: bool) -> None:
    assert bool(catalogue(wrong("it", known)).hint_for_value("f", value)) == fits


def test_a_scenario_says_something_of_the_answers_that_it_looks_up_only() -> None:
    def scenario(ns: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
        return ns["f"](x)

    known = Catalogue(
        (wrong("doubled", lambda x: 2 * x), wrong("a g", lambda x: x, target="g")),
        {"f": torch.square, "g": torch.abs},
        {"scenario": scenario},
    )
    host = LocalHost({"f": lambda x: 2 * x}, {"scenario": scenario})
    host.get("scenario")(x=INPUT)
    assert known.asked_by(["scenario"], host.recorder.calls) == {"scenario", "f"}
    assert known.hint("f", host.recorder.calls) == "it is doubled"
    assert known.hint("g", host.recorder.calls) == ""


def test_a_scenario_that_leaves_the_call_to_a_helper_plays_the_answer_too() -> None:
    around = {"__name__": "scenarios"}
    exec(
        "def _helper(ns, x, name='f'):\n    return ns[name[::-1]](x)\ndef scenario(ns, x):\n    return [_helper][0](ns, x)", around
    )
    known = Catalogue((wrong("doubled", lambda x: 2 * x),), {"f": torch.square}, {"scenario": around["scenario"]})  # type: ignore[dict-item]
    host = LocalHost({"f": lambda x: 2 * x}, known.scenarios)
    host.get("scenario")(x=INPUT)
    assert known.asked_by(["scenario"], host.recorder.calls) == {"scenario", "f"}
    assert known.hint("f", host.recorder.calls) == "it is doubled"


WIDE = torch.linspace(-3, 3, 400).view(50, 8)
SPELLINGS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "randn": lambda x: torch.randn(x.shape),
    "numpy": lambda x: torch.from_numpy(np.random.randn(*x.shape)),
    "sample": lambda x: torch.distributions.Normal(0.0, 1.0).sample(x.shape),
    "rows": lambda x: torch.stack([torch.randn(x.shape[1]) for _ in x]),
    "turned": lambda x: torch.randn(x.T.shape).T,
}


@pytest.mark.parametrize("drawn", SPELLINGS.values(), ids=SPELLINGS)
def test_a_sampler_is_known_by_what_it_does_however_it_draws(drawn: Callable[[torch.Tensor], torch.Tensor]) -> None:
    """The right answer is x + exp(x/2) eps; 8 calls of 400 numbers."""
    slips: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
        "the variance": lambda x, eps: x + x.exp() * eps,
        "without a centre": lambda x, eps: (x / 2).exp() * eps,
        "the same noise in a row": lambda x, eps: x + (x / 2).exp() * eps[:, :1],
        "uniform": lambda x, eps: x + (x / 2).exp() * torch.special.ndtr(eps),
        "with the wrong slope": lambda x, eps: x + (x / 2).exp().detach() * eps,
    }
    rivals = [wrong(name, lambda x, slip=slip: slip(x, torch.randn_like(x))) for name, slip in slips.items()]
    known = Catalogue(tuple(rivals), {"f": lambda x: x + (x / 2).exp() * torch.randn_like(x)}, {})

    def told(answer: Callable[[torch.Tensor], torch.Tensor]) -> str:
        recorder = Recorder()
        for turn in range(8):
            x = (WIDE + turn / 8).requires_grad_(turn > 5)
            call = LocalFunction("f", answer, recorder)
            value = call(x)
            if turn > 5 and value.requires_grad:
                cotangent = torch.ones_like(value)
                recorder.calls[-1].grads.append(((cotangent,), torch.autograd.grad(value, x, cotangent)))
        return known.hint("f", recorder.calls)

    for name, slip in slips.items():
        assert told(lambda x, slip=slip: slip(x, drawn(x))) == f"it is {name}"  # type: ignore[misc]
    for factor in (1, 0.7):  # a right one, and one in no catalogue
        said = told(lambda x, factor=factor: x + factor * (x / 2).exp() * drawn(x))  # type: ignore[misc]
        assert "it comes in float64 where float32 is due" in said if drawn is SPELLINGS["numpy"] else said == ""


def test_a_stray_requires_grad_keeps_no_hint_away() -> None:
    known = catalogue(wrong("doubled", lambda x: 2 * x))
    assert known.hint("f", calls(lambda x: (2 * x).requires_grad_())) == "it is doubled"


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x: 5 * x.square(), "In every call that was checked, the first of your values is the right one times 5."),
        (lambda x: x * x.abs(), "it is with its sign"),
    ],
)
def test_a_part_that_is_reported_without_its_graph_keeps_no_hint_away(
    slip: Callable[[torch.Tensor], torch.Tensor], said: str
) -> None:
    """Gradients are asked of the parts that flow in the student's answer; in ours and in the slip's own, both do."""
    rivals = wrong("with its sign", lambda x: (x * x.abs(), x)), wrong("nothing of this kind", lambda x: (0 * x, x))
    known = Catalogue(rivals, {"f": lambda x: (x.square(), x)}, {})
    seen = []
    for value in (INPUT, INPUT - 1, INPUT / 3, INPUT + 2):
        x = value.clone().requires_grad_()
        out, weights = slip(x), torch.ones(3)
        grads = torch.autograd.grad(out, x, weights)
        given = x.detach().requires_grad_()
        seen.append(Call("f", (given,), {}, 1, (out.detach(), value), (True, False), grads=[((weights,), grads)]))
    assert known.hint("f", seen) == said


def test_a_clamp_far_out_keeps_no_hint_away() -> None:
    known = catalogue(wrong("a tenfold", lambda x: 10 * x.clamp(-20, 20)))
    inputs = (INPUT, INPUT + 1, INPUT * 100)
    assert known.hint("f", calls(lambda x: 10 * x, *inputs)) == "it is a tenfold"
    assert known.hint("f", calls(lambda x: 10 * x + 1e-3, *inputs)) == ""


def test_one_wrong_part_is_named_beside_another() -> None:
    right = {"f": lambda x: (x, x.square())}
    known = Catalogue((wrong("a cube", lambda x: (x, x**3)), wrong("a root", lambda x: (x.abs().sqrt(), x.square()))), right, {})
    assert known.hint("f", calls(lambda x: (x.abs().sqrt(), x + 7))) == "it is a root"
    assert known.hint("f", calls(lambda x: (x + 7, x**3))) == "it is a cube"
    assert known.hint("f", calls(lambda x: (x + 7, x + 7))) == ""


def test_a_rare_slip_gives_way_and_a_shared_idea_is_told() -> None:
    rare = Entry("f", "b", lambda x: x + x, False, hint="b", rare=True)
    assert catalogue(wrong("a", lambda x: 2 * x), rare).hint("f", calls(lambda x: 2 * x)) == "it is a"
    two = [Entry("f", name, lambda x: 2 * x, False, hint=name, idea="a sum") for name in "ab"]
    assert catalogue(*two).hint("f", calls(lambda x: 2 * x)) == "a sum"


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (lambda x: 2 * x.square().sum(-1), "times 2"),
        (lambda x: -x.square().sum(-1), "with the wrong sign"),
        (lambda x: x.square().sum(-1) / len(x), "divided by the length of its first axis, the batch (`x`)"),
        (lambda x: x.square().mean(-1), "divided by the length of its last axis (`x`)"),
        (lambda x: x[:, 1:].square().sum(-1), "but for one term: the first square is missing"),
        (lambda x: x.square().sum(-1) + 1e-6, ""),
        (lambda x: 2.01 * x.square().sum(-1), "times 2.01"),
    ],
)
def test_a_slip_on_the_right_value_is_said_in_its_terms(slip: Callable[..., Any], said: str) -> None:
    def right(x: torch.Tensor) -> torch.Tensor:
        return x.square().sum(-1)

    known = Catalogue((wrong("x", torch.abs),), {"f": right}, {}, {"f_terms": lambda x: {"the first square": x[:, 0].square()}})
    inputs = [torch.arange(1.0, 1 + rows * columns).view(rows, columns) for rows, columns in ((2, 3), (4, 3), (4, 5))]
    assert known.hint("f", calls(slip, *inputs)) == (
        f"In every call that was checked, your value is the right one {said}." if said else ""
    )


def test_a_slip_in_what_an_answer_builds_on_is_told_where_that_was_written_anew() -> None:
    """`f` is the mean of `square`; somebody writes both in one, with a slip that the catalogue knows of `square`."""
    names: dict[str, Any] = {"square": torch.square}
    exec("def f(x):\n    return square(x).mean()", names)
    cubed = inherited(wrong("cubed", lambda x: x**3, "square"), "f", names)
    known = Catalogue((wrong("the first", lambda x: x[0]),), names, {}, built_on=lambda: [cubed])
    assert known.hint("f", calls(lambda x: (x * x * x).mean())) == "Where `square` belongs: it is cubed"
    assert known.hint("f", calls(lambda x: (x * x).mean())) == ""
    assert names["square"] is torch.square


def findings(session: Session, chosen: list[Trial]) -> list[Finding]:
    workplace = session.workplace()
    try:
        return [attempt(session, trial, workplace) for trial in chosen]
    finally:
        workplace.channel.close()


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("q2", "variance_for_sigma"),
        ("q2", "softplus_of_logvar"),
        ("q2", "sigma_detached"),
        ("q2", "torch_normal"),
        ("q5", "logvar_detached"),
        ("q6", "item_of_the_kl"),
        ("q8", "means_for_latents"),
        ("q8", "latents_at_zero"),
    ],
)
def test_law_and_gradient_tell_slips_apart_across_the_boundary(session: Session, question: str, name: str) -> None:
    """Values alone would not do for most of these."""
    known = entries(session.assignment, session.assignment.questions[question], "wrong")
    index = next(i for i, entry in enumerate(known) if entry.name == name)
    (found,) = findings(session, [Trial(question, "wrong", index)])
    assert found.hints == {known[index].hint}


def test_a_hint_that_fails_costs_no_grade(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> str:
        raise ValueError("a slip of ours")

    trial = next(each for each in trials(session.assignment) if each.question == "q5" and each.kind == "wrong")
    [before] = session.map(attempt, [trial], 1)
    monkeypatch.setattr(Catalogue, "hint", failing)
    [after] = session.map(attempt, [trial], 1)
    assert [o.earned for o in after.outcomes] == [o.earned for o in before.outcomes]
    assert [o.status for o in after.outcomes] == [o.status for o in before.outcomes]
    assert any("a slip of ours" in o.staff for o in after.outcomes) and not after.hints


def test_what_differs_between_two_calls_with_the_same_inputs_is_said_to_be_random() -> None:
    def jittery(x: torch.Tensor) -> torch.Tensor:
        return x.square() + torch.rand(())

    assert catalogue(wrong("doubled", lambda x: 2 * x)).hint("f", calls(jittery, INPUT, INPUT + 1, INPUT)) == edits.UNSTEADY
    assert catalogue(wrong("doubled", lambda x: 2 * x)).hint("f", calls(jittery, INPUT, INPUT + 1)) == ""


def test_unlisted_mistakes_get_an_apt_hint_or_none(session: Session) -> None:
    """Each third of them, in their own question and in those that lean on them; `verify` judges them all."""
    chosen = [trial for trial in trials(session.assignment) if trial.kind == "unlisted"][::3]
    wrong_hints = {(f.trial.question, f.name): f.wrong_hints for f in findings(session, chosen) if f.wrong_hints}
    assert not wrong_hints


def test_unlisted_mistakes_are_mistakes_of_their_own(session: Session) -> None:
    mistakes = unlisted(session.assignment)
    assert len(mistakes) >= 60
    questions = session.assignment.questions.values()
    listed = {(e.target, e.name): e for question in questions for e in entries(session.assignment, question, "wrong")}
    for mistake in mistakes:
        assert (mistake.target, mistake.name) not in listed, mistake.name
        assert not mistake.like or (mistake.target, mistake.like) in listed, mistake.like
