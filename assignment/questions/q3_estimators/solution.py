def pathwise_gradient(mu, sigma, n):
    """n independent pathwise estimates of d/dmu E[z^2], z ~ N(mu, sigma^2).

    mu, sigma: floats, sigma > 0 a standard deviation; n: int   ->   (n,), not averaged
    """
    # BEGIN SOLUTION
    z = mu + sigma * torch.randn(n)
    return 2 * z  # d(z^2)/dz * dz/dmu, and dz/dmu = 1
    # END SOLUTION


def score_function_gradient(mu, sigma, n):
    """n independent score-function estimates of d/dmu E[z^2], z ~ N(mu, sigma^2).

    mu, sigma: floats, sigma > 0 a standard deviation; n: int   ->   (n,), not averaged, no baseline
    """
    # BEGIN SOLUTION
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2  # f(z) * d(log q)/dmu
    # END SOLUTION


# %%
q3_choice = "B"  # SOLUTION
