"""The KL of tensors that change between two calls, as a model's do. Nothing is judged here."""


def kl_before_and_after(ns, mu, logvar, step):
    """The KL of two tensors, and of the same two when they have taken a step in place."""
    before = ns["gaussian_kl"](mu, logvar)
    mu += step
    logvar -= step
    return before, ns["gaussian_kl"](mu, logvar)
