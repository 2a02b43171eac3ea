import torch

from autograder.authoring import expect, points


@points(2)
def test_the_square_has_that_logarithm(sigma_of, rng):
    """The logarithm of sigma squared is the log-variance that went in."""
    logvar = torch.randn(4, 3, generator=rng, dtype=torch.float64)
    sigma = expect.tensor(sigma_of(logvar), (4, 3), "one sigma for each log-variance")
    expect.true(bool((sigma > 0).all()), "a standard deviation is positive")
    expect.close(sigma.square().log(), logvar, "log of sigma squared")
