"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_wrong as wrong


@wrong("gaussian_kl", slip="summed over the batch as well: the PyTorch example's line gives one number")
def tutorial_one_number(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


@wrong("gaussian_kl", slip="averaged over the latent dimensions instead of summed")
def mean_over_latents(mu, logvar):
    return -0.5 * torch.mean(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)


@wrong("gaussian_kl", slip="summed over axis 0, the batch: the result is (Z,)")
def summed_over_batch_axis(mu, logvar):
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(0)


@wrong("gaussian_kl", slip="nothing is summed: one KL per latent dimension")
def not_summed(mu, logvar):
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar)


@wrong("gaussian_kl", slip="already averaged over the batch")
def averaged_over_batch(mu, logvar):
    return (0.5 * (logvar.exp() + mu**2 - 1 - logvar)).sum(1).mean()


@wrong("gaussian_kl", slip="keepdim leaves shape (B, 1)")
def keepdim_left(mu, logvar):
    return -0.5 * (1 + logvar - mu**2 - logvar.exp()).sum(dim=1, keepdim=True)


@wrong("gaussian_kl", slip="squeeze() turns the result of a batch of one into a 0-d tensor")
def squeezed_batch(mu, logvar):
    per = -0.5 * (1 + logvar - mu**2 - logvar.exp())
    return torch.sum(per, dim=1, keepdim=True).squeeze()


@wrong("gaussian_kl", slip="the sign: this is minus the KL, as it stands in the ELBO")
def minus_the_kl(mu, logvar):
    return 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=-1)


@wrong("gaussian_kl", slip="the factor 1/2 is missing")
def no_half(mu, logvar):
    return (logvar.exp() + mu.pow(2) - 1 - logvar).sum(-1)


@wrong("gaussian_kl", slip="the -1 is missing: not zero at the prior")
def no_minus_one(mu, logvar):
    return 0.5 * (logvar.exp() + mu.pow(2) - logvar).sum(-1)


@wrong("gaussian_kl", slip="the 1 is subtracted once, outside the sum, not once per dimension")
def one_outside_the_sum(mu, logvar):
    return 0.5 * ((logvar.exp() + mu.pow(2) - logvar).sum(-1) - 1)


@wrong("gaussian_kl", slip="mu is not squared")
def mu_not_squared(mu, logvar):
    return 0.5 * torch.sum(logvar.exp() + mu - 1 - logvar, dim=1)


@wrong("gaussian_kl", slip="logvar is taken for log sigma: exp(2 logvar) and 2 logvar")
def logvar_as_log_sigma(mu, logvar):
    return 0.5 * (torch.exp(2 * logvar) + mu**2 - 1 - 2 * logvar).sum(-1)


@wrong("gaussian_kl", slip="sigma stands where sigma^2 belongs")
def sigma_instead_of_variance(mu, logvar):
    sigma = torch.exp(0.5 * logvar)
    return 0.5 * (sigma + mu**2 - 1 - logvar).sum(-1)


@wrong("gaussian_kl", slip="log sigma instead of log sigma^2 in the last term")
def log_sigma_last_term(mu, logvar):
    std = (0.5 * logvar).exp()
    return 0.5 * torch.sum(std**2 + mu**2 - 1 - torch.log(std), dim=1)


@wrong("gaussian_kl", slip="the exponential is forgotten: logvar^2 stands for sigma^2")
def logvar_squared(mu, logvar):
    return 0.5 * (logvar**2 + mu**2 - 1 - 2 * torch.log(logvar.abs())).sum(-1)


@wrong("gaussian_kl", slip="logvar is fed in as if it were sigma^2: log of a negative number is NaN")
def logvar_as_variance(mu, logvar):
    var = logvar
    return 0.5 * (var + mu**2 - 1 - torch.log(var)).sum(-1)


@wrong("gaussian_kl", slip="+ logvar instead of - logvar")
def sign_of_logvar(mu, logvar):
    return 0.5 * (logvar.exp() + mu**2 - 1 + logvar).sum(-1)


@wrong("gaussian_kl", slip="the KL the other way round: from the prior to q")
def reversed_direction(mu, logvar):
    return 0.5 * (torch.exp(-logvar) + mu**2 * torch.exp(-logvar) - 1 + logvar).sum(-1)


