# %%
def vae_loss(logits, x, mu, logvar):
    """The loss, nats per example, averaged over the batch."""
    # BEGIN SOLUTION
    recon = bernoulli_nll(logits, x).mean()
    return recon + gaussian_kl(mu, logvar).mean()
    # END SOLUTION
