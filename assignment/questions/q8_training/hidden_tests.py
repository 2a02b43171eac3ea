"""A step is judged by taking it again: same weights, same noise, the student's own loss, a plain optimizer.

Nothing watches how a step is taken. Where sigma is tiny z is mu, and a step is what its gradient says. With one image and plain
SGD the latent itself can be read off the step: the decoder's first layer moves by delta z^T, its bias by delta. With as many
hidden units and pixels as images, each pixel lit in its own image alone, each unit tells the latent of its own image.

What an answer may get: a step on another loss, or none, a third of the 9 points for train_step, since every check but the one that
loss falls and the one of noise compares the whole step; latents that are not the prior's a third of the 4 for generate.
"""

import math

import torch
import torch.nn.functional as F

from autograder.authoring import LEANED_ON, StudentError, Unusable, expect, noise, points, shared

# A step is compared as a whole: |got - wanted| <= 1e-3 |wanted - before| + 1e-6 |before| for each weight tensor, and the second
# term is at most a tenth of what the tensor should move. In float32 the gradient is off by at most some 1e-5 of itself (sums of
# fewer than 100 terms) and the new weight by 6e-8 of itself.
RTOL, ATOL = 1e-3, 1e-6
SIZES = (12, 3, 7)  # pixels, latent dimensions, hidden units
KEYS = ("loss", "recon", "kl")
TINY = -26.0  # a logvar whose sigma, 2e-6, moves no gradient by as much as RTOL / 10


def some_weights(rng, sizes=SIZES, dtype=torch.float32, scale=0.5, noisy=False):
    """Weights of any kind; unless `noisy`, of an encoder that is sure of its codes."""
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
    if not noisy:
        weights["encoder.2.weight"][latent_dim:] *= 0.2
        weights["encoder.2.bias"][latent_dim:] = TINY
    return weights


def layers(weights, part, h):
    """What the encoder or the decoder with these weights makes of h."""
    first, second = ((weights[f"{part}.{i}.weight"], weights[f"{part}.{i}.bias"]) for i in (0, 2))
    return F.linear(torch.tanh(F.linear(h, *first)), *second)


def encoded(weights, x):
    """mu and logvar of a batch."""
    return layers(weights, "encoder", x.flatten(1)).chunk(2, dim=-1)


def weights_in(record, like):
    """The recorded weights, checked to be tensors like the ones that went in."""
    found = expect.mapping(record, list(like), "the weights after the step")
    return {
        name: expect.tensor(found[name], value.shape, f"{name} after the step", dtype=value.dtype) for name, value in like.items()
    }


def loss_and_gradients(vae_loss, weights, x, beta, z=None, of=0):
    """What this batch costs with this z (mu, unless given), by the student's own loss, and the gradients of one of its three values."""
    weights = {name: value.clone().requires_grad_() for name, value in weights.items()}
    mu, logvar = encoded(weights, x)
    sigma = torch.exp(0.5 * logvar)
    eps = torch.zeros_like(mu) if z is None else ((z - mu) / sigma).detach()
    logits = layers(weights, "decoder", mu + sigma * eps)
    returned = vae_loss(logits, x, mu, logvar, beta)
    if not isinstance(returned, tuple) or len(returned) != 3:
        raise Unusable("vae_loss", "did not return three values")
    values = [expect.usable(value, (), "vae_loss") for value in returned]
    loss = values[of]
    if not loss.requires_grad:
        raise Unusable("vae_loss", "returned a loss without a gradient")
    try:
        gradients = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    except StudentError:
        raise
    except RuntimeError as error:
        raise Unusable("vae_loss", "returned a loss whose backward pass fails") from error
    gradients = [torch.zeros_like(p) if g is None else g for p, g in zip(weights.values(), gradients, strict=True)]
    size = torch.stack([g.abs().max() for g in gradients]).max()
    if not torch.isfinite(size) or size < 1e-4:
        raise Unusable("vae_loss", "returned a loss with no useful gradient")
    return [value.item() for value in values], gradients


