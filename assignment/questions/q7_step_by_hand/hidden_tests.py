"""Each number is judged from the true earlier numbers and from the student's own: whichever it follows from.

Tolerance: an earlier number was rounded, or cut, to four significant digits, so it may be off by one unit of the fourth; so may
the answer itself. A number passes if it lies within what that does to the formula, to first order, plus that one unit of its own.
"""

import math
from itertools import product

from autograder.authoring import Failed, expect, points

X, MU, LOGVAR, EPS, LR = 3.0, 0.8, -0.4, 0.5, 0.1
SLOPE, OFFSET = 1.2, 0.1  # of the decoder
SIGMA = math.exp(0.5 * LOGVAR)
Z = MU + SIGMA * EPS
X_HAT = SLOPE * Z + OFFSET
RECON = 0.5 * (X - X_HAT) ** 2
KL = 0.5 * (SIGMA**2 + MU**2 - 1 - LOGVAR)
DMU = SLOPE * (X_HAT - X) + MU
DLOGVAR = SLOPE * (X_HAT - X) * 0.5 * SIGMA * EPS + 0.5 * (SIGMA**2 - 1)


GIVEN = (0.0, X, MU, LOGVAR, EPS)  # what an answer may be by doing nothing


def one_unit(number):
    """One unit of the fourth significant digit."""
    return 10.0 ** (math.floor(math.log10(abs(number))) - 3) if number else 1e-4


def is_round(number):
    """Whether it is a digit, or some halves: a computed number is so once in hundreds of times."""
    return abs(number - float(f"{number:.0e}")) < 1e-9 * abs(number) or (2 * number).is_integer()


def either(answer, own, truth, positive=False):
    """The values an earlier number may have: the true one and, where it makes sense, the student's own.

    It makes no sense when it is no number, absurdly large or small, not positive where it has to be, or the very number to be
    judged: the same number filled in everywhere follows from nothing.
    """
    try:
        own = expect.number(own, "an earlier number")
    except Failed:
        return [truth]
    sensible = 1e-3 <= abs(own) <= 1e3 and (own > 0 or not positive) and own != answer
    return [truth, own] if sensible else [truth]


def trivial(want, numbers):
    """Whether an own earlier number makes this step one: what follows is a number that was given, zero, or what went in, unchanged.

    x_hat = 3 makes the reconstruction zero, and a gradient of 0.001 leaves the mean where it was: neither takes a formula.
    """
    return any(abs(want - other) <= 5e-3 * max(abs(other), 1) for other in (*GIVEN, *numbers))


def follows(answer, name, *routes, source, sums=False):
    """Fail unless `answer` is what one of the routes gives for one choice of the earlier numbers.

    A route is a formula and what goes into it: (own, truth) or (own, truth, has to be positive) for each earlier number. Own numbers
    count where the step from them is not trivial; in `sums`, where any two numbers give a third, round ones count only if they
    are true: invented numbers are round, and computed ones seldom.
    """
    got = expect.number(answer, name)
    far = math.inf
    for formula, *earlier in routes:
        for numbers in product(*(either(got, *number) for number in earlier)):
            want = formula(*numbers)
            own = [number for number, (_, truth, *_rest) in zip(numbers, earlier, strict=True) if number != truth]
            if own and (trivial(want, numbers) or (sums and any(map(is_round, own)))):
                continue
            slack = one_unit(want)
            for i, number in enumerate(numbers):
                nudged = [*numbers[:i], number + one_unit(number), *numbers[i + 1 :]]
                slack += abs(formula(*nudged) - want)
            far = min(far, abs(got - want) / slack)
    if 1 + 1e-9 < far <= 8:
        expect.fail(f"{name} is nearly right: give it, and the numbers it builds on, with four significant digits")
    expect.true(far <= 8, f"{name} does not follow from {source}")


@points(2)
def test_sigma(q7_sigma):
    """Step 1: the standard deviation belongs to the log-variance."""
    follows(q7_sigma, "q7_sigma", (lambda: SIGMA,), source="the log-variance given")


