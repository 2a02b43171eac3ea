"""Ways to get the loss and its unit wrong, each with the check that must catch it and the hint it earns."""

from autograder.authoring import wrong

ELBO = "The loss is the ELBO itself, which is maximised: what is minimised is its negative."

# ---- sums and averages ----


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="All three are sums over the batch: average them, or the learning rate depends on the batch size.",
)
def never_divided_by_the_batch_size(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).sum()
    kl = gaussian_kl(mu, logvar).sum()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The KL is summed over the batch while the reconstruction is averaged: their balance then depends on the batch size.",
)
def kl_summed_over_the_batch(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).sum()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The reconstruction is summed over the batch while the KL is averaged: their balance then depends on the batch size.",
)
def recon_summed_over_the_batch(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).sum()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The mean already divides by the batch size, and then it is divided once more.",
)
def divided_by_the_batch_size_twice(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean() / len(x)
    kl = gaussian_kl(mu, logvar).mean() / len(x)
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The parts are batch averages already, and the loss divides them by the batch size again.",
)
def loss_divided_by_the_batch_size_again(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (recon + beta * kl) / len(x), recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The reconstruction is averaged over the pixels: that makes it P times too small, so the KL wins.",
)
def mean_over_pixels(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1))
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The KL is averaged over the latent dimensions: independent dimensions add up.",
)
def kl_mean_over_latent_dimensions(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean() / mu.shape[1]
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="Both parts are averaged over their dimensions, of which they have different numbers: the balance is not the ELBO's.",
)
def per_dimension_means_of_both(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1))
    kl = gaussian_kl(mu, logvar).mean() / mu.shape[1]
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="Both parts are divided by the number of pixels: the loss is wanted in nats per example.",
)
def everything_per_pixel(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    P = logits.shape[1]
    return (recon + beta * kl) / P, recon / P, kl / P


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The KL is divided by the number of pixels, so the code costs almost nothing.",
)
def kl_per_pixel(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean() / logits.shape[1]
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The weight is rescaled by Z / P, as some papers do: here beta multiplies the KL as it is.",
)
def weight_normalised_by_the_sizes(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * mu.shape[1] / logits.shape[1] * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="A mean over pixels is multiplied by 784, the pixels of another data set.",
)
def pixels_hard_coded_as_784(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1)) * 784
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_recon", hint="A mean over pixels is multiplied by 64, but images come in any size.")
def pixels_hard_coded_as_64(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1)) * 64
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_three_single_numbers",
    hint="The images are reshaped to 784 pixels, the size of another data set: take the size from the input.",
)
def image_reshaped_to_784(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.view(-1, 784), x.view(-1, 784)).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The batch is divided by 32 whatever its size.")
def batch_size_hard_coded(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).sum() / 32
    kl = gaussian_kl(mu, logvar).sum() / 32
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_recon",
    hint="Only the last axis is summed, so the rows of an image are averaged: flatten everything but the batch.",
)
def images_summed_over_their_last_axis_only(logits, x, mu, logvar, beta=1.0):
    nll = F.binary_cross_entropy_with_logits(logits.reshape(x.shape), x, reduction="none")
    recon = nll.sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_recon", hint="An image-shaped x does not fit logits of shape (B, P): flatten it first.")
def image_not_flattened(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_three_single_numbers", hint="One value per example came back: average over the batch.")
def vectors_for_scalars(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x), gaussian_kl(mu, logvar)
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_three_single_numbers",
    hint="Each part has one element but still an axis: a 0-d tensor has none.",
)
def one_element_vectors(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(0, keepdim=True), gaussian_kl(mu, logvar).mean(0, keepdim=True)
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The median of the batch is taken where its mean belongs.")
def median_of_the_batch(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).median(), gaussian_kl(mu, logvar).median()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="Only the worst example counts: average over the batch.")
def worst_example(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).max(), gaussian_kl(mu, logvar).max()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="Only the first example counts: average over the batch.")
def first_example_only(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x)[0], gaussian_kl(mu, logvar)[0]
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The norm of the per-example terms is no average: it squares them first.",
)
def norm_of_the_terms(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).norm(), gaussian_kl(mu, logvar).norm()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The sum is divided by B − 1, as for a sample variance: a mean divides by B, which may be 1.",
)
def batch_minus_one(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).sum() / (len(x) - 1)
    kl = gaussian_kl(mu, logvar).sum() / (len(x) - 1)
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_averages_over_the_batch",
    hint="A squeeze drops the batch axis of a single example, and what is left is averaged over its pixels.",
)
def batch_of_one_unbatched(logits, x, mu, logvar, beta=1.0):
    nll = F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="none").squeeze()
    recon = nll.sum(-1).mean() if nll.dim() > 1 else nll.mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


