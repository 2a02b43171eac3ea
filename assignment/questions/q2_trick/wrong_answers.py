"""Slips in question 2, each with the check that catches it and the hint it earns."""

# ruff: noqa: B008, B905 (state kept in a default argument is one of the slips)

from autograder.authoring import wrong

# The scale of the noise


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You used the variance where sigma belongs: exp(logvar) is sigma squared.",
)
def variance_for_sigma(mu, logvar):
    return mu + torch.exp(logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You doubled logvar; the square root of a variance halves its logarithm.",
)
def doubled_instead_of_halved(mu, logvar):
    return mu + torch.exp(2 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="The minus sign turns sigma into 1/sigma.")
def one_over_sigma(mu, logvar):
    return mu + torch.exp(-0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="You took the square root twice: exp(logvar / 2) is sigma already.")
def square_root_twice(mu, logvar):
    return mu + torch.exp(0.5 * logvar).sqrt() * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="softplus is another way to make a positive number, and another number; we agreed on log sigma squared.",
)
def softplus_of_logvar(mu, logvar):
    return mu + F.softplus(logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="softplus is another way to make a positive number, and another number; halving first does not mend that.",
)
def softplus_of_half_logvar(mu, logvar):
    return mu + F.softplus(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You took the square root of a softplus; the variance is the exponential of logvar.",
)
def root_of_softplus(mu, logvar):
    return mu + F.softplus(logvar).sqrt() * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="You exponentiated twice.")
def exponential_of_exponential(mu, logvar):
    return mu + torch.exp(torch.exp(0.5 * logvar).clamp(max=60)) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You multiplied the noise with log sigma squared itself; what is sigma?",
)
def logvar_for_sigma(mu, logvar):
    return mu + logvar * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="You multiplied the noise with log sigma; the exponential is missing.")
def log_sigma_for_sigma(mu, logvar):
    return mu + 0.5 * logvar * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You took logvar for the variance and its root for sigma; it is the variance's logarithm.",
)
def root_of_logvar(mu, logvar):
    return mu + logvar.abs().sqrt() * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="Your noise has sigma 1 whatever logvar says.")
def logvar_ignored(mu, logvar):
    return mu + torch.randn_like(mu) + 0 * logvar


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="The noise is a hundred times too small: standard-normal noise has spread 1.",
)
def noise_turned_down(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * 0.01 * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="The noise is half as large as it should be: the one half belongs to logvar, in the exponent.",
)
def half_outside_the_exponential(mu, logvar):
    return mu + 0.5 * torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="The one half stands outside the exponential; it belongs in the exponent.",
)
def half_the_variance(mu, logvar):
    return mu + 0.5 * torch.exp(logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="The noise is twice as large as it should be.")
def noise_doubled(mu, logvar):
    return mu + 2 * torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="The noise is sqrt(2) too large: is one of several independent draws too many?",
)
def two_draws_added(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * (torch.randn_like(mu) + torch.randn_like(mu))


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You averaged several draws, which shrinks the spread; z is one sample.",
)
def average_of_ten_samples(mu, logvar):
    eps = torch.randn(10, *mu.shape, dtype=mu.dtype).mean(0)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", caught_by="test_spread", hint="You used powers of 2; log here is the natural logarithm.")
def powers_of_two(mu, logvar):
    return mu + torch.exp2(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="You used powers of 10; log here is the natural logarithm.")
def powers_of_ten(mu, logvar):
    return mu + 10 ** (0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="1 + logvar/2 is only the beginning of the exponential's series.")
def exponential_made_linear(mu, logvar):
    return mu + (1 + 0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize", caught_by="test_spread", hint="One is subtracted from the exponential, as expm1 does: a sigma of 1 becomes 0."
)
def exponential_minus_one(mu, logvar):
    return mu + torch.expm1(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You cut negative logvar off with a relu: sigma can be smaller than 1.",
)
def relu_of_logvar(mu, logvar):
    return mu + torch.exp(0.5 * logvar.relu()) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="You dropped the sign of logvar: sigma can be smaller than 1.")
