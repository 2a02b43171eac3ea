"""Question 2, graded: the law of z, its independence, and both gradients by value.

No check depends on how the noise is drawn. Each recovers it, eps = (z - mu) / sigma, and asks of eps what is true of
standard-normal noise alone. Thresholds come from bounds that hold for every sample size (x = log(statistics / 1e-10), so that
a right answer fails a check with probability at most 1e-9):
    a mean of n         |sum / sqrt(n)| > sqrt(2 x) with probability at most exp(-x) (Gaussian tail)
    a sum of n squares  outside n - 2 sqrt(n x) ... n + 2 sqrt(n x) + 2 x, at most exp(-x) a side (Laurent and Massart, 2000)
    signs, the law      expect.coin_flips (Hoeffding), expect.distributed (Chernoff)
"""

import math

import torch

from autograder import expect
from autograder.checks import points


def _inputs(rng, shape, dtype=torch.float32, spread=1.0):
    """mu in (-3, 3) and logvar in (-2, 2) or wider, all different."""
    mu = 6 * torch.rand(shape, generator=rng, dtype=dtype) - 3
    logvar = spread * (4 * torch.rand(shape, generator=rng, dtype=dtype) - 2)
    return mu, logvar


def _far_from_zero(rng, shape):
    """Inputs for the checks of signs: mu from 6 to 8 and sigma below 2.8, so that noise around anything but mu has one sign."""
    mu = 6 + 2 * torch.rand(shape, generator=rng)
    return mu, 4 * torch.rand(shape, generator=rng) - 2


def _noise(z, mu, logvar):
    """The eps that made z, in float64; a rare infinity (see expect.sample) counts as 9."""
    z = expect.sample(z, mu.shape, "z")
    eps = (z - mu.detach().double()) * torch.exp(-0.5 * logvar.detach().double())
    return eps.nan_to_num(posinf=9.0, neginf=-9.0)


def _signs(eps):
    return torch.where(eps > 0, 1.0, -1.0)


def _squares_as_expected(eps, miss, summary):
    """Each column of eps, and all of it: the sum of squares is chi-square."""
    x = math.log(2 * (eps.shape[1] + 1) / miss)
    for squares, n in ((eps.square().sum(0), eps.shape[0]), (eps.square().sum(), eps.numel())):
        low, high = n - 2 * math.sqrt(n * x), n + 2 * math.sqrt(n * x) + 2 * x
        expect.true(bool(((squares >= low) & (squares <= high)).all()), summary)


@points(0.5, kept="test_normal would only say that the law is wrong; this says that it is the centre")
def test_mean(reparameterize, rng):
    """On average z is mu.

    8 column means and the mean of all, each normal: sqrt(2 log(9 / 1e-10)) = 7.1 standard deviations. A shift of all eps by
    0.25 is missed with probability below 1e-9.
    """
    mu, logvar = _inputs(rng, (500, 8))
    mu = mu + torch.linspace(-6, 6, 8)  # no column's mean is near another's
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    expect.true(bool(eps.abs().max() > 0.01), "z is mu itself: where is the noise?")
    bound = math.sqrt(2 * math.log(9 / 1e-10))
    summary = "z does not average to mu"
    expect.true(bool((eps.sum(0).abs() <= bound * math.sqrt(500)).all()), summary)
    expect.true(abs(eps.sum().item()) <= bound * math.sqrt(eps.numel()), summary)


@points(1.75, kept="test_normal would only say that the law is wrong; this says that it is the spread, and looks at wider sigmas")
def test_spread(reparameterize, rng):
    """The spread of z around mu is sigma, whatever sigma is.

    Sums of 2,000 squares for each of 7 levels of logvar and of all 14,000 (Laurent and Massart): a variance 1.5 times too
    large or too small at one level is missed with probability below 1e-6, one 1.2 times too large or too small everywhere
    below 1e-9.
    """
    mu, jitter = _inputs(rng, (2000, 7), torch.float64, spread=0.1)
    logvar = torch.tensor([-5.0, -2.5, -1.0, 0.0, 1.0, 2.5, 5.0], dtype=torch.float64) + jitter
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    _squares_as_expected(
        eps, 1e-10, "the spread of z is not sigma, at one sigma or at all: how does sigma follow from log sigma squared?"
    )