@wrong("gaussian_kl", slip="kl_divergence(p, q): the arguments are in the wrong order")
def kl_divergence_reversed(mu, logvar):
    q = torch.distributions.Normal(mu, torch.exp(0.5 * logvar))
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(p, q).sum(-1)


@wrong("gaussian_kl", slip="Normal is given the variance instead of the standard deviation")
def kl_divergence_with_variance(mu, logvar):
    q = torch.distributions.Normal(mu, logvar.exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).sum(-1)


@wrong("gaussian_kl", slip="in bits: divided by log 2")
def in_bits(mu, logvar):
    kl = 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(-1)
    return kl / math.log(2)


@wrong("gaussian_kl", slip="estimated with one random sample instead of the closed form")
def monte_carlo_single(mu, logvar):
    std = torch.exp(0.5 * logvar)
    eps = torch.randn_like(std)
    z = mu + std * eps
    return (0.5 * z**2 - 0.5 * eps**2 - 0.5 * logvar).sum(-1)


@wrong("gaussian_kl", slip="1e-8 inside the logarithm: the KL and its gradient are wrong for small variances")
def log_of_variance_plus_eps(mu, logvar):
    var = logvar.exp()
    return 0.5 * (var + mu**2 - 1 - torch.log(var + 1e-8)).sum(-1)


@wrong("gaussian_kl", slip="logvar is clamped to [-10, 10]")
def clamped_range(mu, logvar):
    lv = logvar.clamp(-10, 10)
    return 0.5 * (lv.exp() + mu**2 - 1 - lv).sum(-1)


@wrong("gaussian_kl", slip="the product of the variances underflows in float32, and its logarithm is -inf")
def log_of_product(mu, logvar):
    var = logvar.exp()
    return 0.5 * (var.sum(-1) + (mu**2).sum(-1) - mu.shape[-1] - torch.log(var.prod(-1)))


@wrong("gaussian_kl", slip="free bits: each dimension counts at least 0.1")
def free_bits(mu, logvar):
    per = 0.5 * (logvar.exp() + mu**2 - 1 - logvar)
    return per.clamp(min=0.1).sum(-1)


@wrong("gaussian_kl", slip="logvar is detached: nothing pulls sigma")
def detached_logvar(mu, logvar):
    lv = logvar.detach()
    return 0.5 * (lv.exp() + mu**2 - 1 - lv).sum(-1)


@wrong("gaussian_kl", slip="the variance term is computed under no_grad, so the gradient of logvar lacks sigma^2/2")
def variance_without_grad(mu, logvar):
    with torch.no_grad():
        var = logvar.exp()
    return 0.5 * (var + mu**2 - 1 - logvar).sum(-1)


@wrong("gaussian_kl", slip="through numpy: no gradient comes back")
def through_numpy(mu, logvar):
    m, lv = mu.detach().numpy(), logvar.detach().numpy()
    kl = 0.5 * np.sum(np.exp(lv) + m**2 - 1 - lv, axis=1)
    return torch.from_numpy(kl)


@wrong("gaussian_kl", slip="a loop that collects .item()s: no gradient, and float32 for float64 inputs")
def loop_of_items(mu, logvar):
    out = []
    for m, lv in zip(mu, logvar):
        out.append(sum(0.5 * (math.exp(b.item()) + a.item() ** 2 - 1 - b.item()) for a, b in zip(m, lv)))
    return torch.tensor(out)


@wrong("gaussian_kl", slip=".float() makes float64 inputs float32")
def always_float32(mu, logvar):
    mu, logvar = mu.float(), logvar.float()
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(-1)


@wrong("gaussian_kl", slip="the result is always float64")
def always_float64(mu, logvar):
    mu, logvar = mu.double(), logvar.double()
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(-1)


@wrong("gaussian_kl", slip="exp_ and pow_ overwrite the inputs")
def overwritten_inputs(mu, logvar):
    kl = -logvar.sum(-1) - logvar.shape[-1]
    kl = kl + mu.pow_(2).sum(-1) + logvar.exp_().sum(-1)
    return 0.5 * kl


@wrong("gaussian_kl", slip="mu^2 has the wrong sign, and abs() hides that the sum may come out negative")
def absolute_value_of_wrong_sign(mu, logvar):
    return (0.5 * (1 + logvar + mu**2 - logvar.exp()).sum(-1)).abs()


