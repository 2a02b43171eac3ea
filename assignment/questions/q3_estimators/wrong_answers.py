"""Slips in question 3, each with the check that catches it and the hint it earns."""

from autograder.authoring import wrong, wrong_value

# Pathwise


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="You returned z squared, the function itself; the estimate is its slope.",
)
def pathwise_value_for_slope(mu, sigma, n):
    return (mu + sigma * torch.randn(n)) ** 2


@wrong("pathwise_gradient", caught_by="test_pathwise_average", hint="The factor 2 of the square's derivative is missing.")
def pathwise_two_missing(mu, sigma, n):
    return mu + sigma * torch.randn(n)


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="You returned the expectation's gradient itself; what is asked for is one noisy estimate per sample.",
)
def pathwise_exact_gradient(mu, sigma, n):
    return torch.full((n,), 2 * mu)


@wrong(
    "pathwise_gradient",
    caught_by="test_form",
    hint="One number came back (an average, or the sum of all slopes): return all n estimates.",
)
def pathwise_averaged(mu, sigma, n):
    return (2 * (mu + sigma * torch.randn(n))).mean()


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law",
    hint="Each of your estimates averages several samples; one estimate belongs to one sample.",
)
def pathwise_eight_samples_an_estimate(mu, sigma, n):
    z = mu + sigma * torch.randn(n, 8)
    return (2 * z).mean(1)


@wrong("pathwise_gradient", caught_by="test_pathwise_average", hint="mu is missing in z.")
def pathwise_mu_missing(mu, sigma, n):
    return 2 * sigma * torch.randn(n)


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law_at_other_sigmas",
    hint="sigma is missing in z: the noise has the spread of sigma.",
)
def pathwise_sigma_missing(mu, sigma, n):
    return 2 * (mu + torch.randn(n))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law_at_other_sigmas",
    hint="You took sigma for a variance; it is the standard deviation.",
)
def pathwise_sigma_taken_as_variance(mu, sigma, n):
    return 2 * (mu + math.sqrt(sigma) * torch.randn(n))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law_at_other_sigmas",
    hint="You used the variance where the standard deviation belongs.",
)
def pathwise_variance_for_sigma(mu, sigma, n):
    return 2 * (mu + sigma**2 * torch.randn(n))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law_at_other_sigmas",
    hint="You took sigma for a log-variance; here it is the standard deviation.",
)
def pathwise_sigma_taken_as_logvar(mu, sigma, n):
    return 2 * (mu + math.exp(0.5 * sigma) * torch.randn(n))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law_at_other_sigmas",
    hint="You multiplied by sigma, the slope of z in eps; how does z move with mu?",
)
def pathwise_slope_in_eps(mu, sigma, n):
    return 2 * sigma * (mu + sigma * torch.randn(n))


@wrong("pathwise_gradient", caught_by="test_pathwise_average", hint="You differentiated with respect to sigma.")
def pathwise_slope_in_sigma(mu, sigma, n):
    eps = torch.randn(n)
    return 2 * (mu + sigma * eps) * eps


@wrong("pathwise_gradient", caught_by="test_pathwise_average", hint="The sign is wrong.")
def pathwise_negated(mu, sigma, n):
    return -2 * (mu + sigma * torch.randn(n))


@wrong("pathwise_gradient", caught_by="test_pathwise_law", hint="The noise is uniform on (-1, 1); z is normal.")
def pathwise_uniform_noise(mu, sigma, n):
    return 2 * (mu + sigma * (2 * torch.rand(n) - 1))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="torch.rand is uniform on [0, 1), never negative; z is normal.",
)
def pathwise_rand(mu, sigma, n):
    return 2 * (mu + sigma * torch.rand(n))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law",
    hint="Noise of plus or minus one has the right mean and variance, but z is normal.",
)
def pathwise_two_valued_noise(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n).sign())


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="All n numbers are the same: one sample was drawn, or the average taken, and then repeated.",
)
def pathwise_one_draw(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(1)).expand(n)


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="Half of the noise is the other half with its sign changed; the samples are to be independent.",
)
def pathwise_antithetic(mu, sigma, n):
    eps = torch.randn((n + 1) // 2)
    return 2 * (mu + sigma * torch.cat([eps, -eps])[:n])


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="Half of the noise is used twice; the samples are to be independent.",
)
def pathwise_noise_used_twice(mu, sigma, n):
    eps = torch.randn((n + 1) // 2)
    return 2 * (mu + sigma * torch.stack([eps, eps], 1).flatten()[:n])


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="You set the global seed in every call, so every call draws the same noise.",
)
def pathwise_seeded(mu, sigma, n):
    torch.manual_seed(0)
    return 2 * (mu + sigma * torch.randn(n))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="A generator seeded in every call starts over in every call.",
)
def pathwise_own_generator_seeded(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n, generator=torch.Generator().manual_seed(1)))