# ---- signs ----


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The KL is subtracted: in the loss, the negative of the ELBO, the code costs.",
)
def minus_kl(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon - beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="This is the ELBO, and minimising it makes the model worse: the loss is its negative.",
    idea=ELBO,
)
def the_elbo_itself(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return -(recon + beta * kl), recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="All signs are those of the ELBO, which is maximised: a loss is minimised.",
    idea=ELBO,
)
def the_elbo_and_its_terms(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return -recon - beta * kl, -recon, -kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The loss is right, but the KL is reported with its sign flipped.")
def kl_reported_negated(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, -kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The loss is right, but the reconstruction is reported as a log-likelihood: give its negative.",
)
def recon_reported_negated(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, -recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="A negated likelihood is negated again: bernoulli_nll is minus log p already.",
)
def log_likelihood_minus_kl(logits, x, mu, logvar, beta=1.0):
    recon = -bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The parts are subtracted and an absolute value hides the sign: they add up.",
    rare=True,
)
def absolute_difference(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (recon - beta * kl).abs(), recon, kl


# ---- the reconstruction ----


@wrong(
    "vae_loss",
    caught_by="test_very_sure_decoder",
    hint="The logarithm of a rounded probability is infinite once the decoder is very sure: stay with the logits.",
)
def log_of_an_unclamped_probability(logits, x, mu, logvar, beta=1.0):
    p = torch.sigmoid(logits)
    x = x.flatten(1)
    recon = -(x * p.log() + (1 - x) * (1 - p).log()).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_very_sure_decoder",
    hint="The clamp keeps the logarithm finite, but the loss no longer grows with a wrong certainty and its gradient is gone.",
)
def probabilities_clamped(logits, x, mu, logvar, beta=1.0):
    p = torch.sigmoid(logits)
    x = x.flatten(1)
    p = p.clamp(1e-7, 1 - 1e-7)
    recon = -(x * p.log() + (1 - x) * (1 - p).log()).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="A small number inside the logarithms bends the loss: the logits need none.",
)
def epsilon_inside_the_logarithms(logits, x, mu, logvar, beta=1.0):
    p = torch.sigmoid(logits)
    x = x.flatten(1)
    recon = -(x * (p + 1e-2).log() + (1 - x) * (1 - p + 1e-2).log()).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_very_sure_decoder",
    hint="binary_cross_entropy cuts its logarithms off at −100, and its input has been rounded before: use the logits.",
)
def cross_entropy_of_the_sigmoid(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy(torch.sigmoid(logits), x.flatten(1), reduction="none").sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_very_sure_decoder",
    hint="nan_to_num hides an overflow instead of avoiding it: the loss must still grow when the decoder is sure and wrong.",
)
def nan_to_num(logits, x, mu, logvar, beta=1.0):
    p = torch.sigmoid(logits)
    x = x.flatten(1)
    nll = -(x * p.log() + (1 - x) * (1 - p).log())
    recon = torch.nan_to_num(nll, posinf=0.0).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_very_sure_decoder",
    hint="The logits are clamped, so a decoder that is surely wrong pays too little and learns nothing from it.",
)
def logits_clamped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.clamp(-50, 50), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_very_sure_decoder", hint="The logits are clamped at ±10: they may be any number.")
def logits_clamped_tightly(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.clamp(-10, 10), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="A squared error belongs to a Gaussian decoder: ours says Bernoulli.")
def squared_error(logits, x, mu, logvar, beta=1.0):
    recon = (torch.sigmoid(logits) - x.flatten(1)).square().sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="Half a squared error is the likelihood of a unit-variance Gaussian decoder: ours says Bernoulli.",
)
def half_squared_error(logits, x, mu, logvar, beta=1.0):
    recon = 0.5 * (torch.sigmoid(logits) - x.flatten(1)).square().sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The logits are compared with the pixels as if they were pixels themselves.",
)
def squared_error_on_the_logits(logits, x, mu, logvar, beta=1.0):
    recon = (logits - x.flatten(1)).square().sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="A mean squared error has the wrong likelihood and the wrong scale.")