@wrong("gaussian_kl", slip="F.kl_div compares probability vectors, not Gaussians")
def softmax_kl_div(mu, logvar):
    return F.kl_div(F.log_softmax(mu, dim=-1), F.softmax(logvar, dim=-1), reduction="none").sum(-1)


@wrong("gaussian_kl", slip="operator precedence: only logvar.exp() is halved")
def half_on_first_term(mu, logvar):
    return (0.5 * logvar.exp() + mu**2 - 1 - logvar).sum(-1)


@wrong("gaussian_kl", slip="mu^2 is summed over everything, and each image pays for all")
def mu_summed_over_everything(mu, logvar):
    return 0.5 * ((logvar.exp() - 1 - logvar).sum(-1) + mu.pow(2).sum())


@wrong("gaussian_kl", slip="the norm of mu instead of its square")
def norm_not_squared(mu, logvar):
    return 0.5 * ((logvar.exp() - 1 - logvar).sum(-1) + mu.norm(dim=-1))


@wrong("gaussian_kl", slip="the dimension Z = 2 is hard-coded in the constant")
def constant_two(mu, logvar):
    return 0.5 * (logvar.exp().sum(1) + (mu * mu).sum(1) - 2 - logvar.sum(1))


@wrong("gaussian_kl", slip="divided by the batch size already")
def divided_by_b(mu, logvar):
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(-1) / mu.shape[0]


@wrong("gaussian_kl", slip="the cross-entropy without the entropy of q: -E[log p] only")
def cross_entropy_only(mu, logvar):
    return 0.5 * (math.log(2 * math.pi) + mu**2 + logvar.exp()).sum(-1)


@wrong("gaussian_kl", slip="log(2 pi) is left in one of the two terms")
def two_pi_left_over(mu, logvar):
    neg_entropy = -0.5 * (1 + logvar).sum(-1)
    cross = 0.5 * (math.log(2 * math.pi) + mu**2 + logvar.exp()).sum(-1)
    return neg_entropy + cross


# ---- right ----------------------------------------------------------------------------------------------------------
@right("gaussian_kl", why="the formula of the prompt")
def prompt_formula(mu, logvar):
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(dim=-1)


@right("gaussian_kl", why="the tutorial's minus sign form, summed per example")
def tutorial_per_example(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)


@right("gaussian_kl", why="expm1, more precise near logvar = 0")
def with_expm1(mu, logvar):
    return 0.5 * torch.sum(torch.expm1(logvar) - logvar + mu.square(), dim=-1)


@right("gaussian_kl", why="kl_divergence of two Normals, summed")
def distributions_normal(mu, logvar):
    q = torch.distributions.Normal(mu, torch.exp(0.5 * logvar))
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).sum(-1)


@right("gaussian_kl", why="Independent sums over the latents itself")
def distributions_independent(mu, logvar):
    D = torch.distributions
    q = D.Independent(D.Normal(mu, (logvar / 2).exp()), 1)
    p = D.Independent(D.Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1)
    return D.kl_divergence(q, p)


@right("gaussian_kl", why="sums first, with Z taken from the shape")
def sums_first(mu, logvar):
    Z = mu.shape[1]
    return 0.5 * (logvar.exp().sum(1) + mu.pow(2).sum(1) - Z - logvar.sum(1))


@right("gaussian_kl", why="through sigma: sigma^2 - 1 - 2 log sigma")
def through_sigma(mu, logvar):
    sigma = torch.exp(logvar / 2)
    return (0.5 * (sigma**2 + mu**2 - 1) - torch.log(sigma)).sum(-1)


@right("gaussian_kl", why="cross-entropy minus entropy, whose log(2 pi) cancels")
def cross_entropy_minus_entropy(mu, logvar):
    c = math.log(2 * math.pi)
    entropy = 0.5 * (c + 1 + logvar)
    cross = 0.5 * (c + mu**2 + torch.exp(logvar))
    return (cross - entropy).sum(dim=1)


@right("gaussian_kl", why="a loop over examples, stacked")
def loop_over_examples(mu, logvar):
    kls = []
    for m, lv in zip(mu, logvar):
        kls.append(0.5 * (lv.exp() + m * m - 1 - lv).sum())
    return torch.stack(kls)


@right("gaussian_kl", why="a loop over latent dimensions that adds up")
def loop_over_latents(mu, logvar):
    total = torch.zeros_like(mu[:, 0])
    for j in range(mu.shape[1]):
        total = total + 0.5 * (logvar[:, j].exp() + mu[:, j] ** 2 - 1 - logvar[:, j])
    return total


