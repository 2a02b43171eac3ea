"""Mistakes that no catalogue holds: two slips at once, odd ideas, and other words for a known slip.

Feedback must stay silent about them, or say what it says of the wrong answer that they are `like` and cannot be told from. Each is
also judged in the questions that only lean on it, where the answer is right and there is nothing to say.
"""

# ruff: noqa: F821 (the notebook's names are in scope)
from autograder.authoring import unlisted, unlisted_value

# Question 1


@unlisted("split_params")
def swapped_and_squashed(h):
    mu, logvar = h.chunk(2, dim=-1)
    return torch.tanh(logvar), mu


@unlisted("split_params")
def interleaved_and_swapped(h):
    return h[..., 1::2], h[..., ::2]


@unlisted("split_params", like="swapped")
def second_half_first(h):
    half = h.shape[-1] // 2
    return h[..., half:], h[..., :half]


@unlisted("split_params", like="sigma_for_logvar")
def sigma_and_detached(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu.detach(), torch.exp(0.5 * logvar)


@unlisted("split_params")
def thirds(h):
    third = h.shape[-1] // 3
    return h[..., :third], h[..., third : 2 * third]


@unlisted("split_params")
def standardised(h):
    return ((h - h.mean()) / h.std()).chunk(2, dim=-1)


@unlisted("split_params")
def elu(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, F.elu(logvar)


unlisted_value("q1_variance_after_step", 0.1)
unlisted_value("q1_variance_after_step", -0.9)
unlisted_value("q1_variance_after_step_with_kl", -1.0249 - 0.01)

# Question 2


@unlisted("reparameterize", like="uniform_noise_times_the_variance")
def variance_and_uniform_noise(mu, logvar):
    return mu + torch.exp(logvar) * torch.rand_like(mu)


@unlisted("reparameterize")
def one_draw_and_variance(mu, logvar):
    return mu + torch.exp(logvar) * torch.randn(())


@unlisted("reparameterize", like="variance_for_sigma")
def root_of_the_square_of_the_variance(mu, logvar):
    return mu + torch.randn_like(mu) * logvar.exp().square().sqrt()


@unlisted("reparameterize")
def sigma_detached_and_doubled(mu, logvar):
    return mu + 2 * torch.exp(0.5 * logvar).detach() * torch.randn_like(mu)


@unlisted("reparameterize")
def sigma_squared_in_the_tail(mu, logvar):
    sigma = torch.exp(0.5 * logvar)
    return mu + torch.where(sigma > 1, sigma.square(), sigma) * torch.randn_like(mu)


@unlisted("reparameterize")
def a_third_for_a_half(mu, logvar):
    return mu + torch.exp(logvar / 3) * torch.randn_like(mu)


@unlisted("reparameterize")
def shifted_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * (torch.randn_like(mu) + 0.5)


@unlisted("reparameterize", like="noise_scaled_with_mu")
def noise_times_mu_and_sigma(mu, logvar):
    return mu * (1 + torch.exp(0.5 * logvar) * torch.randn_like(mu))


@unlisted("reparameterize")
def an_average_of_two_draws(mu, logvar):
    eps = (torch.randn_like(mu) + torch.randn_like(mu)) / 2
    return mu + torch.exp(0.5 * logvar) * eps


@unlisted("reparameterize")
def cubed_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu) ** 3


@unlisted("reparameterize")
def beta_noise(mu, logvar):
    eps = torch.distributions.Beta(2.0, 2.0).sample(mu.shape).to(mu)
    return mu + torch.exp(0.5 * logvar) * (eps - 0.5) / 0.2236


@unlisted("reparameterize")
def half_detached(mu, logvar):
    sigma = torch.exp(0.5 * logvar)
    return mu + (0.5 * sigma + 0.5 * sigma.detach()) * torch.randn_like(mu)


# Question 3


@unlisted("pathwise_gradient")
def times_three(mu, sigma, n):
    return 3 * (mu + sigma * torch.randn(n))


@unlisted("pathwise_gradient")
def slope_with_its_noise_twice(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n) + sigma * torch.randn(n))


@unlisted("pathwise_gradient")
def value_of_a_fixed_sigma(mu, sigma, n):
    return 2 * (mu + 0.5 * torch.randn(n))


