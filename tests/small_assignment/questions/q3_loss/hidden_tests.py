import torch

from autograder.authoring import expect, points


@points(3)
def test_value(vae_loss, gaussian_kl, bernoulli_nll, rng):
    """The loss is reconstruction plus KL."""
    logits, x = torch.randn(4, 5, generator=rng), torch.rand(4, 5, generator=rng)
    mu, logvar = torch.randn(4, 2, generator=rng), torch.randn(4, 2, generator=rng)
    loss = expect.tensor(vae_loss(logits, x, mu, logvar), (), "the loss")
    kl = expect.usable(gaussian_kl(mu, logvar), (4,), "gaussian_kl")
    want = expect.usable(bernoulli_nll(logits, x), (4,), "bernoulli_nll") + kl
    expect.close(loss, want.mean(), "the loss")
