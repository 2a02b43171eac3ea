"""Question 3, graded: the law of each estimate, which fixes its mean and its variance, and the independence of the samples.

A mean or a variance of z^2 (z - mu) / sigma^2 has tails too heavy for a sharp threshold, so its whole law is compared: the
share of samples below each of some 40 points is binomial (Chernoff, expect.distributed), with a probability that follows from
the normal law exactly. No check depends on how the noise is drawn; a right answer fails one with probability at most 1e-9.
"""

import torch

from autograder import expect
from autograder.checks import points

N = 20_000
EPS = torch.linspace(-3.2, 3.2, 41, dtype=torch.float64) + 0.013


def _score(eps, mu, sigma):
    """The score-function estimate as a function of the noise: z^2 eps / sigma."""
    return (mu + sigma * eps) ** 2 * eps / sigma


def _score_law(mu, sigma):
    """Points and the exact probability of an estimate up to each.

    For mu >= 0 the estimate rises up to eps = -mu/sigma, falls up to -mu/(3 sigma) and rises again; on each branch bisection
    finds where it crosses the point. A negative mu mirrors everything.
    """
    if mu < 0:
        at, cdf = _score_law(-mu, sigma)
        return -at.flip(0), 1 - cdf.flip(0)
    at = _score(EPS, mu, sigma).sort().values
    top, bottom = -mu / sigma, -mu / (3 * sigma)
    branches = [(-40.0, top, 1), (top, bottom, -1), (bottom, 40.0, 1)]
    rising = torch.tensor([[b[2]] for b in branches])
    low = torch.tensor([[b[0]] for b in branches], dtype=torch.float64).expand(3, len(at))
    high = torch.tensor([[b[1]] for b in branches], dtype=torch.float64).expand(3, len(at))
    ends = torch.special.ndtr(high)
    for _ in range(60):
        middle = (low + high) / 2
        beyond = (_score(middle, mu, sigma) > at) == (rising > 0)
        low, high = torch.where(beyond, low, middle), torch.where(beyond, middle, high)
    first, second, third = torch.special.ndtr((low + high) / 2)
    return at, first + (ends[1] - second) + (third - ends[1])


def _pathwise_follows(pathwise_gradient, pairs):
    for mu, sigma in pairs:
        found = expect.sample(pathwise_gradient(mu, sigma, N), (N,), "pathwise_gradient: one estimate per sample")
        summary = "the pathwise estimates have the wrong law: their mean is to be 2 mu, and their spread that of 2 z"
        expect.distributed(found, 2 * (mu + sigma * EPS), torch.special.ndtr(EPS), summary)


def _score_follows(score_function_gradient, pairs):
    for mu, sigma in pairs:
        found = expect.sample(score_function_gradient(mu, sigma, N), (N,), "score_function_gradient: one estimate per sample")
        summary = "the score-function estimates have the wrong law: each is to be z squared times the slope of log q at z"
        expect.distributed(found, *_score_law(mu, sigma), summary)


@points(1, kept="an estimator that is right where sigma is 1 earns these points, and only loses those of other sigmas")
def test_pathwise_law(pathwise_gradient):
    """The pathwise estimates have the mean and the spread they should, wherever mu lies.

    Chernoff, 41 points, 20,000 samples, two values of mu: a shift by a sixth of the spread is missed with probability below
    1e-9.
    """
    _pathwise_follows(pathwise_gradient, [(1.0, 1.0), (-0.6, 1.0)])


@points(1.25)
def test_pathwise_law_at_other_sigmas(pathwise_gradient):
    """The pathwise estimates have the mean and the spread they should, whatever sigma is.

    Chernoff, as above; a spread 1.2 times too large or too small is missed with probability below 1e-9.
    """
    _pathwise_follows(pathwise_gradient, [(1.3, 0.5), (-2.0, 2.0), (0.0, 3.0)])


