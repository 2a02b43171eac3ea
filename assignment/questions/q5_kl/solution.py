def gaussian_kl(mu, logvar):
    """KL(N(mu, diag sigma^2) || N(0, I)) of each example, in nats, where logvar = log sigma^2.

    mu, logvar: (B, Z)   ->   (B,), each >= 0 up to rounding, which needs no clamp
    """
    # BEGIN SOLUTION
    return 0.5 * (logvar.exp() + mu.square() - 1 - logvar).sum(-1)
    # END SOLUTION