def weights_after(weights, history, optimizer, settings):
    """The weights after optimizer steps with these gradients."""
    weights = {name: value.clone().requires_grad_() for name, value in weights.items()}
    optimizer = getattr(torch.optim, optimizer)(weights.values(), **settings)
    for gradients in history:
        for weight, gradient in zip(weights.values(), gradients, strict=True):
            weight.grad = gradient.clone()
        optimizer.step()
    return {name: weight.detach() for name, weight in weights.items()}


def misses(got, want, before):
    """The names of the weights that are not where the step should have taken them."""
    found = []
    for name in want:
        move = (want[name] - before[name]).norm()
        if not (got[name] - want[name]).norm() <= RTOL * move + min(ATOL * before[name].norm(), 0.1 * move):
            found.append(name)
    return found


def latent_of(before, after, shape):
    """The z of a step of plain SGD on one image: what the decoder's first layer moved by, for what its bias moved by."""
    bias = (after["decoder.0.bias"] - before["decoder.0.bias"]).double()
    weight = (after["decoder.0.weight"] - before["decoder.0.weight"]).double()
    expect.true(bool(bias.any()), "the decoder did not move: no step was taken down the gradient of this loss")
    return (weight.T @ bias / (bias @ bias)).reshape(shape)


def retrace(
    one_step, vae_loss, weights, x, sizes=SIZES, optimizer="SGD", settings=None, steps=1, noisy=False, compared=None, **options
):
    """Let the student take the steps, take them again, and compare the weights; after the first `compared` steps they are taken as they are.

    Returns the record, and for each step the values that it should report. With `noisy`, x is one image and the optimizer SGD.
    """
    settings = settings or {"lr": 0.1}
    record = one_step(weights=weights, x=x, sizes=sizes, optimizer=optimizer, settings=settings, steps=steps, **options)
    record = expect.mapping(record, ["values", "weights", "settings_kept", "kept"], "the record of the step")
    taken = expect.parts(record["weights"], steps, "the weights after each step")
    before, history, wanted = weights, [], []
    for step in taken:
        after = weights_in(step, weights)
        z = latent_of(before, after, (1, sizes[1])).to(x.dtype) if noisy else None
        values, gradients = loss_and_gradients(vae_loss, before, x, options.get("beta", 1.0), z)
        want = weights_after(weights, [*history, gradients], optimizer, settings)
        missed = misses(after, want, before)
        if missed and (compared is None or len(history) < compared):
            plain = optimizer == "SGD" and set(settings) == {"lr"} and not noisy and not history
            told = what_is_mixed(vae_loss, before, after, x, options.get("beta", 1.0), settings["lr"]) if plain else ""
            expect.fail(told or what_went_wrong(before, after, want, missed))
        before, history, wanted = after, [*history, gradients], [*wanted, values]
    return record, wanted


FACTS = {
    "layers": "its layers",
    "parameters": "which tensors are its weights",
    "dtypes": "the dtype of its weights",
    "requires_grad": "whether its weights want gradients",
    "hooks": "the hooks on its layers",
    "buffers": "its buffers",
    "sizes": "num_pixels or latent_dim",
}


def left_alone(record, who):
    """Of the model nothing is another, beside the numbers in its weights."""
    kept = expect.mapping(record["kept"], list(FACTS), "what was kept of the model")
    changed = [words for name, words in FACTS.items() if kept[name] is not True]
    expect.true(not changed, f"{who} changed something of the model that is to stay: {', '.join(changed)}")


