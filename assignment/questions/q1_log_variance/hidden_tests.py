"""Question 1, graded: any shape, unconstrained values, gradients through both halves, and the three pencil answers."""

import torch

from autograder.authoring import expect, points


def _pair(value, shape):
    """mu and logvar, both of `shape`."""
    mu, logvar = expect.parts(value, 2, "(mu, logvar)")
    return expect.tensor(mu, shape, "mu"), expect.tensor(logvar, shape, "logvar")


@points(1)
def test_any_number_of_axes(split_params, rng):
    """It is the last axis that is halved, however many axes stand before it, and however long they are."""
    changes = {}  # whoever changes a batch as well fails elsewhere
    for shape in [(4, 10), (1, 6), (7, 2), (6,), (2, 4, 6), (4, 2, 2, 8), (1, 1, 2)]:
        h = torch.randn(shape, generator=rng)
        half = shape[-1] // 2
        report = split_params.report(h)
        changes[len(shape)] = bool(report.changed)
        mu, logvar = _pair(report.value, (*shape[:-1], half))
        expect.close(mu, h[..., :half], "mu")
        expect.close(logvar, h[..., half:], "logvar")
    expect.true(not changes[1] or changes[2], "an h without a batch comes back changed: does it get another axis in place?")


@points(1)
def test_unconstrained(split_params, rng):
    """No value is clipped, squashed, exponentiated or made positive on its way, and no gradient on its way back."""
    h = torch.empty(6, 14, dtype=torch.float64)
    h[:, :7] = 120 * torch.rand(6, 7, generator=rng, dtype=torch.float64) - 60
    h[:, 7:] = 48 * torch.rand(6, 7, generator=rng, dtype=torch.float64) - 29  # a guard at [-30, 20] is fine
    h[:, [0, 1, 7, 8]] = torch.tensor([-59.5, 59.5, -29.5, 19.5], dtype=torch.float64)
    mu, logvar = _pair(split_params(h.requires_grad_()), (6, 7))
    expect.close(mu, h[:, :7], "mu, where its numbers are large", rtol=1e-6)
    expect.close(logvar, h[:, 7:], "logvar, within the range that every guard leaves alone", rtol=1e-6)
    if mu.requires_grad and logvar.requires_grad:  # another check asks for gradients anywhere
        to_h = expect.gradients(mu + 2 * logvar, {"h": h}, "mu + 2 logvar")["h"]
        want = torch.ones_like(h)
        want[:, 7:] = 2
        expect.close(to_h, want, "the gradient of mu + 2 logvar with respect to h, where the numbers are large")


@points(1)
def test_gradients_of_both_halves(split_params, rng):
    """The gradient that arrives at mu and at logvar is handed back to h unchanged."""
    h = torch.randn(3, 8, generator=rng).requires_grad_()
    weights = torch.randn(3, 8, generator=rng)
    mu, _ = _pair(split_params(h), (3, 4))
    to_h = expect.gradients(mu * weights[:, :4], {"h": h}, "mu")["h"]
    expect.close(to_h, torch.cat([weights[:, :4], torch.zeros(3, 4)], 1), "the gradient of mu with respect to h")
    _, logvar = _pair(split_params(h), (3, 4))  # a second call, for the first one's graph is used up
    to_h = expect.gradients(logvar * weights[:, 4:], {"h": h}, "logvar")["h"]
    expect.close(to_h, torch.cat([torch.zeros(3, 4), weights[:, 4:]], 1), "the gradient of logvar with respect to h")


@points(1)
def test_pure(split_params, rng):
    """h is left as it was, mu and logvar keep its dtype, and each h gets its own."""
    for dtype in (torch.float32, torch.float64):
        for needs_gradient in (False, False, True):
            h = torch.randn(3, 10, generator=rng, dtype=dtype).requires_grad_(needs_gradient)
            report = split_params.report(h)
            mu, logvar = _pair(report.value, (3, 5))
            expect.pure(report.changed)
            expect.tensor(mu, (3, 5), "mu", dtype=dtype)
            expect.tensor(logvar, (3, 5), "logvar", dtype=dtype)
            expect.close(mu, h[:, :5], "mu")
            expect.close(logvar, h[:, 5:], "logvar")
    both = torch.cat(_pair(split_params.without_gradients(h), (3, 5)))
    expect.close(both, torch.cat([h[:, :5], h[:, 5:]]), "mu and logvar where no gradient is recorded")


@points(1)
def test_variance_after_step(q1_variance_after_step):
    """One step of gradient descent on the variance, from the reconstruction's gradient alone."""
    value = expect.number(q1_variance_after_step, "q1_variance_after_step")
    expect.true(
        abs(value + 1.0) <= 5e-4,
        "q1_variance_after_step is not the variance after the step: old value, learning rate, gradient?",
    )


@points(1)
def test_variance_after_step_with_kl(q1_variance_after_step_with_kl):
    """One step of gradient descent on the variance, from the gradients of the reconstruction and of the KL."""
    value = expect.number(q1_variance_after_step_with_kl, "q1_variance_after_step_with_kl")
    expect.true(
        abs(value + 1.025) <= 5e-4,
        "q1_variance_after_step_with_kl is not the variance after the step: what is the KL's slope where the step starts?",
    )


@points(1)
def test_choice(q1_choice):
    """What the two numbers say about predicting a variance."""
    expect.true(
        expect.choice(q1_choice, "q1_choice") == "C", "q1_choice is another letter: put your two numbers beside each option"
    )