def absolute_logvar(mu, logvar):
    return mu + torch.exp(0.5 * logvar.abs()) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="A sigmoid keeps sigma below 1; the exponential does not.")
def sigmoid_of_logvar(mu, logvar):
    return mu + torch.sigmoid(logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="A tanh squashes logvar before the exponential.")
def tanh_of_logvar(mu, logvar):
    return mu + torch.exp(0.5 * torch.tanh(logvar)) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="You divided by the root of the latent size; every element has its own sigma, as it is.",
)
def divided_by_root_of_latent_size(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu) / math.sqrt(mu.shape[1])


@wrong("reparameterize", caught_by="test_spread", hint="You averaged logvar over the latent dimensions; each has its own.")
def one_sigma_per_example(mu, logvar):
    return mu + torch.exp(0.5 * logvar.mean(1, keepdim=True)) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_extremes",
    hint="You clipped logvar so tightly that small and large variances are lost.",
)
def clamp_at_ten(mu, logvar):
    return mu + torch.exp(0.5 * logvar.clamp(-10, 10)) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="You clipped logvar at 2, where ordinary variances lie.")
def clamp_at_two(mu, logvar):
    return mu + torch.exp(0.5 * logvar.clamp(-20, 2)) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_extremes",
    hint=(
        "The small number you added to the variance is far larger than the smallest variances here; an exponential is never"
        " zero and needs no such guard."
    ),
)
def guard_inside_the_root(mu, logvar):
    return mu + torch.sqrt(torch.exp(logvar) + 1e-8) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_extremes",
    hint=(
        "The small number you added to sigma is larger than the smallest sigma here; an exponential is never zero and needs"
        " no such guard."
    ),
)
def guard_added_to_sigma(mu, logvar):
    return mu + (torch.exp(0.5 * logvar) + 1e-6) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_extremes", hint="A lower limit on sigma swallows the small variances.")
def floor_under_sigma(mu, logvar):
    return mu + torch.exp(0.5 * logvar).clamp(min=1e-3) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="mu and logvar are swapped.")
def arguments_swapped(mu, logvar):
    return logvar + torch.exp(0.5 * mu) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_spread", hint="The noise is scaled with mu as well.")
def noise_scaled_with_mu(mu, logvar):
    return mu * (1 + torch.exp(0.5 * logvar) * torch.randn_like(mu))


@wrong("reparameterize", caught_by="test_spread", hint="mu was averaged over the batch; every example has its own.")
def mu_of_the_batch(mu, logvar):
    return mu.mean(0) + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_z_scatters_around_mu",
    hint="There is no noise: z is mu, and every image always gets the same latent.",
)
def no_noise(mu, logvar):
    return mu


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="sigma is added where it should multiply the noise, so its spread never changes.",
)
def sigma_added(mu, logvar):
    return mu + torch.exp(0.5 * logvar) + torch.randn_like(mu)


# The mean


@wrong("reparameterize", caught_by="test_mean", hint="mu is missing: this is the noise alone.")
def noise_only(mu, logvar):
    return torch.exp(0.5 * logvar) * torch.randn_like(mu) + 0 * mu


@wrong("reparameterize", caught_by="test_mean", hint="Your brackets multiply mu with sigma as well.")
def brackets_around_the_sum(mu, logvar):
    return (mu + torch.randn_like(mu)) * torch.exp(0.5 * logvar)


@wrong("reparameterize", caught_by="test_mean", hint="mu and sigma have changed places: the noise multiplies sigma, not mu.")
def mu_times_noise(mu, logvar):
    return mu * torch.randn_like(mu) + torch.exp(0.5 * logvar)


@wrong("reparameterize", caught_by="test_mean", hint="mu is subtracted.")
def mu_subtracted(mu, logvar):
    return torch.exp(0.5 * logvar) * torch.randn_like(mu) - mu


@wrong("reparameterize", caught_by="test_mean", hint="You added mu twice: a normal law around mu already holds it.")
def mu_twice(mu, logvar):
    return mu + torch.distributions.Normal(mu, torch.exp(0.5 * logvar)).rsample()


