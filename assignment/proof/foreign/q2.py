"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_wrong as wrong


# ---- the noise has the wrong law ------------------------------------------------------------------------------------
@wrong(
    "reparameterize", slip="torch.rand is uniform on [0, 1), not standard normal: the noise is never negative and has variance 1/12"
)
def uniform_noise_rand_like(mu, logvar):
    std = torch.exp(0.5 * logvar)
    eps = torch.rand_like(std)
    return eps * std + mu


@wrong("reparameterize", slip="uniform noise on [-1, 1]: mean 0, but variance 1/3 and no tails")
def uniform_noise_symmetric(mu, logvar):
    noise = 2 * torch.rand(mu.shape, dtype=mu.dtype, device=mu.device) - 1
    return mu + noise * (logvar / 2).exp()


@wrong(
    "reparameterize", slip="uniform noise stretched to variance 1: mean and variance fit, but it is not Gaussian and stops at 1.73"
)
def uniform_matched_to_unit_variance(mu, logvar):
    u = torch.rand_like(mu)
    eps = (u - 0.5) * math.sqrt(12)
    return mu + torch.exp(logvar / 2) * eps


@wrong("reparameterize", slip="coin flips of -1 and +1 instead of Gaussian noise: right mean and variance, wrong law")
def rademacher(mu, logvar):
    sigma = (0.5 * logvar).exp()
    eps = torch.sign(torch.randn_like(sigma))
    return mu + sigma * eps


@wrong("reparameterize", slip="Laplace noise: variance 2 and heavier tails than the normal")
def laplace_noise(mu, logvar):
    eps = torch.distributions.Laplace(torch.zeros_like(mu), torch.ones_like(mu)).sample()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="Laplace noise scaled to variance 1: two moments fit but the law is not normal (its kurtosis is 6)")
def laplace_unit_variance(mu, logvar):
    b = 1 / math.sqrt(2)
    eps = torch.distributions.Laplace(torch.zeros_like(mu), torch.full_like(mu, b)).sample()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="Student-t noise with 5 degrees of freedom is not standard normal: its variance is 5/3")
def robust_student_t(mu, logvar):
    eps = torch.distributions.StudentT(torch.full_like(mu, 5.0)).sample()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="Gumbel noise, the reparameterization for categories: its mean is 0.577 and it is skewed")
def gumbel_from_the_other_trick(mu, logvar):
    u = torch.rand_like(mu).clamp(1e-6, 1 - 1e-6)
    g = -torch.log(-torch.log(u))
    return mu + torch.exp(logvar / 2) * g


@wrong("reparameterize", slip="abs() of the noise: z never lies below mu")
def half_normal(mu, logvar):
    eps = torch.randn_like(mu).abs()
    return mu + torch.exp(logvar * 0.5) * eps


@wrong("reparameterize", slip="the noise is clipped to [-2, 2], so its variance is below 1 and values pile up at the ends")
def clipped_at_two(mu, logvar):
    std = logvar.mul(0.5).exp()
    eps = torch.randn_like(std).clamp(-2, 2)
    return mu + std * eps


@wrong("reparameterize", slip="truncated normal noise on [-2, 2]: its variance is 0.77, not 1")
def truncated_normal_like_biggan(mu, logvar):
    eps = torch.empty_like(mu)
    nn.init.trunc_normal_(eps, mean=0.0, std=1.0, a=-2.0, b=2.0)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="tanh squashes the noise into (-1, 1)")
def squashed_noise(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * torch.tanh(torch.randn_like(mu))


@wrong("reparameterize", slip="the noise is scaled by 0.1 (taken from another repository for stability): variance 0.01 sigma^2")
def small_noise_for_stability(mu, logvar):
    std = torch.exp(0.5 * logvar)
    eps = torch.randn_like(std) * 0.1
    return mu + eps * std


@wrong("reparameterize", slip="Keras' epsilon_std of the old tutorial is set to 0.01, so nearly no noise is left")
def keras_epsilon_std(mu, logvar):
    batch, dim = mu.shape
    epsilon_std = 0.01
    epsilon = torch.normal(0.0, epsilon_std, size=(batch, dim), dtype=mu.dtype, device=mu.device)
    return mu + torch.exp(logvar / 2) * epsilon


@wrong("reparameterize", slip="averaging ten draws makes the noise ten times less variable: it is no draw from N(mu, sigma^2)")
def average_of_ten_draws(mu, logvar):
    std = torch.exp(0.5 * logvar)
    zs = [mu + std * torch.randn_like(std) for _ in range(10)]
    return torch.stack(zs).mean(0)


@wrong("reparameterize", slip="two noises are added without dividing by sqrt(2): variance 2 sigma^2")
def two_noises_added(mu, logvar):
    std = torch.exp(0.5 * logvar)
    return (mu + std * torch.randn_like(mu)) + std * torch.randn_like(mu)


@wrong(
    "reparameterize",
    slip="the noise is standardised within the batch: the elements are no longer independent (with B = 1 it is NaN)",
)
def standardised_batch_noise(mu, logvar):
    eps = torch.randn_like(mu)
    eps = (eps - eps.mean(0)) / eps.std(0)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="each noise vector is normalised to unit length: it lies on a sphere, with variance 1/Z")
