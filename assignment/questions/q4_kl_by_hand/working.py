"""How the right numbers are worked out: what a hint takes apart, one thing at a time."""

SHOWN = {"mu": "μ", "sigma": "σ"}


def a(mu=0.0, sigma=1.0):
    q4_kl_a = (sigma**2 + mu**2 - 1 - log(sigma**2)) / 2


def b(mu=1.0, sigma=1.0):
    q4_kl_b = (sigma**2 + mu**2 - 1 - log(sigma**2)) / 2


def c(mu=0.0, sigma=2.0):
    q4_kl_c = (sigma**2 + mu**2 - 1 - log(sigma**2)) / 2


def d(mu=1.0, sigma=0.5):
    q4_kl_d = (sigma**2 + mu**2 - 1 - log(sigma**2)) / 2
