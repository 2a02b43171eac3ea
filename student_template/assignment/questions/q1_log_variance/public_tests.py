"""What a student sees of question 1: the two halves of a small batch, and the form of the numbers and of the choice."""

import torch

from autograder.authoring import expect, points


@points(1)
def test_halves_of_a_batch(split_params, rng):
    """The first half of each row is mu, the second half is logvar."""
    h = torch.randn(5, 6, generator=rng)
    mu, logvar = expect.parts(split_params(h), 2, "(mu, logvar)")
    fed = "fed h of shape (5, 6): 5 examples, Z = 3"
    mu = expect.tensor(mu, (5, 3), "mu, half of the last axis")
    logvar = expect.tensor(logvar, (5, 3), "logvar, half of the last axis")
    expect.close(mu, h[:, :3], "mu", detail=f"{fed}; mu is the first three numbers of each row")
    expect.close(logvar, h[:, 3:], "logvar", detail=f"{fed}; logvar is the last three numbers of each row")


@points(0)
def test_form_of_the_numbers(q1_variance_after_step, q1_variance_after_step_with_kl):
    """Both answers are numbers (their values are judged when you submit)."""
    expect.number(q1_variance_after_step, "q1_variance_after_step")
    expect.number(q1_variance_after_step_with_kl, "q1_variance_after_step_with_kl")


@points(0)
def test_form_of_the_choice(q1_choice):
    """The choice is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q1_choice, "q1_choice")
