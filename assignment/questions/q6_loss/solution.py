def vae_loss(logits, x, mu, logvar, beta=1.0):
    """The negative ELBO and its two parts, in nats: summed over dimensions, averaged over the batch.

    logits: (B, P)   x: (B, P) or (B, C, H, W), in [0, 1]   mu, logvar: (B, Z)   beta: weight of the KL, a number
    ->   loss, recon, kl: three 0-d tensors, with loss = recon + beta * kl and kl itself not weighted
    """
    # BEGIN SOLUTION
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl
    # END SOLUTION


# %%
def elbo_to_bpd(nelbo, num_dims):
    """The negative ELBO of each example, in bits per dimension: how many bits each pixel would cost to store.

    nelbo: (B,), in nats, summed over the num_dims dimensions of the data   ->   (B,)
    """
    # BEGIN SOLUTION
    return nelbo / (num_dims * math.log(2))
    # END SOLUTION