@right("gaussian_kl", why="einsum for mu . mu")
def einsum_mu(mu, logvar):
    return 0.5 * (torch.einsum("bz,bz->b", mu, mu) + (logvar.exp() - logvar - 1).sum(-1))


@right("gaussian_kl", why="vmap of the KL of one example")
def vmap_one(mu, logvar):
    def kl_one(m, lv):
        return 0.5 * (torch.exp(lv) + m**2 - 1.0 - lv).sum()

    return torch.vmap(kl_one)(mu, logvar)


@right("gaussian_kl", why="matrix notation: trace, quadratic form and log-determinant of a diagonal matrix")
def trace_and_logdet(mu, logvar):
    S = torch.diag_embed(logvar.exp())
    trace = torch.diagonal(S, dim1=-2, dim2=-1).sum(-1)
    quad = (mu.unsqueeze(1) @ mu.unsqueeze(2)).reshape(-1)
    logdet = torch.diagonal(S, dim1=-2, dim2=-1).log().sum(-1)
    return 0.5 * (trace + quad - mu.shape[-1] - logdet)


@right("gaussian_kl", why="a chain of in-place operations on fresh tensors only")
def in_place_on_fresh(mu, logvar):
    kl = logvar.exp()
    kl = kl.add(mu.pow(2)).sub_(1.0).sub_(logvar).mul_(0.5)
    return kl.sum(-1)


@right("gaussian_kl", why="computed in float64 and cast back")
def float64_inside(mu, logvar):
    m, lv = mu.double(), logvar.double()
    return (0.5 * (lv.exp() + m**2 - 1 - lv)).sum(-1).to(mu.dtype)


@right("gaussian_kl", why="mean times Z is the sum")
def mean_times_z(mu, logvar):
    return 0.5 * (logvar.exp() + mu**2 - 1 - logvar).mean(-1) * mu.size(-1)


@right("gaussian_kl", why="multivariate normals with scale_tril")
def multivariate_kl(mu, logvar):
    D = torch.distributions
    q = D.MultivariateNormal(mu, scale_tril=torch.diag_embed(torch.exp(0.5 * logvar)))
    eye = torch.eye(mu.shape[-1], dtype=mu.dtype, device=mu.device).expand(mu.shape[0], -1, -1)
    p = D.MultivariateNormal(torch.zeros_like(mu), scale_tril=eye)
    return D.kl_divergence(q, p)


@right("gaussian_kl", why="a product with a vector of ones does the sum")
def matmul_with_ones(mu, logvar):
    per = 0.5 * (logvar.exp() + mu**2 - 1 - logvar)
    return per @ torch.ones(per.shape[1], dtype=per.dtype, device=per.device)


@right("gaussian_kl", why="the four terms are stacked and summed over two axes at once")
def summed_over_negative_axis(mu, logvar):
    terms = torch.stack([logvar.exp(), mu.square(), -torch.ones_like(mu), -logvar])
    return terms.sum(dim=(0, -1)) / 2


@right("gaussian_kl", why="a custom autograd function with the gradients mu and (sigma^2 - 1) / 2")
def custom_backward_kl(mu, logvar):
    class KL(torch.autograd.Function):
        @staticmethod
        def forward(ctx, m, lv):
            ctx.save_for_backward(m, lv)
            return 0.5 * (lv.exp() + m * m - 1 - lv).sum(-1)

        @staticmethod
        def backward(ctx, g):
            m, lv = ctx.saved_tensors
            return g[:, None] * m, g[:, None] * 0.5 * (lv.exp() - 1)

    return KL.apply(mu, logvar)


@right("gaussian_kl", why="nested comprehension with torch scalars that keep their graph")
def nested_sum(mu, logvar):
    B, Z = mu.shape
    return torch.stack(
        [sum(0.5 * (torch.exp(logvar[i, j]) + mu[i, j] ** 2 - 1 - logvar[i, j]) for j in range(Z)) for i in range(B)]
    )


@right("gaussian_kl", why="the variance as std * std")
def squared_std_times(mu, logvar):
    std = logvar.mul(0.5).exp()
    return torch.add(std * std - 1, mu * mu).sub(logvar).div(2).sum(1)
