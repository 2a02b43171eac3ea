"""Other ways to write the closed form; each must get full marks."""

from autograder.authoring import right


@right("gaussian_kl")
def kingmas_layout(mu, logvar):
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)


@right("gaussian_kl")
def normals_of_torch_distributions(mu, logvar):
    q = torch.distributions.Normal(mu, torch.exp(0.5 * logvar))
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).sum(dim=-1)


@right("gaussian_kl")
def independent_normals(mu, logvar):
    from torch.distributions import Independent, Normal, kl_divergence

    q = Independent(Normal(mu, (logvar / 2).exp()), 1)
    return kl_divergence(q, Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1))


@right("gaussian_kl")
def multivariate_normals(mu, logvar):
    from torch.distributions import MultivariateNormal, kl_divergence

    eye = torch.eye(mu.shape[1], dtype=mu.dtype)
    q = MultivariateNormal(mu, scale_tril=torch.diag_embed((logvar / 2).exp()))
    return kl_divergence(q, MultivariateNormal(torch.zeros(mu.shape[1], dtype=mu.dtype), scale_tril=eye))


@right("gaussian_kl")
def norm_trace_logdet(mu, logvar):
    covariance = torch.diag_embed(logvar.exp())
    trace = covariance.diagonal(dim1=-2, dim2=-1).sum(-1)
    return (trace + torch.linalg.vector_norm(mu, dim=1) ** 2 - mu.size(1) - torch.logdet(covariance)) / 2


@right("gaussian_kl")
def addcmul(mu, logvar):
    return torch.addcmul(logvar.exp() - logvar - 1, mu, mu).sum(1).mul(0.5)


@right("gaussian_kl")
def matmul_with_ones(mu, logvar):
    ones = torch.ones(mu.shape[1], dtype=mu.dtype, device=mu.device)
    return 0.5 * ((mu**2 + torch.exp(logvar) - logvar - 1) @ ones)


@right("gaussian_kl")
def two_gaussian_formula(mu, logvar):
    mu_p, logvar_p = torch.zeros_like(mu), torch.zeros_like(logvar)
    terms = logvar_p - logvar + (logvar.exp() + (mu - mu_p) ** 2) / logvar_p.exp() - 1
    return torch.sum(0.5 * terms, -1)


@right("gaussian_kl")
def by_standard_deviation(mu, logvar):
    sigma = torch.exp(logvar / 2)
    return (-torch.log(sigma) + (sigma**2 + mu**2) / 2 - 0.5).sum(dim=1)


@right("gaussian_kl")
def float64_inside(mu, logvar):
    m, v = mu.double(), logvar.double()
    return (0.5 * (m * m + v.exp() - 1 - v).sum(-1)).to(mu.dtype)


@right("gaussian_kl")
def expm1(mu, logvar):
    return 0.5 * (mu * mu + torch.expm1(logvar) - logvar).sum(-1)


@right("gaussian_kl")
def rows_in_a_loop(mu, logvar):
    rows = []
    for m, v in zip(mu, logvar, strict=True):
        rows.append(0.5 * (m.square() + v.exp() - 1 - v).sum())
    return torch.stack(rows)


@right("gaussian_kl")
def dimensions_in_a_loop(mu, logvar):
    total = 0
    for j in range(mu.shape[1]):
        total = total + 0.5 * (mu[:, j] ** 2 + math.e ** logvar[:, j] - 1 - logvar[:, j])
    return total


@right("gaussian_kl")
def base_two_exponentials(mu, logvar):
    return 0.5 * (torch.exp2(logvar / math.log(2)) + mu**2 - 1 - logvar).sum(-1)


@right("gaussian_kl")
def einsum(mu, logvar):
    square = torch.einsum("bz,bz->b", mu, mu)
    return 0.5 * (square + torch.einsum("bz->b", logvar.exp() - logvar) - mu.shape[-1])


@right("gaussian_kl")
def mean_times_the_number_of_dimensions(mu, logvar):
    return 0.5 * mu.size(1) * (mu.square() + logvar.exp() - 1 - logvar).mean(1)


@right("gaussian_kl")
def in_place_on_a_temporary(mu, logvar):
    terms = mu.square()
    terms += logvar.exp()
    terms -= logvar
    terms -= 1
    return terms.sum(-1).div_(2)


@right("gaussian_kl")
def cross_entropy_minus_entropy(mu, logvar):
    constant = math.log(2 * math.pi)
    cross_entropy = 0.5 * (constant + mu**2 + logvar.exp()).sum(1)
    entropy = 0.5 * (constant + 1 + logvar).sum(1)
    return cross_entropy - entropy


@right("gaussian_kl")
def logsumexp_of_log_squares(mu, logvar):
    variances = torch.logsumexp(logvar, dim=1).exp()
    return 0.5 * (variances + (mu * mu).sum(1) - mu.shape[1] - logvar.sum(1))


@right("gaussian_kl")
def clamped_generously(mu, logvar):
    logvar = logvar.clamp(-30, 20)
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(-1)


@right("gaussian_kl")
def clamped_at_zero_where_it_changes_nothing(mu, logvar):
    return (0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).sum(-1)).clamp(min=0)


@right("gaussian_kl")
def absolute_value_of_the_flipped_sign(mu, logvar):
    return torch.abs(0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum(-1))


@right("gaussian_kl")
def summed_with_keepdim_then_squeezed_on_one_axis(mu, logvar):
    return (0.5 * (mu**2 + logvar.exp() - 1 - logvar)).sum(1, keepdim=True).squeeze(1)


@right("gaussian_kl")
def vmap(mu, logvar):
    return torch.vmap(lambda m, v: 0.5 * (torch.dot(m, m) + (v.exp() - v - 1).sum()))(mu, logvar)


@right("gaussian_kl")
def concatenated_pieces(mu, logvar):
    pieces = torch.cat([mu.square(), logvar.exp(), -logvar, -torch.ones_like(mu)], dim=1)
    return pieces.sum(1) / 2


@right("gaussian_kl")
def other_names_for_the_parameters(m, s):
    return 0.5 * torch.sum(torch.exp(s) + m**2 - 1.0 - s, axis=-1)
