"""The answers of "VAE training in practice: the reparameterization trick", and the code given with the questions. Built from `assignment/`."""


import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn



# --- Question 1 · Why the log-variance (8 points)


def split_params(h):
    """Split the encoder's last layer into the two things it predicts.

    h: (..., 2Z), any real numbers   ->   mu (..., Z), logvar (..., Z)
    logvar is log sigma^2 (not log sigma). Both are unconstrained.
    """
    mu, logvar = h.chunk(2, dim=-1)  # the first half and the second half of the last axis
    return mu, logvar


q1_variance_after_step = 2 - 0.1 * 30


q1_variance_after_step_with_kl = 2 - 0.1 * (30 + 0.5 * (1 - 1 / 2))


q1_choice = "C"


# --- Question 2 · The reparameterization trick (15 points)


def reparameterize(mu, logvar):
    """One sample z ~ N(mu, sigma^2), differentiable in mu and logvar.

    mu, logvar: (B, Z), logvar = log sigma^2   ->   z (B, Z), same dtype and device
    Every element of every call gets its own standard-normal noise.
    """
    sigma = torch.exp(0.5 * logvar)  # half of log sigma^2 is log sigma
    eps = torch.randn_like(mu)  # the randomness, which no parameter touches
    return mu + sigma * eps


# --- Question 3 · Two routes to one gradient (10 points)


def pathwise_gradient(mu, sigma, n):
    """n independent pathwise estimates of d/dmu E[z^2], z ~ N(mu, sigma^2).

    mu, sigma: floats, sigma > 0 a standard deviation; n: int   ->   (n,), not averaged
    """
    z = mu + sigma * torch.randn(n)
    return 2 * z  # d(z^2)/dz * dz/dmu, and dz/dmu = 1


def score_function_gradient(mu, sigma, n):
    """n independent score-function estimates of d/dmu E[z^2], z ~ N(mu, sigma^2).

    mu, sigma: floats, sigma > 0 a standard deviation; n: int   ->   (n,), not averaged, no baseline
    """
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2  # f(z) * d(log q)/dmu


q3_choice = "B"


# --- Question 4 · The KL by hand (8 points)


q4_kl_a = 0.0
q4_kl_b = 0.5
q4_kl_c = 1.5 - math.log(2)
q4_kl_d = 0.125 + math.log(2)


# --- Question 5 · The closed-form KL (12 points)


def gaussian_kl(mu, logvar):
    """KL(N(mu, diag sigma^2) || N(0, I)) of each example, in nats, where logvar = log sigma^2.

    mu, logvar: (B, Z)   ->   (B,), each >= 0 up to rounding, which needs no clamp
    """
    return 0.5 * (logvar.exp() + mu.square() - 1 - logvar).sum(-1)


# --- Question 6 · The loss (12 points)


def bernoulli_nll(logits, x):
    """-log p(x | z) when every pixel is an independent Bernoulli, in nats, summed over everything but the batch.

    logits, x: (B, P), or image-shaped (B, C, H, W); x in [0, 1]   ->   (B,), each >= 0

    Works on the logits, not on sigmoid(logits): so it stays finite when the decoder is very sure, and wrong.
    """
    nll = F.binary_cross_entropy_with_logits(logits.flatten(1), x.flatten(1), reduction="none")
    return nll.sum(-1)


def vae_loss(logits, x, mu, logvar, beta=1.0):
    """The negative ELBO and its two parts, in nats: summed over dimensions, averaged over the batch.

    logits: (B, P)   x: (B, P) or (B, C, H, W), in [0, 1]   mu, logvar: (B, Z)   beta: weight of the KL, a number
    ->   loss, recon, kl: three 0-d tensors, with loss = recon + beta * kl and kl itself not weighted
    """
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


def elbo_to_bpd(nelbo, num_dims):
    """The negative ELBO of each example, in bits per dimension: how many bits each pixel would cost to store.

    nelbo: (B,), in nats, summed over the num_dims dimensions of the data   ->   (B,)
    """
    return nelbo / (num_dims * math.log(2))


# --- Question 7 · One training step by hand (12 points)


q7_sigma = 0.8187


q7_z = 1.209


q7_x_hat = 1.551
q7_recon = 1.049