def mean_squared_error(logits, x, mu, logvar, beta=1.0):
    recon = F.mse_loss(torch.sigmoid(logits), x.flatten(1))
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="An absolute error belongs to a Laplace decoder: ours says Bernoulli.")
def absolute_error(logits, x, mu, logvar, beta=1.0):
    recon = (torch.sigmoid(logits) - x.flatten(1)).abs().sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The logits and the pixels have changed places: the logits come first.")
def arguments_of_bernoulli_nll_swapped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(x.flatten(1), logits).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The logits went through a sigmoid before a function that applies its own: it is applied twice.",
)
def sigmoid_before_the_logits_function(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(torch.sigmoid(logits), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="Only x log p is there: dark pixels have a likelihood too.")
def only_the_bright_pixels(logits, x, mu, logvar, beta=1.0):
    recon = -(x.flatten(1) * F.logsigmoid(logits)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The two terms of the cross-entropy have opposite signs here: both are minus a log-probability.",
)
def second_term_with_the_wrong_sign(logits, x, mu, logvar, beta=1.0):
    x = x.flatten(1)
    recon = -(x * F.logsigmoid(logits) - (1 - x) * F.logsigmoid(-logits)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The pixels are rounded to 0 and 1, but x may be anything between.")
def pixels_binarised(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, (x > 0.5).to(x.dtype)).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="A softmax makes the pixels compete: each is a Bernoulli of its own.")
def softmax_over_the_pixels(logits, x, mu, logvar, beta=1.0):
    recon = -(x.flatten(1) * logits.log_softmax(-1)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_three_single_numbers",
    hint="Bernoulli.log_prob refuses pixels between 0 and 1 unless told not to check.",
)
def bernoulli_that_checks_its_support(logits, x, mu, logvar, beta=1.0):
    recon = -torch.distributions.Bernoulli(logits=logits).log_prob(x.flatten(1)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The pixels are divided by 255, but they are in [0, 1] already.")
def pixels_scaled_to_255(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x / 255).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


# ---- the KL ----


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="mu and logvar have changed places in the call of gaussian_kl.")
def kl_arguments_swapped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(logvar, mu).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="gaussian_kl takes the log-variance, and it was given its exponential.")
def kl_given_the_variance(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar.exp()).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="gaussian_kl takes log σ², and it was given half of that, log σ.")
def kl_given_log_sigma(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, 0.5 * logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="This is the KL of the average code: the average of the KLs is another number.",
)
def kl_of_the_average_code(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu.mean(0, keepdim=True), logvar.mean(0, keepdim=True))[0]
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The KL has twice its weight in the loss: counted twice, or without its ½.")
def kl_twice(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * (kl + kl), recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The ½ is inside gaussian_kl already, and here it is applied again.")
def half_of_the_kl_again(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = 0.5 * gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The KL is kept above a floor of free bits: a useful trick elsewhere, but not the ELBO.",
)
def kl_free_bits(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).clamp(min=4.0).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The KL is kept above half a nat for each latent (a tolerance, or free bits): near the prior nothing pulls any more, and it is not the ELBO.",
)
def kl_tolerance(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).clamp(min=0.5 * mu.shape[1]).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The reconstruction is that of a continuous Bernoulli, whose normaliser makes grey pixels cheaper: asked for is the Bernoulli's, without it.",
)
def continuous_bernoulli(logits, x, mu, logvar, beta=1.0):
    pixels = torch.distributions.ContinuousBernoulli(logits=logits)
    recon, kl = -pixels.log_prob(x.flatten(1)).sum(1).mean(), gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The KL is capped, so an expensive code is no longer pulled back.")