@points(1.5)
def test_normal(reparameterize, rng):
    """The noise is normal, in the middle and in the tails.

    Shares of 60,000 below 71 points and within 36 distances (Chernoff, expect.distributed); a uniform, Laplace, two-valued or
    rounded law is missed with probability below 1e-9, a logistic one of variance 1 below 1e-6, one cut at 3 never (beyond lie
    162 of 60,000; 0 fails).
    """
    mu, logvar = _inputs(rng, (1000, 60))
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    both = torch.linspace(-3.5, 3.5, 71, dtype=torch.float64)
    inside = torch.linspace(0.05, 3.5, 36, dtype=torch.float64)
    summary = "the noise does not follow the standard normal law (its centre, its shape or its tails)"
    expect.distributed(eps, both, torch.special.ndtr(both), summary)
    expect.distributed(eps.abs(), inside, 2 * torch.special.ndtr(inside) - 1, summary)


def _independent_rows(eps, summary):
    """Signs of noise agree between two rows, and between rows k apart, as often as fair coins (Hoeffding)."""
    signs = _signs(eps)
    rows, columns = signs.shape
    products = signs @ signs.T
    above = torch.triu(torch.ones(rows, rows, dtype=torch.bool), 1)
    expect.coin_flips(products[above], columns, summary)
    lags = torch.stack([products.diagonal(k).sum() for k in range(1, rows)])
    expect.coin_flips(lags, columns * torch.arange(rows - 1, 0, -1), summary)


@points(1)
def test_examples_are_independent(reparameterize, rng):
    """Two examples of a batch never share noise.

    64 rows of 512: all 2,016 pairs and 63 lags (Hoeffding). Two rows equal or opposite give 512 where chance allows 180:
    never missed.
    """
    mu, logvar = _far_from_zero(rng, (64, 512))
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    _independent_rows(eps, "the noise of one example tells something about the noise of another")


@points(1)
def test_latent_dimensions_are_independent(reparameterize, rng):
    """Two latent dimensions of an example never share noise.

    64 columns of 512, as above: equal or opposite columns are never missed, neighbours with a correlation of 0.15 with
    probability below 1e-9.
    """
    mu, logvar = _far_from_zero(rng, (512, 64))
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    _independent_rows(eps.T, "the noise of one latent dimension tells something about the noise of another")


@points(1.5)
def test_calls_are_independent(reparameterize, rng):
    """Every call draws fresh noise, and none touches the global seed.

    The same inputs three times, 32 x 256: 1,024 pairs of rows for each of 3 pairs of calls (Hoeffding). The generator's next
    numbers are equal in two of the calls by chance with 2^-24, in all three with 2^-48.
    """
    mu, logvar = _far_from_zero(rng, (32, 256))
    reports = [reparameterize.report(mu, logvar) for _ in range(3)]
    signs = [_signs(_noise(report.value, mu, logvar)) for report in reports]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        products = signs[one] @ signs[other].T
        summary = "two calls share noise: the noise of a call must be new, not kept, seeded or computed from the inputs"
        expect.coin_flips(products, 256, summary, miss=1e-11)
        expect.coin_flips(products.trace().reshape(1), 32 * 256, summary, miss=1e-11)
    seeded = len({report.rng_after for report in reports}) == 1
    expect.true(not seeded, "the call sets torch's global seed, for everyone: never seed inside a function that samples")


@points(1.5, kept="the public check asks for both gradients at once; here a right one earns its points beside a wrong one")
def test_gradient_of_mu(reparameterize, rng):
    """Moving mu moves z by as much, element by element."""
    for dtype in (torch.float32, torch.float64):
        mu, logvar = _inputs(rng, (4, 6), dtype)
        weights = torch.randn(4, 6, generator=rng, dtype=dtype)
        mu.requires_grad_()
        logvar.requires_grad_()
        z = expect.tensor(reparameterize(mu, logvar), (4, 6), "z")
        grad = expect.gradients(z * weights, {"mu": mu}, "z")["mu"]
        expect.true(bool(_noise(z, mu, logvar).abs().max() > 0.01), "z is mu itself: where is the noise?")
        expect.true(bool(grad.any()), "dz/dmu is exactly 0: z looks differentiable and is not")
        expect.close(grad, weights, "dz/dmu", rtol=1e-5, atol=1e-6)


