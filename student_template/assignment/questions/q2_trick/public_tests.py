"""What a student sees of question 2: the form, what is left when there's hardly any noise, and the two gradients."""

import torch

from autograder import expect
from autograder.checks import points


@points(0)
def test_form(reparameterize, rng):
    """z has the shape of mu."""
    mu, logvar = torch.randn(4, 3, generator=rng), torch.randn(4, 3, generator=rng)
    expect.tensor(reparameterize(mu, logvar), (4, 3), "z, one sample for each element of mu")


@points(0.5)
def test_z_is_mu_when_sigma_is_tiny(reparameterize, rng):
    """With a tiny variance z is mu, with a variance of one it is not.

    |eps| > 9 has probability 2.3e-19 for each element; 60 elements: below 2e-17.
    """
    mu = 3 * torch.randn(10, 6, generator=rng)
    z = expect.sample(reparameterize(mu, torch.full((10, 6), -30.0)), (10, 6), "z")
    expect.close(
        z, mu.double(), "z", detail="fed logvar = -30 everywhere, so sigma = 3e-7 and z should be mu", rtol=1e-5, atol=1e-5
    )
    z = expect.sample(reparameterize(mu, torch.zeros(10, 6)), (10, 6), "z")
    away = (z - mu.double()).abs().max().item()
    fed = f"fed logvar = 0, so sigma = 1; of 60 samples the one furthest from mu was {away:.3g} away"
    expect.true(0.1 < away < 9, "z does not scatter around mu by about one sigma", fed)


@points(1.5)
def test_gradients(reparameterize, rng):
    """The gradients dz/dmu = 1 and dz/dlogvar = (z - mu) / 2 arrive, with these values."""
    mu = torch.randn(5, 3, generator=rng, dtype=torch.float64).requires_grad_()
    logvar = torch.randn(5, 3, generator=rng, dtype=torch.float64).requires_grad_()
    z = expect.tensor(reparameterize(mu, logvar), (5, 3), "z")
    grads = expect.gradients(z, {"mu": mu, "logvar": logvar}, "z")
    fed = "fed mu and logvar of shape (5, 3)"
    expect.true(not torch.allclose(z.detach().double(), mu), "z is mu itself: where is the noise?", fed)
    if not (grads["mu"].any() or grads["logvar"].any()):
        expect.fail(
            "both gradients are exactly 0: z looks differentiable and is not",
            f"{fed}; z came out of a random draw, which passes no slope on. Draw standard-normal noise, then compute z",
        )
    expect.close(grads["mu"], torch.ones(5, 3), "dz/dmu", detail=f"{fed}; it should be 1 everywhere", rtol=1e-5)
    half = 0.5 * (z - mu).detach()
    expect.close(grads["logvar"], half, "dz/dlogvar", detail=f"{fed}; it should be (z - mu) / 2", rtol=1e-5, atol=1e-6)