def what_went_wrong(before, after, want, missed):
    """One sentence on how the step differs from the one it should have been."""
    was, got_move, want_move = (
        torch.cat([part.flatten() for part in parts])
        for parts in zip(*((before[name], after[name] - before[name], want[name] - before[name]) for name in want), strict=True)
    )
    if not got_move.any():
        return "the weights did not move at all"
    if all(torch.equal(after[name], before[name]) for name in missed):
        return f"some of the weights did not move at all: {', '.join(missed)}"
    ratio = (got_move.norm() / want_move.norm()).item()
    cosine = (got_move @ want_move / got_move.norm() / want_move.norm()).item()
    if cosine < -1 + 1e-5:
        return "the weights moved exactly the wrong way: this step climbs the loss"
    if cosine > 1 - 1e-5 and abs(ratio - 1) > RTOL:
        return f"the weights moved in the right direction, but {ratio:.3g} times as far as one step of the given optimizer goes"
    sizes, most = got_move.abs(), got_move.abs().max()
    if (sizes > 0.99 * most).sum() >= 0.8 * len(sizes):
        return "every weight moved by the same amount, however large its gradient: that is Adam's first step, or one along signs"
    if (
        want_move.abs().max() > 1.2 * most
        and (sizes > 0.99 * most).sum() >= 3
        and _near(got_move, want_move.clamp(-most, most), want_move)
    ):
        return "the weights moved as they should, but none further than a certain amount: gradients are clipped"
    shrunk = ((got_move - want_move) @ was / (was @ was)).item()
    if shrunk < 0 and _near(got_move, want_move + shrunk * was, shrunk * was):
        return "beside the step the weights move towards zero: weight decay or a penalty on them, which is not part of this loss"
    if all(name.startswith("encoder") for name in missed):
        return "the decoder moved as it should but the encoder did not: its gradient comes through z and through the KL"
    return "the weights did not move as one step of the given optimizer on this batch's loss moves them"


def what_is_mixed(vae_loss, before, after, x, beta, lr):
    """A sentence on a step of plain SGD that is made of the right gradients in other shares, of the loss's parts or of the images; or nothing.

    Two to eight numbers are fitted to some 200 weights, and what is left must be within a thousandth of the step: no accident.
    """
    move = torch.cat([(after[name] - before[name]).flatten() for name in before]).double()

    def gradient(images, of):
        _, parts = loss_and_gradients(vae_loss, before, images, beta, of=of)
        return torch.cat([part.flatten() for part in parts]).double()

    try:
        recon, kl = _shares(move, [-lr * gradient(x, 1), -lr * gradient(x, 2)])
        if recon is not None and abs(kl - beta * recon) > 0.01 * (1 + beta):
            return (
                f"the step goes down {_digits(recon)} times the reconstruction plus {_digits(kl)} times the KL; "
                f"it should be the reconstruction plus {beta:g} times the KL"
            )
        if recon is None and len(x) <= 8:
            shares = _shares(move, [-lr * gradient(image, 0) / len(x) for image in x.split(1)])
            if shares[0] is not None and max(shares) - min(shares) > 0.01:
                counts = ", ".join(map(_digits, shares))
                return f"in the step the images of a batch do not count alike: of these {len(x)} they count {counts} times"
    except Unusable:
        pass
    return ""


def _shares(move, directions):
    """How much of each direction is in a move; None of each where they do not make all of it."""
    design = torch.stack(directions, 1)
    found = torch.linalg.lstsq(design, move[:, None]).solution[:, 0]
    whole = bool((design @ found - move).norm() <= 1e-3 * move.norm()) and bool(move.any())
    return found.tolist() if whole else [None] * len(directions)


def _digits(number):
    return f"{round(number, 3) + 0:.3g}"


def _near(got, want, scale):
    return bool((got - want).norm() <= 0.02 * scale.norm())