@points(1.25, kept="an estimator that is right where sigma is 1 earns these points, and only loses those of other sigmas")
def test_score_function_law(score_function_gradient):
    """The score-function estimates have the mean and the spread they should, wherever mu lies.

    Chernoff, 41 points, 20,000 samples, two values of mu: a share of samples off by 0.05 anywhere is missed with probability
    below 1e-9.
    """
    _score_follows(score_function_gradient, [(1.0, 1.0), (-0.6, 1.0)])


@points(1.5)
def test_score_function_law_at_other_sigmas(score_function_gradient):
    """The score-function estimates have the mean and the spread they should, whatever sigma is.

    Chernoff, as above.
    """
    _score_follows(score_function_gradient, [(1.3, 0.5), (-2.0, 2.0), (0.0, 3.0)])


def _signs_of_noise(value, centre, name):
    """The signs of eps at mu = 70, sigma = 1.2: both estimates, less the right centre, have the sign of their noise."""
    found = expect.sample(value, (4096,), f"{name}: one estimate per sample")
    expect.true(found.abs().median().item() > 30, f"{name}: the estimates do not grow with mu")
    return torch.where(found > centre, 1.0, -1.0).double()


def _independent(function, centre, name):
    """Signs of the noise behave like coin flips: within a call at every distance and mirrored, and between calls (Hoeffding)."""
    reports = [function.report(70.0, 1.2, 4096) for _ in range(3)]
    signs = [_signs_of_noise(report.value, centre, name) for report in reports]
    flips = signs[0]
    n = len(flips)
    spectrum = torch.fft.rfft(flips, n=2 * n)
    lags = torch.fft.irfft(spectrum.abs().square())[1:n]
    mirrored = (flips * flips.flip(0))[: n // 2].sum().reshape(1)
    summary = f"{name}: the samples of a call share noise"
    expect.coin_flips(lags, torch.arange(n - 1, 0, -1), summary)
    expect.coin_flips(mirrored, n // 2, summary)
    between = torch.stack([signs[i] @ signs[j] for i, j in ((0, 1), (0, 2), (1, 2))])
    expect.coin_flips(between, n, f"{name}: two calls share noise: draw it anew in every call, without a seed")
    seeded = len({report.rng_after for report in reports}) == 1
    expect.true(not seeded, f"{name}: the call sets torch's global seed, for everyone")


@points(0.75)
def test_pathwise_samples_are_independent(pathwise_gradient):
    """The pathwise estimates come from independent noise, new in every call, and no seed is set.

    Signs of 4,096 samples at 4,095 distances, mirrored, and across three calls (Hoeffding; four statements at 1e-10). Equal
    or opposite noise is never missed. The generator's next numbers agree in all three calls by chance with 2^-48.
    """
    _independent(pathwise_gradient, 2 * 70.0, "pathwise_gradient")


@points(0.75)
def test_score_function_samples_are_independent(score_function_gradient):
    """The score-function estimates come from independent noise, new in every call, and no seed is set.

    As for the pathwise estimates: z^2 eps / sigma has the sign of eps.
    """
    _independent(score_function_gradient, 0.0, "score_function_gradient")


@points(0.5)
def test_any_n(pathwise_gradient, score_function_gradient):
    """Any number of samples works, one too, and each is a sample.

    At mu = -70 two float32 calls agree in all of 7 estimates with probability below 1e-30, and all of 7 are within 10 of zero
    below 1e-17.
    """
    for function, name in ((pathwise_gradient, "pathwise_gradient"), (score_function_gradient, "score_function_gradient")):
        for n in (1, 2, 7):
            found = expect.sample(function(-70.0, 1.5, n), (n,), f"{name}: one estimate per sample")
        again = expect.sample(function(-70.0, 1.5, 7), (7,), f"{name}: one estimate per sample")
        expect.true(not torch.equal(found, again), f"{name}: two calls return the same estimates")
        expect.true(found.abs().max().item() > 10, f"{name}: the estimates do not grow with mu")


@points(1.5)
def test_choice(q3_choice):
    """What sample() and torch.normal do to the encoder's gradient."""
    expect.true(
        expect.choice(q3_choice, "q3_choice") == "B",
        "q3_choice is another letter: draw both, then look at requires_grad and at the gradients of mu and std",
    )
