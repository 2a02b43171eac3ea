def reparameterize(mu, logvar):
    """One sample z ~ N(mu, sigma^2), differentiable in mu and logvar.

    mu, logvar: (B, Z), logvar = log sigma^2   ->   z (B, Z), same dtype and device
    Every element of every call gets its own standard-normal noise.
    """
    # BEGIN SOLUTION
    sigma = torch.exp(0.5 * logvar)  # half of log sigma^2 is log sigma
    eps = torch.randn_like(mu)  # the randomness, which no parameter touches
    return mu + sigma * eps
    # END SOLUTION