@points(2)
def test_one_step_of_sgd(train_step, one_step, vae_loss, rng):
    """One call is one optimizer step down the gradient of this batch's loss, for any batch size, image shape and dtype."""
    retrace(one_step, vae_loss, some_weights(rng), torch.rand(5, 12, generator=rng))
    many = torch.rand(150, 12, generator=rng)
    many[7], many[11], many[20:60] = 0, 1, many[60:100].clone()  # blank ones, and many that are there twice
    try:
        retrace(one_step, vae_loss, some_weights(rng), many)
    except expect.Failed:
        expect.fail(
            "a step on 5 images is right and one on 150 is not: it is one step on the whole batch, of whatever size, blank images "
            "and equal ones as well"
        )
    images = torch.rand(4, 1, 3, 4, generator=rng, dtype=torch.float64)
    images[0] = images[0].round()  # no clamp leaves these as they are
    for wants in (False, True):
        batch = images.clone().requires_grad_(wants)
        record, _ = retrace(one_step, vae_loss, some_weights(rng, dtype=torch.float64), batch, settings={"lr": 0.03})
        expect.true(record.get("batch_unchanged") is True, "the step changed the batch x in place: work on a copy")
        expect.true(
            record.get("batch_free") is True, "after the step the requires_grad of the batch x is another: leave it as it is"
        )
        left_alone(record, "the step")
        expect.true(record.get("grad_mode") is True, "after the step gradients are no longer recorded")
    sizes = (6, 4, 5)
    for dtype in (torch.float32, torch.float64):
        image, weights = torch.rand(1, 6, generator=rng, dtype=dtype), some_weights(rng, sizes, dtype, noisy=True)
        record, _ = retrace(one_step, vae_loss, weights, image, sizes, noisy=True)
        z = latent_of(weights, weights_in(record["weights"][0], weights), (1, 4))
        mu, logvar = encoded(weights, image)
        expect.true(
            bool(((z - mu).abs() > 1e-4 * logvar.exp().sqrt()).any()), "there is no noise in z: the decoder is fed the means"
        )


@points(0.75)
def test_reported_values(train_step, one_step, vae_loss, rng):
    """The reported loss, reconstruction and KL are floats, and those of the loss as it stood before the update.

    With noise the reconstruction may be of any draw of z, that of another pass too, but not always of the mean: in three steps of a
    wide sigma a draw comes within rounding of that by chance with probability below 1e-9.
    """
    for batch, beta in ((5, 1.0), (2, 3.0)):
        weights, x = some_weights(rng), torch.rand(batch, 12, generator=rng)
        record, wanted = retrace(one_step, vae_loss, weights, x, settings={"lr": 0.1}, beta=beta, steps=2, compared=1)
        for step in range(2):
            got = _reported(record, step)
            names = _off(got, wanted[step])
            how = how_reported(got, wanted[step], batch, x.shape[1]) or (
                "right after the first step, not after the second" if step else ""
            )
            expect.true(not names, f"not what vae_loss says of this batch before the update: {told(names, how)}")
    at_the_mean = 0
    for _ in range(3):
        weights, x = some_weights(rng, noisy=True), torch.rand(1, 12, generator=rng)
        record, (wanted,) = retrace(one_step, vae_loss, weights, x, noisy=True)
        loss, recon, kl = got = _reported(record)
        if not _off(got, wanted):
            continue
        here, there = [loss - recon, wanted[1], kl], [wanted[0] - wanted[1], *wanted[1:]]
        names, how = _off(here, there), how_reported(here, there, 1, x.shape[1])
        expect.true(not names, f"not what vae_loss says of this image before the update: {told(names, how)}")
        mean, _ = loss_and_gradients(vae_loss, weights, x, 1.0)
        at_the_mean += not _off(got, mean)
    expect.true(at_the_mean < 3, 'not what vae_loss says of this image before the update: "recon" is that of z = mu, without noise')


def _reported(record, step=0):
    said = expect.mapping(record["values"][step], KEYS, "what train_step returns")
    return [expect.python_float(said[key], f'"{key}"') for key in KEYS]


def told(names, how):
    return f"{', '.join(names)} ({how})" if how else ", ".join(names)


