"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_right_value as right_value, foreign_wrong as wrong, foreign_wrong_value as wrong_value


# ---- pathwise -------------------------------------------------------------------------------------------------------
@wrong("pathwise_gradient", slip="returns the sample's value z^2 instead of its slope")
def value_not_slope(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2


@wrong("pathwise_gradient", slip="the derivative of z^2 is 2z, not z")
def missing_two(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z


@wrong("pathwise_gradient", slip="multiplied by sigma * eps: that is the derivative with respect to log sigma, not mu")
def slope_in_log_sigma(mu, sigma, n):
    eps = torch.randn(n)
    z = mu + sigma * eps
    return 2 * z * sigma * eps


@wrong("pathwise_gradient", slip="multiplied by eps: that is the slope in sigma")
def slope_in_sigma(mu, sigma, n):
    eps = torch.randn(n)
    return 2 * (mu + sigma * eps) * eps


@wrong("pathwise_gradient", slip="returns the exact gradient 2 mu n times, instead of n estimates")
def exact_answer_repeated(mu, sigma, n):
    return torch.full((n,), 2.0 * mu)


@wrong("pathwise_gradient", slip="averages the estimates; n of them are asked for")
def averaged_estimates(mu, sigma, n):
    return (2 * (mu + sigma * torch.randn(n))).mean()


@wrong("pathwise_gradient", slip="the average is repeated n times: the estimates are not independent")
def average_expanded(mu, sigma, n):
    g = 2 * (mu + sigma * torch.randn(n))
    return g.mean().expand(n)


@wrong("pathwise_gradient", slip="a gradient of the mean over samples is divided by n")
def gradient_of_the_mean(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    ((m + sigma * torch.randn(n)) ** 2).mean().backward()
    return m.grad


@wrong("pathwise_gradient", slip="one shared mu collects the sum of all slopes: one number, not n")
def one_leaf_for_all(mu, sigma, n):
    m = torch.tensor(float(mu), requires_grad=True)
    z = m + sigma * torch.randn(n)
    (z**2).sum().backward()
    return m.grad.repeat(n)


@wrong("pathwise_gradient", slip="one epsilon for all n estimates")
def single_epsilon(mu, sigma, n):
    eps = torch.randn(1).expand(n)
    return 2 * (mu + sigma * eps)


@wrong("pathwise_gradient", slip="sigma is taken for a variance: its square root scales the noise")
def sigma_square_rooted(mu, sigma, n):
    return 2 * (mu + math.sqrt(sigma) * torch.randn(n))


@wrong("pathwise_gradient", slip="sigma is taken for log sigma^2")
def sigma_as_logvar(mu, sigma, n):
    return 2 * (mu + math.exp(sigma / 2) * torch.randn(n))


@wrong("pathwise_gradient", slip="sigma squared scales the noise")
def variance_scales_noise(mu, sigma, n):
    return 2 * (mu + sigma**2 * torch.randn(n))


@wrong("pathwise_gradient", slip="uniform noise instead of normal")
def uniform_epsilon(mu, sigma, n):
    return 2 * (mu + sigma * torch.rand(n))


@wrong("pathwise_gradient", slip="the seed is fixed, so every call returns the same estimates")
def seeded_for_reproducibility(mu, sigma, n):
    torch.manual_seed(0)
    return 2 * (mu + sigma * torch.randn(n))


@wrong("pathwise_gradient", slip="divided by sigma^2 as in the score function")
def divided_by_variance(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return 2 * z / sigma**2


@wrong("pathwise_gradient", slip="torch.normal gives no path to mu: autograd returns zeros")
def autograd_through_torch_normal(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    z = torch.normal(m, float(sigma))
    (z**2).sum().backward()
    return m.grad


@wrong("pathwise_gradient", slip="antithetic pairs lower the variance of the average, but the n samples are to be independent")
def antithetic_estimates(mu, sigma, n):
    half = torch.randn((n + 1) // 2)
    eps = torch.cat([half, -half])[:n]
    return 2 * (mu + sigma * eps)


@wrong("pathwise_gradient", slip="shape (n, 1) instead of (n,)")
def column_vector(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n, 1))


@wrong("pathwise_gradient", slip="a finite difference whose two ends draw different noise: the noise is divided by the small step")
def finite_difference_fresh_noise(mu, sigma, n):
    h = 1e-2
    up = (mu + h + sigma * torch.randn(n)) ** 2
    down = (mu - h + sigma * torch.randn(n)) ** 2
    return (up - down) / (2 * h)


# ---- score function -------------------------------------------------------------------------------------------------
@wrong("score_function_gradient", slip="the sign of the score is turned round: mu - z")
def score_sign(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (mu - z) / sigma**2


@wrong("score_function_gradient", slip="divided by sigma instead of sigma^2")
def score_over_sigma(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma


@wrong("score_function_gradient", slip="the 1/sigma^2 of the score is missing")
def score_without_variance(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu)


@wrong("score_function_gradient", slip="f(z) is left out: only the score is returned, whose mean is 0")
def score_alone(mu, sigma, n):
    z = torch.normal(float(mu), float(sigma), size=(n,))
    return (z - mu) / sigma**2


@wrong("score_function_gradient", slip="multiplied by log q, not by its gradient")
def log_q_itself(mu, sigma, n):
    q = torch.distributions.Normal(float(mu), float(sigma))
    z = q.sample((n,))
    return z**2 * q.log_prob(z)


@wrong("score_function_gradient", slip="multiplied by the gradient of q instead of that of log q")
def gradient_of_density(mu, sigma, n):
    q = torch.distributions.Normal(float(mu), float(sigma))
    z = q.sample((n,))
    return z**2 * q.log_prob(z).exp() * (z - mu) / sigma**2


@wrong("score_function_gradient", slip="a baseline (the mean of f) is subtracted; no baseline is allowed")
def batch_mean_baseline(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    f = z**2
    return (f - f.mean()) * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    slip="the exact mean mu^2 + sigma^2 is subtracted as a baseline: less variance, but not the estimator asked for",
)
def exact_baseline(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return (z**2 - (mu**2 + sigma**2)) * (z - mu) / sigma**2


@wrong("score_function_gradient", slip="f'(z) = 2z stands where f(z) = z^2 belongs")
def slope_times_score(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return 2 * z * (z - mu) / sigma**2


@wrong("score_function_gradient", slip="the score with respect to sigma instead of mu")
def score_of_sigma(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * ((z - mu) ** 2 - sigma**2) / sigma**3


@wrong("score_function_gradient", slip="the estimates are averaged")
def score_mean(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return torch.mean(z**2 * (z - mu) / sigma**2)


@wrong("score_function_gradient", slip="the minus of a loss (policy gradient) is kept: minus the gradient")
def reinforce_loss_sign(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(m, float(sigma))
    z = q.sample()
    loss = -(q.log_prob(z) * z**2).sum()
    return torch.autograd.grad(loss, m)[0]


@wrong("score_function_gradient", slip="rsample lets the gradient flow through z as well: that is neither estimator")
def rsample_in_reinforce(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(m, float(sigma))
    z = q.rsample()
    return torch.autograd.grad((q.log_prob(z) * z**2).sum(), m)[0]


@wrong("score_function_gradient", slip="with rsample and f detached, log q(z) does not depend on mu: all zeros")
def rsample_detached_f(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(m, float(sigma))
    z = q.rsample()
    return torch.autograd.grad((q.log_prob(z) * (z**2).detach()).sum(), m)[0]


@wrong("score_function_gradient", slip="f and the score use different samples: their product has mean zero")
def two_different_samples(mu, sigma, n):
    z1 = mu + sigma * torch.randn(n)
    z2 = mu + sigma * torch.randn(n)
    return z1**2 * (z2 - mu) / sigma**2


@wrong("score_function_gradient", slip="the sample is standard normal, without mu and sigma")
def sampled_from_the_prior(mu, sigma, n):
    z = torch.randn(n)
    return z**2 * (z - mu) / sigma**2


@wrong("score_function_gradient", slip="the pathwise estimator again: right mean, but not the score function")
def pathwise_twice(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n))


@wrong("score_function_gradient", slip="sigma is passed as variance: Normal wants the standard deviation")
def variance_to_normal(mu, sigma, n):
    z = torch.distributions.Normal(float(mu), float(sigma) ** 2).sample((n,))
    return z**2 * (z - mu) / sigma**2


@wrong("score_function_gradient", slip="the exponent's one half is not cancelled: (z - mu) / (2 sigma^2)")
def half_left_over(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / (2 * sigma**2)


@wrong("score_function_gradient", slip="precedence: / sigma * sigma is no division by sigma^2")
def precedence_sigma(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma * sigma


@wrong("score_function_gradient", slip="clipped to [-10, 10] to tame the variance: biased")
def clipped_score(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return (z**2 * (z - mu) / sigma**2).clamp(-10, 10)


@wrong("score_function_gradient", slip="one sample of z, repeated n times")
def one_z_repeated(mu, sigma, n):
    z = mu + sigma * torch.randn(())
    return (z**2 * (z - mu) / sigma**2).repeat(n)


# ---- right ----------------------------------------------------------------------------------------------------------
@right("pathwise_gradient", why="the formula 2 z")
def formula_two_z(mu, sigma, n):
    eps = torch.randn(n)
    return 2 * (mu + sigma * eps)


@right("pathwise_gradient", why="autograd with one leaf per sample")
def autograd_per_sample(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    z = m + sigma * torch.randn(n)
    return torch.autograd.grad((z**2).sum(), m)[0]


@right("pathwise_gradient", why="vmap of torch.func.grad over the noise")
def vmap_of_grad(mu, sigma, n):
    eps = torch.randn(n)
    slope = torch.func.grad(lambda m, e: (m + sigma * e) ** 2)
    return torch.func.vmap(slope, in_dims=(None, 0))(torch.tensor(float(mu)), eps)


@right("pathwise_gradient", why="directly a draw from N(2 mu, 4 sigma^2), which is the estimate's law")
def drawn_from_its_law(mu, sigma, n):
    return torch.normal(2.0 * mu, 2.0 * sigma, size=(n,))


@right("pathwise_gradient", why="numpy's noise in float64")
def numpy_pathwise(mu, sigma, n):
    z = np.random.default_rng().normal(mu, sigma, size=n)
    return torch.from_numpy(2 * z)


@right("pathwise_gradient", why="a loop with backward for every sample")
def loop_with_backward(mu, sigma, n):
    out = []
    for _ in range(n):
        m = torch.tensor(float(mu), requires_grad=True)
        z = m + sigma * torch.randn(())
        (z * z).backward()
        out.append(m.grad.item())
    return torch.tensor(out)


@right("pathwise_gradient", why="forward-mode: the Jacobian-vector product with a direction of ones")
def forward_mode(mu, sigma, n):
    eps = torch.randn(n)
    m = torch.full((n,), float(mu))
    return torch.func.jvp(lambda t: (t + sigma * eps) ** 2, (m,), (torch.ones(n),))[1]


@right("pathwise_gradient", why="central difference with the same noise at both ends, exact for a parabola")
def finite_difference_same_noise(mu, sigma, n):
    eps = torch.randn(n, dtype=torch.float64)
    f = lambda m: (m + sigma * eps) ** 2
    return (f(mu + 0.5) - f(mu - 0.5)).float()


@right("pathwise_gradient", why="rsample of a Normal with n means")
def rsample_pathwise(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    z = torch.distributions.Normal(m, float(sigma)).rsample()
    z.pow(2).backward(torch.ones(n))
    return m.grad


@right("score_function_gradient", why="z^2 times the score by formula")
def formula_score(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2


@right("score_function_gradient", why="the score as eps / sigma")
def eps_over_sigma(mu, sigma, n):
    eps = torch.randn(n)
    return (mu + sigma * eps) ** 2 * eps / sigma


@right("score_function_gradient", why="autograd through log_prob at a fixed sample, one mean per sample")
def autograd_log_prob(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(m, float(sigma))
    z = q.sample()
    (score,) = torch.autograd.grad(q.log_prob(z).sum(), m)
    return z**2 * score


@right("score_function_gradient", why="rsample with z detached in both places is the same")
def rsample_detached_z(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(m, float(sigma))
    z = q.rsample().detach()
    q.log_prob(z).backward(z**2)
    return m.grad


@right("score_function_gradient", why="the density written out, constants left out, since they have no gradient")
def density_written_out(mu, sigma, n):
    m = torch.full((n,), float(mu), dtype=torch.float64, requires_grad=True)
    z = torch.normal(m.detach(), float(sigma))
    logq = -0.5 * ((z - m) / sigma) ** 2
    logq.sum().backward()
    return (z.square() * m.grad).to(torch.get_default_dtype())


@right("score_function_gradient", why="numpy draws and numpy formula")
def numpy_score(mu, sigma, n):
    z = np.random.normal(loc=mu, scale=sigma, size=(n,))
    return torch.tensor(z**2 * (z - mu) / sigma**2, dtype=torch.float32)


@right("score_function_gradient", why="a loop, one sample at a time")
def loop_score(mu, sigma, n):
    q = torch.distributions.Normal(float(mu), float(sigma))
    out = torch.empty(n)
    for i in range(n):
        z = q.sample()
        out[i] = z * z * (z - mu) / sigma**2
    return out


@right("score_function_gradient", why="the gradient of q divided by q: the same as the gradient of log q")
def grad_q_over_q(mu, sigma, n):
    m = torch.full((n,), float(mu), dtype=torch.float64, requires_grad=True)
    z = (m + sigma * torch.randn(n, dtype=torch.float64)).detach()
    q = torch.exp(-((z - m) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    (dq,) = torch.autograd.grad(q.sum(), m)
    return (z**2 * dq / q.detach()).float()


@right("score_function_gradient", why="a DiCE-like surrogate: f(z) exp(log q - stop(log q))")
def dice_surrogate(mu, sigma, n):
    m = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(m, float(sigma))
    z = q.sample()
    lp = q.log_prob(z)
    (z**2 * torch.exp(lp - lp.detach())).sum().backward()
    return m.grad


@right("score_function_gradient", why="vmap over samples of grad of log q")
def vmap_score(mu, sigma, n):
    z = mu + sigma * torch.randn(n)

    def logq(m, zi):
        return -((zi - m) ** 2) / (2 * sigma**2)

    score = torch.func.vmap(torch.func.grad(logq), in_dims=(None, 0))(torch.tensor(float(mu)), z)
    return z**2 * score


wrong_value("q3_choice", "A", slip="neither call returns the score-function gradient: no log q is ever differentiated")
wrong_value("q3_choice", "C", slip="torch.normal(mu, std) has requires_grad=True but its gradient is exactly zero")
wrong_value("q3_choice", "D", slip="the law of the samples is right in both; only the path back is missing")
right_value("q3_choice", "B", why="no graph in one, zero gradients in the other")