@wrong("reparameterize", caught_by="test_mean", hint="tanh keeps mu between -1 and 1; a latent may lie anywhere.")
def tanh_of_mu(mu, logvar):
    return torch.tanh(mu) + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_mean", hint="A relu cuts negative mu off.")
def relu_of_mu(mu, logvar):
    return mu.relu() + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_mean", hint="mu is clipped to a small range; a latent may lie anywhere.")
def clamped_mu(mu, logvar):
    return mu.clamp(-3, 3) + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_mean",
    hint="torch.rand is uniform on [0, 1): it is never negative. The noise is to be standard normal.",
)
def uniform_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.rand_like(mu)


@wrong("reparameterize", caught_by="test_mean", hint="The noise is never negative.")
def half_normal_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).abs()


@wrong(
    "reparameterize",
    caught_by="test_mean",
    hint="Exponential noise is never negative; the noise is to be standard normal.",
)
def exponential_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.empty_like(mu).exponential_()


@wrong("reparameterize", caught_by="test_mean", hint="The batch was standardised afterwards, which takes mu away again.")
def standardised_result(mu, logvar):
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return (z - z.mean(0)) / (z.std(0, unbiased=False) + 1e-5)


@wrong("reparameterize", caught_by="test_mean", hint="A sigmoid squashes z; a latent may lie anywhere.")
def squashed_result(mu, logvar):
    return torch.sigmoid(mu + torch.exp(0.5 * logvar) * torch.randn_like(mu))


@wrong("reparameterize", caught_by="test_mean", hint="z is a log-normal sample: the exponential belongs to sigma alone.")
def log_normal_result(mu, logvar):
    return torch.exp(mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).clamp(max=1e6)


@wrong("reparameterize", caught_by="test_mean", hint="z is clipped; a latent may lie anywhere.")
def clamped_result(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).clamp(-3, 3)


# The law of the noise


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="Uniform noise on (-1, 1) has neither the spread nor the shape of standard-normal noise.",
)
def centred_uniform_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * (2 * torch.rand_like(mu) - 1)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The spread is right, but uniform noise is not normal: where are its tails?",
)
def rescaled_uniform_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * math.sqrt(12) * (torch.rand_like(mu) - 0.5)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="Noise of plus or minus one has mean 0 and variance 1, and is not normal.",
)
def plus_or_minus_one(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * (2.0 * (torch.rand_like(mu) < 0.5).to(mu.dtype) - 1)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="Laplace noise has a peak and heavy tails, even when its variance is 1.",
)
def laplace_noise(mu, logvar):
    eps = torch.distributions.Laplace(torch.zeros_like(mu), torch.ones_like(mu) / math.sqrt(2)).sample()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The noise has heavier tails than the normal law (as logistic noise or Student's t has), even where its variance is 1.",
)
def logistic_noise(mu, logvar):
    uniform = torch.rand_like(mu).clamp(1e-6, 1 - 1e-6)
    return mu + torch.exp(0.5 * logvar) * torch.logit(uniform) * math.sqrt(3) / math.pi


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The noise has heavier tails than the normal law (as logistic noise or Student's t has), even where its variance is 1.",
)
def student_noise(mu, logvar):
    eps = torch.distributions.StudentT(torch.full_like(mu, 4.0)).sample() / math.sqrt(2)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", caught_by="test_spread", hint="Cauchy noise has no variance at all.")
def cauchy_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.empty_like(mu).cauchy_()


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The noise is clipped at 2: one normal draw in twenty lies further out.",
)
def clipped_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).clamp(-2, 2)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The noise is a truncated normal; the trick needs all of the normal law.",
)
def truncated_noise(mu, logvar):
    eps = torch.nn.init.trunc_normal_(torch.empty_like(mu), a=-2.0, b=2.0)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", caught_by="test_normal", hint="The noise never goes beyond 3; a normal draw does so once in 370.")
def noise_cut_at_three(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).clamp(-3, 3)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="A sum of a few uniform numbers only resembles the normal law: its tails end.",
)
def three_uniforms(mu, logvar):
    eps = 2 * (torch.rand(3, *mu.shape, dtype=mu.dtype).sum(0) - 1.5)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", caught_by="test_normal", hint="The noise is rounded to whole numbers.")
