"""Ways to get the KL wrong, each with the check that must catch it and the hint it earns."""

from autograder.authoring import wrong

# ---- the ½ ----


@wrong("gaussian_kl", caught_by="test_the_mean_costs_half_its_square", hint="This is twice the KL: the ½ in front is missing.")
def no_half(mu, logvar):
    return (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_values", hint="The ½ is there twice: it stands once, in front of the whole bracket.")
def half_twice(mu, logvar):
    return 0.25 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The ½ reaches only the squared mean and the variance: it stands in front of all four terms.",
)
def half_on_two_of_four_terms(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp()) - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The ½ binds to the squared mean alone: multiplication comes before addition, so the bracket is needed.",
)
def half_binds_to_the_mean_only(mu, logvar):
    return (0.5 * mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The ½ binds to the variance alone: multiplication comes before addition, so the bracket is needed.",
)
def half_binds_to_the_variance_only(mu, logvar):
    return (0.5 * logvar.exp() + mu.square() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The ½ does not reach the squared mean: it stands in front of all four terms.",
)
def half_misses_the_mean(mu, logvar):
    return (mu.square() + 0.5 * (logvar.exp() - 1 - logvar)).sum(-1)


# ---- signs ----


@wrong("gaussian_kl", caught_by="test_the_mean_costs_half_its_square", hint="This is minus the KL: a KL is never negative.")
def sign_flipped(mu, logvar):
    return 0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="Everything comes out as 0, as it does where a clamp at zero hides a flipped sign.",
)
def sign_flipped_then_clamped_at_zero(mu, logvar):
    return (0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(-1)).clamp(min=0)


@wrong("gaussian_kl", caught_by="test_a_wrong_spread_costs_too", hint="The log-variance is added where the formula takes it away.")
def plus_logvar(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 + logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The log-variance is added where the formula takes it away, and the absolute value only hides the negative results.",
)
def plus_logvar_under_an_absolute_value(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 + logvar).sum(-1)).abs()


@wrong("gaussian_kl", caught_by="test_a_wrong_spread_costs_too", hint="The variance is subtracted where the formula adds it.")
def minus_variance(mu, logvar):
    return 0.5 * (mu.square() - logvar.exp() + 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The squared mean is subtracted: moving away from the prior must cost, not pay.",
)
def minus_squared_mean(mu, logvar):
    return 0.5 * (logvar.exp() - mu.square() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The 1 is added where the formula takes it away: the prior itself must cost nothing.",
)
def plus_one(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() + 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The absolute value of logvar stands in for logvar, so narrow codes come out too cheap: a log-variance keeps its sign.",
)
def absolute_logvar(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar.abs()).sum(-1)


@wrong("gaussian_kl", caught_by="test_a_wrong_spread_costs_too", hint="The exponent has its sign flipped: exp(−logvar) is 1/σ².")
def inverse_variance(mu, logvar):
    return 0.5 * (mu.square() + (-logvar).exp() - 1 - logvar).sum(-1)


# ---- what logvar is ----


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="exp(logvar / 2) is the standard deviation, and the first term wants the variance.",
)
def sigma_where_variance_belongs(mu, logvar):
    return 0.5 * (mu.square() + (0.5 * logvar).exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="exp(logvar) is used as the standard deviation, but it is the variance; torch's Normal wants the standard deviation.",
)
def logvar_taken_as_log_sigma(mu, logvar):
    q = torch.distributions.Normal(mu, logvar.exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).sum(-1)


