"""A step is judged by taking it again: same weights, same noise, the student's own loss, a plain optimizer.

The noise is read off the latents that entered the student's decoder: eps = (z - mu) / sigma.
"""

import math
from functools import cache

import torch

from autograder import expect
from autograder.assignment import given
from autograder.checks import points
from autograder.expect import Unusable
from autograder.outcomes import StudentError

# A step is compared as a whole: |got - wanted| <= 1e-3 |wanted - before| + 1e-6 |before| for each weight tensor. In float32 the
# gradient is off by at most some 1e-5 of itself (sums of fewer than 100 terms) and the new weight by 6e-8 of itself.
RTOL, ATOL = 1e-3, 1e-6
SIZES = (12, 3, 7)  # pixels, latent dimensions, hidden units
KEYS = ("loss", "recon", "kl")


@cache
def the_vae():
    return given(
        "VAE",
        split_params=lambda h: (h[..., : h.shape[-1] // 2], h[..., h.shape[-1] // 2 :]),
        reparameterize=lambda mu, logvar: torch.normal(0, 1, mu.shape) * torch.exp(logvar / 2) + mu,
    )


def some_weights(rng, sizes=SIZES, dtype=torch.float32, scale=0.5):
    num_pixels, latent_dim, hidden = sizes
    shapes = {
        "encoder.0": (hidden, num_pixels),
        "encoder.2": (2 * latent_dim, hidden),
        "decoder.0": (hidden, latent_dim),
        "decoder.2": (num_pixels, hidden),
    }
    weights = {}
    for name, (out, into) in shapes.items():
        weights[f"{name}.weight"] = scale * torch.randn(out, into, generator=rng, dtype=dtype)
        weights[f"{name}.bias"] = scale * torch.randn(out, generator=rng, dtype=dtype)
    return weights


def model_with(weights, sizes):
    model = the_vae()(*sizes).to(weights["decoder.0.bias"].dtype)
    model.load_state_dict(weights)
    return model


def weights_in(record, like):
    """The recorded weights, checked to be tensors like the ones that went in."""
    found = expect.mapping(record, list(like), "the weights after the step")
    return {
        name: expect.tensor(found[name], value.shape, f"{name} after the step", dtype=value.dtype) for name, value in like.items()
    }


def latents_in(heard, shape, dtype):
    """The latents that may have made this step: those of one decoder call, or of all calls together."""
    heard = [z for z in heard if isinstance(z, torch.Tensor) and z.dim() == 2] if isinstance(heard, tuple) else []
    heard = [z for z in heard if z.dtype == dtype and z.shape[1] == shape[1]]
    whole = [z for z in heard if len(z) == shape[0]][:3] or ([torch.cat(heard)] if sum(map(len, heard)) == shape[0] else [])
    expect.true(whole, "no latent per example went through the model's decoder: a step encodes the batch, draws z and decodes it")
    whole = [z for z in whole if torch.isfinite(z).all()]
    expect.true(whole, "the latents that went into the decoder are not finite")
    return whole


def loss_and_gradients(vae_loss, weights, sizes, x, z, beta):
    """What this batch costs with this z, by the student's own loss, and its gradients. Also the noise that made z."""
    model = model_with(weights, sizes)
    mu, logvar = model.encode(x)
    sigma = torch.exp(0.5 * logvar)
    eps = ((z - mu) / sigma).detach()
    logits = model.decode(mu + sigma * eps)
    returned = vae_loss(logits, x, mu, logvar, beta)
    if not isinstance(returned, tuple) or len(returned) != 3:
        raise Unusable("vae_loss", "did not return three values")
    loss, *_ = values = [expect.usable(value, (), "vae_loss") for value in returned]
    if not loss.requires_grad:
        raise Unusable("vae_loss", "returned a loss without a gradient")
    try:
        gradients = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
    except StudentError:
        raise
    except RuntimeError as error:
        raise Unusable("vae_loss", "returned a loss whose backward pass fails") from error
    gradients = [torch.zeros_like(p) if g is None else g for p, g in zip(model.parameters(), gradients, strict=True)]
    size = torch.stack([g.abs().max() for g in gradients]).max()
    if not torch.isfinite(size) or size < 1e-4:
        raise Unusable("vae_loss", "returned a loss with no useful gradient")
    return [value.item() for value in values], gradients, eps


def weights_after(weights, history, sizes, optimizer, settings):
    """The weights after optimizer steps with these gradients."""
    model = model_with(weights, sizes)
    optimizer = getattr(torch.optim, optimizer)(model.parameters(), **settings)
    for gradients in history:
        for parameter, gradient in zip(model.parameters(), gradients, strict=True):
            parameter.grad = gradient.clone()
        optimizer.step()
    return {name: value.detach() for name, value in model.state_dict().items()}


def misses(got, want, before):
    """The names of the weights that are not where the step should have taken them."""
    return [
        name
        for name in want
        if not (got[name] - want[name]).norm() <= RTOL * (want[name] - before[name]).norm() + ATOL * before[name].norm()
    ]


def retrace(one_step, vae_loss, weights, x, sizes=SIZES, optimizer="SGD", settings=None, steps=1, judge=True, **options):
    """Let the student take the steps, then take them again. Returns, for each step, the values it should report for each latent
    that entered the decoder, the values reported and the noise. With `judge`, the weights must agree."""
    settings = settings or {"lr": 0.1}
    record = one_step(weights=weights, x=x, sizes=sizes, optimizer=optimizer, settings=settings, steps=steps, **options)
    record = expect.mapping(record, ["values", "weights", "latents", "updates"], "the record of the step")
    record = {
        key: expect.parts(record[key], steps, f"the {key} of each step") for key in ("values", "weights", "latents", "updates")
    }
    before, history, found = weights, [], []
    for step in range(steps):
        after = weights_in(record["weights"][step], weights)
        tries = []
        for z in latents_in(record["latents"][step], (len(x), sizes[1]), x.dtype):
            values, gradients, eps = loss_and_gradients(vae_loss, before, sizes, x, z, options.get("beta", 1.0))
            want = weights_after(weights, [*history, gradients], sizes, optimizer, settings) if judge else before
            missed = misses(after, want, before) if judge else []
            tries.append((len(missed), want, missed, gradients, values, eps))
        _, want, missed, gradients, _, eps = min(tries, key=lambda entry: entry[0])
        if missed:
            expect.fail(what_went_wrong(before, after, want, missed, record["updates"][step]))
        move = [after[name] - before[name] for name in before]
        along = max(abs(cosine(move, entry[3])) for entry in tries)  # one pass made the step; others only looked
        found.append({"wanted": [entry[4] for entry in tries], "values": record["values"][step], "eps": eps, "along": along})
        before, history = after, [*history, gradients]
    return found


def cosine(move, gradients):
    a, b = (torch.cat([value.flatten() for value in values]).double() for values in (move, gradients))
    return (a @ b / (a.norm() * b.norm()).clamp(min=1e-30)).item()


def what_went_wrong(before, after, want, missed, updates):
    """One sentence on how the step differs from the one it should have been."""
    got_move = torch.cat([(after[name] - before[name]).flatten() for name in want])
    want_move = torch.cat([(want[name] - before[name]).flatten() for name in want])
    if not got_move.any():
        return "the weights did not move" + (": the optimizer was never asked to step" if updates == 0 else " at all")
    ratio = (got_move.norm() / want_move.norm()).item()
    cosine = (got_move @ want_move / got_move.norm() / want_move.norm()).item()
    if cosine < -1 + 1e-5:
        return "the weights moved exactly the wrong way: this step climbs the loss"
    if cosine > 1 - 1e-5 and abs(ratio - 1) > RTOL:
        return f"the weights moved in the right direction, but {ratio:.3g} times as far as one step of the given optimizer goes"
    if all(name.startswith("encoder") for name in missed):
        return "the decoder moved as it should but the encoder did not: its gradient comes through z and through the KL"
    return "the weights did not move as one step of the given optimizer on this batch's loss moves them"


@points(2)
def test_one_step_of_sgd(train_step, one_step, vae_loss, rng):
    """One call is one optimizer step down the gradient of this batch's loss, for any batch size, image shape and dtype."""
    retrace(one_step, vae_loss, some_weights(rng), torch.rand(5, 12, generator=rng))
    images = torch.rand(4, 1, 3, 4, generator=rng, dtype=torch.float64)
    retrace(one_step, vae_loss, some_weights(rng, dtype=torch.float64), images, settings={"lr": 0.03})
    sizes = (6, 4, 5)
    retrace(one_step, vae_loss, some_weights(rng, sizes), torch.rand(1, 6, generator=rng), sizes)


@points(0.75)
def test_reported_values(train_step, one_step, vae_loss, rng):
    """The reported loss, reconstruction and KL are floats, and those of the loss as it stood before the update."""
    for batch, beta in ((5, 1.0), (2, 3.0)):
        weights, x = some_weights(rng), torch.rand(batch, 12, generator=rng)
        (step,) = retrace(one_step, vae_loss, weights, x, settings={"lr": 0.5}, judge=False, beta=beta)
        expect.true(step["along"] > 0.5, "no step was taken along the gradient of this loss, so there is nothing to report")
        said = expect.mapping(step["values"], KEYS, "what train_step returns")
        got = torch.tensor([expect.python_float(said[key], f'"{key}"') for key in KEYS], dtype=torch.float64)
        wanted = torch.tensor(step["wanted"], dtype=torch.float64)  # a row for each latent that entered the decoder
        off = min((got - wanted).abs() / (1e-4 * wanted.abs() + 1e-5), key=lambda row: row.max().item())
        names = [key for key, error in zip(KEYS, off.tolist(), strict=True) if not error <= 1]
        expect.true(not names, f"not what vae_loss says of this batch before the update: {', '.join(names)}")


@points(1)
def test_old_gradients_are_forgotten(train_step, one_step, vae_loss, rng):
    """Gradients left over from earlier have no part in the step."""
    retrace(one_step, vae_loss, some_weights(rng), torch.rand(5, 12, generator=rng), stale=2.0)


@points(0.5)
def test_training_mode(train_step, one_step, vae_loss, rng):
    """The step runs in training mode, also on a model that arrives in evaluation mode."""
    weights, x = some_weights(rng), torch.rand(5, 12, generator=rng)
    (step,) = retrace(one_step, vae_loss, weights, x, judge=False)
    expect.true(step["along"] > 0.5, "no step was taken along the gradient of the loss, in either mode")
    record = one_step(weights=weights, x=x, sizes=SIZES)
    modes = expect.parts(expect.mapping(record, ["training"], "the record of the step")["training"], 1, "the modes in each step")[0]
    expect.true(isinstance(modes, tuple) and modes, "nothing went through the model's decoder")
    expect.true(any(mode is True for mode in modes), "the model was still in evaluation mode when the batch went through it")


@points(0.75)
def test_beta_reaches_the_loss(train_step, one_step, vae_loss, rng):
    """beta weighs the KL in the step, and is 1 when it is not given."""
    for options in ({"beta": 0.0}, {"beta": 0.5}, {"beta": 4.0}, {}):
        retrace(one_step, vae_loss, some_weights(rng), torch.rand(3, 12, generator=rng), **options)


@points(1.5)
def test_the_latents_are_drawn_afresh(train_step, one_step, vae_loss, rng):
    """Each step draws its latents from q(z | x), with fresh standard-normal noise.

    N = 1000 recovered draws. |sum eps| <= 6.6 sqrt(N): normal tail, 5e-11. Sum of eps^2 is chi-squared with N degrees of freedom:
    Laurent and Massart bound P(sum > N + 2 sqrt(N t) + 2 t) and P(sum < N - 2 sqrt(N t)) by exp(-t), with t = 22 5.6e-10 together.
    False failure below 1e-9 in all; z = mu gives a sum of squares of 0, z from the prior one beyond the bound.
    """
    sizes, n = (12, 5, 7), 1000
    weights = some_weights(rng, sizes, scale=0.3)
    weights["encoder.2.bias"] = torch.tensor([3.0, -3.0, 4.0, -4.0, 3.0, -1.0, -2.0, -1.0, 0.0, -2.0])
    x = torch.rand(100, 12, generator=rng)
    first, second = retrace(one_step, vae_loss, weights, x, sizes, settings={"lr": 1e-3}, steps=2, judge=False)
    eps = torch.stack([first["eps"], second["eps"]]).double()
    squares, t = eps.square().sum().item(), 22.0
    expect.true(eps.abs().max() > 1e-3, "there is no noise in z: the decoder is fed the means")
    expect.true(
        n - 2 * math.sqrt(n * t) <= squares <= n + 2 * math.sqrt(n * t) + 2 * t,
        f"the latents do not scatter around mu as sigma says: (z - mu) / sigma has a mean square of {squares / n:.3g}",
    )
    expect.true(abs(eps.sum().item()) <= 6.6 * math.sqrt(n), "the latents do not scatter around mu: their noise has a mean")
    expect.true((eps[0] - eps[1]).abs().max() > 1e-3, "two steps in a row got the very same noise")


@points(0.75)
def test_the_optimizer_as_it_is_given(train_step, one_step, vae_loss, rng):
    """The optimizer that is passed in takes the step, with its own settings and its memory of earlier steps."""
    x = torch.rand(5, 12, generator=rng)
    heavy = {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.1}
    retrace(one_step, vae_loss, some_weights(rng), x, settings=heavy, steps=2)
    # A large eps keeps Adam's division away from gradients that are 0 up to rounding.
    retrace(one_step, vae_loss, some_weights(rng), x, optimizer="Adam", settings={"lr": 0.02, "eps": 1e-2}, steps=2)


@points(0.75)
def test_large_gradients_are_left_alone(train_step, one_step, vae_loss, rng):
    """A large gradient makes a large step: nothing is clipped or normalized."""
    weights = some_weights(rng)
    weights["encoder.2.bias"][:3] = torch.tensor([25.0, -30.0, 20.0])
    retrace(one_step, vae_loss, weights, torch.rand(5, 12, generator=rng), settings={"lr": 0.01}, beta=4.0)


def follow_the_decoder(images, z, weights, sizes):
    """The images go with what the decoder makes of these latents, be it logits, means or samples; noise does not.

    Of 2000 numbers or more, noise shows a correlation beyond 0.15 with probability below 1e-10.
    """
    first = expect.parts(images, max(1, len(images)) if isinstance(images, tuple) else 1, "images")[0]
    first = expect.tensor(first, (len(z), sizes[0]), "one row of pixel means per image").double().flatten()
    with torch.no_grad():
        means = model_with(weights, sizes).decode(z.float()).sigmoid().double().flatten()
    link = cosine([first - first.mean()], [means - means.mean()])
    expect.true(link > 0.15, "the images have nothing to do with the decoder and its latents")


@points(1)
def test_latents_come_from_the_prior(generate, draw, rng):
    """The latents that generate decodes are independent draws from the prior, new ones at each call.

    N = 4 n = 4000 numbers. Dvoretzky, Kiefer, Wolfowitz and Massart: the largest gap between their distribution function and the
    normal one exceeds t with probability at most 2 exp(-2 N t^2) = 2e-10 at t = 0.0537. Independence: the sign of a product of two
    independent latents is a fair coin, so by Hoeffding the mean of n = 1000 or more such signs exceeds 0.22 with probability at
    most 2 exp(-n 0.22^2 / 2) = 6.2e-11. There are eight such means: six pairs of latent dimensions, neighbouring images (a chain's
    products are independent), and the two halves. False failure below 1e-9 in all.
    """
    sizes, n = (6, 4, 5), 1000
    weights = some_weights(rng, sizes)
    weights["encoder.2.bias"] += 3  # an encoder whose codes are far from the prior's
    record = draw(weights=weights, n=n, sizes=sizes, times=2)
    record = expect.mapping(record, ["latents"], "the record of two calls")
    first, second = expect.parts(record["latents"], 2, "the latents of two calls")
    expect.true(first is not None, "nothing went through the model's decoder")
    z = expect.tensor(first, (n, 4), "one latent from the prior for each image, fed to the model's decoder").double()
    again = expect.tensor(second, (n, 4), "one latent from the prior for each image, fed to the model's decoder").double()
    follow_the_decoder(record["images"], z, weights, sizes)
    ordered = torch.special.ndtr(z.flatten().sort().values)
    steps = torch.arange(4 * n + 1, dtype=torch.float64) / (4 * n)
    gap = torch.maximum((ordered - steps[:-1]).abs(), (ordered - steps[1:]).abs()).max().item()
    expect.true(
        gap <= 0.0537,
        f"the latents do not follow the prior N(0, I): mean {z.mean().item():.2f}, standard deviation {z.std().item():.2f}",
    )
    signs = z.sign()
    across = [(signs * signs.roll(shift, 1)).mean(0) for shift in (1, 2)]  # six pairs of latent dimensions, two of them twice
    between = [(signs[1:] * signs[:-1]).mean()[None], (signs[: n // 2] * signs[n // 2 :]).mean()[None]]
    worst = torch.cat(across + between).abs().max().item()
    expect.true(worst <= 0.22, "the latents are not independent: numbers in one latent, or the latents of two images, go together")
    expect.true((z - again).abs().max() > 1e-3, "two calls decoded the very same latents: is a seed set inside generate?")


@points(1)
def test_images_are_the_decoders_means(generate, draw, rng):
    """Each image is the Bernoulli mean that the decoder gives for its latent: not logits, not rounded, not sampled."""
    weights = some_weights(rng, scale=1.0)
    record = expect.mapping(draw(weights=weights, n=9, sizes=SIZES), ["images", "latents"], "the record of one call")
    (images,), (z,) = expect.parts(record["images"], 1, "images"), expect.parts(record["latents"], 1, "latents")
    expect.true(z is not None, "nothing went through the model's decoder")
    images = expect.tensor(images, (9, 12), "one row of pixel means per image", dtype=torch.float32)
    z = expect.tensor(z, (9, 3), "one latent from the prior for each image, fed to the model's decoder")
    with torch.no_grad():
        means = 1 / (1 + torch.exp(-model_with(weights, SIZES).decode(z)))
    expect.close(images, means, "the images are not the decoder's means for their latents")


@points(1)
def test_generate_leaves_no_trace(generate, draw, rng):
    """generate works for any number of images and any model, leaves weights and gradient mode alone, and returns no graph."""
    for n, sizes in ((1, (6, 1, 5)), (7, (10, 4, 3)), (3, (2, 8, 6))):
        record = draw(weights=some_weights(rng, sizes), n=n, sizes=sizes)
        record = expect.mapping(record, ["images", "graph", "grad_mode", "weights_unchanged"], "the record of one call")
        (images,) = expect.parts(record["images"], 1, "images")
        images = expect.tensor(images, (n, sizes[0]), "one row of pixel means per image")
        expect.true(images.std() > 1e-6 and images.min() >= 0 and images.max() <= 1, "the images are not means between 0 and 1")
        expect.true(record["graph"] is False, "the images still carry an autograd graph")
        expect.true(
            record["grad_mode"] is True, "after generate, gradients are no longer recorded: the next training step will fail"
        )
        expect.true(record["weights_unchanged"] is True, "generate changed the model's weights")
    weights = some_weights(rng, scale=1.0)
    record = expect.mapping(draw(weights=weights, n=200, sizes=SIZES), ["images", "latents"], "the record of one call")
    (z,) = expect.parts(record["latents"], 1, "latents")
    z = expect.tensor(z, (200, 3), "one latent from the prior for each image, fed to the model's decoder")
    follow_the_decoder(record["images"], z, weights, SIZES)