def rounded_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).round()


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="Half of the noise is dropped to zero and the rest enlarged: dropout has no place here.",
)
def noise_with_dropout(mu, logvar):
    keep = (torch.rand_like(mu) < 0.5).to(mu.dtype)
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu) * keep * math.sqrt(2)


@wrong("reparameterize", caught_by="test_normal", hint="Three values with the right mean and variance are not a normal law.")
def three_valued_noise(mu, logvar):
    uniform = torch.rand_like(mu)
    eps = math.sqrt(3) * ((uniform > 5 / 6).to(mu.dtype) - (uniform < 1 / 6).to(mu.dtype))
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="A product of two normal draws is not normal: too much of it lies near zero.",
)
def product_of_two_draws(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="Gumbel noise belongs to choices among classes; it is skewed, and a Gaussian latent wants normal noise.",
)
def gumbel_noise(mu, logvar):
    gumbel = -torch.log(torch.empty_like(mu).exponential_())
    return mu + torch.exp(0.5 * logvar) * (gumbel - 0.5772156649) * math.sqrt(6) / math.pi


# Independence within a call


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="One draw serves all latent dimensions of an example.",
)
def one_draw_per_example(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape[0], 1, dtype=mu.dtype)


@wrong("reparameterize", caught_by="test_every_element_has_noise_of_its_own", hint="One draw serves all examples of the batch.")
def one_draw_for_the_batch(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape[1], dtype=mu.dtype)


@wrong("reparameterize", caught_by="test_every_element_has_noise_of_its_own", hint="A single number is drawn for everything.")
def one_draw_for_everything(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(1, dtype=mu.dtype)


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="The noise of one half of the batch is that of the other with its sign changed.",
)
def antithetic_halves(mu, logvar):
    eps = torch.randn((len(mu) + 1) // 2, mu.shape[1], dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * torch.cat([eps, -eps])[: len(mu)]


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="Neighbouring examples get the same noise with opposite signs.",
)
def antithetic_neighbours(mu, logvar):
    eps = torch.randn((len(mu) + 1) // 2, mu.shape[1], dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * torch.stack([eps, -eps], 1).flatten(0, 1)[: len(mu)]


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="The noise of the first half of the batch is used again for the second.",
)
def noise_recycled_within_the_batch(mu, logvar):
    eps = torch.randn((len(mu) + 1) // 2, mu.shape[1], dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * torch.cat([eps, eps])[: len(mu)]


@wrong(
    "reparameterize", caught_by="test_every_element_has_noise_of_its_own", hint="The last example repeats the noise of the first."
)
def last_row_repeats_the_first(mu, logvar):
    eps = torch.randn_like(mu)
    eps[-1] = eps[0]
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint=(
        "The noise is an outer product of one vector for the batch and one for the latent; it needs B times Z independent numbers."
    ),
)
def rank_one_noise(mu, logvar):
    rows = torch.randn(mu.shape[0], 1, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * rows * (1 - 2 * (torch.arange(mu.shape[1]) % 2)).to(mu.dtype)


@wrong(
    "reparameterize", caught_by="test_every_element_has_noise_of_its_own", hint="Neighbouring examples share half of their noise."
)
def noise_shared_by_neighbours(mu, logvar):
    eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * (eps + eps.roll(1, 0)) / math.sqrt(2)


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="Neighbouring latent dimensions share part of their noise.",
)
def moving_average_noise(mu, logvar):
    eps = torch.randn(mu.shape[0], mu.shape[1] + 1, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * (eps[:, 1:] + eps[:, :-1]) / math.sqrt(2)


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="All latent dimensions of an example share part of their noise.",
)
def common_part_in_an_example(mu, logvar):
    shared = torch.randn(mu.shape[0], 1, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * (torch.randn_like(mu) + shared) / math.sqrt(2)


@wrong("reparameterize", caught_by="test_every_element_has_noise_of_its_own", hint="All examples share part of their noise.")
def common_part_in_the_batch(mu, logvar):
    shared = torch.randn(1, mu.shape[1], dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * (torch.randn_like(mu) + shared) / math.sqrt(2)


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="The noise of the first half of the latent is used again for the second.",
)
def noise_recycled_within_the_latent(mu, logvar):
    eps = torch.randn(mu.shape[0], (mu.shape[1] + 1) // 2, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * torch.cat([eps, eps], 1)[:, : mu.shape[1]]


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="The second half of the latent gets the noise of the first with its sign changed.",
)
def antithetic_latent(mu, logvar):
    eps = torch.randn(mu.shape[0], (mu.shape[1] + 1) // 2, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * torch.cat([eps, -eps], 1)[:, : mu.shape[1]]


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="The noise is sorted over the batch: early examples always get the smaller draws.",
)
def noise_sorted_over_the_batch(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).sort(0).values


@wrong("reparameterize", caught_by="test_every_element_has_noise_of_its_own", hint="The noise is sorted within an example.")
def noise_sorted_in_an_example(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).sort(1).values


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="The noise is a random walk through the batch: each example continues the one before.",
)
def random_walk_noise(mu, logvar):
    steps = torch.arange(1, len(mu) + 1, dtype=mu.dtype).sqrt().unsqueeze(1)
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).cumsum(0) / steps


