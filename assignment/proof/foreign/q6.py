"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_wrong as wrong


# ---- wrong: reductions ----------------------------------------------------------------------------------------------
@wrong("vae_loss", slip="both terms are summed over the batch (the PyTorch example); they are to be averaged over it")
def tutorial_sum_over_batch(logits, x, mu, logvar, beta=1.0):
    bce = F.binary_cross_entropy_with_logits(logits, x.view(logits.shape), reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + beta * kld, bce, kld


@wrong("vae_loss", slip="the reconstruction is averaged over the pixels too: that is training with beta = P")
def recon_mean_over_pixels(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1))
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the KL is averaged over the latent dimensions too")
def kl_mean_over_everything(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = torch.mean(-0.5 * (1 + logvar - mu**2 - logvar.exp()))
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="both are means over everything: neither is in nats per image, and their ratio is off by P/Z")
def everything_averaged(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.reshape(logits.shape), reduction="mean")
    kl = 0.5 * (logvar.exp() + mu**2 - 1 - logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the reconstruction is summed over the batch while the KL is averaged")
def recon_summed_kl_averaged(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).sum()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the KL is summed over the batch while the reconstruction is averaged")
def kl_summed_recon_averaged(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).sum()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the values per image come back, (B,), not their average")
def per_example(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x)
    kl = gaussian_kl(mu, logvar)
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="divided by a batch size of 100 that is written into the code, not by this batch's")
def hard_coded_batch_size(logits, x, mu, logvar, beta=1.0):
    batch_size = 100
    recon = bernoulli_nll(logits, x).sum() / batch_size
    kl = gaussian_kl(mu, logvar).sum() / batch_size
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the average over the batch is taken twice: mean() and then / B")
def divided_twice(logits, x, mu, logvar, beta=1.0):
    B = x.shape[0]
    recon = bernoulli_nll(logits, x).mean() / B
    kl = gaussian_kl(mu, logvar).mean() / B
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="divided by x.numel(): per pixel")
def divided_by_numel(logits, x, mu, logvar, beta=1.0):
    n = x.numel()
    recon = bernoulli_nll(logits, x).sum() / n
    kl = gaussian_kl(mu, logvar).sum() / n
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the mean over pixels is multiplied by 784 (MNIST) whatever the image's size")
def times_784(logits, x, mu, logvar, beta=1.0):
    recon = 784 * F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="mean")
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="multiplied by x.shape[-1], which for image-shaped x is the width, not the number of pixels")
def times_last_axis(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="mean") * x.shape[-1]
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the KL is summed over the batch (dim=0) and averaged over the latent dimensions: the two are exchanged")
def inline_kl_sum_dim0(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = torch.mean(-0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp(), dim=0), dim=0)
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="x is not flattened: image-shaped x does not fit the logits")
def x_not_flattened(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="view(-1, 64) fixes the image size")
def fixed_image_size(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.view(-1, 64), reduction="sum") / x.size(0)
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the KL is that of the average mu and the average logvar, not the average KL")
def kl_of_the_averages(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    m, lv = mu.mean(0), logvar.mean(0)
    kl = 0.5 * (lv.exp() + m**2 - 1 - lv).sum()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the median over the batch instead of the mean")
def median_over_batch(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).median()
    kl = gaussian_kl(mu, logvar).median()
    return recon + beta * kl, recon, kl


# ---- wrong: signs, weights, order -----------------------------------------------------------------------------------
@wrong("vae_loss", slip="recon - beta * kl: the KL is rewarded")
def kl_subtracted(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon - beta * kl, recon, kl


@wrong("vae_loss", slip="the loss is right, but kl is reported with a minus sign")
def kl_reported_negative(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = 0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp(), dim=1).mean()
    return recon - beta * kl, recon, kl


@wrong("vae_loss", slip="returns the ELBO, which is to be maximised, instead of its negative")
def returns_the_elbo(logits, x, mu, logvar, beta=1.0):
    log_px = -bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return log_px - beta * kl, log_px, kl


@wrong("vae_loss", slip="recon is log p(x|z), with its own (negative) sign")
def recon_with_log_likelihood_sign(logits, x, mu, logvar, beta=1.0):
    log_px = -bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return -log_px + beta * kl, log_px, kl


@wrong("vae_loss", slip="the kl that is returned carries the weight beta")
def weighted_kl_returned(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = beta * gaussian_kl(mu, logvar).mean()
    return recon + kl, recon, kl


@wrong("vae_loss", slip="beta is applied twice")
def beta_twice(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    weighted = beta * kl
    return recon + beta * weighted, recon, kl


@wrong("vae_loss", slip="beta is ignored")
def beta_ignored(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + kl, recon, kl


@wrong("vae_loss", slip="beta weighs the reconstruction instead of the KL")
def beta_on_reconstruction(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return beta * recon + kl, recon, kl


@wrong("vae_loss", slip="beta weighs the whole loss")
def beta_on_everything(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return beta * (recon + kl), recon, kl


@wrong("vae_loss", slip="a convex combination, (1 - beta) recon + beta kl")
def convex_combination(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return (1 - beta) * recon + beta * kl, recon, kl


@wrong("vae_loss", slip="`beta or 1.0` turns beta = 0 into 1")
def beta_zero_is_falsy(logits, x, mu, logvar, beta=1.0):
    beta = beta or 1.0
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="int(beta) rounds 0.5 down to 0")
def beta_as_int(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + int(beta) * kl, recon, kl


@wrong("vae_loss", slip="beta is cut off at 1, as in KL annealing")
def beta_capped_at_one(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + min(1.0, beta) * kl, recon, kl


@wrong("vae_loss", slip="the order of the results: (loss, kl, recon)")
def order_of_results(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, kl, recon


@wrong("vae_loss", slip="the loss comes last")
def loss_comes_last(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon, kl, recon + beta * kl


@wrong("vae_loss", slip="only the loss is returned")
def only_the_loss(logits, x, mu, logvar, beta=1.0):
    return (bernoulli_nll(logits, x) + beta * gaussian_kl(mu, logvar)).mean()


@wrong("vae_loss", slip="a dict instead of three tensors in order")
def returns_a_dict(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return {"loss": recon + beta * kl, "recon": recon, "kl": kl}


@wrong("vae_loss", slip="mu and logvar change places in the call of gaussian_kl")
def arguments_swapped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(logvar, mu).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="logits and x change places: x is taken for logits")
def logits_and_x_swapped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(x, logits).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="+= changes recon too, because loss is the same tensor")
def in_place_sum_aliases_recon(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = recon
    loss += beta * kl
    return loss, recon, kl


@wrong("vae_loss", slip="free bits: the KL is cut off at 0.5 from below")
def free_bits_total(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = torch.clamp(gaussian_kl(mu, logvar), min=0.5).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the capacity term |KL - C| of Burgess et al. with C = 1 instead of the KL")
def capacity(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * (kl - 1.0).abs(), recon, kl


# ---- wrong: the reconstruction --------------------------------------------------------------------------------------
@wrong("vae_loss", slip="the logarithm of a saturated sigmoid: infinite or NaN for large logits")
def log_of_sigmoid(logits, x, mu, logvar, beta=1.0):
    p = torch.sigmoid(logits)
    x = x.flatten(1)
    recon = -(x * torch.log(p) + (1 - x) * torch.log(1 - p)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="1e-7 inside the logarithm: finite, but wrong where the decoder is very sure, and without gradient")
def log_of_sigmoid_plus_eps(logits, x, mu, logvar, beta=1.0):
    p = torch.sigmoid(logits)
    x = x.flatten(1)
    recon = -(x * torch.log(p + 1e-7) + (1 - x) * torch.log(1 - p + 1e-7)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss", slip="binary_cross_entropy of the sigmoid: cut off at 100 per pixel, and no gradient where the sigmoid is saturated"
)
def bce_of_sigmoid(logits, x, mu, logvar, beta=1.0):
    probs = torch.sigmoid(logits)
    recon = F.binary_cross_entropy(probs, x.flatten(1), reduction="sum") / len(x)
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="a sigmoid before a loss that wants logits: it is applied twice")
def sigmoid_twice(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(torch.sigmoid(logits), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="binary_cross_entropy wants probabilities but gets logits")
def bce_on_logits(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy(logits, x.flatten(1), reduction="sum") / x.size(0)
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="log(1 + exp(logits)) overflows for large logits")
def naive_softplus(logits, x, mu, logvar, beta=1.0):
    recon = (torch.log(1 + torch.exp(logits)) - x.flatten(1) * logits).sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="log1p(exp(-logits)) overflows for very negative logits")
def naive_log1p(logits, x, mu, logvar, beta=1.0):
    t = x.flatten(1)
    recon = (torch.log1p(torch.exp(-logits)) + (1 - t) * logits).sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the squared error of the sigmoid: pixels here are Bernoulli, not Gaussian")
def squared_error(logits, x, mu, logvar, beta=1.0):
    recon = ((torch.sigmoid(logits) - x.flatten(1)) ** 2).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the squared error between logits and x")
def squared_error_on_logits(logits, x, mu, logvar, beta=1.0):
    recon = F.mse_loss(logits, x.flatten(1), reduction="sum") / x.shape[0]
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="x is binarised; a grey pixel counts as it is")
def binarised_x(logits, x, mu, logvar, beta=1.0):
    xb = (x > 0.5).to(x.dtype)
    recon = bernoulli_nll(logits, xb).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="only the term of the ink, x log p: the term (1 - x) log(1 - p) is missing")
def half_of_the_cross_entropy(logits, x, mu, logvar, beta=1.0):
    recon = -(x.flatten(1) * F.logsigmoid(logits)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="softmax cross-entropy over the pixels, as if they were classes")
def categorical_cross_entropy(logits, x, mu, logvar, beta=1.0):
    recon = -(x.flatten(1) * F.log_softmax(logits, dim=1)).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="logits are clamped to [-15, 15] for stability: wrong beyond, and no gradient there")
def clamped_logits(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.clamp(-15, 15), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong(
    "vae_loss",
    slip="the entropy of x is subtracted, so that a perfect reconstruction costs nothing: not the reconstruction term asked for",
)
def entropy_subtracted(logits, x, mu, logvar, beta=1.0):
    t = x.flatten(1)
    h = -(torch.xlogy(t, t) + torch.xlogy(1 - t, 1 - t)).sum(1)
    recon = (bernoulli_nll(logits, x) - h).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="in bits: both terms are divided by log 2")
def loss_in_bits(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean() / math.log(2)
    kl = gaussian_kl(mu, logvar).mean() / math.log(2)
    return recon + beta * kl, recon, kl


# ---- wrong: graph, dtype, purity ------------------------------------------------------------------------------------
@wrong("vae_loss", slip="the KL is detached: it is counted but pulls nothing")
def detached_kl(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean().detach()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip=".item() makes numbers of the parts and the loss, so backward is impossible")
def python_floats(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean().item()
    kl = gaussian_kl(mu, logvar).mean().item()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="torch.tensor() around the sum: a new tensor without a graph")
def wrapped_in_new_tensor(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = torch.tensor(recon.item() + beta * kl.item(), dtype=logits.dtype, requires_grad=True)
    return loss, recon, kl


@wrong("vae_loss", slip="mu is detached in the KL, so only sigma is pulled towards the prior")
def mu_detached_in_kl(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu.detach(), logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the results are cast to float32")
def cast_to_float32(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean().float()
    kl = gaussian_kl(mu, logvar).mean().float()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="beta as a float64 tensor makes a float32 loss float64")
def beta_as_double_tensor(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + torch.tensor(beta, dtype=torch.float64) * kl, recon, kl


@wrong("vae_loss", slip="keepdim leaves tensors of shape (1,) instead of 0-d")
def one_element_vectors(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean(0, keepdim=True)
    kl = gaussian_kl(mu, logvar).mean(0, keepdim=True)
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="clamp_ changes x in place")
def changes_inputs(logits, x, mu, logvar, beta=1.0):
    x.clamp_(1e-3, 1 - 1e-3)
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="logvar is clamped to [-6, 2] inside the inline KL: wrong values and no gradient beyond")
def inline_kl_with_clamp(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    lv = torch.clamp(logvar, -6.0, 2.0)
    kl = (-0.5 * (1 + lv - mu**2 - lv.exp()).sum(1)).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the inline KL lacks its factor 1/2")
def inline_kl_without_half(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="sum") / x.size(0)
    kl = -torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / x.size(0)
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="the inline KL takes logvar for log sigma")
def inline_kl_log_sigma(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    std = logvar.exp()
    kl = (0.5 * (std**2 + mu**2 - 1) - std.log()).sum(1).mean()
    return recon + beta * kl, recon, kl


@wrong("vae_loss", slip="a penalty on the logits is added, so the loss is not recon + beta * kl")
def extra_penalty(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl + 1e-3 * logits.pow(2).mean(), recon, kl


# ---- right ----------------------------------------------------------------------------------------------------------
@right("vae_loss", why="the two given functions, averaged")
def plain(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="added per example first, averaged once")
def per_example_first(logits, x, mu, logvar, beta=1.0):
    nll, kl = bernoulli_nll(logits, x), gaussian_kl(mu, logvar)
    loss = (nll + beta * kl).mean()
    return loss, nll.mean(), kl.mean()


@right("vae_loss", why="everything summed, divided by the batch size")
def sums_over_batch_size(logits, x, mu, logvar, beta=1.0):
    B = logits.size(0)
    recon = F.binary_cross_entropy_with_logits(logits, x.reshape(B, -1), reduction="sum") / B
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / B
    return recon + beta * kl, recon, kl


@right("vae_loss", why="mean over everything times the number of dimensions, taken from the shapes")
def mean_times_dimensions(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1)) * logits.shape[1]
    kl = (0.5 * (logvar.exp() + mu**2 - 1 - logvar)).mean() * mu.shape[1]
    return recon + beta * kl, recon, kl


@right("vae_loss", why="softplus(l) - x l is the cross-entropy from logits")
def softplus_form(logits, x, mu, logvar, beta=1.0):
    t = x.flatten(1)
    recon = (F.softplus(logits) - t * logits).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="two logsigmoids")
def logsigmoid_form(logits, x, mu, logvar, beta=1.0):
    t = x.reshape(x.shape[0], -1)
    log_px = (t * F.logsigmoid(logits) + (1 - t) * F.logsigmoid(-logits)).sum(-1)
    kl = gaussian_kl(mu, logvar).mean()
    recon = -log_px.mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="logaddexp with 0 is the softplus")
def logaddexp_form(logits, x, mu, logvar, beta=1.0):
    nll = torch.logaddexp(logits, torch.zeros_like(logits)) - x.flatten(1) * logits
    recon = nll.sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="Bernoulli.log_prob without argument validation, which would refuse grey pixels")
def bernoulli_log_prob(logits, x, mu, logvar, beta=1.0):
    px = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    recon = -px.log_prob(x.flatten(1)).sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="kl_divergence of distributions for the KL")
def distribution_kl(logits, x, mu, logvar, beta=1.0):
    D = torch.distributions
    q = D.Normal(mu, (0.5 * logvar).exp())
    p = D.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    kl = D.kl_divergence(q, p).sum(1).mean(0)
    recon = bernoulli_nll(logits, x).mean(0)
    return recon + beta * kl, recon, kl


@right("vae_loss", why="a loop over the batch that adds up")
def loop_over_batch(logits, x, mu, logvar, beta=1.0):
    B = len(x)
    recon = kl = 0.0
    for i in range(B):
        recon = recon + F.binary_cross_entropy_with_logits(logits[i], x[i].reshape(-1), reduction="sum") / B
        kl = kl + 0.5 * (logvar[i].exp() + mu[i] ** 2 - 1 - logvar[i]).sum() / B
    return recon + beta * kl, recon, kl


@right("vae_loss", why="nn.BCEWithLogitsLoss as a module")
def bce_module(logits, x, mu, logvar, beta=1.0):
    criterion = nn.BCEWithLogitsLoss(reduction="none")
    recon = criterion(logits, x.reshape(logits.shape)).sum(dim=1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return torch.add(recon, kl, alpha=beta), recon, kl


@right("vae_loss", why="the ELBO first, negated at the end")
def elbo_negated(logits, x, mu, logvar, beta=1.0):
    expected_log_likelihood = -bernoulli_nll(logits, x)
    kl = gaussian_kl(mu, logvar)
    elbo = expected_log_likelihood - beta * kl
    return -elbo.mean(), -expected_log_likelihood.mean(), kl.mean()


@right("vae_loss", why="minus the tutorial's KL, with its sign put right before it is returned")
def kl_sign_put_right(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    minus_kl = 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1).mean()
    return recon - beta * minus_kl, recon, -minus_kl


@right("vae_loss", why="logits are given the shape of the image, not the other way round")
def reshaped_logits(logits, x, mu, logvar, beta=1.0):
    bce = F.binary_cross_entropy_with_logits(logits.reshape(x.shape), x, reduction="none")
    recon = bce.sum(dim=tuple(range(1, x.dim()))).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="computed in float64 and cast back")
def double_precision(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.double(), x.double()).mean()
    kl = gaussian_kl(mu.double(), logvar.double()).mean()
    loss = recon + beta * kl
    return loss.to(logits.dtype), recon.to(logits.dtype), kl.to(logits.dtype)


@right("vae_loss", why="a namedtuple is a tuple")
def named_tuple(logits, x, mu, logvar, beta=1.0):
    from collections import namedtuple

    Out = namedtuple("Out", "loss recon kl")
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return Out(recon + beta * kl, recon, kl)


@right("vae_loss", why="the stable formula max(l, 0) - l x + log(1 + exp(-|l|)), written out as in TensorFlow's manual")
def tensorflow_formula(logits, x, mu, logvar, beta=1.0):
    t = x.flatten(start_dim=1)
    ce = logits.clamp(min=0) - logits * t + torch.log1p(torch.exp(-logits.abs()))
    recon = ce.sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="logsumexp of two stacked logits per pixel")
def two_class_logsumexp(logits, x, mu, logvar, beta=1.0):
    two = torch.stack([torch.zeros_like(logits), logits], dim=-1)
    logp = two - torch.logsumexp(two, dim=-1, keepdim=True)
    t = x.flatten(1)
    recon = -((1 - t) * logp[..., 0] + t * logp[..., 1]).sum(1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="vmap over the images")
def vmap_over_images(logits, x, mu, logvar, beta=1.0):
    def one(l, t, m, lv):
        r = (F.softplus(l) - t * l).sum()
        k = 0.5 * (lv.exp() + m * m - 1 - lv).sum()
        return r, k

    r, k = torch.vmap(one)(logits, x.flatten(1), mu, logvar)
    recon, kl = r.mean(), k.mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="beta as a tensor of the inputs' dtype")
def beta_tensor(logits, x, mu, logvar, beta=1.0):
    beta = torch.as_tensor(beta, dtype=mu.dtype, device=mu.device)
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss", why="the parts are cloned and the loss added up in place: recon stays as it was")
def in_place_on_a_clone(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = recon.clone()
    loss += beta * kl
    return loss, recon, kl


# ---- bits per dimension ---------------------------------------------------------------------------------------------
@wrong("elbo_to_bpd", slip="multiplied by log 2 instead of divided")
def times_log_two(nelbo, num_dims):
    return nelbo / num_dims * math.log(2)


@wrong("elbo_to_bpd", slip="divided by log2(e) instead of multiplied by it")
def divided_by_log2_of_e(nelbo, num_dims):
    return nelbo / (num_dims * math.log2(math.e))


@wrong("elbo_to_bpd", slip="not divided by the number of dimensions")
def bits_per_image(nelbo, num_dims):
    return nelbo / math.log(2)


@wrong("elbo_to_bpd", slip="not converted to bits")
def nats_per_dimension(nelbo, num_dims):
    return nelbo / num_dims


@wrong("elbo_to_bpd", slip="averaged over the batch; one number per example is asked for")
def bpd_batch_mean(nelbo, num_dims):
    return nelbo.mean() / (num_dims * math.log(2))


@wrong("elbo_to_bpd", slip="divided by the batch size instead of num_dims")
def divided_by_batch(nelbo, num_dims):
    return nelbo / (len(nelbo) * math.log(2))


@wrong("elbo_to_bpd", slip="the sign is turned round")
def minus_bpd(nelbo, num_dims):
    return -nelbo / (num_dims * math.log(2))


@wrong("elbo_to_bpd", slip="log2 of the value instead of a change of unit")
def log2_of_value(nelbo, num_dims):
    return torch.log2(nelbo) / num_dims


@wrong("elbo_to_bpd", slip="divided by 2 instead of log 2")
def divided_by_two(nelbo, num_dims):
    return nelbo / (2 * num_dims)


@wrong("elbo_to_bpd", slip="divided by log10(2)")
def decimal_log_of_two(nelbo, num_dims):
    return nelbo / (num_dims * np.log10(2))


@wrong("elbo_to_bpd", slip="floor division loses the fraction")
def floor_division(nelbo, num_dims):
    return (nelbo / math.log(2)) // num_dims


@wrong("elbo_to_bpd", slip="changes nelbo in place")
def in_place_division(nelbo, num_dims):
    nelbo /= num_dims
    return nelbo / math.log(2)


@wrong("elbo_to_bpd", slip="8 bits are added, as for images with 256 levels: nothing here is scaled from bytes")
def plus_eight_bits(nelbo, num_dims):
    return nelbo / (num_dims * math.log(2)) + 8


@wrong("elbo_to_bpd", slip="divided by log 2 twice")
def divided_by_log_two_twice(nelbo, num_dims):
    bits = nelbo / np.log(2)
    return bits / num_dims / np.log(2)


@right("elbo_to_bpd", why="nats over D log 2")
def plain_bpd(nelbo, num_dims):
    return nelbo / (num_dims * math.log(2))


@right("elbo_to_bpd", why="times log2(e)")
def times_log2_e(nelbo, num_dims):
    return nelbo * math.log2(math.e) / num_dims


@right("elbo_to_bpd", why="numpy's log is a Python-like float and keeps the dtype")
def numpy_log_two(nelbo, num_dims):
    return nelbo / float(np.log(2)) / num_dims


@right("elbo_to_bpd", why="log 2 as a tensor of the same dtype")
def tensor_log_two(nelbo, num_dims):
    log2 = torch.log(torch.tensor(2.0, dtype=nelbo.dtype, device=nelbo.device))
    return nelbo.div(num_dims).div(log2)


@right("elbo_to_bpd", why="the constant 1 / ln 2 typed in as a number")
def rounded_constant(nelbo, num_dims):
    return nelbo * 1.4426950408889634 / num_dims


@right("elbo_to_bpd", why="example by example")
def example_by_example(nelbo, num_dims):
    return torch.stack([v / num_dims / math.log(2) for v in nelbo])
