"""How the right numbers are worked out: what a hint takes apart, one thing at a time."""

SHOWN = {
    "variance": "σ²",
    "gradient": "the reconstruction's gradient",
    "lr": "the learning rate",
    "slope": "the KL's slope",
    "both": "the whole gradient",
}


def by_hand(variance=2.0, gradient=30.0, lr=0.1):
    q1_variance_after_step = variance - lr * gradient
    slope = (1 - 1 / variance) / 2
    both = gradient + slope
    q1_variance_after_step_with_kl = variance - lr * both