# Fresh noise in every call


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="You set the global seed in every call, so every call draws the same noise, and so does everyone after it.",
)
def global_seed_in_every_call(mu, logvar):
    torch.manual_seed(0)
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="You set the global seed after drawing: the noise is new once, and everyone after it draws the same.",
)
def global_seed_after_drawing(mu, logvar):
    eps = torch.randn_like(mu)
    torch.manual_seed(42)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="A generator that is made and seeded in every call starts over in every call.",
)
def own_generator_seeded_in_every_call(mu, logvar):
    generator = torch.Generator().manual_seed(1234)
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape, dtype=mu.dtype, generator=generator)


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="A generator of numpy's that is made with a seed in every call starts over in every call.",
)
def numpy_generator_seeded_in_every_call(mu, logvar):
    eps = np.random.default_rng(0).standard_normal(tuple(mu.shape))
    return mu + torch.exp(0.5 * logvar) * torch.from_numpy(eps).to(mu)


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="The seed is put back afterwards, but inside it is the same in every call, and so is the noise.",
)
def forked_seed(mu, logvar):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="The seed follows from the shape, so equal shapes get equal noise.",
)
def seeded_by_the_shape(mu, logvar):
    generator = torch.Generator().manual_seed(mu.shape[0] * 1000 + mu.shape[1])
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape, dtype=mu.dtype, generator=generator)


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="The seed follows from mu, so the same image gets the same noise every time.",
)
def seeded_by_the_inputs(mu, logvar):
    generator = torch.Generator().manual_seed(int(mu.detach().double().abs().sum() * 1e6))
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape, dtype=mu.dtype, generator=generator)


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="Calls get the noise of an earlier one: it was drawn once and kept, or comes from the same seed each time.",
)
def noise_kept_from_the_first_call(mu, logvar, kept={}):
    key = (tuple(mu.shape), mu.dtype)
    if key not in kept:
        kept[key] = torch.randn(mu.shape, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * kept[key]


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="The noise was drawn when the function was defined; later calls only cut pieces from it.",
)
def noise_drawn_at_definition(mu, logvar, pool=torch.randn(100_000)):
    return mu + torch.exp(0.5 * logvar) * pool[: mu.numel()].view(mu.shape).to(mu.dtype)


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="Each call uses the noise of the call before, as it was or with its sign changed: draw it anew in every call.",
)
def sign_changes_from_call_to_call(mu, logvar, kept={}):
    key = (tuple(mu.shape), mu.dtype)
    kept[key] = -kept[key] if key in kept else torch.randn(mu.shape, dtype=mu.dtype)
    return mu + torch.exp(0.5 * logvar) * kept[key]


