"""The parts of the right numbers, each with the wrong forms that it may have, for hints that say what a number is made of."""


def _kl(mu, sigma):
    log = math.log(sigma)
    return {
        "½ μ²": (mu**2 / 2, {"lacks its ½": mu**2, "has μ for μ²": mu / 2, "is halved twice": mu**2 / 4}),
        "½ σ²": (
            sigma**2 / 2,
            {
                "lacks its ½": sigma**2,
                "has σ for σ²": sigma / 2,
                "is squared once more": sigma**4 / 2,
                "has exp σ²": math.exp(sigma**2) / 2,
            },
        ),
        "−½": (-0.5, {"lacks its ½": -1.0}),
        "−½ log σ²": (
            -log,
            {
                "lacks its ½": -2 * log,
                "has log σ for log σ²": -log / 2,
                "has the logarithm to base 2": -math.log2(sigma),
                "has the logarithm to base 10": -math.log10(sigma),
                "has σ² itself, without the logarithm": -(sigma**2) / 2,
            },
        ),
    }


def q4_kl_a_terms(mu=0.0, sigma=1.0):
    return _kl(mu, sigma)


def q4_kl_b_terms(mu=1.0, sigma=1.0):
    return _kl(mu, sigma)


def q4_kl_c_terms(mu=0.0, sigma=2.0):
    return _kl(mu, sigma)


def q4_kl_d_terms(mu=1.0, sigma=0.5):
    return _kl(mu, sigma)
