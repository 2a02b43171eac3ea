"""Other right ways to both estimators."""

from autograder.authoring import right, right_value


@right("pathwise_gradient")
def pathwise_by_autograd(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    z = mean + sigma * torch.randn(n)
    return torch.autograd.grad((z**2).sum(), mean)[0]


@right("pathwise_gradient")
def pathwise_by_rsample(mu, sigma, n):
    mean = torch.full((n,), mu, requires_grad=True)
    torch.distributions.Normal(mean, sigma).rsample().square().sum().backward()
    return mean.grad


@right("pathwise_gradient")
def pathwise_by_the_students_own_sampler(mu, sigma, n):
    logvar = torch.full((n, 1), 2 * math.log(sigma))
    return 2 * reparameterize(torch.full((n, 1), mu), logvar).squeeze(1)


@right("pathwise_gradient")
def pathwise_by_central_difference(mu, sigma, n):
    eps, step = torch.randn(n, dtype=torch.float64), 1e-3
    return ((mu + step + sigma * eps) ** 2 - (mu - step + sigma * eps) ** 2) / (2 * step)


@right("pathwise_gradient")
def pathwise_in_numpy(mu, sigma, n):
    return 2 * np.random.normal(mu, sigma, size=n)


@right("pathwise_gradient")
def pathwise_by_vmap(mu, sigma, n):
    slope = torch.func.grad(lambda m, e: (m + sigma * e) ** 2)
    return torch.func.vmap(slope, in_dims=(None, 0))(torch.tensor(mu), torch.randn(n))


@right("pathwise_gradient")
def pathwise_with_a_graph(mu, sigma, n):
    mean = torch.tensor(mu, requires_grad=True)
    return 2 * (mean - sigma * torch.randn(n, 1))[:, 0]


@right("pathwise_gradient")
def pathwise_in_a_loop(mu, sigma, n):
    import random

    return torch.tensor([2 * random.gauss(mu, sigma) for _ in range(n)])


@right("score_function_gradient")
def score_by_autograd(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(mean, sigma)
    z = q.sample()
    return z**2 * torch.autograd.grad(q.log_prob(z).sum(), mean)[0]


@right("score_function_gradient")
def score_by_the_noise(mu, sigma, n):
    eps = torch.randn(n)
    return (mu + sigma * eps) ** 2 * eps / sigma


@right("score_function_gradient")
def score_by_torch_normal(mu, sigma, n):
    z = torch.normal(mu, sigma, size=(n,))
    return (z - mu) * (z / sigma).square()


@right("score_function_gradient")
def score_in_numpy(mu, sigma, n):
    z = np.random.default_rng().normal(mu, sigma, n)
    return z**2 * (z - mu) / sigma**2


@right("score_function_gradient")
def score_by_rsample_detached(mu, sigma, n):
    mean = torch.full((n,), mu, requires_grad=True)
    z = torch.distributions.Normal(mean, sigma).rsample().detach()
    surrogate = z.square() * torch.distributions.Normal(mean, sigma).log_prob(z)
    surrogate.sum().backward()
    return mean.grad


@right("score_function_gradient")
def score_by_the_students_own_sampler(mu, sigma, n):
    z = reparameterize(torch.full((1, n), mu), torch.full((1, n), 2 * math.log(sigma)))[0]
    return z**2 * (z - mu) / sigma**2


@right("score_function_gradient")
def score_by_difference_of_log_densities(mu, sigma, n):
    z, step = mu + sigma * torch.randn(n, dtype=torch.float64), 1e-4
    up = torch.distributions.Normal(torch.tensor(mu + step, dtype=torch.float64), sigma).log_prob(z)
    down = torch.distributions.Normal(torch.tensor(mu - step, dtype=torch.float64), sigma).log_prob(z)
    return z**2 * (up - down) / (2 * step)


@right("score_function_gradient")
def score_by_the_ratio_of_densities(mu, sigma, n):
    z = (mu + sigma * torch.randn(n)).double()
    mean = torch.full((n,), mu, dtype=torch.float64, requires_grad=True)
    density = torch.exp(-((z - mean) ** 2) / (2 * sigma**2))
    slope = torch.autograd.grad(density.sum(), mean)[0]
    return z**2 * slope / density.detach()


@right("pathwise_gradient")
def pathwise_by_a_jacobian(mu, sigma, n):
    eps, mean = torch.randn(n), torch.full((n,), float(mu))
    return torch.autograd.functional.jacobian(lambda m: (m + sigma * eps) ** 2, mean).diagonal()


@right("score_function_gradient")
def score_by_a_jacobian(mu, sigma, n):
    z = torch.normal(float(mu), float(sigma), (n,))
    mean = torch.full((n,), float(mu))
    score = torch.autograd.functional.jacobian(lambda m: torch.distributions.Normal(m, sigma).log_prob(z), mean)
    return z**2 * score.diagonal()


right_value("q3_choice", "b ")