@wrong("reparameterize", caught_by="test_calls_are_independent", hint="The rows of an older call come back in another order.")
def rows_of_the_last_call(mu, logvar, last={}):
    key = (tuple(mu.shape), mu.dtype)
    fresh = torch.randn(mu.shape, dtype=mu.dtype)
    eps = last[key].roll(1, 0) if key in last else fresh
    last[key] = eps
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="There is no chance in it: the noise is a fixed list of quantiles, the same in every call.",
)
def fixed_quantiles(mu, logvar):
    order = torch.randperm(mu.numel(), generator=torch.Generator().manual_seed(3))
    uniform = (order.to(mu.dtype) + 0.5) / mu.numel()
    return mu + torch.exp(0.5 * logvar) * math.sqrt(2) * torch.erfinv(2 * uniform - 1).view_as(mu)


# Gradients


@wrong(
    "reparameterize",
    caught_by="test_gradients",
    hint=(
        "torch.normal(mu, sigma) draws from the right law and even says requires_grad, but a draw passes a slope of exactly"
        " zero to its parameters."
    ),
)
def torch_normal(mu, logvar):
    return torch.normal(mu, torch.exp(0.5 * logvar))


@wrong(
    "reparameterize",
    caught_by="test_gradients",
    hint="Nothing leads from z back to mu and logvar: sample() and no_grad draw from the right law and cut the graph.",
)
def sample_method(mu, logvar):
    return torch.distributions.Normal(mu, torch.exp(0.5 * logvar)).sample()


@wrong(
    "reparameterize",
    caught_by="test_gradients",
    hint="Nothing leads from z back to mu and logvar: sample() and no_grad draw from the right law and cut the graph.",
)
def everything_under_no_grad(mu, logvar):
    with torch.no_grad():
        return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_gradient_of_logvar",
    hint="sigma is detached: the encoder learns where to look, never how sure to be.",
)
def sigma_detached(mu, logvar):
    return mu + torch.exp(0.5 * logvar).detach() * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_gradient_of_mu",
    hint="mu is detached: the encoder learns how sure to be, never where to look.",
)
def mu_detached(mu, logvar):
    return mu.detach() + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_mean",
    hint="Two slips: torch.rand is uniform, never negative, where the noise is to be standard normal; and exp(logvar) is the variance, not sigma.",
)
def uniform_noise_times_the_variance(mu, logvar):
    return mu + torch.exp(logvar) * torch.rand(mu.shape, dtype=mu.dtype)


@wrong(
    "reparameterize",
    caught_by="test_every_element_has_noise_of_its_own",
    hint="Two slips: every example gets the same noise; and exp(logvar) is the variance, not sigma.",
)
def one_vector_times_the_variance(mu, logvar):
    return mu + torch.exp(logvar) * torch.randn(mu.shape[-1], dtype=mu.dtype)


@wrong(
    "reparameterize",
    caught_by="test_gradients",
    hint="Two slips: torch.normal(mu, …) is a whole sample already, used as noise and scaled and shifted once more; and exp(logvar) is the variance, not sigma.",
)
def sample_of_a_variance_used_as_noise(mu, logvar):
    variance = torch.exp(logvar)
    return torch.normal(mu, variance) * variance + mu


@wrong(
    "reparameterize",
    caught_by="test_gradients",
    hint="z was detached, or rebuilt from plain numbers: asking for its gradient starts a new graph, which knows nothing of mu and logvar.",
)
def rebuilt_from_floats(mu, logvar):
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return torch.tensor(z.tolist(), dtype=mu.dtype, requires_grad=True)


@wrong(
    "reparameterize",
    caught_by="test_gradient_of_logvar",
    hint="The noise came through a draw that knows sigma: only mu gets a gradient, sigma's slope is lost.",
)
def noise_drawn_with_sigma(mu, logvar):
    return mu + torch.normal(torch.zeros_like(mu), torch.exp(0.5 * logvar))