def kl_capped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).clamp(max=1.0).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="In bits: the loss and both its parts are wanted in nats.")
def bits_for_nats(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    bit = math.log(2)
    return (recon + beta * kl) / bit, recon / bit, kl / bit


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The loss pulls the KL towards a target instead of paying for it.")
def distance_to_a_target(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * (kl - 25).abs(), recon, kl


# ---- the weight ----


@wrong("vae_loss", caught_by="test_weight", hint="beta multiplies the reconstruction: it is the price of the code.")
def beta_on_the_reconstruction(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return beta * recon + kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="beta multiplies both parts, which only scales the learning rate.")
def beta_on_everything(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return beta * (recon + kl), recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="beta is accepted and then never used.")
def beta_dropped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The loss is right, but the reported KL has the weight in it: report the KL itself.",
)
def kl_reported_weighted(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = beta * gaussian_kl(mu, logvar).mean()
    return recon + kl, recon, kl


@wrong("vae_loss", caught_by="test_kl", hint="The weight is applied to the KL and then again in the loss.")
def beta_twice(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = beta * gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="The weight is squared in the loss.")
def beta_squared(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta**2 * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="The KL is divided by beta: a large beta should make the code dearer.")
def beta_divides(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + kl / max(beta, 1e-12), recon, kl


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The parts are mixed as (1 − β) and β: only the KL is weighted.")
def convex_mixture(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (1 - beta) * recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="beta is added to the KL instead of multiplying it.")
def added_not_multiplied(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + kl + beta - 1, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="A beta of 0 counts as false, so `or` puts the default in its place.")
def zero_taken_for_missing(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + (beta or 1.0) * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="beta is made an integer, and ½ becomes 0.")
def beta_rounded_to_an_integer(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + int(beta) * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="beta is clamped to at most 1, but larger weights are what a β-VAE is about.")
def beta_at_most_one(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + min(beta, 1.0) * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_weight",
    hint="The default of beta is 0, which is a plain autoencoder: by default the loss is the true ELBO.",
)
def default_of_zero(logits, x, mu, logvar, beta=0.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="The default of beta is not 1: by default the loss is the true ELBO.")
def default_of_four(logits, x, mu, logvar, beta=4.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_weight", hint="There is no beta to give: keep the signature as it was.")
def no_beta_at_all(logits, x, mu, logvar):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_weight",
    hint="A counter kept between calls warms the weight up: the caller passes the weight, and the same inputs give the same loss.",
)
def warm_up_by_a_hidden_counter(logits, x, mu, logvar, beta=1.0, steps=[0]):  # noqa: B006
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    steps[0] += 1
    return recon + beta * min(1.0, steps[0] / 100) * kl, recon, kl


# ---- a KL of one's own, written where gaussian_kl belongs ----


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The KL written into the loss squares exp(logvar), which is the variance already. `gaussian_kl` is there to be called.",
)
def own_kl_with_the_variance_squared(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = 0.5 * (torch.exp(logvar) ** 2 + mu**2 - 1 - logvar).sum(1).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The KL written into the loss takes logvar for log sigma and doubles it. `gaussian_kl` is there to be called.",
)
def own_kl_of_a_log_sigma(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = 0.5 * (torch.exp(2 * logvar) + mu**2 - 1 - 2 * logvar).sum(1).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The KL written into the loss uses exp(logvar / 2), which is sigma, where the variance belongs.",
)
def own_kl_with_sigma_for_its_square(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = 0.5 * (torch.exp(0.5 * logvar) + mu**2 - 1 - logvar).sum(1).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="Only log q(z | x) is there, an entropy: the KL is the average of log q - log p, and log p(z) is missing.",
)
def own_kl_without_the_prior(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = -(0.5 * (1 + math.log(2 * math.pi) + logvar)).sum(1).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The KL written into the loss is an estimate from one random draw: its average over the noise has a closed form, `gaussian_kl`.",
)
def own_kl_of_one_draw(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    q = torch.distributions.Normal(mu, torch.exp(0.5 * logvar))
    z = q.rsample()
    kl = (q.log_prob(z) - torch.distributions.Normal(0.0, 1.0).log_prob(z)).sum(1).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="The loss is right, but what is reported as the KL is only its first term, ½ μ².",
)
def reported_kl_is_its_first_term(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    return recon + beta * gaussian_kl(mu, logvar).mean(), recon, 0.5 * mu.square().sum(1).mean()


@wrong(
    "vae_loss",
    caught_by="test_recon",
    hint="An image is sampled from the decoder before the loss: the logits themselves go into `bernoulli_nll`.",
)
def recon_of_a_sampled_image(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(torch.bernoulli(torch.sigmoid(logits)), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="Two slips: the reconstruction is summed over the batch instead of averaged, and the KL is subtracted.",
)
def recon_of_the_whole_batch_less_the_kl(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).sum(), gaussian_kl(mu, logvar).mean()
    return recon - beta * kl, recon, kl


# ---- what comes back, and what flows back ----


@wrong("vae_loss", caught_by="test_loss_recon_kl", hint="The three values are in another order: the loss comes first.")
def order_recon_kl_loss(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon, kl, recon + beta * kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The KL and the reconstruction have changed places in what is returned.",
)
def order_loss_kl_recon(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, kl, recon


@wrong("vae_loss", caught_by="test_three_single_numbers", hint="Only the loss comes back: return its two parts as well.")
def loss_only(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl


@wrong(
    "vae_loss",
    caught_by="test_three_single_numbers",
    hint="A dict came back: return three values, loss, recon and kl, in this order.",
)
def a_dict(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return {"loss": recon + beta * kl, "recon": recon, "kl": kl}


@wrong(
    "vae_loss",
    caught_by="test_three_single_numbers",
    hint="Python floats came back, which carry no gradient: return tensors.",
)
def python_floats(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (recon + beta * kl).item(), recon.item(), kl.item()


@wrong(
    "vae_loss",
    caught_by="test_three_single_numbers",
    hint="recon and kl came back as Python floats: return 0-d tensors, and let the caller convert them.",
)
def parts_as_floats(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon.item(), kl.item()


@wrong("vae_loss", caught_by="test_three_single_numbers", hint="The values are computed but never returned.")
def no_return(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = recon + beta * kl  # noqa: F841


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The pixels are drawn as black or white, with x as the probability: the loss is then random, and x is to be taken as it is.",
)
def pixels_drawn(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, torch.bernoulli(x)).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_gradients",
    hint="The KL enters the loss without its graph (detached, or as a Python number), so it pulls on nothing.",
)
def item_of_the_kl(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl.item(), recon, kl


@wrong("vae_loss", caught_by="test_gradients", hint="The reconstruction is detached, so the decoder learns nothing.")
def recon_detached(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon.detach() + beta * kl, recon, kl


@wrong("vae_loss", caught_by="test_gradients", hint="mu is detached in the KL, so the mean is never pulled towards the prior.")
def mean_detached_in_the_kl(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu.detach(), logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_gradients",
    hint="logvar is detached in the KL, so the spread is never pulled towards the prior.",
)
def logvar_detached_in_the_kl(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar.detach()).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_gradients",
    hint="A new tensor is made from the value of the loss, and a new tensor has no past: nothing flows back.",
)
def loss_rebuilt_as_a_tensor(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (recon + beta * kl).detach().clone().requires_grad_(), recon, kl


@wrong("vae_loss", caught_by="test_gradients", hint="Under no_grad nothing is recorded: the loss carries no gradient.")
def under_no_grad(logits, x, mu, logvar, beta=1.0):
    with torch.no_grad():
        recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
        return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_gradients",
    hint="backward is called inside, which uses up the graph: that is for the training step to do.",
)
def backward_inside(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = recon + beta * kl
    if loss.requires_grad:
        loss.backward()
    return loss, recon, kl


# ---- precision, state and side effects ----


@wrong(
    "vae_loss",
    caught_by="test_keeps_dtype_and_inputs",
    hint="Everything comes back in float32: keep the dtype of the inputs.",
)
def float32_loss(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (recon + beta * kl).float(), recon.float(), kl.float()


@wrong(
    "vae_loss",
    caught_by="test_keeps_dtype_and_inputs",
    hint="Everything comes back in float64: keep the dtype of the inputs.",
)
def float64_loss(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (recon + beta * kl).double(), recon.double(), kl.double()


@wrong("vae_loss", caught_by="test_keeps_dtype_and_inputs", hint="x is changed in place, and the caller still needs it.")
def pixels_scaled_in_place(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    x.mul_(0.5)
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_keeps_dtype_and_inputs",
    hint="The logits are overwritten in place, and the caller still needs them.",
)
def logits_squashed_in_place(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    logits.data.sigmoid_()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="mu is centred in place before the KL: the code is as the encoder gave it.",
)
def mean_centred_in_place(logits, x, mu, logvar, beta=1.0):
    mu -= mu.mean(0)
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_keeps_dtype_and_inputs",
    hint="A global seed is set inside: nothing here is random, and the noise of the next step then repeats.",
)
def sets_the_global_seed(logits, x, mu, logvar, beta=1.0):
    torch.manual_seed(0)
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The pixels get noise added before they are compared: the loss is a plain function of its inputs.",
)
def noise_added_to_the_pixels(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, (x + 0.05 * torch.rand_like(x)).clamp(0, 1)).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_averages_over_the_batch",
    hint="A moving average is kept between calls: the loss is that of this batch alone.",
)
def moving_average(logits, x, mu, logvar, beta=1.0, memory={}):  # noqa: B006
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = recon + beta * kl
    last = memory.get("loss", loss)
    memory["loss"] = loss.detach()
    return 0.9 * loss + 0.1 * last, recon, kl


# ---- bits per dimension ----


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="Multiplied by log 2 where a division belongs: a bit is smaller than a nat, so there are more of them.",
)
def times_log_two(nelbo, num_dims):
    return nelbo * math.log(2) / num_dims


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="These are nats per dimension: they still have to become bits.")
def nats_per_dimension(nelbo, num_dims):
    return nelbo / num_dims


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="These are bits per example: spread them over the dimensions.")
def bits_per_example(nelbo, num_dims):
    return nelbo / math.log(2)


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="Multiplied by the number of dimensions where a division belongs.",
)
def times_the_dimensions(nelbo, num_dims):
    return nelbo * num_dims / math.log(2)


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="Divided by log 10, which gives decimal digits and not bits.")
def log_ten(nelbo, num_dims):
    return nelbo / (num_dims * math.log(10))


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="Divided by log 2 twice.")
def log_two_twice(nelbo, num_dims):
    return nelbo / num_dims / math.log(2) ** 2


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="Divided by 2 and not by log 2.")
def divided_by_two(nelbo, num_dims):
    return nelbo / num_dims / 2


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="The logarithm of the value is taken: nats are logarithms already, and only their unit changes.",
)
def log2_of_the_value(nelbo, num_dims):
    return torch.log2(nelbo.abs() + 1e-12) / num_dims


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="The logarithm swallows the number of dimensions: only the 2 belongs inside.",
)
def log_of_the_dimensions(nelbo, num_dims):
    return nelbo / math.log(2 * num_dims)


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="Divided by the logarithm of the number of dimensions, not by the number itself.",
)
def log2_of_the_dimensions(nelbo, num_dims):
    return nelbo / max(math.log2(num_dims), 1e-3)


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="Divided by log 256, which gives bytes per dimension and not bits.",
)
def bits_for_256_levels(nelbo, num_dims):
    return nelbo / (num_dims * math.log(256))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="8 bits are added for pixels that were scaled from 256 levels: that is for densities, not for this question.",
)
def plus_eight(nelbo, num_dims):
    return nelbo / (num_dims * math.log(2)) + 8


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="The sign is flipped: nelbo is the negative ELBO already.")
def sign_flipped_bpd(nelbo, num_dims):
    return -nelbo / (num_dims * math.log(2))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bpd_of_any_batch",
    hint="The absolute value hides the sign: a density may well be above 1.",
)
def absolute_value(nelbo, num_dims):
    return nelbo.abs() / (num_dims * math.log(2))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bpd_of_any_batch",
    hint="Negative values are cut off at zero: a density may well be above 1.",
)
def clamped_at_zero(nelbo, num_dims):
    return (nelbo / (num_dims * math.log(2))).clamp(min=0)


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="Integer division drops the digits after the point.")
def integer_division(nelbo, num_dims):
    return nelbo // (num_dims * math.log(2))


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="The result is rounded: leave that to whoever prints it.")
def rounded_bpd(nelbo, num_dims):
    value = nelbo / (num_dims * math.log(2))
    return value + ((value * 100).round() / 100 - value).detach()


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="Divided by the square root of the number of dimensions: an average over dimensions divides by their number.",
)
def square_root_of_the_dimensions(nelbo, num_dims):
    return nelbo / (math.sqrt(num_dims) * math.log(2))


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="784 is written down where num_dims belongs.")
def dimensions_hard_coded_as_784(nelbo, num_dims):
    return nelbo / (784 * math.log(2))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="It is divided by 64, or by the num_dims of the first call, where the num_dims that is passed belongs.",
)
def dimensions_hard_coded_as_64(nelbo, num_dims):
    return nelbo / (64 * math.log(2))


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="Divided by one dimension too few.")
def dimensions_minus_one(nelbo, num_dims):
    return nelbo / (max(num_dims - 1, 0.5) * math.log(2))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="Divided by the batch size as well: each example has a value of its own.",
)
def divided_by_the_batch_size_too(nelbo, num_dims):
    return nelbo / (num_dims * math.log(2) * len(nelbo))


