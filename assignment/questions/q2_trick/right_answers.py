"""Other right ways to sample: any law-abiding noise, any order of drawing it, any algebra."""

# ruff: noqa: B008, B905 (a generator made once, as students do)

from autograder.authoring import right


@right("reparameterize")
def kingmas_layout(mu, logvar):
    std = logvar.mul(0.5).exp()
    eps = torch.empty_like(std).normal_()
    return eps.mul(std).add(mu)


@right("reparameterize")
def rsample(mu, logvar):
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).rsample()


@right("reparameterize")
def diagonal_multivariate_rsample(mu, logvar):
    normal = torch.distributions.Normal(mu, logvar.exp().sqrt())
    return torch.distributions.Independent(normal, 1).rsample()


@right("reparameterize")
def torch_normal_for_the_noise_only(mu, logvar):
    eps = torch.normal(torch.zeros_like(mu), torch.ones_like(mu))
    return mu + eps * torch.sqrt(torch.exp(logvar))


@right("reparameterize")
def addcmul(mu, logvar):
    return torch.addcmul(mu, torch.exp(0.5 * logvar), torch.randn(mu.shape, dtype=mu.dtype, device=mu.device))


@right("reparameterize")
def lerp(mu, logvar):
    eps = torch.randn_like(mu)
    return torch.lerp(mu, mu + eps, torch.exp(0.5 * logvar))


@right("reparameterize")
def base_two_exponential(mu, logvar):
    return mu + torch.exp2(logvar / (2 * math.log(2))) * torch.randn_like(mu)


@right("reparameterize")
def box_muller(mu, logvar):
    radius = torch.sqrt(-2 * torch.log(1 - torch.rand_like(mu)))
    angle = 2 * math.pi * torch.rand_like(mu)
    return mu + torch.exp(0.5 * logvar) * radius * torch.cos(angle)


@right("reparameterize")
def inverse_distribution_function(mu, logvar):
    eps = math.sqrt(2) * torch.erfinv(2 * torch.rand_like(mu) - 1)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def transposed_draw(mu, logvar):
    eps = torch.randn(mu.shape[1], mu.shape[0], dtype=mu.dtype).T
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def flat_draw(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.numel(), dtype=mu.dtype).view_as(mu)


@right("reparameterize")
def extra_draws(mu, logvar):
    eps = torch.randn(3, *mu.shape, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * eps[1]


@right("reparameterize")
def minus_instead_of_plus(mu, logvar):
    return mu - torch.exp(0.5 * logvar) * torch.randn_like(mu)


@right("reparameterize")
def float64_inside(mu, logvar):
    z = mu.double() + torch.exp(0.5 * logvar.double()) * torch.randn(mu.shape, dtype=torch.float64)
    return z.to(mu.dtype)


@right("reparameterize")
def float32_inside(mu, logvar):
    z = mu.float() + torch.exp(0.5 * logvar.float()) * torch.randn(mu.shape)
    return z.to(mu.dtype)


@right("reparameterize")
def numpy_noise(mu, logvar):
    eps = torch.from_numpy(np.random.standard_normal(tuple(mu.shape))).to(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def numpy_generator_of_its_own(mu, logvar):
    eps = torch.as_tensor(np.random.default_rng().normal(size=mu.shape), dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def kept_generator(mu, logvar, generator=torch.Generator().manual_seed(5)):  # seeded once, when defined, never again
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape, dtype=mu.dtype, generator=generator)


@right("reparameterize")
def rows_in_a_loop(mu, logvar):
    rows = [m + torch.exp(0.5 * v) * torch.randn_like(m) for m, v in zip(mu, logvar)]
    return torch.stack(rows)


@right("reparameterize")
def columns_in_a_loop(mu, logvar):
    sigma = logvar.exp() ** 0.5
    return torch.stack([mu[:, j] + sigma[:, j] * torch.randn_like(mu[:, j]) for j in range(mu.shape[1])], dim=1)


@right("reparameterize")
def in_place_on_temporaries(mu, logvar):
    return torch.randn_like(mu).mul_(torch.exp(0.5 * logvar)).add_(mu)


@right("reparameterize")
def wide_guard(mu, logvar):
    return mu + torch.exp(0.5 * logvar.clamp(-30, 20)) * torch.randn_like(mu)


@right("reparameterize")
def sum_of_two_draws(mu, logvar):
    eps = 0.6 * torch.randn_like(mu) + 0.8 * torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def scale_inside_the_exponential(mu, logvar):
    eps = torch.randn_like(mu)
    return mu + eps.sign() * torch.exp(0.5 * logvar + eps.abs().log())


@right("reparameterize")
def noise_without_gradients(mu, logvar):
    with torch.no_grad():
        eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def diagonal_matrices(mu, logvar):
    scale = torch.diag_embed(torch.exp(0.5 * logvar))
    return mu + (scale @ torch.randn_like(mu).unsqueeze(-1)).squeeze(-1)


@right("reparameterize")
def split_by_sign_of_a_chi(mu, logvar):
    sign = 2.0 * torch.randint(0, 2, mu.shape, dtype=mu.dtype) - 1
    return mu + torch.exp(0.5 * logvar) * sign * torch.randn_like(mu).abs()


@right("reparameterize")
def standardised_first_then_scaled(mu, logvar):
    base = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return base.sample() * (logvar / 2).exp() + mu


@right("reparameterize")
def multivariate_normal(mu, logvar):
    scale = torch.diag_embed(torch.exp(0.5 * logvar))
    return torch.distributions.MultivariateNormal(mu, scale_tril=scale, validate_args=False).rsample()


@right("reparameterize")
def float32_noise_in_any_dtype(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape)).to(mu.dtype)


@right("reparameterize")
def broadcast_over_a_sample_axis(mu, logvar):
    eps = torch.randn((1, *mu.shape), dtype=mu.dtype)
    return (mu.unsqueeze(0) + torch.exp(0.5 * logvar).unsqueeze(0) * eps).squeeze(0)


@right("reparameterize")
def polar_method(mu, logvar):
    count, found = mu.numel(), torch.empty(0, dtype=mu.dtype)
    while len(found) < count:
        u, v = 2 * torch.rand(2, count + 8, dtype=mu.dtype) - 1
        s = u**2 + v**2
        inside = (s > 0) & (s < 1)
        found = torch.cat([found, (u * torch.sqrt(-2 * torch.log(s) / s))[inside]])
    return mu + torch.exp(0.5 * logvar) * found[:count].view_as(mu)


@right("reparameterize")
def a_guard_beside_sigma(mu, logvar):
    return mu + (torch.exp(0.5 * logvar) + 1e-8) * torch.randn_like(mu)


@right("reparameterize")
def element_by_element(mu, logvar):
    rows = [
        torch.stack([m + torch.exp(0.5 * v) * torch.randn((), dtype=m.dtype) for m, v in zip(a, b)]) for a, b in zip(mu, logvar)
    ]
    return torch.stack(rows)


@right("reparameterize")
def pythons_own_noise(mu, logvar):
    import random

    eps = torch.tensor([random.gauss(0.0, 1.0) for _ in range(mu.numel())], dtype=mu.dtype).view(mu.shape)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize")
def mapped_over_the_batch(mu, logvar):
    one = lambda m, v: m + torch.exp(0.5 * v) * torch.randn_like(m)  # noqa: E731
    return torch.func.vmap(one, randomness="different")(mu, logvar)
