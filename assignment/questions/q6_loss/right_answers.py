"""Other ways to write the loss and the unit; each must get full marks."""

from autograder.authoring import right


@right("vae_loss")
def per_example_then_mean(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x), gaussian_kl(mu, logvar)
    return (recon + beta * kl).mean(), recon.mean(), kl.mean()


@right("vae_loss")
def everything_inline(logits, x, mu, logvar, beta=1.0):
    B = x.shape[0]
    recon = F.binary_cross_entropy_with_logits(logits, x.view(B, -1), reduction="sum") / B
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / B
    return recon + beta * kl, recon, kl


@right("vae_loss")
def logsigmoid(logits, x, mu, logvar, beta=1.0):
    x = x.flatten(start_dim=1)
    recon = -(x * F.logsigmoid(logits) + (1 - x) * F.logsigmoid(-logits)).sum(1).mean(0)
    kl = gaussian_kl(mu, logvar).mean(0)
    return recon + beta * kl, recon, kl


@right("vae_loss")
def softplus(logits, x, mu, logvar, beta=1.0):
    recon = (F.softplus(logits) - x.reshape(logits.shape) * logits).sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss")
def logaddexp(logits, x, mu, logvar, beta=1.0):
    recon = (torch.logaddexp(logits, torch.zeros_like(logits)) - x.reshape_as(logits) * logits).sum() / len(x)
    kl = gaussian_kl(mu, logvar).sum() / len(x)
    return recon + beta * kl, recon, kl


@right("vae_loss")
def bernoulli_of_torch_distributions(logits, x, mu, logvar, beta=1.0):
    p = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    recon = -p.log_prob(x.flatten(1)).sum(-1).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss")
def a_named_tuple(logits, x, mu, logvar, beta=1.0):
    from collections import namedtuple

    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    return namedtuple("Loss", "loss recon kl")(recon + beta * kl, recon, kl)


@right("vae_loss")
def a_list(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    return [torch.add(recon, kl, alpha=beta), recon, kl]


@right("vae_loss")
def parts_detached_for_the_log(logits, x, mu, logvar, beta=1.0):
    recon, kl = bernoulli_nll(logits, x).mean(), gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon.detach(), kl.detach()


@right("vae_loss")
def mean_times_the_number_of_pixels(logits, x, mu, logvar, beta=1.0):
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1)) * logits.shape[1]
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss")
def minus_the_elbo(logits, x, mu, logvar, beta=1.0):
    log_likelihood = -bernoulli_nll(logits, x)
    kl = gaussian_kl(mu, logvar)
    elbo = (log_likelihood - beta * kl).mean()
    return -elbo, -log_likelihood.mean(), kl.mean()


@right("vae_loss")
def float64_inside(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.double(), x.double()).mean()
    kl = gaussian_kl(mu.double(), logvar.double()).mean()
    return tuple(value.to(logits.dtype) for value in (recon + beta * kl, recon, kl))


@right("vae_loss")
def logits_image_shaped(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits.reshape(x.shape), x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl


@right("vae_loss")
def examples_in_a_loop(logits, x, mu, logvar, beta=1.0):
    recon = kl = 0
    for i in range(len(x)):
        recon = recon + bernoulli_nll(logits[i : i + 1], x[i : i + 1])[0] / len(x)
        kl = kl + gaussian_kl(mu[i : i + 1], logvar[i : i + 1])[0] / len(x)
    return recon + beta * kl, recon, kl


@right("elbo_to_bpd")
def log2_of_e(nelbo, num_dims):
    return nelbo * math.log2(math.e) / num_dims


@right("elbo_to_bpd")
def torch_log_two(nelbo, num_dims):
    return nelbo / torch.log(torch.tensor(2.0, dtype=nelbo.dtype)) / num_dims


@right("elbo_to_bpd")
def numpy_log_two(nelbo, num_dims):
    return nelbo / num_dims / float(np.log(2))


@right("elbo_to_bpd")
def nats_per_dimension_first(nelbo, num_dims):
    nats_per_dim = torch.div(nelbo, num_dims)
    return nats_per_dim.mul(1 / math.log(2.0))


@right("vae_loss")
def stacked_in_one_tensor(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    return torch.stack([recon + beta * kl, recon, kl])