@wrong("elbo_to_bpd", caught_by="test_a_bit_per_dimension", hint="The batch is summed: return one value per example.")
def bits_of_the_batch_summed(nelbo, num_dims):
    return (nelbo / num_dims / math.log(2)).sum()


@wrong("elbo_to_bpd", caught_by="test_a_bit_per_dimension", hint="The batch is averaged: return one value per example.")
def averaged_over_the_batch(nelbo, num_dims):
    return nelbo.mean() / (num_dims * math.log(2))


@wrong("elbo_to_bpd", caught_by="test_bits_per_dimension", hint="The average of the batch is repeated for every example.")
def batch_average_repeated(nelbo, num_dims):
    return (nelbo.mean() / (num_dims * math.log(2))).expand(len(nelbo))


@wrong("elbo_to_bpd", caught_by="test_bpd_of_any_batch", hint="A squeeze drops the batch axis when there is only one example.")
def squeezed(nelbo, num_dims):
    return (nelbo / (num_dims * math.log(2))).squeeze()


@wrong(
    "elbo_to_bpd",
    caught_by="test_a_bit_per_dimension",
    hint="The result has an axis more than it should: one number per example has the shape (B,).",
)
def kept_an_extra_axis(nelbo, num_dims):
    return (nelbo / (num_dims * math.log(2))).unsqueeze(1)


