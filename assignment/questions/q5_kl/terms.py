"""The terms of the right value, for hints that say which of them is wrong."""


def gaussian_kl_terms(mu, logvar):
    return {
        "½ μ²": 0.5 * mu.square().sum(-1),
        "½ σ²": 0.5 * logvar.exp().sum(-1),
        "-½ for each dimension": torch.full_like(mu, -0.5).sum(-1),
        "-½ log σ²": -0.5 * logvar.sum(-1),
    }


def gaussian_kl_summands(mu, logvar):
    return {"the KL of each latent": 0.5 * (mu.square() + logvar.exp() - 1 - logvar)}
