"""The KL against three things that cannot share its slips: torch.distributions, an integral, and identities.

Every input is random (from rng) but every check is exact: there is no probability of failing a right answer.

Who misses the idea gets a third at most: a KL without a gradient has its values, 4 of 12, and a wrong one what it has by chance.
"""

import torch
from torch import Tensor

from autograder.authoring import expect, points

F64 = torch.float64


def _normal(rng: torch.Generator, *shape: int, dtype: torch.dtype = F64) -> Tensor:
    return (1.5 * torch.randn(shape, generator=rng, dtype=F64)).to(dtype)


def _codes(rng: torch.Generator, *shape: int, dtype: torch.dtype = F64) -> tuple[Tensor, Tensor]:
    """mu and logvar, one dimension next to the prior and one that is wide: a floor of a hundredth nat under the KL shows, and a cap."""
    mu, logvar = _normal(rng, *shape, dtype=dtype), _normal(rng, *shape, dtype=dtype)
    mu[-1, -1], logvar[-1, -1], logvar[0, 0] = 0.02, -0.02, 5.5
    return mu, logvar


def _from_distributions(mu: Tensor, logvar: Tensor) -> Tensor:
    mu, logvar = mu.detach().double(), logvar.detach().double()
    code = torch.distributions.Normal(mu, (logvar / 2).exp())
    prior = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(code, prior).sum(-1)


def _average_log_ratio(mu: Tensor, logvar: Tensor) -> Tensor:
    """E_q[log q(z) - log p(z)] of (B, 1) codes, by the trapezoid rule on mu ± 12 sigma.

    The integrand is a Gaussian times a parabola, for which that rule is exact to about 1e-14.
    """
    u = torch.linspace(-12, 12, 1201, dtype=F64)
    density = torch.exp(-u.square() / 2) / (2 * torch.pi) ** 0.5
    z = mu + (logvar / 2).exp() * u
    log_ratio = (z.square() - u.square()) / 2 - logvar / 2
    return torch.trapezoid(density * log_ratio, u)


def _kl(gaussian_kl, mu: Tensor, logvar: Tensor) -> Tensor:
    return expect.tensor(gaussian_kl(mu, logvar), mu.shape[:1], "one KL per example")


def _right(gaussian_kl, mu: Tensor, logvar: Tensor) -> Tensor:
    """The KLs of a random batch, right ones, with a gradient that pulls: manners earn nothing without them."""
    leaves = {name: value.detach().clone().requires_grad_() for name, value in (("mu", mu), ("logvar", logvar))}
    kl = expect.tensor(gaussian_kl(*leaves.values()), mu.shape[:1], "one KL per example")
    expect.close(kl, _from_distributions(mu, logvar), "the KL", rtol=1e-3, atol=1e-4)
    grads = expect.gradients(kl, leaves, "the KL")
    expect.close(grads["mu"], mu, "the gradient with respect to mu", rtol=1e-3, atol=1e-5)
    expect.close(grads["logvar"], torch.expm1(logvar) / 2, "the gradient with respect to logvar", rtol=1e-3, atol=1e-5)
    return kl.detach()


@points(2, kept="the only values at general inputs: the gradients fix them up to a constant, the public checks at special ones")
def test_values(gaussian_kl, rng):
    """The KL is the average of log q − log p under q, for any mean and spread."""
    mu, logvar = _codes(rng, 7, 3)
    value = expect.tensor(gaussian_kl(mu, logvar), (7,), "one KL per example")
    expect.close(value, _from_distributions(mu, logvar), "the KL in float64")
    mu, logvar = _codes(rng, 3, 200)  # a product of so many variances would be nothing or infinite
    value = expect.tensor(gaussian_kl(mu, logvar + 3), (3,), "one KL per example")
    expect.close(value, _from_distributions(mu, logvar + 3), "the KL with many latent dimensions")
    mu, logvar = _codes(rng, 9, 1)
    value = expect.tensor(gaussian_kl(mu, logvar), (9,), "one KL per example")
    expect.close(value, _average_log_ratio(mu, logvar), "the KL with one latent dimension")
    mu, logvar = _codes(rng, 4, 20, dtype=torch.float32)
    value = expect.tensor(gaussian_kl(mu, logvar), (4,), "one KL per example")
    expect.close(value, _from_distributions(mu, logvar), "the KL in float32")


@points(0.5)
def test_near_the_prior(gaussian_kl, rng):
    """A code close to the prior has a KL close to zero, to the last digits that float64 can hold.

    Each dimension adds four numbers of size about 1 and loses all but the last digits of them: a right answer is off by a few
    machine epsilons for each operation, so 100 Z epsilons bound it however it is written. The truth is Taylor's series.
    """
    mu, logvar = 1e-3 * _normal(rng, 6, 4), 1e-3 * _normal(rng, 6, 4)
    mu[0], logvar[0] = 0, 0
    series = sum(logvar**k / torch.arange(1, k + 1).prod() for k in range(2, 7))
    value = expect.tensor(gaussian_kl(mu, logvar), (6,), "one KL per example")
    # A coarser dtype than float32 gets no wider bound, and a constant, however close to zero, none at all.
    atol = 100 * 4 * torch.finfo(F64 if value.dtype == F64 else torch.float32).eps
    _right(gaussian_kl, *_codes(rng, 5, 4))
    expect.close(value, (mu.square() + series).sum(1) / 2, "the KL of a code close to the prior", rtol=0, atol=atol)