@wrong("gaussian_kl", caught_by="test_a_wrong_spread_costs_too", hint="exp(logvar) is squared, but it is the variance already.")
def variance_squared(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp().square() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The logarithm counts twice: logvar is log σ² already, and the ½ reaches it like the other terms.",
)
def log_term_twice(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - 2 * logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The logarithm counts half: logvar is log σ² whole, and the ½ stands in front already.",
)
def log_sigma_where_log_variance_belongs(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - 0.5 * logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="It works with σ instead of σ² in both places: halve logvar only if you square the exponential again.",
)
def sigma_taken_for_the_variance_throughout(mu, logvar):
    return 0.5 * (mu.square() + (0.5 * logvar).exp() - 1 - 0.5 * logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="logvar is used as if it were the variance: it has to be exponentiated first.",
)
def logvar_taken_as_the_variance(mu, logvar):
    return 0.5 * (mu.square() + logvar - 1 - logvar.abs().clamp(min=1e-12).log()).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The logarithm is taken of something that is a logarithm already: log of a negative number is NaN.",
)
def log_of_logvar(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar.log()).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="Softplus stands where the exponential belongs: they are different functions.",
)
def softplus_for_the_exponential(mu, logvar):
    return 0.5 * (mu.square() + F.softplus(logvar) - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_a_wrong_spread_costs_too", hint="The variance is exponentiated twice.")
def exponential_twice(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp().clamp(max=50).exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The exponential is taken to base 2: logvar is a natural logarithm.",
)
def base_two_exponential(mu, logvar):
    return 0.5 * (mu.square() + torch.exp2(logvar) - 1 - logvar).sum(-1)


# ---- terms ----


@wrong("gaussian_kl", caught_by="test_the_mean_costs_half_its_square", hint="The −1 is missing: with it, the prior costs nothing.")
def no_minus_one(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The −1 stands outside the sum: every latent dimension has one.",
)
def minus_one_outside_the_sum(mu, logvar):
    return 0.5 * ((mu.square() + logvar.exp() - logvar).sum(-1) - 1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The −1 stands outside the bracket, where the ½ does not reach it.",
)
def minus_one_outside_the_half(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - logvar) - 1).sum(-1)


@wrong("gaussian_kl", caught_by="test_the_mean_costs_half_its_square", hint="The mean is doubled rather than squared.")
def twice_the_mean_for_its_square(mu, logvar):
    return 0.5 * (2 * mu + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The mean comes in unsquared: a step to the left must cost as much as one to the right.",
)
def mean_not_squared(mu, logvar):
    return 0.5 * (mu + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The distance from the prior enters as |μ|: its square belongs there.",
)
def absolute_mean(mu, logvar):
    return 0.5 * (mu.abs() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The mean is summed before it is squared: each latent dimension pays for itself.",
)
def square_of_the_summed_mean(mu, logvar):
    return 0.5 * (mu.sum(-1).square() + (logvar.exp() - 1 - logvar).sum(-1))


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="This is the length of the mean, not its squared length.",
)
def norm_not_squared(mu, logvar):
    return 0.5 * (mu.norm(dim=-1) + (logvar.exp() - 1 - logvar).sum(-1))


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="Negative means are cut off before the square: a step to the left must cost as much as one to the right.",
)
def mean_clamped_at_zero(mu, logvar):
    return 0.5 * (mu.clamp(min=0).square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_the_mean_costs_half_its_square", hint="The mean is cubed, not squared.")
def mean_cubed(mu, logvar):
    return 0.5 * (mu**3 + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_values", hint="The mean's term is multiplied by σ², but it does not depend on the spread.")
def mean_times_sigma(mu, logvar):
    return 0.5 * ((mu * (0.5 * logvar).exp()).square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_values",
    hint="The mean is divided by σ², but it is measured against the prior, whose variance is 1.",
)
def mean_over_the_variance(mu, logvar):
    return 0.5 * (mu.square() / logvar.exp() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_a_wrong_spread_costs_too", hint="Only the mean is charged: the spread costs too.")
def mean_term_only(mu, logvar):
    return 0.5 * mu.square().sum(-1) + 0 * logvar.sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="Only the spread is charged: the mean's term is missing.",
)
def no_mean_term(mu, logvar):
    return 0.5 * (logvar.exp() - 1 - logvar).sum(-1) + 0 * mu.sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The logarithm of the variance is missing: without it nothing keeps a code from getting too narrow.",
)
def no_log_term(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The variance itself is missing: without it nothing keeps a code from getting too wide.",
)
def no_variance_term(mu, logvar):
    return 0.5 * (mu.square() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="This is minus the entropy of q: the KL also says what the prior thinks of the same points.",
)
def entropy_only(mu, logvar):
    return -0.5 * (1 + math.log(2 * math.pi) + logvar).sum(-1) + 0 * mu.sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="This is the cross-entropy of q and the prior: the entropy of q still has to be taken away.",
)
def cross_entropy_only(mu, logvar):
    return 0.5 * (math.log(2 * math.pi) + mu.square() + logvar.exp()).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The constant log 2π belongs to each density, and cancels in their ratio.",
)
def stray_log_two_pi(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar + math.log(2 * math.pi)).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_values",
    hint="This is the KL the other way round, of the prior from q: the average belongs under q.",
)
def reverse_kl(mu, logvar):
    return 0.5 * ((1 + mu.square()) * (-logvar).exp() - 1 + logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_values",
    hint="This is the average of the KLs in both directions: the loss wants the one from q to the prior.",
)
def symmetric_kl(mu, logvar):
    forward = 0.5 * (mu.square() + logvar.exp() - 1 - logvar)
    backward = 0.5 * ((1 + mu.square()) * (-logvar).exp() - 1 + logvar)
    return 0.5 * (forward + backward).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="This is in bits: the KL is wanted in nats, with nothing divided by log 2.",
)
def bits(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1) / math.log(2)


