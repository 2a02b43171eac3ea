"""What a student sees of question 3: the form, and the average of each estimator."""

import math

import torch

from autograder import expect
from autograder.checks import points

N = 20_000


@points(0)
def test_form(pathwise_gradient, score_function_gradient):
    """Both return one estimate per sample."""
    expect.tensor(pathwise_gradient(0.5, 2.0, 6), (6,), "pathwise_gradient: one estimate per sample")
    expect.tensor(score_function_gradient(0.5, 2.0, 6), (6,), "score_function_gradient: one estimate per sample")


def _average(value, name, mu, sigma, bound):
    found = expect.sample(value, (N,), f"{name}: one estimate per sample")
    fed = f"fed mu = {mu}, sigma = {sigma}, n = {N:,}"
    expect.true(bool((found != found[0]).any()), f"{name}: all {N:,} estimates are the same number", f"{fed}; where is the noise?")
    mean = found[torch.isfinite(found)].mean().item()
    summary = f"{name}: the average is not d/dmu E[z²]"
    expect.true(
        abs(mean - 2 * mu) <= bound,
        summary,
        f"{fed}; they average {mean:.4g}, and should come within {bound:.2g} of 2 mu = {2 * mu}",
    )


@points(0.75)
def test_pathwise_average(pathwise_gradient):
    """The pathwise estimates average to 2 mu.

    The mean is normal with standard deviation 2 sigma / sqrt(n); P(beyond t of them) <= exp(-t^2 / 2) = 5e-11 each.
    """
    for mu, sigma in ((1.0, 1.0), (-1.5, 0.8)):
        bound = 2 * sigma * math.sqrt(2 * math.log(1 / 5e-11) / N)
        _average(pathwise_gradient(mu, sigma, N), "pathwise_gradient", mu, sigma, bound)


@points(0.75)
def test_score_function_average(score_function_gradient):
    """The score-function estimates average to 2 mu.

    Bernstein's inequality, P(|mean - 2 mu| > t) <= 2 exp(-n t^2 / (2 V + 2 M t / 3)) = 5e-11, holds for a variable bounded by
    M, which an estimate is while all |eps| < 7.8; that fails with probability n * 6.2e-15 = 1.3e-10. V = mu^4 / sigma^2 + 14
    mu^2 + 15 sigma^2.
    """
    for mu, sigma in ((1.0, 1.0), (-1.5, 0.8)):
        variance = mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2
        x, most = math.log(2 / 5e-11), (abs(mu) + 7.8 * sigma) ** 2 * 7.8 / sigma + 2 * abs(mu)
        bound = (x * most / 3 + math.sqrt((x * most / 3) ** 2 + 2 * N * x * variance)) / N
        _average(score_function_gradient(mu, sigma, N), "score_function_gradient", mu, sigma, bound)


@points(0)
def test_form_of_the_choice(q3_choice):
    """The choice is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q3_choice, "q3_choice")
