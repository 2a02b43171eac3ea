# %%
def half(x):
    """Half of x: "no more", no less."""
    # BEGIN SOLUTION
    one_half = 1 / 2
    return one_half * x
    # END SOLUTION


# %%
def gaussian_kl(mu, logvar):
    """KL(N(mu, sigma^2 I) || N(0, I)) in nats, one number per example.

    mu, logvar: (B, Z)   ->   (B,)
    """
    # BEGIN SOLUTION
    terms = mu.square() + logvar.exp() - 1 - logvar
    return half(terms.sum(-1))
    # END SOLUTION