@wrong("gaussian_kl", caught_by="test_the_mean_costs_half_its_square", hint="mu and logvar have changed places.")
def arguments_swapped(mu, logvar):
    return 0.5 * (logvar.square() + mu.exp() - 1 - mu).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="This is the squared Wasserstein distance to the prior, not the KL: it has no logarithm.",
)
def wasserstein_distance(mu, logvar):
    return (mu.square() + ((0.5 * logvar).exp() - 1).square()).sum(-1) / 2


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="This is the first term of a Taylor series around the prior, right only close to it.",
)
def second_order_approximation(mu, logvar):
    return 0.5 * (mu.square() + 0.5 * logvar.square()).sum(-1)


# ---- reductions and shapes ----


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="The latent dimensions are averaged: independent KLs add up.",
)
def mean_over_the_dimensions(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).mean(-1)


@wrong("gaussian_kl", caught_by="test_one_number_per_example", hint="The batch is averaged already: return one KL per example.")
def averaged_over_the_batch(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1).mean()


@wrong(
    "gaussian_kl",
    caught_by="test_one_number_per_example",
    hint="Everything is summed into one number: sum over the latent dimensions only.",
)
def summed_over_everything(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum()


@wrong(
    "gaussian_kl",
    caught_by="test_one_number_per_example",
    hint="The sum runs over the batch: the latent dimensions are the last axis.",
)
def summed_over_the_batch_axis(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(0)


@wrong(
    "gaussian_kl",
    caught_by="test_one_number_per_example",
    hint="The result keeps the summed axis: one number per example has the shape (B,).",
)
def kept_the_summed_axis(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1, keepdim=True)


@wrong(
    "gaussian_kl",
    caught_by="test_one_number_per_example",
    hint="Nothing is summed: add up the latent dimensions of each example.",
)
def not_summed(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar)


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="A bare squeeze also drops the batch axis when there is only one example.",
)
def bare_squeeze(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1, keepdim=True).squeeze()


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="The batch's average is repeated for every example: each has a KL of its own.",
)
def batch_average_repeated(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    return kl.mean().expand(mu.shape[0])


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="Each KL is divided by the batch size: averaging over the batch is the loss's business.",
)
def divided_by_the_batch_size(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1) / mu.shape[0]


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="The latent size is written down as 2: it may be anything.",
)
def two_dimensions_hard_coded(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar)[:, :2].sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="The constant stands for two latent dimensions: there are as many as mu has columns.",
)
def two_dimensions_in_the_constant(mu, logvar):
    return 0.5 * ((mu.square() + logvar.exp() - logvar).sum(-1) - 2)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The constant counts the examples: it should count the latent dimensions.",
)
def batch_size_in_the_constant(mu, logvar):
    return 0.5 * ((mu.square() + logvar.exp() - logvar).sum(-1) - mu.shape[0])


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="Only the most expensive dimension is charged: independent KLs add up.",
)
def largest_dimension_only(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).max(-1).values


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="The dimensions are multiplied: the KLs of independent dimensions add up.",
)
def product_over_the_dimensions(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 - logvar)).prod(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="The mean and spread are standardised over the batch first: each example's KL is its own.",
)
def centred_over_the_batch(mu, logvar):
    mu = mu - mu.mean(0)
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_sums_over_dimensions_not_examples",
    hint="A reshape mixes the examples up: the latent dimensions of one example are one row.",
)
def reshaped_across_examples(mu, logvar):
    terms = 0.5 * (mu.square() + logvar.exp() - 1 - logvar)
    return terms.reshape(mu.shape[1], mu.shape[0]).sum(0)