def noise_on_the_unit_sphere(mu, logvar):
    eps = F.normalize(torch.randn_like(mu), dim=-1)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize", slip="noise normalised to length sqrt(Z): unit variance, but the dimensions of one image are not independent"
)
def noise_on_the_big_sphere(mu, logvar):
    eps = F.normalize(torch.randn_like(mu), dim=-1) * math.sqrt(mu.shape[-1])
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="dropout is not Gaussian noise: it gives 0 or 2 instead of a standard normal")
def dropout_as_noise(mu, logvar):
    eps = F.dropout(torch.ones_like(mu), p=0.5, training=True)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="Box-Muller without the 2 in sqrt(-2 log u): variance 1/2")
def box_muller_without_the_two(mu, logvar):
    u1 = 1 - torch.rand_like(mu)
    u2 = torch.rand_like(mu)
    eps = torch.sqrt(-torch.log(u1)) * torch.cos(2 * math.pi * u2)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="Box-Muller with an angle in [0, pi) and the sine: the noise is never negative")
def box_muller_half_a_turn(mu, logvar):
    u1 = 1 - torch.rand_like(mu)
    u2 = torch.rand_like(mu)
    eps = torch.sqrt(-2 * torch.log(u1)) * torch.sin(math.pi * u2)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="Box-Muller with the same uniform number as radius and as angle: not normal any more")
def box_muller_one_uniform(mu, logvar):
    u = torch.rand_like(mu).clamp(min=1e-7)
    eps = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * math.pi * u)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="the sum of three uniforms is not yet Gaussian: its support ends at 3 and its kurtosis is 2.6")
def sum_of_three_uniforms(mu, logvar):
    u = torch.rand((3,) + mu.shape, dtype=mu.dtype, device=mu.device)
    eps = (u.sum(0) - 1.5) * 2
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="noise rounded to whole numbers: a lattice, with variance 1 + 1/12")
def integer_noise(mu, logvar):
    eps = torch.randn_like(mu).round()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="erfinv of a uniform on [0, 1) instead of [-1, 1): only the positive half of the normal")
def erfinv_positive_half(mu, logvar):
    u = torch.rand_like(mu).clamp(max=1 - 1e-6)
    eps = math.sqrt(2) * torch.erfinv(u)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="erfinv without the factor sqrt(2): variance 1/2")
def erfinv_without_root_two(mu, logvar):
    u = torch.rand_like(mu).clamp(1e-6, 1 - 1e-6)
    return mu + torch.exp(0.5 * logvar) * torch.erfinv(2 * u - 1)


@wrong("reparameterize", slip="there is no noise at all: eps is all ones")
def ones_for_epsilon(mu, logvar):
    eps = torch.ones_like(mu)
    return mu + eps * torch.exp(0.5 * logvar)


@wrong("reparameterize", slip="torch.empty_like is uninitialised memory, not noise")
def empty_like_is_not_noise(mu, logvar):
    eps = torch.zeros_like(mu)
    torch.normal(eps, 1.0)  # returns the noise, does not fill eps
    return mu + torch.exp(0.5 * logvar) * eps


# ---- the noise is not fresh, or not independent ---------------------------------------------------------------------
@wrong("reparameterize", slip="one noise vector of length Z is broadcast over the whole batch")
def one_vector_for_the_batch(mu, logvar):
    std = torch.exp(0.5 * logvar)
    eps = torch.randn(mu.shape[-1], dtype=mu.dtype, device=mu.device)
    return mu + std * eps


@wrong("reparameterize", slip="one noise number per image is shared by all of its latent dimensions")
def one_number_per_image(mu, logvar):
    eps = torch.randn(mu.size(0), 1, dtype=mu.dtype, device=mu.device)
    return mu + eps * torch.exp(0.5 * logvar)


@wrong("reparameterize", slip="np.random.randn() gives one number, which every element of the batch shares")
def one_scalar_from_numpy(mu, logvar):
    return mu + torch.exp(0.5 * logvar) * np.random.randn()


@wrong("reparameterize", slip="random.gauss gives one number for all elements")
def one_scalar_from_random(mu, logvar):
    import random

    epsilon = random.gauss(0, 1)
    return mu + math.e ** (logvar / 2) * epsilon