@wrong("pathwise_gradient", caught_by="test_form", hint="An axis too many: n numbers were asked for, shape (n,).")
def pathwise_a_column(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n, 1))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="You differentiated the mean of the samples, so each estimate came out divided by n.",
)
def pathwise_gradient_of_the_mean(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    z = mean + sigma * torch.randn(n)
    return torch.autograd.grad((z**2).mean(), mean)[0]


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="mu is one number here, so its gradient is the sum over all samples; you need one per sample.",
)
def pathwise_sum_repeated(mu, sigma, n):
    mean = torch.tensor(float(mu), requires_grad=True)
    z = mean + sigma * torch.randn(n)
    return torch.autograd.grad((z**2).sum(), mean)[0].expand(n)


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="torch.normal passes a slope of exactly zero to mu: draw standard noise first.",
)
def pathwise_through_torch_normal(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    z = torch.normal(mean, torch.full((n,), float(sigma)))
    return torch.autograd.grad((z**2).sum(), mean)[0]


@wrong("pathwise_gradient", caught_by="test_form", hint="sample() cuts the graph, so autograd finds no path to mu.")
def pathwise_through_sample(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    z = torch.distributions.Normal(mean, sigma).sample()
    return torch.autograd.grad((z**2).sum(), mean)[0]


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law",
    hint="The two values of the difference were drawn with different noise, which drowns the slope; hold eps fixed.",
)
def pathwise_difference_without_common_noise(mu, sigma, n):
    step = 0.5
    up, down = mu + step + sigma * torch.randn(n), mu - step + sigma * torch.randn(n)
    return (up**2 - down**2) / (2 * step)


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_average",
    hint="One-sided difference with a step so large that it shifts the slope.",
)
def pathwise_coarse_one_sided_difference(mu, sigma, n):
    eps, step = torch.randn(n), 1.0
    return ((mu + step + sigma * eps) ** 2 - (mu + sigma * eps) ** 2) / step


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law",
    hint="This is the score-function estimate; the pathwise one differentiates z squared itself.",
)
def pathwise_by_the_score(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2


# Score function


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law",
    hint="This is the pathwise estimate: the same mean, another law. Here z squared is never differentiated.",
)
def score_by_the_path(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n))


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="f is missing: this is the score alone, and its mean is zero.",
)
def score_alone(mu, sigma, n):
    return torch.randn(n) / sigma


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="f(z) is z squared, and you multiplied with z.",
)
def score_times_z(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="You multiplied the score with the slope of f; it wants f itself.",
)
def score_times_slope(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return 2 * z * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="The sign of the score is wrong: log q rises with mu when z lies above mu.",
)
def score_negated(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (mu - z) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="You divided by sigma; the slope of log q has sigma squared.",
)
def score_divided_by_sigma(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="The division by the variance is missing in the slope of log q.",
)
def score_not_divided(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu)


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="You divided by sigma once too often: z - mu is sigma times eps already.",
)
def score_divided_by_sigma_cubed(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**3


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="A factor one half is left over: the square in log q brings a 2 that cancels it, and f(z) is z squared with none.",
)
def score_halved(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / (2 * sigma**2)


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="A factor 2 is left over: the one half in log q cancels it.",
)
def score_doubled(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return 2 * z**2 * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="You multiplied with log q; it is the slope of log q that is needed.",
)
def score_log_density_for_its_slope(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * torch.distributions.Normal(mu, sigma).log_prob(z)


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="You multiplied with the density instead of the slope of its logarithm.",
)
def score_density_for_the_slope_of_its_log(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * torch.distributions.Normal(mu, sigma).log_prob(z).exp()


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="You took the slope of q, not of log q; the samples already carry one factor q.",
)
def score_slope_of_the_density(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2 * torch.distributions.Normal(mu, sigma).log_prob(z).exp()


@wrong("score_function_gradient", caught_by="test_score_function_average", hint="This is the score with respect to sigma.")
def score_in_sigma(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * ((z - mu) ** 2 - sigma**2) / sigma**3


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="This is the slope of the density of N(0, 1) in z; the score is the slope of log q in mu.",
)
def score_in_z_of_a_standard_normal(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return -(z**2) * z


@wrong("score_function_gradient", caught_by="test_score_function_average", hint="mu is not subtracted in the slope of log q.")
def score_without_centring(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * z / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="You drew z from N(0, 1), not from N(mu, sigma squared).",
)
def score_of_standard_samples(mu, sigma, n):
    z = torch.randn(n)
    return z**2 * (z - mu) / sigma**2


@wrong("score_function_gradient", caught_by="test_score_function_average", hint="f was taken at eps; it wants z.")
def score_f_of_the_noise(mu, sigma, n):
    eps = torch.randn(n)
    return eps**2 * eps / sigma


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="You drew z as if sigma were a variance.",
)
def score_sigma_taken_as_variance(mu, sigma, n):
    z = mu + math.sqrt(sigma) * torch.randn(n)
    return z**2 * (z - mu) / sigma


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="You drew z with the variance where the standard deviation belongs.",
)
def score_variance_for_sigma(mu, sigma, n):
    z = mu + sigma**2 * torch.randn(n)
    return z**2 * (z - mu) / sigma**4


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law",
    hint="A baseline was subtracted. It lowers the variance, and it is another estimator than the one asked for.",
)
def score_with_the_exact_baseline(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return (z**2 - (mu**2 + sigma**2)) * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="f was standardised over the call, as advantages are in policy gradients: its scale is lost, and the samples depend on each other.",
)
def score_of_a_standardised_f(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    f = (z**2 - (z**2).mean()) / ((z**2).std(correction=0) + 1e-8)
    return f * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law",
    hint="A baseline was subtracted from z squared. That lowers the variance, and it is another estimator than the one asked for.",
)
def score_with_the_batch_as_baseline(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    f = z**2
    return (f - 0.5 * f.mean()) * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="z was still attached to mu when log q was differentiated, so z moved along and the score vanished.",
)
def score_not_detached(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    q = torch.distributions.Normal(mean, sigma)
    z = q.rsample()
    return torch.autograd.grad((z**2 * q.log_prob(z)).sum(), mean)[0]


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="Both routes were added: the mean is twice what it should be.",
)
def score_and_path(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2 + 2 * z


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law",
    hint=("You averaged the two routes: the mean is right, but this is neither estimator. Here z squared is never differentiated."),
)
def score_mean_of_both_routes(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return 0.5 * (z**2 * (z - mu) / sigma**2 + 2 * z)


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="f and the score do not go together (two draws? a term of the square left out?): f is all of z squared, at the z of the score.",
)
def score_of_another_draw(mu, sigma, n):
    z, other = mu + sigma * torch.randn(n), mu + sigma * torch.randn(n)
    return z**2 * (other - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_form",
    hint="One number came back (an average, or the sum of all slopes): return all n estimates.",
)
def score_averaged(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return (z**2 * (z - mu) / sigma**2).mean()


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_average",
    hint="You differentiated the mean of the samples, so each estimate came out divided by n.",
)
def score_gradient_of_the_mean(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**2 / n


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law",
    hint="Large estimates were clipped; their rare size is part of the estimator.",
)
def score_clipped(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return (z**2 * (z - mu) / sigma**2).clamp(-5, 5)


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law",
    hint=("The estimates were standardised, which is a trick of policy gradients; their mean and spread are what we want to see."),
)
def score_standardised(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    g = z**2 * (z - mu) / sigma**2
    return 2 * mu + (g - g.mean()) / (g.std() + 1e-8) if n > 1 else g


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_samples_are_independent",
    hint="Half of the noise is the other half with its sign changed; the samples are to be independent.",
)
def score_antithetic(mu, sigma, n):
    eps = torch.randn((n + 1) // 2)
    z = mu + sigma * torch.cat([eps, -eps.flip(0)])[:n]
    return z**2 * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_samples_are_independent",
    hint="You set the global seed after drawing, so everyone after you draws the same.",
)
def score_seeded_after_drawing(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    torch.manual_seed(0)
    return z**2 * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_samples_are_independent",
    hint="Calls get the noise of an earlier one: it was drawn once and kept, or comes from the same seed each time.",
)
def score_with_kept_noise(mu, sigma, n, kept={}):
    if n not in kept:
        kept[n] = torch.randn(n)
    z = mu + sigma * kept[n]
    return z**2 * (z - mu) / sigma**2


