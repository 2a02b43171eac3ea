"""Question 2, graded: the noise, the law of z, and both gradients by value.

No check depends on how the noise is drawn. Each recovers it, eps = (z - mu) / sigma, and asks of eps what is true of
standard-normal noise alone (autograder/checks/noise.py, with the bounds). Where mu = 0 and sigma = 1 z is the noise itself, so what these
checks say of it does not lean on the formula.

What an answer may get: the right law without a gradient (sample(), torch.normal) a third, 5 of 15; another sigma, or another place
for mu, less than a third; noise of another law keeps the gradients and its independence, 10.5 of 15, shared noise the gradients,
8 or 9; manners pay where z is right.
"""

import torch

from autograder.authoring import LEANED_ON, expect, noise, points

NOISE = "the noise"


def _inputs(rng, shape, dtype=torch.float32, spread=1.0):
    """mu in (-3, 3) and logvar in (-2, 2) or wider, all different."""
    mu = 6 * torch.rand(shape, generator=rng, dtype=dtype) - 3
    logvar = spread * (4 * torch.rand(shape, generator=rng, dtype=dtype) - 2)
    return mu, logvar


def _noise(z, mu, logvar):
    """The eps that made z, in float64; a rare infinity (see expect.sample) counts as 9."""
    z = expect.sample(z, mu.shape, "z")
    eps = (z - mu.detach().double()) * torch.exp(-0.5 * logvar.detach().double())
    return eps.nan_to_num(posinf=9.0, neginf=-9.0)


def _drawn(reparameterize, rows, columns):
    """The noise of one call, with nothing around it: mu = 0 and sigma = 1."""
    z = reparameterize(torch.zeros(rows, columns), torch.zeros(rows, columns))
    return expect.sample(z, (rows, columns), "z").nan_to_num(posinf=9.0, neginf=-9.0)


def _sizes(eps):
    """The spread of each column, for what it should be: the median of |eps| over the normal law's. Blind to tails."""
    return eps.abs().median(0).values / 0.67449


def _scatters(eps, most, summary):
    """The spread of every column is right up to a factor `most` of at least 1.15, of 8,000 numbers or more.

    At 1 / 1.15 and at 1.15 of the median the normal law has 0.442 and 0.562 of its numbers, not 0.5: Chernoff, below exp(-53).
    """
    sizes = _sizes(eps)
    expect.true(bool(((sizes < most) & (sizes > 1 / most)).all()), summary)


def _differs(eps):
    """Nobody's noise is everybody's; whatever else is said of the mean or the spread needs more than one number."""
    expect.true(bool(eps.any()), "z is mu itself: where is the noise?")
    expect.true(bool((eps - eps[0]).abs().max() > 1e-4), "every example gets the same noise")
    expect.true(bool((eps - eps[:, :1]).abs().max() > 1e-4), "all latent dimensions of an example get the same noise")


@points(1)
def test_normal(reparameterize):
    """The noise is independent and normal, in the middle and in the tails.

    451,000 numbers in five calls of some 100,000 (a loop over elements takes a second for each). See noise.py for what is sure
    to be found: what clips or cuts at 4 or less, 12 uniforms, a spread off by 1.5 %, rounding to three digits.
    """
    square = _drawn(reparameterize, 128, 128)
    noise.independent(square, NOISE)
    calls = [square, *(_drawn(reparameterize, 1700, 64) for _ in range(4))]
    if noise.comes_back(calls[1], calls[2]):  # another check's business; what they share would count several times here
        calls = calls[1:2]
    noise.follows_the_law(torch.cat([eps.flatten() for eps in calls]), NOISE)
    noise.not_standardised(square, NOISE)
    noise.scattered(square, NOISE)


@points(1.5, kept=LEANED_ON)
def test_every_element_has_noise_of_its_own(reparameterize):
    """Neither two examples nor two latent dimensions share noise, wholly or in part.

    128 x 128: all pairs of rows and of columns, all distances (Hoeffding, noise.independent), whatever the law of the noise.
    """
    noise.independent(_drawn(reparameterize, 128, 128), NOISE)


@points(1)
def test_calls_are_independent(reparameterize):
    """Every call draws fresh noise, and none touches the global seed.

    The same inputs three times, 128 x 128, at all distances and between all rows of the one and of the next
    (noise.new_in_every_call); nine small calls, whose means and spreads would agree if each were standardised. The generator's next numbers are equal in two of
    three calls by chance with 2^-24, in all three with 2^-48.
    """
    zeros = torch.zeros(128, 128)
    reports = [reparameterize.report(zeros, zeros) for _ in range(3)]
    seeded = len({report.rng_after for report in reports}) == 1
    expect.true(not seeded, "the call sets torch's global seed, for everyone: never seed inside a function that samples")
    calls = [expect.sample(report.value, (128, 128), "z").nan_to_num(posinf=9.0, neginf=-9.0) for report in reports]
    noise.new_in_every_call(calls, NOISE)
    noise.independent(calls[0], NOISE)
    noise.not_alike([_drawn(reparameterize, 2, 3) for _ in range(9)], NOISE)