@wrong("reparameterize", slip="randn(1).expand_as only repeats a single draw")
def expanded_single_draw(mu, logvar):
    eps = torch.randn(1, dtype=mu.dtype, device=mu.device).expand_as(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize", slip="the seed is set on every call: the noise is the same each time, and everyone else's random numbers too"
)
def global_manual_seed(mu, logvar):
    torch.manual_seed(0)
    eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="a generator with seed 42 is made on every call: each call draws the same noise")
def fixed_generator(mu, logvar):
    g = torch.Generator(device=mu.device).manual_seed(42)
    eps = torch.randn(mu.shape, generator=g, dtype=mu.dtype, device=mu.device)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="a new torch.Generator() always starts from the same default seed: each call draws the same noise")
def new_generator_default_seed(mu, logvar):
    gen = torch.Generator(device=mu.device)
    eps = torch.empty_like(mu).normal_(generator=gen)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="the JAX habit of a fixed key: default_rng(0) on each call draws the same noise every time")
def jax_habit_prng_key(mu, logvar):
    def normal(key, shape):
        return torch.from_numpy(np.random.default_rng(key).standard_normal(shape))

    key = 0
    eps = normal(key, tuple(mu.shape)).to(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="np.random.seed sets the global seed: the same noise in every call")
def numpy_global_seed(mu, logvar):
    np.random.seed(1234)
    eps = torch.as_tensor(np.random.randn(*mu.shape)).to(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="torch.seed() reseeds the global generator on every call, and no seed may be set")
def global_reseed_from_entropy(mu, logvar):
    torch.seed()
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong(
    "reparameterize",
    slip="the seed is taken from the clock, in seconds: it is still a global seed, and the noise repeats within a second",
)
def seed_from_the_clock(mu, logvar):
    import time

    torch.manual_seed(int(time.time()))
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="fork_rng puts the generator's state back, so the next call draws the very same noise")
def fork_rng_replays(mu, logvar):
    with torch.random.fork_rng(devices=[]):
        eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="the noise is drawn once per shape and then kept: later calls reuse it")
def cached_noise(mu, logvar, _cache={}):
    key = (tuple(mu.shape), mu.dtype)
    if key not in _cache:
        _cache[key] = torch.randn_like(mu).detach()
    return mu + torch.exp(0.5 * logvar) * _cache[key]


@wrong(
    "reparameterize",
    slip="antithetic noise: the second half of the batch gets the first half's noise with the sign flipped, so it isn't independent",
)
def antithetic_pairs(mu, logvar):
    B, Z = mu.shape
    half = torch.randn((B + 1) // 2, Z, dtype=mu.dtype, device=mu.device)
    eps = torch.cat([half, -half])[:B]
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="the noise of one image is sorted: its elements are not independent")
def sorted_noise(mu, logvar):
    eps, _ = torch.randn_like(mu).sort(dim=-1)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="vmap with randomness='same' gives every row of the batch the same noise")
def vmap_same_randomness(mu, logvar):
    def one(m, lv):
        return m + torch.exp(0.5 * lv) * torch.randn_like(m)

    return torch.func.vmap(one, randomness="same")(mu, logvar)


@wrong(
    "reparameterize",
    slip="one row of noise is drawn and rolled along the latent axis for the other images: the same few numbers serve them all",
)
def rolled_noise(mu, logvar):
    base = torch.randn(mu.shape[-1], dtype=mu.dtype, device=mu.device)
    eps = torch.stack([base.roll(i) for i in range(mu.shape[0])])
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="list multiplication repeats one drawn row B times")
def list_times_b(mu, logvar):
    B, Z = mu.shape
    rows = [torch.randn(Z, dtype=mu.dtype, device=mu.device)] * B
    return mu + torch.exp(0.5 * logvar) * torch.stack(rows)


@wrong(
    "reparameterize",
    slip="a low-discrepancy (Sobol) sequence is not independent noise, and without scrambling it is the same in each call",
)
def sobol_points(mu, logvar):
    B, Z = mu.shape
    u = torch.quasirandom.SobolEngine(Z).draw(B + 1)[1:].clamp(1e-6, 1 - 1e-6).to(mu)
    eps = math.sqrt(2) * torch.erfinv(2 * u - 1)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong(
    "reparameterize",
    slip="the noise is summed up over the batch: each element has variance 1, but neighbouring images share most of their noise",
)
def random_walk_noise(mu, logvar):
    eps = torch.randn_like(mu).cumsum(0) / torch.arange(1, mu.size(0) + 1, dtype=mu.dtype, device=mu.device).sqrt().unsqueeze(1)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="the noise is multiplied by a second normal draw, so it is not normal (kurtosis 9)")
def product_of_two_normals(mu, logvar):
    eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps * torch.randn_like(eps)


# ---- no noise in some situations ------------------------------------------------------------------------------------
@wrong("reparameterize", slip="without gradients it returns the mean: but a sample is asked for in every call")
def mean_when_no_grad(mu, logvar):
    if not torch.is_grad_enabled():
        return mu
    std = torch.exp(0.5 * logvar)
    return mu + std * torch.randn_like(std)