@points(2)
def test_z(q7_z, q7_sigma=None):
    """Step 2: z follows from the mean, the standard deviation and the noise."""
    route = (lambda sigma: MU + sigma * EPS, (q7_sigma, SIGMA, True))
    follows(q7_z, "q7_z", route, source="the numbers given, nor from your q7_sigma")


@points(1)
def test_x_hat(q7_x_hat, q7_z=None):
    """Step 3: the decoder's output follows from z."""
    route = (lambda z: SLOPE * z + OFFSET, (q7_z, Z))
    follows(q7_x_hat, "q7_x_hat", route, source="the numbers given, nor from your q7_z")


@points(1)
def test_recon(q7_recon, q7_x_hat=None):
    """Step 3: the reconstruction term follows from the decoder's output."""
    route = (lambda x_hat: 0.5 * (X - x_hat) ** 2, (q7_x_hat, X_HAT))
    follows(q7_recon, "q7_recon", route, source="the numbers given, nor from your q7_x_hat")


@points(1)
def test_kl(q7_kl, q7_sigma=None):
    """Step 4: the KL follows from the encoder's Gaussian."""
    route = (lambda sigma: 0.5 * (sigma**2 + MU**2 - 1 - LOGVAR), (q7_sigma, SIGMA, True))
    by_sigma = (
        lambda sigma: 0.5 * (sigma**2 + MU**2 - 1 - 2 * math.log(sigma)),
        (q7_sigma, SIGMA, True),
    )  # log sigma^2 from it, too
    follows(q7_kl, "q7_kl", route, by_sigma, source="the numbers given, nor from your q7_sigma")


@points(1)
def test_loss(q7_loss, q7_recon=None, q7_kl=None):
    """Step 4: the loss follows from its two terms."""
    route = (lambda recon, kl: recon + kl, (q7_recon, RECON), (q7_kl, KL))  # a wrong sign was paid for where it was made
    follows(q7_loss, "q7_loss", route, source="the numbers given, nor from your q7_recon and q7_kl", sums=True)


@points(1)
def test_dmu(q7_dmu, q7_x_hat=None):
    """Step 5: the gradient for the mean has both its routes, through z and through the KL."""
    route = (lambda x_hat: SLOPE * (x_hat - X) + MU, (q7_x_hat, X_HAT))
    follows(q7_dmu, "q7_dmu", route, source="the numbers given, nor from your q7_x_hat")


@points(1)
def test_dlogvar(q7_dlogvar, q7_sigma=None, q7_z=None, q7_x_hat=None):
    """Step 5: the gradient for the log-variance has both its routes, through z and through the KL."""
    sigma, z, x_hat = (q7_sigma, SIGMA, True), (q7_z, Z), (q7_x_hat, X_HAT)
    # z moves by sigma eps / 2 = (z - mu) / 2 as the log-variance moves by 1: either form may be used.
    by_sigma = (lambda s, t, out: SLOPE * (out - X) * 0.5 * s * EPS + 0.5 * (t**2 - 1), sigma, sigma, x_hat)
    by_z = (lambda z, t, out: SLOPE * (out - X) * 0.5 * (z - MU) + 0.5 * (t**2 - 1), z, sigma, x_hat)
    follows(q7_dlogvar, "q7_dlogvar", by_sigma, by_z, source="the numbers given, nor from your earlier ones")


@points(1)
def test_new_mu(q7_new_mu, q7_dmu=None):
    """Step 6: the new mean is one step of gradient descent away from the old one."""
    route = (lambda gradient: MU - LR * gradient, (q7_dmu, DMU))
    follows(q7_new_mu, "q7_new_mu", route, source="the numbers given, nor from your q7_dmu", sums=True)


@points(1)
def test_new_logvar(q7_new_logvar, q7_dlogvar=None, q7_sigma=None):
    """Step 6: the new log-variance is one step of gradient descent away from the old one."""
    route = (lambda gradient: LOGVAR - LR * gradient, (q7_dlogvar, DLOGVAR))
    by_sigma = (lambda gradient, sigma: 2 * math.log(sigma) - LR * gradient, (q7_dlogvar, DLOGVAR), (q7_sigma, SIGMA, True))
    follows(q7_new_logvar, "q7_new_logvar", route, by_sigma, source="the numbers given, nor from your q7_dlogvar", sums=True)
