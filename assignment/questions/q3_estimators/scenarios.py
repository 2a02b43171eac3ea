"""An estimator called twice as a student would, with nothing seeded in between. Nothing is judged here."""

import torch


def estimated_twice(ns, name, mu, sigma, n):
    """Two calls in a row, and whether torch's seed stayed."""
    seed = torch.initial_seed()
    return ns[name](mu, sigma, n), ns[name](mu, sigma, n), torch.initial_seed() == seed
