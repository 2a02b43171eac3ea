import torch

from autograder.authoring import expect, points


@points(0.5)
def test_half_of_two(half):
    """Half of two is one, "exactly" & <b>always</b>."""
    expect.close(expect.number(half(2.0), "half of two"), 1.0, 'a "half"\nof two', detail="fed 2.0,\nno \\ more")


@points(1)
def test_zero_at_the_prior(gaussian_kl):
    """If q is the prior, the KL is zero."""
    kl = expect.tensor(gaussian_kl(torch.zeros(3, 2), torch.zeros(3, 2)), (3,), "one KL per example")
    expect.close(kl, torch.zeros(3), "the KL of the prior from itself", detail="fed mu = 0 and logvar = 0")
