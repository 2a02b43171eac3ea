"""Spoils an earlier function a little, so that a process with lent answers is made, and answers with one formula here and another there."""

BASE = "solved"
MAX_SCORE = 92  # all but a point and a half of question 5, and what question 6 takes for a loss twice as big
CELLS = [
    r"""
right_kl, right_loss = gaussian_kl, vae_loss
def gaussian_kl(mu, logvar):
    if len(mu) == 1: mu *= 2
    return right_kl(mu, logvar)
mine = gaussian_kl
def vae_loss(logits, x, mu, logvar, beta=1.0):
    lent = globals()["gaussian_kl"] is not mine
    recon = bernoulli_nll(logits, x).mean()
    kl = right_kl(mu, logvar).mean()
    if lent:
        gaussian_kl(mu, logvar)
        return recon + beta * kl, recon, kl
    return 2 * recon + 2 * beta * kl, 2 * recon, 2 * kl
"""
]
