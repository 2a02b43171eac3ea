"""What a student sees of question 3: the form, and the average of each estimator."""

import math

import torch

from autograder.authoring import expect, points

N, TIMES = 1000, 10  # so few in one call that a Jacobian of all of them is no trouble


@points(0)
def test_form(pathwise_gradient, score_function_gradient):
    """Both return one estimate per sample."""
    expect.tensor(pathwise_gradient(0.5, 2.0, 6), (6,), "pathwise_gradient: one estimate per sample")
    expect.tensor(score_function_gradient(0.5, 2.0, 6), (6,), "score_function_gradient: one estimate per sample")


def _estimates(function, name, mu, sigma):
    """The estimates of a few calls, and what was fed."""
    calls = [expect.sample(function(mu, sigma, N), (N,), f"{name}: one estimate per sample") for _ in range(TIMES)]
    fed = f"fed mu = {mu}, sigma = {sigma}, n = {N:,}"
    expect.true(
        bool((calls[0] != calls[0][0]).any()), f"{name}: all {N:,} estimates are the same number", f"{fed}; where is the noise?"
    )
    expect.true(not torch.equal(calls[0], calls[1]), f"{name}: two calls return the same estimates", f"{fed}; set no seed")
    found = torch.cat(calls)
    return found[torch.isfinite(found)], f"{fed}, {TIMES} times"


def _average(found, fed, name, mu, bound):
    mean = found.mean().item()
    expect.true(
        abs(mean - 2 * mu) <= bound,
        f"{name}: the average is not d/dmu E[z²]",
        f"{fed}; they average {mean:.4g}, and should come within {bound:.2g} of 2 mu = {2 * mu}",
    )


@points(0.25)
def test_pathwise_average(pathwise_gradient):
    """The pathwise estimates average to 2 mu.

    The mean is normal with standard deviation 2 sigma / sqrt(n); P(beyond t of them) <= exp(-t^2 / 2) = 5e-11 each.
    """
    for mu, sigma in ((1.0, 1.0), (-1.5, 0.5)):
        bound = 2 * sigma * math.sqrt(2 * math.log(1 / 5e-11) / (N * TIMES))
        found, fed = _estimates(pathwise_gradient, "pathwise_gradient", mu, sigma)
        _average(found, fed, "pathwise_gradient", mu, bound)
        _spread(found, fed, "pathwise_gradient", 2 * mu, 2 * sigma * 0.67449)


def _spread(found, fed, name, centre, half):
    """Half of the estimates lie within `half` of `centre`: by Hoeffding the share of 10,000 is within 0.035 of that, 1e-10."""
    share = ((found - centre).abs() < half).double().mean().item()
    expect.true(
        abs(share - 0.5) < 0.035,
        f"{name}: the estimates do not spread as they should",
        f"{fed}; half of them should lie within {half:.3g} of {centre:.3g}, but {share:.0%} do",
    )


@points(0.25)
def test_score_function_average(score_function_gradient):
    """The score-function estimates average to 2 mu, and are not those of the other route.

    Bernstein's inequality, P(|mean - 2 mu| > t) <= 2 exp(-n t^2 / (2 V + 2 M t / 3)) = 5e-11, holds for a variable bounded by
    M, which an estimate is while all |eps| < 7.8; that fails with probability n * 6.2e-15 = 6e-11. V = mu^4 / sigma^2 + 14
    mu^2 + 15 sigma^2.
    """
    for mu, sigma in ((1.0, 1.0), (-1.5, 0.5)):
        variance = mu**4 / sigma**2 + 14 * mu**2 + 15 * sigma**2
        x, most = math.log(2 / 5e-11), (abs(mu) + 7.8 * sigma) ** 2 * 7.8 / sigma + 2 * abs(mu)
        n = N * TIMES
        bound = (x * most / 3 + math.sqrt((x * most / 3) ** 2 + 2 * n * x * variance)) / n
        found, fed = _estimates(score_function_gradient, "score_function_gradient", mu, sigma)
        _average(found, fed, "score_function_gradient", mu, bound)
    # At mu = 1.5, sigma = 0.5 half of the estimates are below 0, since half of the noise is.
    below = (found > 0).double().mean().item()
    expect.true(
        abs(below - 0.5) < 0.035,
        "score_function_gradient: the estimates do not spread as they should",
        f"{fed}; half of them should lie on either side of 0, but {below:.0%} lie above",
    )


@points(0)
def test_form_of_the_choice(q3_choice):
    """The choice is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q3_choice, "q3_choice")