@wrong(
    "reparameterize",
    caught_by="test_gradient_of_logvar",
    hint="The gradient of logvar is twice too large: the path through the exponent lacks its one half.",
)
def slope_of_logvar_doubled(mu, logvar):
    sigma = torch.exp(0.5 * logvar).detach() * torch.exp(logvar - logvar.detach())
    return mu + sigma * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_gradient_of_mu",
    hint="The gradient of mu is twice too large: mu enters z by two paths.",
)
def slope_of_mu_doubled(mu, logvar):
    return 2 * mu - mu.detach() + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="Without gradients you return mu; z is a sample in training and out of it alike.",
)
def noise_only_when_training(mu, logvar):
    if not mu.requires_grad:
        return mu
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_noise_without_gradients",
    hint="Where no gradient is recorded you return mu: a model that is looked at then has no noise. z is a sample there, too.",
)
def noise_only_where_gradients_are_recorded(mu, logvar):
    if not torch.is_grad_enabled():
        return mu
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_noise_without_gradients",
    hint="In inference mode you return mu; z is a sample there, too.",
)
def no_noise_in_inference_mode(mu, logvar):
    if torch.is_inference_mode_enabled():
        return mu
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="A sum of twelve uniform numbers only resembles the normal law: its tails end, and are thinner long before.",
)
def twelve_uniforms(mu, logvar):
    eps = torch.rand(12, *mu.shape, dtype=mu.dtype).sum(0) - 6
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", caught_by="test_normal", hint="The noise never goes beyond 4; a normal draw does so once in 16,000.")
def noise_cut_at_four(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu).clamp(-4, 4)


@wrong("reparameterize", caught_by="test_normal", hint="The noise is rounded to two decimals.")
def noise_to_two_decimals(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * (100 * torch.randn_like(mu)).round() / 100


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The noise of each example is scaled to one length: its directions are right, its size never varies.",
)
def noise_on_a_sphere(mu, logvar):
    eps = torch.randn_like(mu)
    eps = eps / eps.norm(dim=1, keepdim=True) * math.sqrt(mu.shape[1])
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="The noise of a call is standardised, so its mean and spread never vary; independent draws do.",
)
def noise_standardised_over_the_call(mu, logvar):
    eps = torch.randn_like(mu)
    if eps.numel() > 1:
        eps = (eps - eps.mean()) / eps.std()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    caught_by="test_calls_are_independent",
    hint="The same numbers come back in every call, in another order.",
)
def numbers_shuffled_from_call_to_call(mu, logvar, pool=torch.randn(200_000)):
    eps = pool[: mu.numel()][torch.randperm(mu.numel())].view(mu.shape).to(mu.dtype)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", caught_by="test_spread", hint="mu is multiplied with the noise as well: it stands by itself.")
def everything_multiplied(mu, logvar):
    return mu * torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="torch.normal(mu, sigma) is a whole sample already; you used it as noise and scaled and shifted it once more.",
)
def torch_normal_used_as_noise(mu, logvar):
    sigma = torch.exp(0.5 * logvar)
    return mu + sigma * torch.normal(mu, sigma)


@wrong(
    "reparameterize",
    caught_by="test_spread",
    hint="Sigma multiplies mu as well as the noise.",
)
def sigma_on_the_sum(mu, logvar):
    return (mu + torch.exp(0.5 * logvar)) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_z_scatters_around_mu",
    hint="The noise is uniform and does not know sigma; it should be standard normal, times sigma.",
)
def uniform_noise_without_sigma(mu, logvar):
    return mu + torch.rand_like(mu) - 0.5 + 0 * logvar


# Purity, dtype and sizes


@wrong(
    "reparameterize",
    caught_by="test_pure",
    hint="An in-place operation (a name that ends in _) writes into logvar itself, and the KL that comes next reads it.",
)
def logvar_changed_in_place(mu, logvar):
    sigma = logvar.mul_(0.5).exp()
    return mu + sigma * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_pure",
    hint="mu itself is written to (by +=, or a method whose name ends in _; detach() is no copy), and the KL that comes next reads it.",
)
def mu_changed_in_place(mu, logvar):
    mu += torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return mu


@wrong("reparameterize", caught_by="test_pure", hint="z is always float32; keep the dtype of mu.")
def always_float32(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).float()


