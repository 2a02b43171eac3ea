"""The terms of the right values, for hints that say which of them is wrong."""


def vae_loss_terms(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    of_the_kl = {
        "½ μ² in the KL": 0.5 * mu.square().sum(-1).mean(),
        "½ σ² in the KL": 0.5 * logvar.exp().sum(-1).mean(),
        "-½ for each dimension of the KL": torch.full_like(mu, -0.5).sum(-1).mean(),
        "-½ log σ² in the KL": -0.5 * logvar.sum(-1).mean(),
    }
    of_the_recon = {
        "the ink, -x log p,": (x.flatten(1) * F.softplus(-logits)).sum(-1).mean(),
        "the paper, -(1 - x) log(1 - p),": ((1 - x.flatten(1)) * F.softplus(logits)).sum(-1).mean(),
    }
    in_the_loss = {name: beta * term for name, term in of_the_kl.items()}
    return {
        "[0]": {"the reconstruction": recon, "the KL, weighted": beta * kl, **in_the_loss},
        "[1]": of_the_recon,
        "[2]": of_the_kl,
    }


def vae_loss_summands(logits, x, mu, logvar, beta=1.0):
    pixels, latents = x.flatten(1), 0.5 * (mu.square() + logvar.exp() - 1 - logvar)
    return {
        "[1]": {"the reconstruction term of each pixel": F.softplus(logits) - pixels * logits},
        "[2]": {"the KL of each latent": latents},
    }