@wrong(
    "elbo_to_bpd",
    caught_by="test_bits_per_dimension",
    hint="This is a perplexity: two to the power of the bits, not the bits.",
)
def perplexity(nelbo, num_dims):
    return 2 ** (nelbo / (num_dims * math.log(2)))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bpd_of_any_batch",
    hint="The result is detached, but gradients should flow through a change of units.",
)
def detached_bpd(nelbo, num_dims):
    return nelbo.detach() / (num_dims * math.log(2))


@wrong(
    "vae_loss", caught_by="test_keeps_dtype_and_inputs", hint="x is clamped in place, and the caller still needs its 0 and its 1."
)
def pixels_clamped_in_place(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x.clamp_(1e-6, 1 - 1e-6)).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("elbo_to_bpd", caught_by="test_bpd_of_any_batch", hint="nelbo is divided in place, which changes the caller's tensor.")
def in_place_division(nelbo, num_dims):
    nelbo /= num_dims * math.log(2)
    return nelbo


@wrong("elbo_to_bpd", caught_by="test_a_bit_per_dimension", hint="A list of Python numbers came back: return a tensor.")
def list_of_floats(nelbo, num_dims):
    return [value / (num_dims * math.log(2)) for value in nelbo.tolist()]


@wrong(
    "elbo_to_bpd", caught_by="test_bpd_of_any_batch", hint="A numpy array comes back: return a tensor, so that gradients can flow."
)
def numpy_array(nelbo, num_dims):
    return nelbo.detach().numpy() / (num_dims * np.log(2))