@wrong(
    "reparameterize",
    caught_by="test_pure",
    hint="The noise is float64 whatever mu is, and takes z with it; keep the dtype of mu.",
)
def noise_always_float64(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape, dtype=torch.float64)


@wrong("reparameterize", caught_by="test_any_size", hint="squeeze removes every axis of length one, also the batch's.")
def bare_squeeze(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).squeeze()


@wrong("reparameterize", caught_by="test_form", hint="The size of the latent is written into the code as 2.")
def latent_size_hard_coded(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape[0], 2, dtype=mu.dtype)


@wrong("reparameterize", caught_by="test_form", hint="The size of the batch is written into the code as 64.")
def batch_size_hard_coded(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(64, mu.shape[1], dtype=mu.dtype)


@wrong("reparameterize", caught_by="test_form", hint="z came back flat; it has the shape of mu.")
def flattened(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).flatten()


@wrong("reparameterize", caught_by="test_form", hint="z was averaged over the latent; it has the shape of mu.")
def averaged_over_the_latent(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).mean(-1)


@wrong(
    "reparameterize",
    caught_by="test_form",
    hint="Every element got a whole set of draws, an axis too many; z is one sample.",
)
def an_axis_too_many(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.randn(1, *mu.shape, dtype=mu.dtype)


@wrong("reparameterize", caught_by="test_form", hint="Two values came back; return z alone.")
def noise_returned_too(mu, logvar):
    eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps, eps


@wrong("reparameterize", caught_by="test_form", hint="A distribution came back; return one sample of it.")
def the_distribution_itself(mu, logvar):
    return torch.distributions.Normal(mu, torch.exp(0.5 * logvar))


@wrong("reparameterize", caught_by="test_form", hint="Nothing came back: the `return` is missing.")
def return_forgotten(mu, logvar):
    mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", caught_by="test_form", hint="z came back transposed; it has the shape of mu.")
def transposed_result(mu, logvar):
    return (mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)).T


@wrong(
    "reparameterize",
    caught_by="test_form",
    hint="@ multiplies matrices; the noise and sigma are multiplied element by element.",
)
def matrix_product(mu, logvar):
    return mu + torch.exp(0.5 * logvar) @ torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_noise_without_gradients",
    hint="The sample is kept for the tensors and given again at the next call with them: draw anew in every call.",
)
def kept_for_the_tensors(mu, logvar, kept={}):
    if (id(mu), id(logvar)) not in kept:
        kept[id(mu), id(logvar)] = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu), mu, logvar
    return kept[id(mu), id(logvar)][0]


@wrong(
    "reparameterize",
    caught_by="test_normal",
    hint="The noise is drawn one number from each of as many strata: any one is normal, and together they avoid each other.",
)
def stratified_noise(mu, logvar):
    n = mu.numel()
    ranks = (torch.randperm(n).double() + torch.rand(n, dtype=torch.float64)) / n
    return mu + torch.exp(0.5 * logvar) * torch.special.ndtri(ranks).reshape(mu.shape).to(mu)


@wrong(
    "reparameterize",
    caught_by="test_pure",
    hint="The noise stands in one buffer that the next call fills anew, and the backward pass of this one still needs it.",
)
def noise_in_one_buffer(mu, logvar, buffers={}):
    noise = buffers.setdefault((mu.shape, mu.dtype), torch.empty(mu.shape, dtype=mu.dtype))
    return mu + torch.exp(0.5 * logvar) * noise.normal_()


@wrong(
    "reparameterize",
    caught_by="test_pure",
    hint="The global seed is set (torch.seed() sets it too, if to a number that nobody knows): who has set one before loses it.",
)
def seeded_at_random(mu, logvar):
    torch.seed()
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    caught_by="test_pure",
    hint="One buffer holds the noise of every call, refilled behind autograd's back: going backward through an earlier z meets a later noise.",
)
def noise_in_one_buffer_behind_autograd(mu, logvar, buffers={}):
    noise = buffers.setdefault((mu.shape, mu.dtype), torch.empty(mu.shape, dtype=mu.dtype))
    noise.data.normal_()
    return mu + torch.exp(0.5 * logvar) * noise
