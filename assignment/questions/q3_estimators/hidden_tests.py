"""Question 3, graded: the law of each estimate, which fixes its mean and its variance, and the independence of the samples.

A mean or a variance of z^2 (z - mu) / sigma^2 has tails too heavy for a sharp threshold, so its whole law is compared: the
share of samples below each of some 40 points is binomial (Chernoff, expect.distributed), with a probability that follows from
the normal law exactly. No check depends on how the noise is drawn; a right answer fails one with probability at most 1e-9.
A call asks for 1,000 estimates at most, so that a Jacobian of all of them is no trouble.

What an answer may get: one estimator in the place of both a third, 3.25 of 10 (the right one's own points but not those of its law at
sigma = 1, which are for telling two routes apart, and the choice).
"""

import torch

from autograder.authoring import expect, noise, points, shared

N, TIMES = 1000, 10
EPS = torch.linspace(-3.2, 3.2, 41, dtype=torch.float64) + 0.013


LEANED_ON = "what fails here fails the checks of independence too: of noise of the wrong law they are worth nothing"


def _pathwise(eps, mu, sigma):
    """The pathwise estimate as a function of the noise: 2 z."""
    return 2 * (mu + sigma * eps)


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


@shared
def _estimates(function, name, mu, sigma):
    calls = [expect.sample(function(mu, sigma, N), (N,), f"{name}: one estimate per sample") for _ in range(TIMES)]
    expect.true(not torch.equal(calls[0], calls[1]), f"{name}: two calls return the same estimates")
    return torch.cat(calls)


def _pathwise_follows(pathwise_gradient, pairs):
    summary = "the pathwise estimates have the wrong law: their mean is to be 2 mu, and their spread that of 2 z"
    everything = []
    for mu, sigma in pairs:
        found = _estimates(pathwise_gradient, "pathwise_gradient", mu, sigma)
        expect.distributed(found, _pathwise(EPS, mu, sigma), torch.special.ndtr(EPS), summary)
        everything.append((found / 2 - mu) / sigma)
    noise.follows_the_law(torch.cat(everything).nan_to_num(posinf=9.0, neginf=-9.0), "the noise of the pathwise estimates")


def _score_follows(score_function_gradient, pairs):
    for mu, sigma in pairs:
        found = _estimates(score_function_gradient, "score_function_gradient", mu, sigma)
        summary = "the score-function estimates have the wrong law: each is to be z squared times the slope of log q at z"
        expect.distributed(found, *_score_law(mu, sigma), summary)


def _is_the_other(follows, function):
    """Whether a function follows the law of the other route."""
    try:
        follows(function, [(1.0, 1.0)])
    except expect.Failed:
        return False
    return True


TWICE = "pathwise_gradient and score_function_gradient are one and the same estimator: two routes have two laws"


@points(2.5, kept=LEANED_ON)
def test_pathwise_law(pathwise_gradient, score_function_gradient):
    """The pathwise estimates have the mean and the spread they should, wherever mu lies, and the other route's another.

    Chernoff, 41 points, 10,000 samples, two values of mu: a shift by a quarter of the spread is missed with probability below
    1e-9. All 20,000 together show noise that is not normal (noise.py): cut at 3, or of a kurtosis off by 0.5.
    """
    _pathwise_follows(pathwise_gradient, [(1.0, 1.0), (-0.6, 1.0)])
    expect.true(not _is_the_other(_pathwise_follows, score_function_gradient), TWICE)


@points(1, kept=LEANED_ON)
def test_pathwise_law_at_other_sigmas(pathwise_gradient):
    """The pathwise estimates have the mean and the spread they should, whatever sigma is.

    Chernoff, as above; a spread 1.3 times too large or too small is missed with probability below 1e-9.
    """
    _pathwise_follows(pathwise_gradient, [(1.3, 0.5), (-2.0, 2.0), (0.0, 3.0), (0.4, 0.01), (5.0, 30.0)])


@points(2.5, kept=LEANED_ON)
def test_score_function_law(pathwise_gradient, score_function_gradient):
    """The score-function estimates have the mean and the spread they should, wherever mu lies, and the other route's another.

    Chernoff, 41 points, 10,000 samples, two values of mu: a share of samples off by 0.07 anywhere is missed with probability
    below 1e-9.
    """
    _score_follows(score_function_gradient, [(1.0, 1.0), (-0.6, 1.0)])
    expect.true(not _is_the_other(_score_follows, pathwise_gradient), TWICE)


