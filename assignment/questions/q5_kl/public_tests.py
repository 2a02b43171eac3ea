import torch

from autograder.authoring import expect, points


@points(0)
def test_one_number_per_example(gaussian_kl, rng):
    """A batch of B examples has B KLs, whatever the number of latent dimensions."""
    mu, logvar = torch.randn(5, 3, generator=rng), torch.randn(5, 3, generator=rng)
    expect.tensor(gaussian_kl(mu, logvar), (5,), "one KL per example (sum over the latent dimensions only)")


@points(1)
def test_the_mean_costs_half_its_square(gaussian_kl):
    """The prior costs nothing, and moving the mean away from it costs half the squared distance, to either side."""
    mu = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, -3.0], [1.0, 4.0]])
    kl = expect.tensor(gaussian_kl(mu, torch.zeros(4, 2)), (4,), "one KL per example")
    expect.close(
        kl,
        torch.tensor([0.0, 2.0, 4.5, 8.5]),
        "the KL of a code that only moved",
        detail=f"fed mu = {mu.tolist()} and logvar = 0 everywhere, which is sigma = 1; only the mean's term should be left",
    )


@points(1)
def test_a_wrong_spread_costs_too(gaussian_kl):
    """With the mean in place, a code too wide or too narrow costs what torch.distributions says."""
    logvar = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [2.0, -2.0], [0.0, 0.5]])
    code = torch.distributions.Normal(torch.zeros(4, 2), (logvar.double() / 2).exp())
    prior = torch.distributions.Normal(torch.zeros(4, 2), torch.ones(4, 2))
    kl = expect.tensor(gaussian_kl(torch.zeros(4, 2), logvar), (4,), "one KL per example")
    expect.close(
        kl,
        torch.distributions.kl_divergence(code, prior).sum(1),
        "the KL of a code whose spread changed",
        detail=f"fed mu = 0 everywhere and logvar = {logvar.tolist()}; check what exp(logvar) is, and the sign of each term",
    )