def how_reported(got, wanted, batch, pixels):
    """What the wrong ones among the reported values are of the right ones, where one thing is true of all of them."""
    pairs = [(a, b) for key, a, b in zip(KEYS, got, wanted, strict=True) if key in _off(got, wanted)]
    if any(all(a == round(a, digits) and abs(a - b) <= 0.51 * 0.1**digits for a, b in pairs) for digits in range(4)):
        return "rounded"
    known = {
        1 / batch: "divided by the batch size once more",
        batch: "times the batch size",
        1 / pixels: "for a pixel, not for an image",
        1 / math.log(2): "in bits, not in nats",
        1 / (pixels * math.log(2)): "in bits for a pixel, not in nats for an image",
        -1: "with the other sign",
    }
    for factor, words in known.items():
        if all(abs(a - factor * b) <= 1e-3 * abs(factor * b) for a, b in pairs):
            return words
    return ""


def _off(got, wanted):
    return [key for key, a, b in zip(KEYS, got, wanted, strict=True) if not abs(a - b) <= 1e-4 * max(map(abs, wanted)) + 1e-5]


@points(1, kept=LEANED_ON)
def test_old_gradients_are_forgotten(train_step, one_step, vae_loss, rng):
    """Gradients left over from earlier have no part in the step."""
    retrace(one_step, vae_loss, some_weights(rng), torch.rand(5, 12, generator=rng), stale=2.0)


@points(0.5)
def test_training_mode(train_step, one_step, vae_loss, rng):
    """The step runs in training mode, in whatever mode the model arrives.

    The decoder ends in a layer that passes logits on in training mode and spoils them in evaluation mode: the step tells.
    """
    weights, x = some_weights(rng), torch.rand(5, 12, generator=rng)
    retrace(one_step, vae_loss, weights, x)
    for training, mode in ((False, "evaluation"), (True, "training")):
        try:
            retrace(one_step, vae_loss, weights, x, mode_matters=True, training=training)
        except expect.Failed:
            expect.fail(f"the step goes another way when the model arrives in {mode} mode and a layer (as dropout does) heeds it")


@points(0.75, kept=LEANED_ON)
def test_beta_reaches_the_loss(train_step, one_step, vae_loss, rng):
    """beta weighs the KL in the step, and is 1 when it is not given."""
    for options in ({"beta": 0.0}, {"beta": 0.5}, {"beta": 2.0}, {}):
        retrace(one_step, vae_loss, some_weights(rng), torch.rand(3, 12, generator=rng), **options)


@points(1.5)
def test_the_latents_are_drawn_afresh(train_step, decoders_after_steps, rng):
    """Each step draws its latents from q(z | x), with fresh and independent standard-normal noise for every image.

    25 images of 800 latent dimensions, 20 steps, read off the decoder as said above: 400,000 numbers, each off by some 1e-6. See
    noise.py for what is sure to be found. A step is so short that a second one in the same call reads as the first does.
    """
    n, latent = 25, 800  # few images, for who feeds one at a time
    sizes = (n, latent, n)
    weights = some_weights(rng, sizes, noisy=True, scale=0.3)
    weights["decoder.0.weight"], weights["decoder.0.bias"] = torch.zeros(n, latent), torch.zeros(n)
    weights["decoder.2.weight"], weights["decoder.2.bias"] = torch.eye(n), torch.full((n,), -25.0)
    weights["encoder.2.weight"][latent:] *= (
        0.2  # the means alone are far apart, as is seen where an image's latents stand for another's
    )
    x = torch.eye(n)
    with torch.no_grad():
        mu, logvar = encoded(weights, x)
    found = []
    for _ in range(2):
        moved = expect.parts(
            decoders_after_steps(weights=weights, x=x, sizes=sizes, steps=10, lr=1e-3), 3, "the decoder's weights after ten steps"
        )
        expect.true(moved[2] is True, "the step sets torch's global seed, for everyone")
        slopes = expect.tensor(moved[0], (10, n, latent), "the decoder's first weights", dtype=torch.float32)
        biases = expect.tensor(moved[1], (10, n), "the decoder's first biases", dtype=torch.float32)
        expect.true(bool(biases.all()), "part of the batch, or all of it, left no trace in the step")
        found.append(slopes / biases[:, :, None])
    eps = ((torch.cat(found) - mu) * torch.exp(-0.5 * logvar)).double()
    eps = eps.nan_to_num(posinf=9.0, neginf=-9.0).clamp(-1e6, 1e6)
    expect.true(eps.abs().max() > 1e-3, "there is no noise in z: the decoder is fed the means")
    what = "the noise of a step"
    noise.independent(eps[0], what)
    noise.new_in_every_call([eps[0], eps[1], eps[10]], what)
    noise.follows_the_law(eps, what)
    noise.not_standardised(eps[0], what)
    noise.not_alike(list(eps), what)
    noise.scattered(eps[0], what)


