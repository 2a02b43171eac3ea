"""The four numbers. Their truth comes from integrating q log(q/p) numerically, not from the formula the students use."""

import torch

from autograder.authoring import Failed, expect, points

TOLERANCE = 5e-4  # as the prompt says


def _average_log_ratio(mu: float, sigma: float) -> float:
    """E_q[log q(z) - log p(z)], by the trapezoid rule on mu ± 12 sigma, where it is exact to far below the tolerance."""
    u = torch.linspace(-12, 12, 2401, dtype=torch.float64)
    density = torch.exp(-u.square() / 2) / (2 * torch.pi) ** 0.5
    z = mu + sigma * u
    log_ratio = (z.square() - u.square()) / 2 - torch.tensor(sigma, dtype=torch.float64).log()
    return torch.trapezoid(density * log_ratio, u).item()


def _judge(value: object, mu: float, sigma: float, which: str) -> None:
    number = expect.number(value, f"the KL in {which}")
    expect.close(number, _average_log_ratio(mu, sigma), which, rtol=0, atol=TOLERANCE)


@points(1)
def test_a(q4_kl_a, q4_kl_b=None, q4_kl_c=None, q4_kl_d=None):
    """(a) is right, and not a mere guess."""
    _judge(q4_kl_a, 0, 1, "(a)")
    right = [_is_right(other, mu, sigma) for other, mu, sigma in ((q4_kl_b, 1, 1), (q4_kl_c, 0, 2), (q4_kl_d, 1, 0.5))]
    expect.true(any(right), "(a) counts once one of the other boxes is right, too: a zero is quickly guessed")


def _is_right(value: object, mu: float, sigma: float) -> bool:
    try:
        return abs(expect.number(value, "the KL in another box") - _average_log_ratio(mu, sigma)) <= TOLERANCE
    except Failed:
        return False


@points(2)
def test_b(q4_kl_b):
    """(b), where only the mean moved, is right."""
    _judge(q4_kl_b, 1, 1, "(b)")


@points(2.5)
def test_c(q4_kl_c):
    """(c), where only the spread changed, is right."""
    _judge(q4_kl_c, 0, 2, "(c)")


@points(2.5)
def test_d(q4_kl_d):
    """(d), where the mean and the spread changed, is right."""
    _judge(q4_kl_d, 1, 0.5, "(d)")