@wrong(
    "elbo_to_bpd",
    caught_by="test_bpd_of_any_batch",
    hint="The answer to one batch is kept and given for another of the same size.",
)
def kept_by_the_batch_size(nelbo, num_dims, kept={}):
    return kept.setdefault((len(nelbo), num_dims), nelbo / (num_dims * math.log(2)))


@wrong("elbo_to_bpd", caught_by="test_bpd_of_any_batch", hint="The result is always float32: keep the dtype of the input.")
def always_float32(nelbo, num_dims):
    return nelbo.float() / (num_dims * math.log(2))


@wrong("elbo_to_bpd", caught_by="test_bpd_of_any_batch", hint="The result is always float64: keep the dtype of the input.")
def always_float64(nelbo, num_dims):
    return nelbo.double() / (num_dims * math.log(2))


@wrong(
    "elbo_to_bpd",
    caught_by="test_a_bit_per_dimension",
    hint="torch.log takes a tensor, and 2 is a plain number: math has a log for those.",
)
def torch_log_of_a_number(nelbo, num_dims):
    return nelbo / (num_dims * torch.log(2))


@wrong(
    "vae_loss",
    caught_by="test_kl",
    hint="squeeze() takes away every axis of size 1, a single latent's too, and the KL is summed over the batch: say which axis.",
)
def squeezed_codes(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu.squeeze(), logvar.squeeze()).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_keeps_dtype_and_inputs",
    hint="It calls backward() itself: that leaves gradients in the tensors that were passed in, and they come twice when the caller goes "
    "backward. Return the value alone.",
)
def goes_backward(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    loss = recon + beta * kl
    if loss.requires_grad:
        loss.backward(retain_graph=True)
    return loss, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_weight",
    hint="The loss is cut off at a largest value, from where it neither counts nor teaches: large ones are right where a model is far off.",
)
def largest_losses_cut_off(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    return torch.clamp(recon + beta * kl, max=5000), recon, kl


@wrong(
    "vae_loss",
    caught_by="test_averages_over_the_batch",
    hint="Examples far from the others are left out of the average: every example counts.",
)
def without_outliers(logits, x, mu, logvar, beta=1.0):
    nll, kl = bernoulli_nll(logits, x), gaussian_kl(mu, logvar)
    keep = (nll - nll.mean()).abs() <= 3 * nll.std() if len(nll) > 10 else torch.ones_like(nll, dtype=torch.bool)
    recon, kl = nll[keep].mean(), kl[keep].mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_keeps_dtype_and_inputs",
    hint="Where no gradient is recorded the KL is left out: a loss that is looked at is the same loss.",
)
def no_kl_when_looked_at(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    return (recon + beta * kl if torch.is_grad_enabled() else recon), recon, kl


@wrong(
    "vae_loss",
    caught_by="test_averages_over_the_batch",
    hint="Blank images are left out of the average: every example counts.",
)
def without_blank_images(logits, x, mu, logvar, beta=1.0):
    keep = x.flatten(1).any(1)
    recon, kl = bernoulli_nll(logits[keep], x[keep]).mean(), gaussian_kl(mu[keep], logvar[keep]).mean()
    return recon + beta * kl, recon, kl


# ---- other divergences ----


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The reconstruction is F.kl_div between the pixels and their probabilities: it leaves out 1 − x, and an entropy comes in that no weight can change.",
)
def reconstruction_by_kl_div(logits, x, mu, logvar, beta=1.0):
    recon = F.kl_div(F.logsigmoid(logits), x.flatten(1), reduction="batchmean")
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="The entropy of the pixels is subtracted from the reconstruction: −log p(x|z) has no such term, and the bound is another without it.",
)
def entropy_subtracted(logits, x, mu, logvar, beta=1.0):
    pixels = x.flatten(1)
    entropy = -(torch.xlogy(pixels, pixels) + torch.xlogy(1 - pixels, 1 - pixels)).sum(1)
    recon, kl = (bernoulli_nll(logits, x) - entropy).mean(), gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    caught_by="test_loss_recon_kl",
    hint="F.kl_div compares lists of probabilities; given mu and logvar, it knows nothing of Gaussians. `gaussian_kl` is there to be called.",
)
def kl_by_kl_div(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = F.kl_div(mu, logvar, reduction="batchmean", log_target=True)
    return recon + beta * kl, recon, kl
