import torch

from autograder.authoring import expect, points


@points(1.25)
def test_half_of_anything(half, rng):
    """Half is half everywhere."""
    number = torch.rand((), generator=rng).item()
    expect.close(expect.number(half(number), "half of a number"), number / 2, "half of a number")


@points(2.25)
def test_agrees_with_torch(gaussian_kl, rng):
    """The KL is that of torch.distributions."""
    mu, logvar = torch.randn(4, 3, generator=rng), torch.randn(4, 3, generator=rng)
    kl = expect.tensor(gaussian_kl(mu, logvar), (4,), "one KL per example")
    normal = torch.distributions.Normal
    want = torch.distributions.kl_divergence(normal(mu, (0.5 * logvar).exp()), normal(torch.zeros(()), torch.ones(())))
    expect.close(kl, want.sum(-1), "the KL")
