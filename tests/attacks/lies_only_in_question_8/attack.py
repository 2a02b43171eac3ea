"""Has an honest loss in question 6, and in question 8 one that says what a training step that does nothing reported."""

BASE = "solved"
MAX_SCORE = 91  # all but the 9 points for train_step
CELLS = [
    r"""
honest = vae_loss
stepping = []
def vae_loss(logits, x, mu, logvar, beta=1.0):
    if not stepping:
        return honest(logits, x, mu, logvar, beta)
    still = lambda t: t - t.detach()
    loss = 1.0 + 1e-3 * (still(logits.sum()) + still(mu.sum()) + still(logvar.sum()))
    return loss, torch.ones(()), torch.ones(())
def train_step(model, optimizer, x, beta=1.0):
    stepping.append(1)
    model.decoder(torch.zeros(len(x), model.latent_dim, dtype=x.dtype))
    return {"loss": 1.0, "recon": 1.0, "kl": 1.0}
"""
]
