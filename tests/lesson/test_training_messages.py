"""What the checks of question 8 say of a training step that no catalogue lists: what it is made of, and of what it reports."""

from __future__ import annotations

import copy

import pytest
import torch

from autograder.checks import assignment as assignments
from autograder.checks.judge import judge
from autograder.hosts.in_process import LocalHost

ASSIGNMENT = assignments.load()
Q8 = ASSIGNMENT.questions["q8"]
STEP = """
def train_step(model, optimizer, x, beta=1.0):
    model.train()
    {before}
    logits, mu, logvar = model({x})
    loss, recon, kl = vae_loss(logits, {x}, mu, logvar, beta)
    optimizer.zero_grad()
    {backward}
    optimizer.step()
    return {report}
"""
FLOATS = '{"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}'


def failed(before: str = "pass", x: str = "x", backward: str = "loss.backward()", report: str = FLOATS) -> dict[str, str]:
    """What is said of each check that such a step fails."""
    namespace = ASSIGNMENT.reference()
    exec(STEP.format(before=before, x=x, backward=backward, report=report), namespace)
    outcomes = judge(Q8.checks, LocalHost(namespace, ASSIGNMENT.scenarios), seed=5)
    return {outcome.check: outcome.message for outcome in outcomes if outcome.status == "failed"}


def test_the_step_itself_is_right() -> None:
    assert failed() == {}


@pytest.mark.parametrize(
    ("step", "check", "said"),
    [
        (
            {"backward": "(recon + 0.25 * kl).backward()"},
            "test_one_step_of_sgd",
            "goes down 1 times the reconstruction plus 0.25 times the KL; it should be the reconstruction plus 1 times the KL",
        ),
        (
            {"backward": "(0.5 * recon + 3 * beta * kl).backward()"},
            "test_one_step_of_sgd",
            "goes down 0.5 times the reconstruction plus 3 times the KL; it should be the reconstruction plus 1 times the KL",
        ),
        ({"x": "x[:2]"}, "test_one_step_of_sgd", "do not count alike: of these 5 they count 2.5, 2.5, 0, 0, 0 times"),
        ({"backward": "(2 * loss).backward()"}, "test_one_step_of_sgd", "in the right direction, but 2 times as far"),
    ],
)
def test_a_step_is_told_by_what_it_is_made_of(step: dict[str, str], check: str, said: str) -> None:
    assert said in failed(**step)[check]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (
            "{k: v.item() / len(x) for k, v in (('loss', loss), ('recon', recon), ('kl', kl))}",
            "divided by the batch size once more",
        ),
        ("{k: v.item() * len(x) for k, v in (('loss', loss), ('recon', recon), ('kl', kl))}", "times the batch size"),
        (
            "{k: v.item() / x[0].numel() for k, v in (('loss', loss), ('recon', recon), ('kl', kl))}",
            "for a pixel, not for an image",
        ),
        ("{k: v.item() / math.log(2) for k, v in (('loss', loss), ('recon', recon), ('kl', kl))}", "in bits, not in nats"),
        ("{k: round(v.item(), 2) for k, v in (('loss', loss), ('recon', recon), ('kl', kl))}", "rounded"),
        ('{"loss": -loss.item(), "recon": recon.item(), "kl": kl.item()}', "loss (with the other sign)"),
    ],
)
def test_wrong_reports_are_told_by_what_they_are_of_the_right_ones(report: str, said: str) -> None:
    messages = failed(report=report)
    assert said in messages["test_reported_values"]
    assert "test_one_step_of_sgd" not in messages


def test_what_is_kept_from_step_to_step_shows_at_the_second() -> None:
    kept = "model.__dict__.setdefault('first', {k: v.item() for k, v in (('loss', loss), ('recon', recon), ('kl', kl))})"
    assert "right after the first step, not after the second" in failed(report=kept)["test_reported_values"]


def test_what_is_drawn_beside_the_latents_is_noticed() -> None:
    messages = failed(before="noisy = (x + 0.1 * torch.randn_like(x)).clamp(0, 1)", x="noisy")
    said = messages["test_train_step_returns_three_floats"]
    assert said.startswith('values["recon"] is another each time') and "drawn at random?" in said
    assert messages["test_a_step_is_one_step_down_this_loss"].startswith(
        ("the same step taken again leads elsewhere", "the step and the reported loss do not go together")
    )


def test_a_weight_that_changes_from_call_to_call_is_not_taken_for_noise() -> None:
    counted = (
        "model.__dict__['calls'] = train_step.__dict__['calls'] = train_step.__dict__.get('calls', 0) + 1; beta *= model.calls / 50"
    )
    said = failed(before=counted)["test_train_step_returns_three_floats"]
    assert said.startswith('values["loss"] is another each time') and "does beta change from call to call?" in said
    assert "at random" not in said


def test_a_model_that_was_trained_can_be_copied() -> None:
    """`copy.deepcopy` of one whose latents carried a graph would fail."""
    names = ASSIGNMENT.reference()
    model = names["VAE"]()
    names["train_step"](model, torch.optim.SGD(model.parameters(), lr=0.1), torch.rand(3, 64))
    twin = copy.deepcopy(model)
    assert torch.equal(twin.z, model.z) and not model.z.requires_grad
    assert all(torch.equal(one, other) for one, other in zip(twin.parameters(), model.parameters(), strict=True))