@points(2.5, kept="the public check asks for both gradients at once; here a right one earns its points beside a wrong one")
def test_gradient_of_logvar(reparameterize, rng):
    """Moving logvar moves z by half its distance from mu, element by element."""
    for dtype in (torch.float32, torch.float64):
        mu, logvar = _inputs(rng, (4, 6), dtype)
        weights = torch.randn(4, 6, generator=rng, dtype=dtype)
        mu.requires_grad_()
        logvar.requires_grad_()
        z = expect.tensor(reparameterize(mu, logvar), (4, 6), "z")
        grad = expect.gradients(z * weights, {"logvar": logvar}, "z")["logvar"]
        expect.true(bool(_noise(z, mu, logvar).abs().max() > 0.01), "z is mu itself: where is the noise?")
        expect.true(bool(grad.any()), "dz/dlogvar is exactly 0: z looks differentiable and is not")
        expect.close(grad, weights * 0.5 * (z - mu).detach(), "dz/dlogvar", rtol=1e-4, atol=1e-5)


@points(0.75)
def test_extremes(reparameterize, rng):
    """Very small and very large variances keep their size, and their gradients.

    Sums of 1,000 squares for each of 8 levels of logvar in two dtypes (Laurent and Massart); a variance 2 times too large or
    too small is missed with probability below 1e-9.
    """
    levels = [-30.0, -29.0, -24.0, -16.0, 6.5, 8.0, 10.5, 12.0]
    for dtype in (torch.float32, torch.float64):
        mu, logvar = torch.zeros(1000, 8, dtype=dtype), torch.tensor(levels, dtype=dtype).expand(1000, 8)
        eps = _noise(reparameterize(mu, logvar), mu, logvar)
        _squares_as_expected(eps, 5e-11, "at an extreme logvar the spread of z is not sigma")
        mu, logvar = torch.zeros(2, 7, dtype=dtype), torch.tensor(levels[1:], dtype=dtype).expand(2, 7).clone()
        mu.requires_grad_()
        logvar.requires_grad_()
        z = expect.tensor(reparameterize(mu, logvar), (2, 7), "z")
        grad = expect.gradients(z, {"logvar": logvar}, "z at an extreme logvar")["logvar"]
        scale = torch.exp(-0.5 * logvar.detach().double())
        half = 0.5 * z.detach().double() * scale
        expect.close(grad.double() * scale, half, "dz/dlogvar at an extreme logvar", rtol=1e-4, atol=1e-5)


@points(0.5)
def test_pure(reparameterize, rng):
    """mu and logvar are left as they were, with and without gradients, and z has their dtype."""
    for dtype in (torch.float32, torch.float64):
        for needs_gradient in (False, True):
            mu, logvar = _inputs(rng, (3, 5), dtype)
            mu, logvar = (20 * mu).requires_grad_(needs_gradient), logvar.requires_grad_(needs_gradient)
            report = reparameterize.report(mu, logvar)
            z = expect.tensor(report.value, (3, 5), "z", dtype=dtype)
            away = _noise(z, mu, logvar).abs()
            expect.true(not report.changed, f"{' and '.join(report.changed)} changed in place: compute on a copy")
            expect.true(0.01 < away.max().item() < 9.5, "z is not mu plus noise of the size of sigma")


@points(0.5)
def test_any_size(reparameterize, rng):
    """A batch of one and a latent of one work like any other.

    |eps| > 9.5 in one of 131 elements: below 1e-18. All |eps| of a call below 1e-4, in one of the four calls with several
    elements: below 1e-20 (a single float32 element may round to mu, so it is not asked).
    """
    for shape in [(1, 1), (1, 7), (7, 1), (2, 3), (11, 10)]:
        mu, logvar = _inputs(rng, shape)
        mu = 20 * mu
        away = _noise(reparameterize(mu, logvar), mu, logvar).abs().max().item()
        expect.true(
            away < 9.5 and (away > 1e-4 or mu.numel() == 1),
            "at an unusual batch or latent size z is not mu plus noise of the size of sigma",
        )
