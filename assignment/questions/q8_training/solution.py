def train_step(model, optimizer, x, beta=1.0):
    """Take one optimizer step on the negative ELBO of this batch.

    model: a VAE, in any mode   optimizer: one over its parameters whose step() needs no closure   beta: weight of the KL
    x: (B, P) or (B, C, H, W), pixels in [0, 1], left as it is
    ->   {"loss": float, "recon": float, "kl": float}, nats per image, as they were before the step
    """
    # BEGIN SOLUTION
    model.train()
    logits, mu, logvar = model(x)  # (B, P), (B, Z), (B, Z)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()  # forget the gradients of the last batch: backward() adds to what it finds
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}
    # END SOLUTION


# %%
def generate(model, n):
    """Draw n images from the model: a latent from the prior for each, then the decoder.

    model: a VAE   n: how many   ->   (n, P) Bernoulli means in [0, 1], without an autograd graph
    """
    # BEGIN SOLUTION
    like = next(model.parameters())  # the model's own dtype and device
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=like.dtype, device=like.device)  # (n, Z), z ~ p(z) = N(0, I)
        return torch.sigmoid(model.decode(z))  # (n, P)
    # END SOLUTION
