import math

import torch

from autograder.authoring import expect, points


def _batch(rng):
    logits, x = torch.randn(4, 6, generator=rng), torch.rand(4, 6, generator=rng)
    mu, logvar = torch.randn(4, 3, generator=rng), torch.randn(4, 3, generator=rng)
    return logits, x, mu, logvar


@points(0)
def test_three_single_numbers(vae_loss, rng):
    """The loss comes with its two parts: three tensors, each a single number."""
    parts = expect.parts(vae_loss(*_batch(rng)), 3, "loss, recon and kl")
    for part, name in zip(parts, ("loss", "recon", "kl"), strict=True):
        expect.tensor(part, (), f"the {name} of the whole batch")


@points(1)
def test_loss_recon_kl(vae_loss, gaussian_kl, bernoulli_nll, rng):
    """With beta = 1, recon and kl are the batch averages of the two functions, and the loss is their sum."""
    logits, x, mu, logvar = _batch(rng)
    recon = expect.usable(bernoulli_nll(logits, x), (4,), "bernoulli_nll")
    kl = expect.usable(gaussian_kl(mu, logvar), (4,), "gaussian_kl")
    parts = expect.parts(vae_loss(logits, x, mu, logvar), 3, "loss, recon and kl")
    loss, got_recon, got_kl = (
        expect.tensor(part, (), f"the {name} of the whole batch") for part, name in zip(parts, ("loss", "recon", "kl"), strict=True)
    )
    fed = "fed logits and x of shape (4, 6), mu and logvar of shape (4, 3)"
    expect.close(got_recon, recon.mean(), "recon", detail=f"{fed}; the average of the 4 reconstruction terms")
    expect.close(got_kl, kl.mean(), "kl", detail=f"{fed}; the average of the 4 KLs of your gaussian_kl")
    expect.close(loss, (recon + kl).mean(), "the loss", detail=f"{fed}; recon + kl when beta is 1")


@points(0.5)
def test_a_bit_per_dimension(elbo_to_bpd):
    """log 2 nats for each dimension are one bit per dimension."""
    nelbo = torch.tensor([1.0, 2.0, 0.5]) * 64 * math.log(2)
    bpd = expect.tensor(elbo_to_bpd(nelbo, 64), (3,), "one number of bits per dimension for each example")
    expect.close(
        bpd,
        torch.tensor([1.0, 2.0, 0.5]),
        "bits per dimension",
        detail=f"fed nelbo = {[round(value, 3) for value in nelbo.tolist()]} nats and num_dims = 64; a bit is log 2 nats",
    )
