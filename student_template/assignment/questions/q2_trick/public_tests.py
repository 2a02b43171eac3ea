"""What a student sees of question 2: the form, how z scatters around mu, fresh noise for everybody, and the two gradients."""

import math

import torch

from autograder.authoring import expect, noise, points


@points(0)
def test_form(reparameterize, rng):
    """z has the shape of mu."""
    mu, logvar = torch.randn(4, 3, generator=rng), torch.randn(4, 3, generator=rng)
    noise.drawn(reparameterize, mu, logvar, shape=(4, 3), what="z, one sample for each element of mu")


@points(0.5)
def test_z_scatters_around_mu(reparameterize, rng):
    """z scatters around mu, as far as sigma says.

    2,000 samples for each of 6 levels. Their mean is normal, off by more than t standard deviations with probability below
    exp(-t^2 / 2); their sum of squares is chi-square (Laurent and Massart): both bounds 1e-11 for each level. A mean off by 0.3 sigma
    or a sigma off by a quarter is always seen.
    """
    sigmas = torch.tensor([1.0, 0.5, 2.0, 0.1, 4.0, 1.5])
    mu = torch.tensor([0.0, 3.0, -2.0, 1.0, 5.0, -1.0]).expand(2000, 6) + 0.1 * torch.rand(2000, 6, generator=rng)
    z = expect.sample(reparameterize(mu, (2 * sigmas.log()).expand(2000, 6)), (2000, 6), "z")
    away = (z - mu.double()).nan_to_num(posinf=9.0, neginf=-9.0) / sigmas
    if bool(away.any()):  # of numbers that all share one draw, mean and spread say nothing
        expect.true(
            bool((away - away[0]).abs().max() > 1e-3), "every example got the same noise", "fed 2,000 examples of 6 latents"
        )
    n, x = 2000, math.log(1 / 1e-11)
    for sigma, mean, size in zip(sigmas.tolist(), away.mean(0).tolist(), away.square().mean(0).tolist(), strict=True):
        fed = f"fed logvar = {2 * math.log(sigma):.3g}, so sigma = {sigma:.3g}; of 2,000 samples z - mu averages {sigma * mean:.3g}"
        expect.true(abs(mean) <= math.sqrt(2 * x / n), "z does not scatter around mu", fed)
        fed = f"fed logvar = {2 * math.log(sigma):.3g}, so sigma = {sigma:.3g}; of 2,000 samples z - mu has a spread of"
        expect.true(
            n - 2 * math.sqrt(n * x) <= n * size <= n + 2 * math.sqrt(n * x) + 2 * x,
            "z does not scatter as far as sigma says",
            f"{fed} {sigma * math.sqrt(size):.3g}",
        )


@points(0)
def test_noise_is_fresh(reparameterize):
    """Neither two examples, two latent dimensions nor two calls get the same noise."""
    mu, logvar = torch.zeros(6, 5), torch.zeros(6, 5)
    z, again = (expect.sample(reparameterize(mu, logvar), (6, 5), "z") for _ in range(2))
    fed = "fed mu = 0 and logvar = 0 of shape (6, 5)"
    expect.true(bool(z.any()), "z is mu itself: where is the noise?", fed)
    expect.true(bool((z != z[0]).any()), "every example got the same noise", fed)
    expect.true(bool((z != z[:, :1]).any()), "all latent dimensions of an example got the same noise", fed)
    expect.true(not torch.equal(z, again), "two calls got the same noise: draw it anew in every call, without a seed", fed)


@points(1.5)
def test_gradients(reparameterize, rng):
    """The gradients dz/dmu = 1 and dz/dlogvar = (z - mu) / 2 arrive, with these values."""
    mu = (6 * torch.rand(8, 5, generator=rng, dtype=torch.float64) - 3).requires_grad_()
    logvar = (6 * torch.rand(8, 5, generator=rng, dtype=torch.float64) - 3).requires_grad_()
    z = noise.drawn(reparameterize, mu, logvar, shape=(8, 5), what="z")
    grads = expect.gradients(z, {"mu": mu, "logvar": logvar}, "z")
    fed = "fed mu and logvar of shape (8, 5)"
    expect.true(not torch.equal(z.detach().double(), mu.detach()), "z is mu itself: where is the noise?", fed)
    if not (grads["mu"].any() or grads["logvar"].any()):
        expect.fail(
            "both gradients are exactly 0: z looks differentiable and is not",
            f"{fed}; z came out of a random draw, which passes no slope on. Draw standard-normal noise, then compute z",
        )
    expect.close(grads["mu"], torch.ones(8, 5), "dz/dmu", detail=f"{fed}; it should be 1 everywhere", rtol=1e-4)
    half = 0.5 * (z - mu).detach()
    expect.close(grads["logvar"], half, "dz/dlogvar", detail=f"{fed}; it should be (z - mu) / 2", rtol=1e-4, atol=1e-5)