# ---- gradients ----


@wrong(
    "gaussian_kl",
    caught_by="test_gradients",
    hint="The result has lost its graph (detach, .data, no_grad): the values are right, but no gradient reaches the encoder.",
)
def detached(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)).detach()


@wrong("gaussian_kl", caught_by="test_gradients", hint="mu's path is cut, so the encoder's mean is never pulled towards the prior.")
def data_of_the_mean(mu, logvar):
    return 0.5 * (mu.data.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_gradients", hint="logvar's path is cut, so the spread is never pulled towards the prior.")
def logvar_detached(mu, logvar):
    logvar = logvar.detach()
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_gradients",
    hint="The variance is cut out of the graph, so its half of logvar's gradient is missing.",
)
def variance_detached(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp().detach() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_gradients",
    hint="One of the two factors of the squared mean is detached, which halves its gradient.",
)
def one_factor_detached(mu, logvar):
    return 0.5 * (mu * mu.detach() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_gradients", hint="The tensor is rebuilt from Python numbers, and numbers carry no gradient.")
def rebuilt_from_items(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    return torch.tensor([value.item() for value in kl])


@wrong(
    "gaussian_kl",
    caught_by="test_gradients",
    hint="requires_grad is set on a tensor that has lost its graph: that starts a new one, which leads nowhere.",
)
def detached_then_requires_grad(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    return kl.detach().requires_grad_()


@wrong(
    "gaussian_kl",
    caught_by="test_gradients",
    hint="NumPy knows no gradients, so a round trip through it cuts the graph or stops with an error.",
)
def through_numpy(mu, logvar):
    m, v = mu.numpy(), logvar.numpy()
    return torch.from_numpy(0.5 * (m**2 + np.exp(v) - 1 - v).sum(-1))


@wrong(
    "gaussian_kl",
    caught_by="test_gradients",
    hint="A square root that is squared again has the right value but no slope at zero: NaN for a mean at the prior.",
)
def through_a_square_root(mu, logvar):
    length = mu.square().sum(-1).sqrt()
    return 0.5 * (length**2 + (logvar.exp() - 1 - logvar).sum(-1))


# ---- clamps, floors and precision ----


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="Negative log-variances are cut off at zero, but they are the usual case: σ below 1.",
)
def logvar_clamped_at_zero(mu, logvar):
    logvar = logvar.clamp(min=0)
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_extremes", hint="logvar is clamped to a range narrower than the one asked for.")
def tight_clamp(mu, logvar):
    logvar = logvar.clamp(-10, 10)
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_extremes", hint="The exponential is capped, so very wide codes come out too cheap.")
def capped_variance(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp().clamp(max=1e3) - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_extremes",
    hint="A small number is added inside the logarithm, and for a narrow code it's not small: logvar is the logarithm already.",
)
def exp_then_log_with_an_epsilon(mu, logvar):
    variance = logvar.exp()
    return 0.5 * (mu.square() + variance - 1 - torch.log(variance + 1e-8)).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_extremes",
    hint="The logarithm of a product of variances underflows when they are small: add the logarithms.",
)
def log_of_the_product(mu, logvar):
    variance = logvar.exp()
    return 0.5 * ((mu.square() + variance - 1).sum(-1) - torch.log(variance.prod(-1)))


@wrong(
    "gaussian_kl",
    caught_by="test_extremes",
    hint="The standard deviation is kept above a floor, so very narrow codes come out too cheap.",
)
def floor_under_sigma(mu, logvar):
    sigma = (0.5 * logvar).exp().clamp(min=1e-3)
    return 0.5 * (mu.square() + sigma.square() - 1 - 2 * sigma.log()).sum(-1)


@wrong("gaussian_kl", caught_by="test_extremes", hint="nan_to_num and a cap hide large values instead of computing them.")
def cap_on_the_result(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)).clamp(max=1e3)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="This is the squared Wasserstein distance of q and the prior, μ² + (σ − 1)²: another distance than the KL.",
)
def wasserstein(mu, logvar):
    return (mu.square() + (torch.exp(logvar / 2) - 1).square()).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="F.kl_div compares two lists of probabilities; mu and logvar are none, not through a softmax either. The closed form is the one you worked out.",
)
def kl_div_of_softmaxes(mu, logvar):
    return F.kl_div(F.log_softmax(mu, -1), F.softmax(logvar, -1), reduction="none").sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="F.kl_div compares two lists of probabilities; mu and logvar are none, not as logarithms either. The closed form is the one you worked out.",
)
def kl_div_of_the_parameters(mu, logvar):
    return F.kl_div(mu, logvar, reduction="none", log_target=True).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="logvar stands where sigma belongs: its square is taken for the variance, with a small number under the logarithm.",
)
def guarded_square_of_logvar(mu, logvar):
    return 0.5 * (mu.square() + logvar.square() - torch.log(1e-20 + logvar.square()) - 1).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="Each dimension gets free bits, a floor under its KL: a useful trick elsewhere, but not the KL.",
)
def free_bits(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 - logvar)).clamp(min=0.25).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_near_the_prior",
    hint="A small floor stands under the result: the KL of a code close to the prior is smaller than that.",
)
def small_floor(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)).clamp(min=1e-4)