@wrong("score_function_gradient", caught_by="test_form", hint="An axis too many: n numbers were asked for, shape (n,).")
def score_a_column(mu, sigma, n):
    z = mu + sigma * torch.randn(n, 1)
    return z**2 * (z - mu) / sigma**2


@wrong(
    "score_function_gradient",
    caught_by="test_form",
    hint=("f is hidden behind no_grad or sample, and autograd finds no path: the score-function route differentiates log q alone."),
)
def score_autograd_without_a_path(mu, sigma, n):
    mean = torch.full((n,), float(mu), requires_grad=True)
    z = torch.distributions.Normal(mean, sigma).sample()
    return torch.autograd.grad((z**2).sum(), mean)[0]


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="You divided by the variance twice: the slope of log q has sigma squared, not sigma to the fourth.",
)
def score_divided_by_the_variance_twice(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / sigma**4


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law",
    hint="The noise is clipped at 3; z is normal, and one draw in 370 lies further out.",
)
def pathwise_clipped_noise(mu, sigma, n):
    return 2 * (mu + sigma * torch.randn(n).clamp(-3, 3))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="Calls get the noise of an earlier one: it was drawn once and kept, or comes from the same seed each time.",
)
def pathwise_with_kept_noise(mu, sigma, n, kept={}):
    if n not in kept:
        kept[n] = torch.randn(n)
    return 2 * (mu + sigma * kept[n])


