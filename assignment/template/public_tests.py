import torch

from autograder.authoring import expect, points


@points(0)
def test_one_sigma_for_each_log_variance(sigma_of):
    """One standard deviation comes back for each log-variance."""
    expect.tensor(sigma_of(torch.zeros(3, 2)), (3, 2), "one sigma for each log-variance")