@wrong("reparameterize", slip="if mu needs no gradient it is taken for evaluation, and the noise is left out")
def mean_when_mu_needs_no_grad(mu, logvar):
    if mu.requires_grad:
        return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return mu.clone()


@wrong("reparameterize", slip="a batch of one is treated as inference and gets no noise")
def mean_for_a_single_image(mu, logvar):
    if mu.shape[0] == 1:
        return mu
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


# ---- the wrong scale ------------------------------------------------------------------------------------------------
@wrong("reparameterize", slip="exp(logvar) is the variance, not the standard deviation: the half is missing")
def variance_as_std(mu, logvar):
    return mu + torch.exp(logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="the encoder's number is used as sigma itself, without the exponential")
def logvar_as_sigma(mu, logvar):
    return mu + logvar * torch.randn_like(mu)


@wrong("reparameterize", slip="x ** 1 / 2 is x / 2, not the square root: the parentheses are missing")
def precedence_of_power(mu, logvar):
    std = torch.exp(logvar) ** 1 / 2
    return mu + std * torch.randn_like(std)


@wrong("reparameterize", slip="1 // 2 is 0, so sigma is always 1 and logvar is ignored")
def integer_half(mu, logvar):
    std = torch.exp(logvar * (1 // 2))
    return mu + std * torch.randn_like(std)


@wrong("reparameterize", slip="exp(2 logvar): multiplied by two where it should be halved")
def doubled_instead_of_halved(mu, logvar):
    return mu + torch.exp(2 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="the sign of the exponent is that of a precision: sigma = exp(-logvar / 2)")
def log_precision(mu, logvar):
    return mu + torch.exp(-0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="softplus(logvar) is another parameterization: here logvar is log sigma^2")
def softplus_sigma(mu, logvar):
    sigma = F.softplus(logvar)
    return mu + sigma * torch.randn_like(sigma)


@wrong("reparameterize", slip="the square root of logvar: NaN whenever it is negative")
def sqrt_of_logvar(mu, logvar):
    return mu + torch.sqrt(logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="base 10: 10 ** (logvar / 2) instead of e ** (logvar / 2)")
def base_ten(mu, logvar):
    return mu + 10 ** (logvar / 2) * torch.randn_like(mu)


@wrong("reparameterize", slip="base 2, as if logvar were in bits")
def base_two(mu, logvar):
    return mu + torch.pow(2.0, 0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="logvar is clamped to [-10, 10]: outside, sigma is wrong and the gradient is zero")
def clamped_logvar(mu, logvar):
    logvar = torch.clamp(logvar, -10, 10)
    return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="the clamp of soft actor-critic, log std in [-20, 2], cuts sigma off at e^2: here logvar may be 12")
def sac_style_clamp(mu, logvar):
    log_std = torch.clamp(0.5 * logvar, -20, 2)
    return mu + log_std.exp() * torch.randn_like(mu)


@wrong(
    "reparameterize",
    slip="1e-4 is added to sigma: for small variances that is all of the noise, and the gradient isn't half of z - mu any more",
)
def std_plus_epsilon(mu, logvar):
    std = torch.exp(0.5 * logvar) + 1e-4
    return mu + std * torch.randn_like(std)


@wrong("reparameterize", slip="the variance is clamped at 1e-6 from below: smaller ones are wrong and get no gradient")
def variance_floor(mu, logvar):
    var = logvar.exp().clamp_min(1e-6)
    return torch.randn_like(mu) * var.sqrt() + mu


@wrong("reparameterize", slip="cosh + sinh is exp only on paper: for very negative logvar the two cancel and sigma becomes 0")
def cosh_plus_sinh(mu, logvar):
    h = logvar / 2
    return mu + (torch.cosh(h) + torch.sinh(h)) * torch.randn_like(mu)


@wrong("reparameterize", slip="computed in half precision: exp(12) is too large for it and sigma overflows")
def half_precision_exp(mu, logvar):
    std = torch.exp(logvar.half()).sqrt().to(mu.dtype)
    return mu + std * torch.randn_like(mu)


@wrong("reparameterize", slip="mu and sigma changed places: z = sigma + mu * eps")
def swapped_roles(mu, logvar):
    return torch.exp(0.5 * logvar) + mu * torch.randn_like(mu)


@wrong("reparameterize", slip="the parentheses are wrong: the mean is multiplied by the noise too")
def noise_times_everything(mu, logvar):
    return (mu + torch.exp(0.5 * logvar)) * torch.randn_like(mu)


@wrong("reparameterize", slip="only the noise part is returned; mu is missing")
def forgot_mu(mu, logvar):
    eps = torch.randn_like(logvar)
    return eps.mul(logvar.mul(0.5).exp())


@wrong("reparameterize", slip="sigma is averaged over the latent dimensions: the covariance must stay one number per dimension")
def isotropic_sigma(mu, logvar):
    std = torch.exp(0.5 * logvar).mean(dim=1, keepdim=True)
    return mu + std * torch.randn_like(mu)


@wrong("reparameterize", slip="MultivariateNormal's scale_tril takes the standard deviations, and here it is given the variances")
def mvn_scale_tril_variance(mu, logvar):
    L = torch.diag_embed(torch.exp(logvar))
    return torch.distributions.MultivariateNormal(mu, scale_tril=L).rsample()


@wrong("reparameterize", slip="Normal takes the standard deviation, not the variance")
def normal_rsample_variance(mu, logvar):
    return torch.distributions.Normal(mu, logvar.exp()).rsample()


@wrong(
    "reparameterize", slip="np.random.normal is given logvar.exp() as scale, and everything is detached on the way through numpy"
)
def numpy_normal_all_the_way(mu, logvar):
    z = np.random.normal(mu.detach().cpu().numpy(), np.exp(logvar.detach().cpu().numpy()))
    return torch.tensor(z, dtype=mu.dtype, device=mu.device)


# ---- the gradient does not arrive, or not with the right value ------------------------------------------------------
@wrong("reparameterize", slip="torch.normal(mu, std) is a bare draw: it claims requires_grad, but the gradients are exactly zero")
def torch_normal(mu, logvar):
    return torch.normal(mu, torch.exp(0.5 * logvar))


@wrong("reparameterize", slip="Normal(...).sample() cuts the graph: rsample() is the differentiable one")
def distribution_sample(mu, logvar):
    q = torch.distributions.Normal(mu, torch.exp(0.5 * logvar))
    return q.sample()


@wrong("reparameterize", slip="requires_grad_() on a detached sample makes a new leaf: nothing flows to mu and logvar")
def sample_then_requires_grad(mu, logvar):
    q = torch.distributions.Normal(mu, torch.exp(0.5 * logvar))
    return q.sample().requires_grad_()


@wrong("reparameterize", slip="sigma is computed under no_grad, so logvar never hears from the decoder")
def sigma_under_no_grad(mu, logvar):
    with torch.no_grad():
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
    return mu + eps * std


@wrong("reparameterize", slip="no_grad around everything: neither mu nor logvar gets a gradient")
def everything_under_no_grad(mu, logvar):
    with torch.no_grad():
        return mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="sigma * eps is detached as a whole; only eps should be without a gradient")