q7_kl = 0.3552
q7_loss = 1.405


q7_dmu = -0.9385
q7_dlogvar = -0.5207


q7_new_mu = 0.8939
q7_new_logvar = -0.3479


# --- Question 8 · One training step, and new images (13 points)


class VAE(nn.Module):
    """A variational autoencoder: two small networks that meet in a latent space of `latent_dim` numbers.

    encoder   q(z | x) = N(mu(x), diag sigma(x)^2)    what z may have been, given this image
    decoder   p(x | z) = Bernoulli(sigmoid(logits))   what the image may be, given this code
    prior     p(z)     = N(0, I)                      fixed: it has no parameters, and no network
    """

    def __init__(self, num_pixels=64, latent_dim=2, hidden=128):
        super().__init__()
        self.num_pixels = num_pixels  # P
        self.latent_dim = latent_dim  # Z
        # The encoder ends in 2 Z numbers per image: Z means and Z log-variances, both free to be any real number.
        self.encoder = nn.Sequential(nn.Linear(num_pixels, hidden), nn.Tanh(), nn.Linear(hidden, 2 * latent_dim))
        # The decoder ends in logits: the sigmoid waits for the loss (which is safer) or for the picture.
        self.decoder = nn.Sequential(nn.Linear(latent_dim, hidden), nn.Tanh(), nn.Linear(hidden, num_pixels))

    def encode(self, x):
        """x: (B, P), or images (B, C, H, W) with C * H * W = P   ->   mu, logvar: (B, Z) each"""
        h = self.encoder(x.flatten(start_dim=1))  # (B, 2 Z)
        mu, logvar = split_params(h)  # yours, from question 1
        return mu, logvar

    def decode(self, z):
        """z: (B, Z)   ->   logits: (B, P)"""
        return self.decoder(z)

    def forward(self, x):
        """One pass, image to image. x: (B, P) or (B, C, H, W)   ->   logits (B, P), mu (B, Z), logvar (B, Z)"""
        mu, logvar = self.encode(x)
        z = reparameterize(mu, logvar)  # (B, Z), yours, from question 2
        self.z = z.detach()  # kept so that it can be looked at; without its graph, so that copy.deepcopy(model) works
        return self.decode(z), mu, logvar


def train_step(model, optimizer, x, beta=1.0):
    """Take one optimizer step on the negative ELBO of this batch.

    model: a VAE, in any mode   optimizer: one over its parameters whose step() needs no closure   beta: weight of the KL
    x: (B, P) or (B, C, H, W), pixels in [0, 1], left as it is
    ->   {"loss": float, "recon": float, "kl": float}, nats per image, as they were before the step
    """
    model.train()
    logits, mu, logvar = model(x)  # (B, P), (B, Z), (B, Z)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()  # forget the gradients of the last batch: backward() adds to what it finds
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


def generate(model, n):
    """Draw n images from the model: a latent from the prior for each, then the decoder.

    model: a VAE   n: how many   ->   (n, P) Bernoulli means in [0, 1], without an autograd graph
    """
    like = next(model.parameters())  # the model's own dtype and device
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=like.dtype, device=like.device)  # (n, Z), z ~ p(z) = N(0, I)
        return torch.sigmoid(model.decode(z))  # (n, P)


# --- Question 9 · The first stage of latent diffusion (5 points)


def latent_shape(height, width, factor=8, channels=4):
    """Shape of the latent of one image, without a batch axis.

    height, width: pixels, multiples of factor   ->   (channels, height of the grid, width of the grid), ints
    """
    return channels, height // factor, width // factor


def compression_ratio(height, width, factor=8, channels=4, in_channels=3):
    """Numbers in the image divided by numbers in its latent (elements, not bits)."""
    latent = channels * (height // factor) * (width // factor)
    return in_channels * height * width / latent


def scaling_factor(latents):
    """The number s for which s * latents has standard deviation 1 over all elements.

    latents: a tensor of any shape, such as (B, C, H, W)   ->   a float or a 0-d tensor
    """
    return 1 / latents.std()


q9_choice = "D"


# --- Question 10 · Self-check (5 points)


q10_a = "C"
q10_b = "A"
q10_c = "D"
q10_d = "B"
q10_e = "A"
q10_f = "D"
