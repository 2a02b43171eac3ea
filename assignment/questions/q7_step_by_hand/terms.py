"""The parts of the right numbers, each with the wrong forms that it may have, for hints that say what a number is made of.

"The worked example" stands before this question in the lesson, with other numbers.
"""

EXAMPLE = "is that of the worked example"


def q7_x_hat_terms(mu=0.8, logvar=-0.4, eps=0.5):
    z = mu + math.exp(logvar / 2) * eps
    return {
        "1.2 z": (1.2 * z, {"lacks its 1.2": z, "has the worked example's 0.5": 0.5 * z}),
        "0.1": (0.1, {EXAMPLE: -0.2, "is multiplied by 1.2 as well": 0.12}),
    }


def q7_recon_terms(x=3.0, mu=0.8, logvar=-0.4, eps=0.5):
    x_hat = 1.2 * (mu + math.exp(logvar / 2) * eps) + 0.1
    return {
        "½ (x − x̂)²": (
            (x - x_hat) ** 2 / 2,
            {"has the worked example's x": (1 - x_hat) ** 2 / 2, "has a sum for the difference": (x + x_hat) ** 2 / 2},
        )
    }


def q7_kl_terms(mu=0.8, logvar=-0.4):
    return {
        "½ μ²": (mu**2 / 2, {"lacks its ½": mu**2, "has μ for μ²": mu / 2}),
        "½ σ²": (
            math.exp(logvar) / 2,
            {
                "lacks its ½": math.exp(logvar),
                "has σ for σ²": math.exp(logvar / 2) / 2,
                "is squared once more": math.exp(2 * logvar) / 2,
            },
        ),
        "−½": (-0.5, {"lacks its ½": -1.0}),
        "−½ log σ²": (-logvar / 2, {"lacks its ½": -logvar, "has log σ for log σ²": -logvar / 4}),
    }


def q7_dmu_terms(mu=0.8, logvar=-0.4, eps=0.5):
    sigma = math.exp(logvar / 2)
    through_z = 1.2 * (1.2 * (mu + sigma * eps) + 0.1 - 3)
    return {
        "the route through z": (
            through_z,
            {
                "lacks the decoder's 1.2": through_z / 1.2,
                "is multiplied by σ, though z moves one for one with μ": sigma * through_z,
                "is multiplied by ε, though z moves one for one with μ": eps * through_z,
                "has σ ε on it, though z moves one for one with μ": sigma * eps * through_z,
                "has the 2 of a square without its ½": 2 * through_z,
                "is halved": through_z / 2,
                "has the decoder's 1.2 twice": 1.2 * through_z,
            },
        ),
        "the KL's pull": (
            mu,
            {"is halved": mu / 2, "is doubled": 2 * mu, "still has its square": mu**2, "is that of the square, halved": mu**2 / 2},
        ),
    }


def q7_dlogvar_terms(mu=0.8, logvar=-0.4, eps=0.5):
    sigma = math.exp(logvar / 2)
    pull = 1.2 * (1.2 * (mu + sigma * eps) + 0.1 - 3)
    through_z = pull * sigma * eps / 2
    return {
        "the route through z": (
            through_z,
            {
                "lacks its ½": 2 * through_z,
                "lacks the decoder's 1.2": through_z / 1.2,
                "lacks σ": through_z / sigma,
                "lacks ε": through_z / eps,
                "has σ² for σ": through_z * sigma,
                "has ε twice": through_z * eps,
            },
        ),
        "the KL's pull": (
            (sigma**2 - 1) / 2,
            {
                "lacks its ½": sigma**2 - 1,
                "has σ for σ²": (sigma - 1) / 2,
                "is that for σ": sigma - 1 / sigma,
                "is that for σ²": (1 - 1 / sigma**2) / 2,
                "lacks the −1": sigma**2 / 2,
                "has +1 for −1": (sigma**2 + 1) / 2,
                "is halved twice": (sigma**2 - 1) / 4,
            },
        ),
    }


def _sum_of(parts):
    return sum(value for value, _ in parts.values())


def _step(old, gradient):
    return {
        "the old number": (old, {}),
        "the step": (
            -0.1 * gradient,
            {
                "has the worked example's learning rate": -0.2 * gradient,
                "lacks the learning rate": -gradient,
                "is ten times too short": -0.01 * gradient,
            },
        ),
    }


DMU, DLOGVAR = _sum_of(q7_dmu_terms()), _sum_of(q7_dlogvar_terms())


def q7_new_mu_terms(mu=0.8, gradient=DMU):
    return _step(mu, gradient)


def q7_new_logvar_terms(logvar=-0.4, gradient=DLOGVAR):
    return _step(logvar, gradient)