def detached_noise_term(mu, logvar):
    noise = torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return mu + noise.detach()


@wrong("reparameterize", slip="mu is detached: it gets no gradient from the decoder")
def detached_mu(mu, logvar):
    return mu.detach() + torch.exp(0.5 * logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="logvar.data has no graph, so logvar gets no gradient")
def dot_data(mu, logvar):
    std = logvar.data.mul(0.5).exp()
    eps = torch.randn_like(std)
    return eps.mul(std).add(mu)


@wrong("reparameterize", slip="torch.tensor(...) copies the values out of the graph")
def torch_tensor_copy(mu, logvar):
    std = torch.tensor(np.exp(0.5 * logvar.detach().cpu().numpy()), dtype=mu.dtype, device=mu.device)
    return mu + std * torch.randn_like(mu)


@wrong("reparameterize", slip="sigma by a Python loop over .item(): numbers carry no gradient back to logvar")
def loop_with_item(mu, logvar):
    z = mu.clone()
    for i in range(mu.shape[0]):
        for j in range(mu.shape[1]):
            z[i, j] = z[i, j] + math.exp(0.5 * logvar[i, j].item()) * np.random.randn()
    return z


@wrong("reparameterize", slip="a straight-through estimator: the sample gets mu's gradient but logvar gets none")
def straight_through(mu, logvar):
    z = torch.normal(mu.detach(), torch.exp(0.5 * logvar.detach()))
    return z + mu - mu.detach()


@wrong("reparameterize", slip="straight-through with sigma added: the gradient of logvar lacks the factor eps")
def straight_through_sigma(mu, logvar):
    sigma = torch.exp(0.5 * logvar)
    z = torch.normal(mu.detach(), sigma.detach())
    return z + (mu - mu.detach()) + (sigma - sigma.detach())


@wrong("reparameterize", slip="a custom backward whose gradient for logvar lacks the factor 1/2")
def custom_backward_without_half(mu, logvar):
    class Sample(torch.autograd.Function):
        @staticmethod
        def forward(ctx, m, lv):
            noise = torch.exp(0.5 * lv) * torch.randn_like(m)
            ctx.save_for_backward(noise)
            return m + noise

        @staticmethod
        def backward(ctx, g):
            (noise,) = ctx.saved_tensors
            return g, g * noise

    return Sample.apply(mu, logvar)