@points(0.25, kept=LEANED_ON)
def test_mean(reparameterize, rng):
    """On average z is mu.

    16 columns of 2,000, each of one sigma. The median of z - mu is compared with that of its size, so that nothing but the place is
    judged here: 0.27 sigma apart at most (0.4 of sigma itself); of standard-normal numbers 0.34 lie beyond 0.4, half of 2,000 do
    with probability below exp(-100).
    """
    mu = torch.linspace(-6, 6, 16) + torch.rand(2000, 16, generator=rng)
    logvar = torch.linspace(-1, 1.1, 16).expand(2000, 16)
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    _differs(eps)
    centre, size = eps.median(0).values.abs(), _sizes(eps)
    expect.true(bool((centre <= 0.4 * size).all()), "z does not scatter around mu: half of it should lie above, half below")


@points(0.75, kept=LEANED_ON)
def test_spread(reparameterize, rng):
    """The spread of z around mu is sigma, whatever sigma is.

    8,000 numbers for each of 7 levels of logvar. A factor 1.15 at one level, or 1.08 at all of them together (56,000 numbers, of which
    0.464 or 0.534 lie within: Chernoff, below exp(-120)), is too much.
    """
    mu, jitter = _inputs(rng, (8000, 7), torch.float64, spread=0.1)
    logvar = torch.tensor([-5.0, -2.5, -1.0, 0.0, 1.0, 2.5, 5.0], dtype=torch.float64) + jitter
    eps = _noise(reparameterize(mu, logvar), mu, logvar)
    _differs(eps)
    _scatters(eps, 1.15, "the spread of z around mu is not sigma")
    together = _sizes(eps.reshape(-1, 1)).item()
    expect.true(1 / 1.08 < together < 1.08, "the spread of z around mu is not sigma")


def _gradient(reparameterize, rng, name, shape=(40, 16), dtype=torch.float32):
    """The gradient of one input of a z that scatters as sigma says, what weighed it, and z - mu.

    Nine tenths of |eps| lie below 1.645. That quantile of 320 numbers is within (0.6, 3.4) with probability above 1 - 1e-10, so
    two groups differ by a factor of 8 at most; a z that scatters by anything but sigma differs by far more, since logvar is
    about -12 in one and 9 in the other. Noise of another law, or shared, passes: it is judged elsewhere.
    """
    mu, logvar = _inputs(rng, shape, dtype)
    half = shape[1] // 2
    logvar = 0.5 * logvar + torch.where(torch.arange(shape[1]) < half, -12.0, 9.0).to(dtype)
    weights = torch.randn(shape, generator=rng, dtype=dtype)
    mu.requires_grad_()
    logvar.requires_grad_()
    z = noise.drawn(reparameterize, mu, logvar, shape=shape, what="z")
    expect.true(not torch.equal(z.detach().to(dtype), mu.detach()), "z is mu itself: where is the noise?")
    grad = expect.gradients(z * weights, {name: (mu if name == "mu" else logvar)}, "z")[name]
    expect.true(bool(grad.any()), f"dz/d{name} is exactly 0: z looks differentiable and is not")
    size = _noise(z, mu, logvar).abs()
    narrow, wide = (part.flatten().quantile(0.9).item() for part in (size[:, :half], size[:, half:]))
    expect.true(narrow < 8 * wide and wide < 8 * narrow, "z does not scatter as far as sigma says, so its slopes mean little")
    return grad, weights, (z - mu).detach().double()


@points(2.5, kept="the public check asks for both gradients at once; here a right one earns its points beside a wrong one")
def test_gradient_of_mu(reparameterize, rng):
    """Moving mu moves z by as much, element by element, and sigma says how far z scatters."""
    for dtype in (torch.float32, torch.float64):
        grad, weights, _ = _gradient(reparameterize, rng, "mu", dtype=dtype)
        expect.close(grad, weights, "dz/dmu", rtol=1e-4, atol=1e-5)


@points(4, kept="the public check asks for both gradients at once; here a right one earns its points beside a wrong one")
def test_gradient_of_logvar(reparameterize, rng):
    """Moving logvar moves z by half its distance from mu, element by element."""
    for dtype in (torch.float32, torch.float64):
        grad, weights, away = _gradient(reparameterize, rng, "logvar", dtype=dtype)
        narrow = away[:, :8].abs().max().item()
        # In float32 z - mu is rounded as z is, by up to 1e-6 here.
        expect.close(grad, weights * 0.5 * away, "dz/dlogvar", rtol=1e-4, atol=1e-5)
        expect.close(grad[:, :8], (weights * 0.5 * away)[:, :8], "dz/dlogvar", rtol=1e-4, atol=1e-4 * narrow + 5e-6)