@wrong(
    "gaussian_kl",
    caught_by="test_near_the_prior",
    hint="A small number is added to the result: there is nothing here that could divide by zero.",
)
def epsilon_added_to_the_result(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1) + 1e-10


@wrong(
    "gaussian_kl",
    caught_by="test_the_mean_costs_half_its_square",
    hint="The mean is squashed by a tanh before it is used: it may be any number.",
)
def mean_squashed(mu, logvar):
    return 0.5 * (mu.tanh().square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_keeps_the_dtype", hint="The result is always float32: keep the dtype of the inputs.")
def float32_cast(mu, logvar):
    mu, logvar = mu.float(), logvar.float()
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_values",
    hint="A float64 input is computed in float32 and cast back, which loses half its digits.",
)
def float32_inside(mu, logvar):
    m, v = mu.float(), logvar.float()
    return (0.5 * (m.square() + v.exp() - 1 - v).sum(-1)).to(mu.dtype)


@wrong("gaussian_kl", caught_by="test_keeps_the_dtype", hint="The result is always float64: keep the dtype of the inputs.")
def float64_returned(mu, logvar):
    mu, logvar = mu.double(), logvar.double()
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_values", hint="The result is rounded: leave rounding to whoever prints it.")
def rounded(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    return kl + ((kl * 1e4).round() / 1e4 - kl).detach()


# ---- sampling, state and side effects ----


@wrong(
    "gaussian_kl",
    caught_by="test_values",
    hint="This is a Monte Carlo estimate: the closed form needs no samples and has no noise.",
)
def monte_carlo(mu, logvar):
    q = torch.distributions.Normal(mu, (0.5 * logvar).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    z = q.rsample((64,))
    return (q.log_prob(z) - p.log_prob(z)).sum(-1).mean(0)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The density ratio is taken at the mean only: the KL averages it over all of q.",
)
def log_ratio_at_the_mean(mu, logvar):
    return 0.5 * (mu.square() - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_is_pure", hint="mu is squared in place, which changes the caller's tensor.")
def mean_squared_in_place(mu, logvar):
    rest = (logvar.exp() - 1 - logvar).sum(-1)
    return 0.5 * (mu.pow_(2).sum(-1) + rest)


@wrong("gaussian_kl", caught_by="test_is_pure", hint="logvar is overwritten in place, and the caller still needs it.")
def logvar_overwritten(mu, logvar):
    total = mu.square().sum(-1) - logvar.sum(-1) - logvar.shape[1]
    return 0.5 * (total + logvar.exp_().sum(-1))


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="exp_ works in place, so the logvar that is subtracted afterwards is not the logarithm any more.",
)
def overwritten_before_its_last_use(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp_() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_is_pure",
    hint="A global seed is set inside: nothing here is random, and everyone else's noise then repeats.",
)
def sets_the_global_seed(mu, logvar):
    torch.manual_seed(0)
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_is_pure",
    hint="Something is kept from one call to the next: the result may depend on the arguments only.",
)
def averaged_with_the_last_call(mu, logvar, memory={}):  # noqa: B006
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    last = memory.get("kl", kl)
    memory["kl"] = kl.detach()
    return 0.5 * (kl + last) if last.shape == kl.shape else kl