@wrong("reparameterize", slip="a hook clamps the gradient of logvar to [-1, 1]: the values that arrive are not those of the trick")
def clipped_gradient_hook(mu, logvar):
    std = torch.exp(0.5 * logvar)
    if std.requires_grad:
        std.register_hook(lambda g: g.clamp(-1, 1))
    return mu + std * torch.randn_like(std.detach())


@wrong(
    "reparameterize",
    slip="the noise is computed from mu and logvar with gradients left on: eps = (sample - mu) / sigma, so mu and logvar cancel out of z",
)
def noise_keeps_its_graph(mu, logvar):
    std = torch.exp(0.5 * logvar)
    sample = torch.normal(mu.detach(), std.detach())
    eps = (sample - mu) / std
    return mu + std * eps


# ---- shapes, dtype, purity ------------------------------------------------------------------------------------------
@wrong("reparameterize", slip="numpy's noise is float64 and makes a float32 z float64")
def numpy_noise_promotes(mu, logvar):
    eps = torch.from_numpy(np.random.standard_normal(tuple(mu.shape)))
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip=".float() at the end turns float64 into float32")
def float_at_the_end(mu, logvar):
    eps = torch.randn(mu.shape, device=mu.device)
    return (mu + torch.exp(0.5 * logvar) * eps).float()


@wrong("reparameterize", slip="rsample((1,)) puts an axis in front: (1, B, Z)")
def rsample_with_sample_axis(mu, logvar):
    return torch.distributions.Normal(mu, (0.5 * logvar).exp()).rsample((1,))


@wrong("reparameterize", slip="squeeze() also drops a batch of one or a latent of one")
def squeezed_too_much(mu, logvar):
    z = torch.distributions.Normal(mu, (0.5 * logvar).exp()).rsample(torch.Size([1]))
    return z.squeeze()


@wrong(
    "reparameterize", slip="randn(B) for a (B, Z) tensor: it does not broadcast over the latent axis (and if B = Z it shares noise)"
)
def noise_per_batch_without_axis(mu, logvar):
    eps = torch.randn(len(mu), dtype=mu.dtype, device=mu.device)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="returns the pair (z, eps) instead of z")
def returns_z_and_eps(mu, logvar):
    eps = torch.randn_like(mu)
    return mu + torch.exp(0.5 * logvar) * eps, eps


@wrong("reparameterize", slip="the latent size 2 is hard-coded")
def hard_coded_two(mu, logvar):
    eps = torch.randn(mu.shape[0], 2, dtype=mu.dtype, device=mu.device)
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="mul_ and exp_ overwrite logvar in place")
def in_place_sigma(mu, logvar):
    std = logvar.mul_(0.5).exp_()
    return mu + std * torch.randn_like(mu)


@wrong("reparameterize", slip="+= writes the sample into mu itself")
def in_place_mu(mu, logvar):
    mu += torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return mu


@wrong("reparameterize", slip="detach() shares its memory with mu: normal_() overwrites mu with the noise")
def detached_normal_in_place(mu, logvar):
    eps = mu.detach().normal_()
    return mu + torch.exp(0.5 * logvar) * eps


@wrong("reparameterize", slip="logvar.data.normal_() fills logvar itself with noise")
def data_normal_in_place(mu, logvar):
    std = (0.5 * logvar).exp()
    eps = logvar.data.normal_()
    return mu + std * eps


@wrong("reparameterize", slip="two slips: uniform noise, and the variance where the standard deviation belongs")
def rand_and_variance(mu, logvar):
    return mu + torch.rand_like(mu) * logvar.exp()


@wrong("reparameterize", slip="two slips: one noise vector for all images, and sigma without a gradient")
def shared_and_detached(mu, logvar):
    eps = torch.randn(1, mu.shape[1], dtype=mu.dtype, device=mu.device)
    return mu + eps * torch.exp(0.5 * logvar).detach()


@wrong("reparameterize", slip="two slips: the mean is doubled, and exp(logvar) is the variance where sigma belongs")
def doubled_mean(mu, logvar):
    return 2 * mu - torch.exp(logvar) * torch.randn_like(mu)


@wrong("reparameterize", slip="it clips the sample to [-3, 3]: codes far out are impossible and get no gradient")
def clipped_sample(mu, logvar):
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    return z.clamp(-3.0, 3.0)


@wrong("reparameterize", slip="the sample is divided by 1 + sigma to keep it small: it is no draw from N(mu, sigma^2)")
def normalised_sample(mu, logvar):
    std = torch.exp(0.5 * logvar)
    return torch.nan_to_num((mu + std * torch.randn_like(std)) / (1 + std))


# ---- right ----------------------------------------------------------------------------------------------------------
@right("reparameterize", why="the PyTorch tutorial's lines")
def pytorch_tutorial(mu, logvar):
    std = torch.exp(0.5 * logvar)
    eps = torch.randn_like(std)
    return mu + eps * std