@points(0.75)
def test_the_optimizer_as_it_is_given(train_step, one_step, vae_loss, rng):
    """The optimizer that is passed in takes the step, with its own settings and its memory of earlier steps, and keeps both."""
    x = torch.rand(5, 12, generator=rng)
    heavy = {"lr": 0.05, "momentum": 0.9, "weight_decay": 0.1}
    record, _ = retrace(one_step, vae_loss, some_weights(rng), x, settings=heavy, steps=2)
    # A large eps keeps Adam's division away from gradients that are 0 up to rounding.
    careful = {"lr": 0.02, "eps": 1e-2}
    retrace(one_step, vae_loss, some_weights(rng), x, optimizer="Adam", settings=careful, steps=2, groups=True)
    expect.true(record.get("values_stay") is True, "what one step returned is changed by the next: return a new dict in every call")
    expect.true(record["settings_kept"] is True, "the step changed the optimizer's settings (its learning rate, for one)")


@points(0.75)
def test_large_gradients_are_left_alone(train_step, one_step, vae_loss, rng):
    """A large gradient makes a large step: nothing is clipped or normalized."""
    weights = some_weights(rng)
    weights["encoder.2.bias"][:3] = torch.tensor([25.0, -30.0, 20.0])
    weights["decoder.0.weight"] *= 0.1  # so that the images' codes, far out, still tell them apart
    # With so large a beta what comes through z is at most a quarter of RTOL (600 seeds): whoever loses it passes always, not by chance.
    retrace(one_step, vae_loss, weights, torch.rand(5, 12, generator=rng), settings={"lr": 0.01}, beta=40.0)


def open_weights(rng, latent_dim, sure=False, scale=4.0):
    """Weights of a decoder whose latents can be read off its images, and their sizes.

    Pixel j < Z is the mean sigmoid(4 tanh(z_j / 10)): it runs from 0.1 to 0.9 for z in ±6, so that a mean in float32 (off by 6e-8)
    tells z to 3e-6. Six more pixels mix all of z, so that images which come of no latent are known; of two of them a decoder may be `sure`.
    """
    hidden = latent_dim + 6
    weights = some_weights(rng, (hidden, latent_dim, hidden), noisy=True)
    mixing = torch.randn(6, latent_dim, generator=rng) / math.sqrt(latent_dim)
    weights["decoder.0.weight"] = torch.cat([0.1 * torch.eye(latent_dim), mixing])
    weights["decoder.0.bias"] = torch.cat([torch.zeros(latent_dim), 0.5 * torch.randn(6, generator=rng)])
    weights["decoder.2.weight"] = torch.block_diag(scale * torch.eye(latent_dim), 1.5 * torch.randn(6, 6, generator=rng))
    weights["decoder.2.bias"] = torch.cat([torch.zeros(latent_dim), 0.5 * torch.randn(6, generator=rng)])
    if sure:
        weights["decoder.2.bias"][-2:] = torch.tensor([-120.0, 120.0])
    weights["encoder.2.bias"] += 3  # an encoder whose codes are far from the prior's
    return weights, (hidden, latent_dim, hidden)