# ---- mistakes that stop with an error ----


@wrong(
    "gaussian_kl",
    caught_by="test_one_number_per_example",
    hint="math.exp takes one number, and logvar is a whole tensor: torch has an exp of its own.",
)
def math_exp_of_a_tensor(mu, logvar):
    return 0.5 * (mu**2 + math.exp(logvar) - 1 - logvar).sum(-1)


@wrong("gaussian_kl", caught_by="test_one_number_per_example", hint="The value is computed but never returned.")
def no_return(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)  # noqa: F841


@wrong("gaussian_kl", caught_by="test_one_number_per_example", hint="A list came back: return one tensor.")
def list_of_numbers(mu, logvar):
    return (0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)).tolist()


@wrong(
    "gaussian_kl",
    caught_by="test_is_pure",
    hint="The result is kept for the tensors and given again when they have changed: compute it anew in every call.",
)
def kept_for_the_tensors(mu, logvar, kept={}):
    if (id(mu), id(logvar)) not in kept:
        kept[id(mu), id(logvar)] = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1), mu, logvar
    return kept[id(mu), id(logvar)][0]


@wrong(
    "gaussian_kl",
    caught_by="test_is_pure",
    hint="Where no gradient is recorded it is zero: a model that is looked at has a KL as well.",
)
def only_while_training(mu, logvar):
    if not torch.is_grad_enabled():
        return torch.zeros(len(mu))
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)


@wrong(
    "gaussian_kl",
    caught_by="test_is_pure",
    hint="It calls backward() itself: that leaves gradients in the tensors that were passed in, and they come twice when the caller goes "
    "backward. Return the value alone.",
)
def goes_backward(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    if kl.requires_grad:
        kl.sum().backward(retain_graph=True)
    return kl


@wrong(
    "gaussian_kl",
    caught_by="test_is_pure",
    hint="Every result is written into one tensor that is kept: the next call changes what this one returned.",
)
def written_into_a_kept_tensor(mu, logvar, kept={}):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    return kl if kl.requires_grad else kept.setdefault((len(kl), kl.dtype), torch.empty_like(kl)).copy_(kl)


@wrong(
    "gaussian_kl",
    caught_by="test_a_wrong_spread_costs_too",
    hint="The logarithm is taken of the variances' sum: it is the sum of their logarithms, logvar, that belongs there.",
)
def log_of_the_summed_variances(mu, logvar):
    variances = logvar.exp()
    return 0.5 * ((mu.square() + variances - 1).sum(-1) - variances.sum(-1).log())
