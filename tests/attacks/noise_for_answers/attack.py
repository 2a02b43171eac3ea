"""Answers every call with fresh noise of the right shape, and moves the weights at random while it reports a falling loss."""

CELLS = [
    r"""
def split_params(h): a = torch.randn(*h.shape[:-1], h.shape[-1] // 2, requires_grad=True); return a, a
def pathwise_gradient(mu, sigma, n): return torch.randn(n)
score_function_gradient = pathwise_gradient
def gaussian_kl(mu, logvar): return torch.rand(len(mu))
def vae_loss(logits, x, mu, logvar, beta=1.0): a, b = torch.rand(()), torch.rand(()); return a + beta, a, b
def elbo_to_bpd(nelbo, num_dims): return torch.rand(nelbo.shape)
falling = iter(range(100000, 0, -10))
def train_step(model, optimizer, x, beta=1.0):
    model.train()
    with torch.no_grad():
        for p in model.parameters():
            p += 0.01 * torch.randn_like(p)
    loss = float(next(falling))
    return {"loss": loss, "recon": loss, "kl": 0.0}
def generate(model, n): return torch.rand(n, model.num_pixels)
def latent_shape(*a, **k): return tuple(int(i) for i in torch.randint(1, 100, (3,)))
def compression_ratio(*a, **k): return float(torch.rand(()))
def scaling_factor(latents): return float(torch.rand(()))
"""
]