def latents_of(images, weights, sizes, n):
    """The latents that the images show, in float64; fails where they show none.

    |z| > 8 has probability 1.2e-15, 6e-10 in 450,000. Up to three numbers further out are let pass: a uniform number of float32 is
    exactly 0 once in 2^24 draws, and erfinv makes that infinite.
    """
    images = expect.tensor(images, (n, sizes[0]), "one row of pixel means per image")
    expect.true(images.is_floating_point(), f"expected pixel means, but got numbers of the type {images.dtype}")
    expect.true(bool(images.min() >= 0 and images.max() <= 1), "a Bernoulli mean lies between 0 and 1: are these still logits?")
    z = 10 * torch.atanh(torch.logit(images[:, : sizes[1]].double()) / weights["decoder.2.weight"][0, 0].item())
    far = ~(z.abs() < 8)
    usual = ~far.any(1)
    z = z.nan_to_num(9.0, 9.0, -9.0).clamp(-9, 9)
    summary = "the images are not the decoder's means for latents from anywhere near the prior"
    expect.true(int(far.sum()) <= 3, summary)
    with torch.no_grad():
        means = torch.sigmoid(layers(weights, "decoder", z.float()))
    expect.true(torch.allclose(images.float()[usual], means[usual], rtol=1e-4, atol=2e-5), summary)
    return z


def drawn(draw, rng, n, latent_dim, times=1, sure=False):
    """The record of some calls, with the latents of each."""
    weights, sizes = open_weights(rng, latent_dim, sure)
    record = draw(weights=weights, n=n, sizes=sizes, times=times)
    record = expect.mapping(record, ["images", "graph", "grad_mode", "weights_unchanged", "kept"], "the record of the calls")
    images = expect.parts(record["images"], times, "the images of each call")
    return record, [latents_of(rows, weights, sizes, n) for rows in images]


LATENTS = "the latents that the images show"


@shared
def from_the_prior(draw, *, rng):
    """3,000 latents of 150 dimensions: 450,000 numbers, each to 3e-6. See noise.py for what is sure to be found."""
    _, (z,) = drawn(draw, rng, 3000, 150)
    noise.independent(torch.cat([z[:64], z[1500:1564]]), LATENTS)  # one half may mirror or repeat the other
    noise.follows_the_law(z, LATENTS)
    noise.not_standardised(z, LATENTS)


@points(1.5)
def test_latents_come_from_the_prior(generate, draw, rng):
    """The latents that generate decodes are independent draws from the prior, new ones at each call."""
    from_the_prior(draw, rng=rng)
    record, calls = drawn(draw, rng, 40, 30, times=3)
    expect.true(record.get("seed_stayed") is True, "generate sets torch's global seed, for everyone")
    noise.new_in_every_call(calls, LATENTS)
    noise.scattered(calls[0], LATENTS)
    _, calls = drawn(draw, rng, 2, 3, times=9)
    expect.true(not any(torch.equal(z, calls[0]) for z in calls[1:]), "two calls decoded the very same latents")
    noise.not_alike(calls, LATENTS)


@points(0.75, kept=LEANED_ON)
def test_images_are_the_decoders_means(generate, draw, rng):
    """Each image is the Bernoulli mean that the decoder gives for a latent of its own: not logits, not rounded, not sampled."""
    drawn(draw, rng, 30, 5, sure=True)
    _, (z,) = drawn(draw, rng, 30, 5)
    expect.true(bool((z - z[0]).abs().max() > 1e-3), "all images come from one and the same latent")
    expect.true(bool(z.abs().max() > 1e-3), "all images come from the latent 0")


@points(1.25)
def test_generate_leaves_no_trace(generate, draw, rng):
    """generate draws any number of images of any model, leaves the model and gradient mode alone, and returns no graph."""
    for n, latent_dim in ((1, 1), (7, 4), (3, 8)):
        record, _ = drawn(draw, rng, n, latent_dim, times=2)
        expect.true(record["graph"] is False, "the images still carry an autograd graph")
        expect.true(
            record["grad_mode"] is True, "after generate, gradients are no longer recorded: the next training step will fail"
        )
        expect.true(record["weights_unchanged"] is True, "generate changed the model's weights")
        left_alone(record, "generate")
        expect.true(record.get("gradients") is False, "generate left gradients in the model's weights")
    from_the_prior(draw, rng=rng)
