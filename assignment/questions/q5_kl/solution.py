def gaussian_kl(mu, logvar):
    """KL(N(mu, sigma^2 I) || N(0, I)) of each example, in nats, where logvar = log sigma^2.

    mu, logvar: (B, Z)   ->   (B,), each >= 0
    """
    # BEGIN SOLUTION
    return 0.5 * (logvar.exp() + mu.square() - 1 - logvar).sum(-1)
    # END SOLUTION