@points(2.5)
def test_gradients(gaussian_kl, rng):
    """The gradient pulls mu towards 0 and logvar towards 0, each by the slope of the KL, also where it's flat and far out."""
    (mu, logvar), weight = _codes(rng, 6, 4), torch.rand(6, generator=rng, dtype=F64) + 0.5
    mu[0], logvar[0] = 0, 0  # the prior
    mu[1, 0], mu[1, 1], logvar[1, 0], logvar[1, 1] = 30, -30, -29, 11
    mu.requires_grad_(), logvar.requires_grad_()
    value = expect.tensor(gaussian_kl(mu, logvar), (6,), "one KL per example")
    expect.true(value.is_floating_point(), "the result is not a floating-point tensor, so it carries no gradient")
    grads = expect.gradients(value * weight, {"mu": mu, "logvar": logvar}, "the KL")
    # The slopes of m²/2 and of (e^v − v)/2; the rows' weights show a gradient that leaks from one example to another.
    slopes = {"mu": weight[:, None] * mu, "logvar": weight[:, None] * torch.expm1(logvar) / 2}
    rtol = expect.RTOL[value.dtype]  # a float32 result is the dtype check's business
    for name, slope in slopes.items():
        expect.close(grads[name], slope, f"the gradient with respect to {name}", rtol=rtol)


@points(1.5)
def test_extremes(gaussian_kl, rng):
    """A log-variance anywhere from −30 to 12, in every dimension at once, gives the right finite number."""
    logvar = torch.tensor([-30.0, -20.0, -12.0, 6.0, 9.0, 12.0], dtype=F64)[:, None].expand(6, 5)
    mu = _normal(rng, 6, 5)
    _right(gaussian_kl, *_codes(rng, 6, 5))
    for dtype in (torch.float32, F64):
        inputs = mu.to(dtype), logvar.to(dtype).contiguous()
        value = expect.tensor(gaussian_kl(*inputs), (6,), "one KL per example")
        expect.close(value, _from_distributions(*inputs), "the KL at an extreme log-variance")
    apart = 40 * mu.sign()
    expect.close(_kl(gaussian_kl, apart, mu), _from_distributions(apart, mu), "the KL far from the prior")


@points(1.5)
def test_sums_over_dimensions_not_examples(gaussian_kl, rng):
    """The KLs of two groups of dimensions add up, and an example's KL is the same alone as in any batch."""
    mu, logvar = _codes(rng, 4, 4)  # square on purpose: the axes must not be told apart by their sizes
    kl = _right(gaussian_kl, mu, logvar)
    expect.close(kl, _from_distributions(mu, logvar), "the KL", rtol=1e-6)  # or what is rounded may add up by chance
    left, right = _kl(gaussian_kl, mu[:, :1], logvar[:, :1]), _kl(gaussian_kl, mu[:, 1:], logvar[:, 1:])
    expect.close(left + right, kl, "the KL of some dimensions plus that of the others")
    alone = [_kl(gaussian_kl, mu[i : i + 1], logvar[i : i + 1]) for i in range(4)]
    expect.close(torch.cat(alone), kl, "the KL of an example on its own")
    tiny = _kl(gaussian_kl, mu[:1, :1], logvar[:1, :1])
    expect.close(tiny, left[:1], "the KL of one example with one dimension")


@points(1)
def test_keeps_the_dtype(gaussian_kl, rng):
    """float32 in, float32 out; float64 in, float64 out."""
    for dtype in (torch.float32, F64):
        mu, logvar = _codes(rng, 3, 2, dtype=dtype)
        expect.tensor(gaussian_kl(mu, logvar), (3,), "one KL per example", dtype=dtype)
        _right(gaussian_kl, mu, logvar)


@points(1)
def test_is_pure(gaussian_kl, kl_before_and_after, rng):
    """The same inputs always give the same KL and changed ones another, no input is changed, and no global seed is set."""
    mu, logvar = _codes(rng, 5, 3)
    reports = [gaussian_kl.report(mu, logvar) for _ in range(3)]  # first: a hint says so where two of them differ
    _right(gaussian_kl, mu, logvar)
    codes = (20 * mu).requires_grad_(), (12 * logvar).requires_grad_()  # beyond what anybody's guard lets pass
    far_out = gaussian_kl.report(*codes)
    others = [gaussian_kl.report(mu[i:], logvar[i:]) for i in (1, 1)] + [gaussian_kl.report(mu[:4], logvar[:4])]
    for report in (*reports, far_out, *others):
        expect.pure(report.changed)
    values = [expect.tensor(report.value, (5,), "one KL per example") for report in reports]
    expect.close(values[1], values[0], "a second call with the same inputs")
    expect.close(values[2], values[0], "a third call with the same inputs")
    looked_at = expect.tensor(gaussian_kl.without_gradients(mu, logvar), (5,), "one KL per example")
    expect.close(looked_at, values[0], "the KL where no gradient is recorded")
    other = _kl(gaussian_kl, mu.flip(0), logvar.flip(0))
    expect.close(other, values[0].flip(0), "the same examples in another order")
    _, after = expect.parts(kl_before_and_after(mu=mu, logvar=logvar, step=0.5), 2, "the KL before and after a step")
    want = _kl(gaussian_kl, mu + 0.5, logvar - 0.5)
    expect.close(expect.tensor(after, (5,), "one KL per example"), want, "the KL of tensors that changed since the last call")
