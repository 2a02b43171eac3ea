"""How the right numbers are worked out: what a hint takes apart, one thing at a time. `EXAMPLE`: the worked example's numbers."""

SHOWN = {
    "x": "x",
    "mu": "μ",
    "logvar": "log σ²",
    "eps": "ε",
    "slope": "the decoder's slope",
    "offset": "the decoder's offset",
    "lr": "the learning rate",
    "residual": "x̂ − x",
    "pull": "what comes back to z through the decoder",
    "pull_of_mu": "the KL's pull on μ",
    "pull_of_logvar": "the KL's pull on log σ²",
    "q7_sigma": "σ",
    "q7_z": "z",
    "q7_x_hat": "x̂",
    "q7_recon": "the reconstruction",
    "q7_kl": "the KL",
    "q7_loss": "the loss",
    "q7_dmu": "dL/dμ",
    "q7_dlogvar": "dL/d log σ²",
    "q7_new_mu": "the new μ",
    "q7_new_logvar": "the new log σ²",
}
EXAMPLE = {"x": 1.0, "mu": 1.5, "logvar": -1.0, "eps": -0.6, "slope": 0.5, "offset": -0.2, "lr": 0.2}


def by_hand(x=3.0, mu=0.8, logvar=-0.4, eps=0.5, slope=1.2, offset=0.1, lr=0.1):
    q7_sigma = exp(logvar / 2)
    q7_z = mu + q7_sigma * eps
    q7_x_hat = slope * q7_z + offset
    residual = q7_x_hat - x
    q7_recon = residual**2 / 2
    q7_kl = (q7_sigma**2 + mu**2 - 1 - logvar) / 2
    q7_loss = q7_recon + q7_kl
    pull = slope * residual
    pull_of_mu = mu
    q7_dmu = pull + pull_of_mu
    pull_of_logvar = (q7_sigma**2 - 1) / 2
    q7_dlogvar = pull * q7_sigma * eps / 2 + pull_of_logvar
    q7_new_mu = mu - lr * q7_dmu
    q7_new_logvar = logvar - lr * q7_dlogvar