def _follows_both(reparameterize, rng):
    """Manners pay only where z and its gradients are right; the laws of small samples are left to other checks."""
    grad, weights, _ = _gradient(reparameterize, rng, "mu")
    expect.close(grad, weights, "dz/dmu", rtol=1e-4, atol=1e-5)
    mu, logvar = _inputs(rng, (8000, 2))
    logvar.requires_grad_()
    z = noise.drawn(reparameterize, mu, logvar, shape=(8000, 2), what="z")
    eps = _noise(z, mu, logvar)
    _scatters(eps, 1.175, "the spread of z around mu is not sigma")
    expect.true(bool((eps.median(0).values.abs() < 0.4).all()), "z does not scatter around mu")
    grad = expect.gradients(z, {"logvar": logvar}, "z")["logvar"]
    expect.close(grad, 0.5 * (z.detach() - mu), "dz/dlogvar", rtol=1e-4, atol=1e-5)


@points(0.75)
def test_extremes(reparameterize, rng):
    """Very small and very large variances keep their size, and their gradients.

    1,000 numbers for each of 8 levels of logvar in two dtypes. A spread 1.5 times too large or too small is too much: of
    standard-normal numbers 0.347 or 0.688 lie within that, not half (Chernoff, below exp(-49)). A guard of 1e-8
    beside sigma is a thirtieth of the smallest here, and fine.
    """
    levels = [-30.0, -29.0, -24.0, -16.0, 6.5, 8.0, 10.5, 12.0]
    _follows_both(reparameterize, rng)
    for dtype in (torch.float32, torch.float64):
        mu, logvar = torch.zeros(1000, 8, dtype=dtype), torch.tensor(levels, dtype=dtype).expand(1000, 8)
        eps = _noise(reparameterize(mu, logvar), mu, logvar)
        _scatters(eps, 1.5, "at an extreme logvar the spread of z is not sigma")
        mu, logvar = torch.zeros(2, 8, dtype=dtype), torch.tensor(levels, dtype=dtype).expand(2, 8).clone()
        mu.requires_grad_()
        logvar.requires_grad_()
        z = noise.drawn(reparameterize, mu, logvar, shape=(2, 8), what="z")
        grad = expect.gradients(z, {"logvar": logvar}, "z at an extreme logvar")["logvar"]
        scale = torch.exp(-0.5 * logvar.detach().double())
        half = 0.5 * z.detach().double() * scale
        expect.close(grad.double() * scale, half, "dz/dlogvar at an extreme logvar", rtol=0.05, atol=1e-5)
        expect.close((grad.double() * scale)[:, 3:], half[:, 3:], "dz/dlogvar at an extreme logvar", rtol=1e-3, atol=1e-5)


@points(0.25)
def test_pure(reparameterize, rng):
    """mu, logvar and the z of the call before are left as they were, with and without gradients, and z has their dtype."""
    for dtype in (torch.float32, torch.float64):
        for needs_gradient in (False, False, True):
            mu, logvar = _inputs(rng, (3, 5), dtype, spread=12.0)  # beyond what anybody's guard lets pass
            mu, logvar = (20 * mu).requires_grad_(needs_gradient), logvar.requires_grad_(needs_gradient)
            report = reparameterize.report(mu, logvar)
            expect.tensor(report.value, (3, 5), "z", dtype=dtype, finite=False)  # by bad luck it may be infinite
            expect.pure(report.changed)
    mu, logvar = (value.requires_grad_() for value in _inputs(rng, (3, 5)))
    first, _ = noise.drawn(reparameterize, mu, logvar, shape=(3, 5), what="z"), reparameterize(mu, logvar)
    grads = expect.gradients(first, {"mu": mu, "logvar": logvar}, "z of a call after which there was another")
    wanted = 0.5 * (first - mu).detach()
    expect.close(grads["logvar"], wanted, "dz/dlogvar of a call after which there was another", rtol=1e-4, atol=1e-5)
    _follows_both(reparameterize, rng)


@points(0.5)
def test_noise_without_gradients(reparameterize, sampled_without_gradients, rng):
    """z is a sample where no gradient is recorded, too: a model that is looked at draws as one that is trained.

    8,000 numbers in two columns under no_grad and in inference mode, of inputs that require grad and that don't (bounds as above).
    Nothing is seeded between the four, and two at a time are of the very same tensors, so that noise comes again which is kept for
    them, or which puts the generator back.
    """
    mu, logvar = _inputs(rng, (8000, 2))
    *drawn, seed_stayed = expect.parts(sampled_without_gradients(mu=mu, logvar=logvar), 5, "z, four times")
    expect.true(seed_stayed is True, "the call sets torch's global seed, for everyone: never seed inside a function that samples")
    for z in drawn:
        eps = _noise(z, mu, logvar)
        expect.true(bool(eps.any()), "under no_grad or in inference mode z is mu itself: where is the noise?")
        _scatters(eps, 1.175, "under no_grad or in inference mode the spread of z around mu is not sigma")
    again = [expect.sample(z, (8000, 2), "z") for z in drawn]
    expect.true(not any(torch.equal(z, again[0]) for z in again[1:]), "two calls in a row draw the very same noise")
    _follows_both(reparameterize, rng)


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
    _follows_both(reparameterize, rng)