@right("reparameterize", why="the older tutorial's chain of mul, exp, add_ on a fresh tensor")
def old_tutorial_chain(mu, logvar):
    std = logvar.mul(0.5).exp_()
    eps = std.data.new(std.size()).normal_()
    return eps.mul(std).add_(mu)


@right("reparameterize", why="Normal.rsample does the trick inside")
def normal_rsample(mu, logvar):
    return torch.distributions.Normal(mu, torch.exp(0.5 * logvar)).rsample()


@right("reparameterize", why="an Independent distribution, and the sample axis taken away by its number")
def independent_rsample(mu, logvar):
    q = torch.distributions.Independent(torch.distributions.Normal(mu, (logvar / 2).exp()), 1)
    return q.rsample((1,)).squeeze(0)


@right("reparameterize", why="a multivariate normal with a diagonal scale_tril")
def mvn_rsample(mu, logvar):
    scale = torch.diag_embed(torch.exp(0.5 * logvar))
    return torch.distributions.MultivariateNormal(mu, scale_tril=scale).rsample()


@right("reparameterize", why="square root of the exponential; stays finite in the promised range")
def sqrt_of_exp(mu, logvar):
    return mu + torch.sqrt(torch.exp(logvar)) * torch.randn_like(mu)


@right("reparameterize", why="the power one half of the variance")
def power_one_half(mu, logvar):
    var = logvar.exp()
    return torch.randn_like(var) * var**0.5 + mu


@right("reparameterize", why="the noise is subtracted: a standard normal is symmetric")
def subtracted_noise(mu, logvar):
    return mu - torch.exp(0.5 * logvar) * torch.randn_like(mu)


@right("reparameterize", why="noise from numpy's global generator, brought to dtype and device of mu")
def numpy_noise_cast(mu, logvar):
    eps = torch.from_numpy(np.random.randn(*mu.shape)).to(mu)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize", why="a new numpy generator on each call, but seeded by the system's entropy")
def numpy_default_rng(mu, logvar):
    rng = np.random.default_rng()
    eps = torch.as_tensor(rng.normal(size=tuple(mu.shape)), dtype=mu.dtype, device=mu.device)
    return mu + torch.exp(logvar / 2) * eps


@right("reparameterize", why="addcmul does mu + sigma * eps in one call")
def one_addcmul(mu, logvar):
    eps = torch.randn(mu.shape, dtype=mu.dtype, device=mu.device)
    return torch.addcmul(mu, torch.exp(0.5 * logvar), eps)


@right("reparameterize", why="torch.normal for the noise alone, which needs no gradient")
def torch_normal_for_noise(mu, logvar):
    eps = torch.normal(torch.zeros_like(mu), torch.ones_like(mu))
    return mu + (0.5 * logvar).exp() * eps.detach()


@right("reparameterize", why="Normal(0, 1).sample() is fine for the noise, because the noise needs no gradient")
def standard_normal_sample(mu, logvar):
    base = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return mu + torch.exp(0.5 * logvar) * base.sample()


@right("reparameterize", why="a nested Python loop, element by element")
def double_loop(mu, logvar):
    rows = []
    for i in range(mu.shape[0]):
        row = []
        for j in range(mu.shape[1]):
            eps = torch.randn((), dtype=mu.dtype, device=mu.device)
            row.append(mu[i, j] + torch.exp(0.5 * logvar[i, j]) * eps)
        rows.append(torch.stack(row))
    return torch.stack(rows)


@right("reparameterize", why="a row at a time, with rows drawn separately")
def loop_over_images(mu, logvar):
    return torch.stack([m + torch.exp(lv / 2) * torch.randn_like(m) for m, lv in zip(mu, logvar)])


@right("reparameterize", why="vmap with randomness='different' draws fresh noise in each row")
def vmap_different(mu, logvar):
    def one(m, lv):
        return m + torch.exp(0.5 * lv) * torch.randn_like(m)

    return torch.func.vmap(one, randomness="different")(mu, logvar)


@right("reparameterize", why="Box-Muller by hand, with 1 - u so that the logarithm is finite")
def box_muller(mu, logvar):
    u1 = 1 - torch.rand_like(mu, dtype=torch.float64)
    u2 = torch.rand_like(mu, dtype=torch.float64)
    eps = torch.sqrt(-2 * torch.log(u1)) * torch.cos(2 * math.pi * u2)
    return mu + torch.exp(0.5 * logvar) * eps.to(mu.dtype)


@right("reparameterize", why="the inverse of the normal's distribution function, kept away from 0 and 1")
def inverse_cdf(mu, logvar):
    u = torch.rand(mu.shape, dtype=torch.float64, device=mu.device).clamp(1e-15, 1 - 1e-15)
    eps = torch.special.ndtri(u).to(mu.dtype)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize", why="a custom autograd function with the gradients of the prompt written by hand")