@points(1, kept=LEANED_ON)
def test_score_function_law_at_other_sigmas(score_function_gradient):
    """The score-function estimates have the mean and the spread they should, whatever sigma is.

    Chernoff, as above.
    """
    _score_follows(score_function_gradient, [(1.3, 0.5), (-2.0, 2.0), (0.0, 3.0), (0.4, 0.01), (5.0, 30.0)])


def _noise_far_out(value, n, estimate, name):
    """The eps that made these estimates at mu = 70, sigma = 1.2, where both rise with their noise, to 1e-5 (bisection in ±9)."""
    found = expect.sample(value, (n,), f"{name}: one estimate per sample")
    expect.true(bool((found != found[0]).any()), f"{name}: all estimates of a call are the same number")
    low, high = torch.full_like(found, -9.0), torch.full_like(found, 9.0)
    for _ in range(40):
        middle = (low + high) / 2
        beyond = estimate(middle, 70.0, 1.2) > found
        low, high = torch.where(beyond, low, middle), torch.where(beyond, middle, high)
    expect.true(
        bool((low.abs() < 8.9).all()), f"{name}: among its estimates are some that no noise can explain: are all n of them drawn?"
    )
    return low


def _signs(eps):
    """Above or below their own median."""
    above = (eps > eps.median()).double()
    return 2 * (above - above.mean())  # where two values are all there is, no coins


def _independent(function, in_a_row, estimate, name):
    """Signs of the noise behave like coin flips: within a call at every distance and mirrored, and between calls (Hoeffding).

    Two calls in a row, with nothing seeded in between, differ. The numbers of a call neither avoid each other, nor have one mean or one spread in nine calls (noise.scattered, noise.not_alike).
    """
    reports = [function.report(70.0, 1.2, 1000) for _ in range(3)]
    drawn = [_noise_far_out(report.value, 1000, estimate, name) for report in reports]
    signs = [_signs(eps) for eps in drawn]
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
    one, other, seed_stayed = expect.parts(
        in_a_row(name=name, mu=70.0, sigma=1.2, n=1000), 3, "the estimates of two calls in a row"
    )
    seeded = len({report.rng_after for report in reports}) == 1 or seed_stayed is not True
    expect.true(not seeded, f"{name}: the call sets torch's global seed, for everyone")
    one, other = (_noise_far_out(value, 1000, estimate, name) for value in (one, other))
    expect.true(not torch.equal(one, other), f"{name}: two calls in a row draw the very same noise")
    what = f"{name}: the noise of the estimates"
    noise.scattered(drawn[0], what)
    noise.not_alike([_noise_far_out(function(70.0, 1.2, 8), 8, estimate, name) for _ in range(9)], what)


WITH_THE_LAW = [(1.3, 0.5)]  # the independence of noise that is of the wrong law is worth nothing


@points(0.25)
def test_pathwise_samples_are_independent(pathwise_gradient, estimated_twice):
    """The pathwise estimates come from independent noise, new in every call, and no seed is set.

    Signs of 1,000 samples at 999 distances, mirrored, and across three calls (Hoeffding; four statements at 1e-10); gaps, and nine
    calls of 8 (noise.py). Equal
    or opposite noise is never missed. The generator's next numbers agree in all three calls by chance with 2^-48.
    """
    _pathwise_follows(pathwise_gradient, WITH_THE_LAW)
    _independent(pathwise_gradient, estimated_twice, _pathwise, "pathwise_gradient")


@points(0.25)
def test_score_function_samples_are_independent(score_function_gradient, estimated_twice):
    """The score-function estimates come from independent noise, new in every call, and no seed is set.

    As for the pathwise estimates: z^2 eps / sigma has the sign of eps.
    """
    _score_follows(score_function_gradient, WITH_THE_LAW)
    _independent(score_function_gradient, estimated_twice, _score, "score_function_gradient")


@points(0.5)
def test_any_n(pathwise_gradient, score_function_gradient):
    """Any number of samples works, one too, and each is a sample.

    At mu = -70 two float32 calls agree in all of 7 estimates with probability below 1e-30, and all of 7 are within 10 of zero
    below 1e-17.
    """
    _pathwise_follows(pathwise_gradient, [(1.3, 0.5)])
    _score_follows(score_function_gradient, [(1.3, 0.5)])
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