@wrong(
    "pathwise_gradient",
    caught_by="test_any_n",
    hint="A bare squeeze() also drops the only axis there is when n is 1.",
)
def pathwise_bare_squeeze(mu, sigma, n):
    return (2 * (mu + sigma * torch.randn(n, 1))).squeeze()


@wrong(
    "score_function_gradient",
    caught_by="test_any_n",
    hint="A bare squeeze() also drops the only axis there is when n is 1.",
)
def score_bare_squeeze(mu, sigma, n):
    z = mu + sigma * torch.randn(n, 1)
    return (z**2 * (z - mu) / sigma**2).squeeze()


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="The noise of a call is shifted and scaled to mean 0 and spread 1, which ties its numbers together; each draw stands alone.",
)
def pathwise_standardised(mu, sigma, n):
    eps = torch.randn(n)
    return 2 * (mu + sigma * ((eps - eps.mean()) / eps.std() if n > 1 else eps))


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_samples_are_independent",
    hint="The noise of a call is shifted and scaled to mean 0 and spread 1, which ties its numbers together; each draw stands alone.",
)
def score_of_standardised_noise(mu, sigma, n):
    eps = torch.randn(n)
    z = mu + sigma * ((eps - eps.mean()) / eps.std() if n > 1 else eps)
    return z**2 * (z - mu) / sigma**2


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="The loop leaves out one estimate, which stays zero.",
)
def one_left_at_zero(mu, sigma, n):
    found = torch.zeros(n)
    found[1:] = 2 * (mu + sigma * torch.randn(n - 1))
    return found if n > 1 else 2 * (mu + sigma * torch.randn(1))


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_law_at_other_sigmas",
    hint="sigma is kept above a floor: a small one is to be small.",
)
def pathwise_with_a_floor(mu, sigma, n):
    return 2 * (mu + max(sigma, 0.1) * torch.randn(n))


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_law_at_other_sigmas",
    hint="sigma is kept above a floor where the score divides by it: a small one is to be small.",
)
def score_with_a_floor(mu, sigma, n):
    z = mu + sigma * torch.randn(n)
    return z**2 * (z - mu) / max(sigma, 0.1) ** 2


@wrong(
    "score_function_gradient",
    caught_by="test_score_function_samples_are_independent",
    hint="The generator is put back after each call, so that the next one draws the very same noise.",
)
def score_of_noise_put_back(mu, sigma, n):
    state = torch.get_rng_state()
    z = mu + sigma * torch.randn(n)
    torch.set_rng_state(state)
    return z**2 * (z - mu) / sigma**2


@wrong(
    "pathwise_gradient",
    caught_by="test_pathwise_samples_are_independent",
    hint="The global seed is set (torch.seed() sets it too, if to a number that nobody knows): who has set one before loses it.",
)
def pathwise_seeded_at_random(mu, sigma, n):
    torch.seed()
    return 2 * (mu + sigma * torch.randn(n))


wrong_value(
    "q3_choice",
    "A",
    caught_by="test_choice",
    hint="A score-function gradient has to be written down, as you did in this question; neither call does it for you.",
)
wrong_value(
    "q3_choice",
    "C",
    caught_by="test_choice",
    hint="requires_grad=True only promises that a gradient will be computed, not that it isn't zero: look at its value.",
)
wrong_value(
    "q3_choice",
    "D",
    caught_by="test_choice",
    hint="Both draw from N(mu, sigma squared); the law is right, it is the way back that fails.",
)