@unlisted("pathwise_gradient")
def path_in_absolute_value(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n)).abs()


@unlisted("score_function_gradient", like="score_with_the_batch_as_baseline")
def score_with_a_constant_baseline(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return (z**2 - 1) * (z - mu) / sigma**2


@unlisted("score_function_gradient")
def score_of_a_cube(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**3 * (z - mu) / sigma**2


@unlisted("score_function_gradient")
def score_negated_and_halved(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return -0.5 * z**2 * (z - mu) / sigma**2


@unlisted("score_function_gradient", like="score_not_divided")
def score_times_the_distance(mu, sigma, n):
    eps = torch.randn(n)
    return (mu + sigma * eps).square() * eps * sigma


# Question 4

unlisted_value("q4_kl_a", 0.25)
unlisted_value("q4_kl_b", 0.6)
unlisted_value("q4_kl_b", 2.0)
unlisted_value("q4_kl_c", 0.81)
unlisted_value("q4_kl_c", 0.8)
unlisted_value("q4_kl_c", 0.806)
unlisted_value("q4_kl_c", 3.0)
unlisted_value("q4_kl_d", 0.82)
unlisted_value("q4_kl_d", 0.817)
unlisted_value("q4_kl_d", 1.0)
unlisted_value("q4_kl_d", 0.8069)

# Question 5


@unlisted("gaussian_kl")
def no_half_and_no_minus_one(mu, logvar):
    return (logvar.exp() + mu.square() - logvar).sum(-1)


@unlisted("gaussian_kl")
def bits_and_no_half(mu, logvar):
    return (logvar.exp() + mu.square() - 1 - logvar).sum(-1) / math.log(2)


@unlisted("gaussian_kl")
def no_half_and_averaged(mu, logvar):
    return (logvar.exp() + mu.square() - 1 - logvar).mean(-1)


@unlisted("gaussian_kl")
def flipped_and_averaged_over_the_batch(mu, logvar):
    return (-0.5 * (logvar.exp() + mu.square() - 1 - logvar).sum(-1)).mean()


@unlisted("gaussian_kl")
def sigma_and_the_mean_not_squared(mu, logvar):
    return 0.5 * ((0.5 * logvar).exp() + mu - 1 - logvar).sum(-1)


@unlisted("gaussian_kl")
def sigma_for_the_variance_and_detached(mu, logvar):
    return 0.5 * ((0.5 * logvar).exp() + mu.square() - 1 - logvar).sum(-1).detach()


@unlisted("gaussian_kl")
def a_quarter(mu, logvar):
    return 0.25 * (logvar.exp() + mu.square() - 1 - logvar.abs()).sum(-1)


@unlisted("gaussian_kl", like="sign_flipped")
def elbo_minded(mu, logvar):
    return 0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp(), dim=1)


@unlisted("gaussian_kl", like="no_half")
def all_of_it(mu, logvar):
    return torch.einsum("bz->b", mu * mu) + (logvar.exp() - logvar - 1).sum(1)


@unlisted("gaussian_kl")
def prior_of_variance_two(mu, logvar):
    return 0.5 * ((logvar.exp() + mu.square()) / 2 - 1 - logvar + math.log(2)).sum(-1)


@unlisted("gaussian_kl")
def first_dimension_only(mu, logvar):
    return (0.5 * (logvar.exp() + mu.square() - 1 - logvar))[:, 0]


@unlisted("gaussian_kl")
def root_of_the_kl(mu, logvar):
    return (logvar.exp() + mu.square() - 1 - logvar).sum(-1).clamp(min=0).sqrt()


@unlisted("gaussian_kl")
def noisy(mu, logvar):
    return 0.5 * (logvar.exp() + mu.square() - 1 - logvar).sum(-1) + 0.01 * torch.randn(len(mu), dtype=mu.dtype)


@unlisted("gaussian_kl", like="sign_flipped_then_clamped_at_zero")
def zeros(mu, logvar):
    return 0 * (mu + logvar).sum(-1)


# Question 6


@unlisted("vae_loss")
def minus_kl_and_summed(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).sum()
    kl = gaussian_kl(mu, logvar).sum()
    return recon - beta * kl, recon, kl


@unlisted("vae_loss", like="squared_error")
def squared_error_and_no_beta(logits, x, mu, logvar, beta=1.0):
    recon = ((torch.sigmoid(logits) - x.flatten(1)) ** 2).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + kl, recon, kl


@unlisted("vae_loss")
def beta_negated(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + (1 - beta) * kl, recon, kl


@unlisted("vae_loss")
def recon_twice(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return 2 * recon + beta * kl, recon, kl


@unlisted("vae_loss", like="beta_dropped")
def beta_to_the_zeroth(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    return (recon + kl) * beta**0, recon, kl


@unlisted("vae_loss")
def kl_only(logits, x, mu, logvar, beta=1.0):
    kl = gaussian_kl(mu, logvar).mean()
    return beta * kl + 0 * logits.sum(), kl, kl


@unlisted("vae_loss")
def inverted_image(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, 1 - x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@unlisted("elbo_to_bpd")
def bits_and_negated_and_doubled(nelbo, num_dims):
    return -2 * nelbo / (num_dims * math.log(2))


@unlisted("elbo_to_bpd")
def log_of_three(nelbo, num_dims):
    return nelbo / (num_dims * math.log(3))


@unlisted("elbo_to_bpd", like="times_log_two")
def multiplied(nelbo, num_dims):
    return nelbo.div(num_dims).mul(math.log(2))


@unlisted("elbo_to_bpd")
def one_dimension_more(nelbo, num_dims):
    return nelbo / ((num_dims + 1) * math.log(2))


# Question 7

unlisted_value("q7_sigma", 0.75)
unlisted_value("q7_z", 1.0)
unlisted_value("q7_x_hat", 1.6)
unlisted_value("q7_recon", 1.0)
unlisted_value("q7_kl", 0.4)
unlisted_value("q7_loss", 1.5)
unlisted_value("q7_dmu", -1.0)
unlisted_value("q7_new_mu", 0.88)
unlisted_value("q7_new_logvar", -0.35)

# Question 8


@unlisted("train_step")
def no_zero_grad_and_ascent(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    (-loss).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@unlisted("train_step")
def clipped_and_no_beta(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.7)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@unlisted("train_step")
def noise_on_the_gradient(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    for parameter in model.parameters():
        parameter.grad.add_(0.1 * torch.randn_like(parameter))
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@unlisted("train_step", like="reconstruction_only")
def detached_kl(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu.detach(), logvar.detach(), beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@unlisted("train_step", like="zero_grad_before_the_step")
def item_too_early(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = (value.item() for value in vae_loss(logits, x, mu, logvar, beta))
    optimizer.zero_grad()
    torch.tensor(loss, requires_grad=True).backward()
    optimizer.step()
    return {"loss": loss, "recon": recon, "kl": kl}


@unlisted("train_step")
def only_the_weights_not_the_biases(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            parameter.grad.zero_()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@unlisted("train_step")
def decoder_without_gradient(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    for parameter in model.decoder.parameters():
        parameter.grad = None
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@unlisted("generate", like="shifted_tanh")
def doubled_logits(model, n):
    with torch.no_grad():
        return torch.sigmoid(2 * model.decode(torch.randn(n, model.latent_dim)))


@unlisted("generate")
def shifted_latents(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(1 + torch.randn(n, model.latent_dim)))


@unlisted("generate", like="negatives")
def inverted(model, n):
    with torch.no_grad():
        return 1 - torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


# Question 9


@unlisted("latent_shape")
def half_of_the_channels(height, width, factor=8, channels=4):
    return channels // 2, height // factor, width // factor


@unlisted("latent_shape")
def channels_last_and_times(height, width, factor=8, channels=4):
    return height * factor, width * factor, channels


@unlisted("compression_ratio")
def root_of_the_ratio(height, width, factor=8, channels=4, in_channels=3):
    return math.sqrt(in_channels * factor**2 / channels)


@unlisted("compression_ratio", like="in_bits")
def counted_in_bytes(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor**2 / channels / 4


@unlisted("scaling_factor")
def median_size(latents):
    return 1 / latents.abs().median()


@unlisted("scaling_factor", like="one_over_the_variance")
def squared_factor(latents):
    return latents.std() ** -2