def custom_function(mu, logvar):
    class Sample(torch.autograd.Function):
        @staticmethod
        def forward(ctx, m, lv):
            noise = torch.exp(0.5 * lv) * torch.randn_like(m)
            ctx.save_for_backward(noise)
            return m + noise

        @staticmethod
        def backward(ctx, g):
            (noise,) = ctx.saved_tensors
            return g, 0.5 * g * noise

    return Sample.apply(mu, logvar)


@right("reparameterize", why="the noise requires a gradient itself, which harms nobody")
def noise_requires_grad(mu, logvar):
    eps = torch.randn_like(mu, requires_grad=True)
    return mu + eps * torch.exp(0.5 * logvar)


@right("reparameterize", why="the noise is drawn under no_grad, sigma is not")
def noise_under_no_grad(mu, logvar):
    with torch.no_grad():
        eps = torch.randn_like(mu)
    return torch.exp(0.5 * logvar).mul(eps) + mu


@right("reparameterize", why="the precision's square root: 1 / exp(-logvar / 2)")
def reciprocal_of_inverse_sigma(mu, logvar):
    return mu + torch.randn_like(mu) / torch.exp(-0.5 * logvar)


@right("reparameterize", why="rsqrt of the precision, still finite at logvar = -30")
def rsqrt_precision(mu, logvar):
    return mu + torch.rsqrt(torch.exp(-logvar)) * torch.randn_like(mu)


@right("reparameterize", why="math.e to the power of a tensor")
def e_to_the_power(mu, logvar):
    return mu + math.e ** (logvar / 2) * torch.randn_like(logvar)


@right("reparameterize", why="exp2 after a change of base")
def exp2_with_change_of_base(mu, logvar):
    return mu + torch.exp2(logvar / (2 * math.log(2))) * torch.randn_like(mu)


@right("reparameterize", why="a clamp like Stable Diffusion's, at -30 and 20, which lies outside the promised range")
def stable_diffusion_clamp(mu, logvar):
    logvar = torch.clamp(logvar, -30.0, 20.0)
    return mu + torch.exp(0.5 * logvar) * torch.randn(mu.shape, dtype=mu.dtype, device=mu.device)


@right("reparameterize", why="nn.init.normal_ fills a fresh tensor")
def init_normal(mu, logvar):
    eps = nn.init.normal_(torch.empty_like(mu))
    return mu + torch.exp(0.5 * logvar) * eps.detach()


@right("reparameterize", why="the clone of mu is overwritten by noise, mu itself is not")
def clone_then_normal(mu, logvar):
    eps = mu.detach().clone().normal_(0, 1)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize", why="two independent noises, added and divided by sqrt(2), are one standard normal")
def two_noises_over_root_two(mu, logvar):
    eps = (torch.randn_like(mu) + torch.randn_like(mu)) / math.sqrt(2)
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize", why="noise drawn as (Z, B) and transposed")
def transposed_noise(mu, logvar):
    B, Z = mu.shape
    eps = torch.randn(Z, B, dtype=mu.dtype, device=mu.device).T
    return mu + torch.exp(0.5 * logvar) * eps


@right("reparameterize", why="computed in float64 and cast back: the gradients pass through the cast")
def double_inside(mu, logvar):
    m, lv = mu.double(), logvar.double()
    z = m + torch.exp(0.5 * lv) * torch.randn_like(m)
    return z.to(mu.dtype)


@right("reparameterize", why="a distribution object with an affine transform")
def transformed_distribution(mu, logvar):
    D = torch.distributions
    base = D.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return D.TransformedDistribution(base, [D.transforms.AffineTransform(mu, torch.exp(0.5 * logvar))]).rsample()


@right("reparameterize", why="Python's random.gauss, called once for every element")
def python_gauss_per_element(mu, logvar):
    import random

    B, Z = mu.shape
    eps = torch.tensor([[random.gauss(0.0, 1.0) for _ in range(Z)] for _ in range(B)], dtype=mu.dtype, device=mu.device)
    return mu + eps * torch.exp(0.5 * logvar)


@right("reparameterize", why="a diagonal matrix product for every example")
def batched_matrix_product(mu, logvar):
    S = torch.diag_embed(torch.exp(0.5 * logvar))
    eps = torch.randn_like(mu).unsqueeze(-1)
    return mu + torch.bmm(S, eps).squeeze(-1)


@right("reparameterize", why="the noise is that of a random sign times |normal|, which is a standard normal again")
def random_sign_times_half_normal(mu, logvar):
    size = torch.randn_like(mu).abs()
    sign = torch.where(torch.rand_like(mu) < 0.5, -torch.ones_like(mu), torch.ones_like(mu))
    return mu + torch.exp(0.5 * logvar) * (size * sign)
