"""What a student sees of question 8: a step's form, that it pays, and images that a decoder paints for many latents.

Sigma is tiny in all of these steps (logvar near -26): z is mu, and bad luck plays no part. Nothing here knows what the loss should
be: a step is held against what it reports and against other steps, so that a slip in an earlier question is not blamed on this one.
"""

import math

import torch
import torch.nn.functional as F

from autograder.authoring import Unusable, expect, points

SIZES = (12, 3, 7)  # pixels, latent dimensions, hidden units
SHAPES = {
    "encoder.0.weight": (7, 12),
    "encoder.0.bias": (7,),
    "encoder.2.weight": (6, 7),
    "encoder.2.bias": (6,),
    "decoder.0.weight": (7, 3),
    "decoder.0.bias": (7,),
    "decoder.2.weight": (12, 7),
    "decoder.2.bias": (12,),
}
KEYS = ("loss", "recon", "kl")


def weights_of_a_small_model(scale, dtype=torch.float32):
    """The same ones every time: what a wrong step does here is no matter of luck."""
    rng = torch.Generator().manual_seed(8)
    weights = {name: scale * torch.randn(shape, generator=rng).to(dtype) for name, shape in SHAPES.items()}
    weights["encoder.2.weight"][3:] *= 0.2
    weights["encoder.2.bias"][3:] = -26.0
    return weights


def a_batch(dtype=torch.float32):
    return torch.rand(5, 12, generator=torch.Generator().manual_seed(9), dtype=dtype)


def see_to_it(vae_loss):
    """A vae_loss whose loss is not recon + beta kl is question 6's affair: it is named, not train_step."""
    rng = torch.Generator().manual_seed(6)
    logits, x, mu, logvar = (torch.rand(5, size, generator=rng) for size in (12, 12, 3, 3))
    for beta in (0.0, 2.0):
        said = vae_loss(logits, x, mu, logvar, beta)
        if not isinstance(said, tuple) or len(said) != 3:
            raise Unusable("vae_loss", "did not return three values")
        loss, recon, kl = (expect.usable(value, (), "vae_loss").item() for value in said)
        if not abs(loss - recon - beta * kl) <= 1e-3 * abs(loss) + 1e-4:
            raise Unusable("vae_loss", "returned a loss that is not recon + beta kl")


def nats_per_image(weights, x):
    """What it costs to rebuild the batch with these weights, from the means of its codes: no report can be wrong about that."""
    linear = {
        name: (weights[f"{name}.weight"], weights[f"{name}.bias"]) for name in ("encoder.0", "encoder.2", "decoder.0", "decoder.2")
    }
    h = F.linear(F.linear(x, *linear["encoder.0"]).tanh(), *linear["encoder.2"])
    logits = F.linear(F.linear(h[:, :3], *linear["decoder.0"]).tanh(), *linear["decoder.2"])
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean().item()


def reported(record, step=0):
    values = expect.mapping(record, ["values"], "the record of the steps")["values"]
    said = values[step] if isinstance(values, tuple) and len(values) > step else values
    said = expect.mapping(said, KEYS, "what train_step returns")
    return {key: expect.python_float(said[key], f'values["{key}"]') for key in KEYS}


def moves(record, weights, steps=1):
    """How far the weights are from where they were, after each step."""
    taken = expect.parts(expect.mapping(record, ["weights"], "the record of the steps")["weights"], steps, "weights")
    found = []
    for after in taken:
        after = expect.mapping(after, list(weights), "the weights")
        parts = [expect.tensor(after[name], w.shape, name, dtype=w.dtype) - w for name, w in weights.items()]
        found.append(torch.cat([part.flatten() for part in parts]).double())
    return found


@points(0)
def test_train_step_returns_three_floats(train_step, one_step, vae_loss):
    """A training step reports loss, recon and kl as Python floats, whose loss is recon + beta kl."""
    see_to_it(vae_loss)
    weights, x = weights_of_a_small_model(0.5), a_batch()
    reported(one_step(weights=weights, x=x, sizes=SIZES))
    again, *said = [
        reported(one_step(weights=weights, x=x, sizes=SIZES, settings={"lr": lr}, beta=2.0)) for lr in (1e-6, 1e-6, 0.5)
    ]
    for key in ("recon", "kl", "loss"):
        random = (
            "the noise in z plays no part: what else in train_step is drawn at random?"
            if key != "loss"
            else "the noise in z plays no part, and recon and kl are the same both times: does beta change from call to call?"
        )
        expect.true(
            abs(said[0][key] - again[key]) <= 1e-3 * abs(again[key]) + 1e-4,
            f'values["{key}"] is another each time',
            f"the same weights and batch twice: {again[key]:.6g} and {said[0][key]:.6g}. Sigma is tiny here, so {random}",
        )
    for key in KEYS:
        expect.true(
            abs(said[0][key] - said[1][key]) <= 1e-3 * abs(said[0][key]) + 1e-4,
            f'values["{key}"] is not what it was before the update',
            f"the same weights and batch, once with a learning rate of 1e-6 and once with 0.5: {said[0][key]:.6g} and {said[1][key]:.6g}",
        )
    total = said[0]["recon"] + 2 * said[0]["kl"]
    expect.true(
        abs(said[0]["loss"] - total) <= 1e-3 * abs(total),
        'values["loss"] is not recon + beta kl',
        f"called with beta = 2, it said loss = {said[0]['loss']:.6g}, recon = {said[0]['recon']:.6g}, kl = {said[0]['kl']:.6g}",
    )


@points(1)
def test_train_step_learns(train_step, one_step):
    """Steps on one batch bring its loss down and leave the batch as it was."""
    weights = weights_of_a_small_model(0.1)
    weights["decoder.2.bias"] = torch.full((12,), 3.0)
    x = 0.2 * a_batch()
    record = one_step(weights=weights, x=x, sizes=SIZES, steps=8)
    record = expect.mapping(record, ["values", "weights", "batch_unchanged"], "the record of eight steps")
    expect.true(record["batch_unchanged"] is True, "train_step changed the batch x in place: work on a copy")
    after = expect.mapping(expect.parts(record["weights"], 8, "weights")[-1], list(weights), "the weights")
    expect.true(
        all(not torch.equal(expect.tensor(after[name], w.shape, name, dtype=w.dtype), w) for name, w in weights.items()),
        "after eight steps some of the weights are still exactly as they were",
        "every weight of encoder and decoder should move: does backward() run on the loss, and then optimizer.step()?",
    )
    again = expect.mapping(one_step(weights=weights, x=x, sizes=SIZES, steps=8), ["weights"], "the record of eight steps")
    (here,), (there,) = moves({"weights": record["weights"][-1:]}, weights), moves({"weights": again["weights"][-1:]}, weights)
    expect.true(
        bool((here - there).norm() <= 0.01 * here.norm()),
        "the same steps taken again lead elsewhere",
        "sigma is tiny here, so the noise in z plays no part: what else in train_step is drawn at random?",
    )
    first, last = nats_per_image(weights, x), nats_per_image(after, x)
    expect.true(
        last < first - 0.3,
        "eight SGD steps did not bring the loss down",
        f"a model that starts far off, learning rate 0.1: its reconstruction went from {first:.4g} to {last:.4g} nats per image",
    )


@points(0)
def test_a_step_is_one_step_down_this_loss(train_step, one_step, vae_loss):
    """A small step brings the reported loss down as far as its length says, whatever gradients lay there before, and heeds beta.

    One SGD step on a loss moves the weights by learning rate times gradient, so the loss falls by |move|^2 / learning rate.
    """
    see_to_it(vae_loss)
    weights, x = weights_of_a_small_model(0.5, torch.float64), a_batch(torch.float64)
    given = {"weights": weights, "x": x, "sizes": SIZES, "settings": {"lr": 3e-4}}
    record = one_step(**given, steps=2)
    move = moves(record, weights, 2)[0]
    length = (move @ move).item()
    expect.true(length > 0, "the weights did not move at all")
    fell, due = reported(record)["loss"] - reported(record, 1)["loss"], length / 3e-4
    expect.true(
        abs(fell - due) <= 0.2 * due,
        "the step and the reported loss do not go together: it is no step of SGD down that loss, or another loss is reported",
        f"the loss should have fallen by |move|² / learning rate = {due:.3g} nats, and fell by {fell:.3g}; if another check of this "
        "question says why, start there, and see that vae_loss passes its own",
    )
    again = moves(one_step(**given), weights)[0]
    expect.true(
        bool((again - move).norm() <= 0.01 * move.norm()),
        "the same step taken again leads elsewhere",
        "sigma is tiny here, so the noise in z plays no part: what else in train_step is drawn at random?",
    )
    stale = moves(one_step(**given, stale=50.0), weights)[0]
    expect.true(
        bool((stale - move).norm() <= 0.1 * move.norm()),
        "the step depends on gradients that lay in .grad before it",
        "the same weights and batch with every .grad filled with 50 beforehand: the step should be the same",
    )
    none, one, three = (moves(one_step(**given, beta=beta), weights)[0] for beta in (0.0, 1.0, 3.0))
    expect.true(
        bool((one - move).norm() <= 0.01 * move.norm()), "without beta the step is not that of beta = 1", "the default of beta is 1"
    )
    share = one - none
    expect.true(
        bool(share.norm() > 0.01 * move.norm()) and bool((three - none - 3 * share).norm() <= 0.05 * share.norm()),
        "the KL's share of the step does not grow with beta",
        "the same weights and batch with beta = 0, 1 and 3: what beta = 3 adds to the step of beta = 0 should be three times what 1 adds",
    )


@points(0.5)
def test_generate_paints_with_the_decoder(generate, draw):
    """The images are means between 0 and 1 that the decoder gives for latents of its own size, without a graph.

    A decoder whose pixel j is sigmoid(z_j), so that the latents can be read off: of 900 standard-normal numbers the mean is beyond
    0.24 with probability below exp(-0.24^2 900 / 2) = 6e-12 a side, and the mean square outside 0.6 to 1.7 below 1e-11 (chi-square,
    Laurent and Massart).
    """
    weights = weights_of_a_small_model(0.5)
    weights["decoder.0.weight"] = torch.eye(7)[:, :3] / 10
    weights["decoder.0.bias"] = torch.zeros(7)
    weights["decoder.2.weight"] = 10 * torch.eye(12)[:, :7]
    weights["decoder.2.bias"] = torch.linspace(-3, 3, 12)
    record = expect.mapping(draw(weights=weights, n=300, sizes=SIZES, times=2), ["images", "graph"], "the record of two calls")
    first, second = (
        expect.tensor(images, (300, 12), "one row of pixel means per image")
        for images in expect.parts(record["images"], 2, "images")
    )
    expect.true(first.is_floating_point(), f"generate: expected means, but got {first.dtype}")
    expect.true(
        bool(first.min() >= 0 and first.max() <= 1), "generate: a Bernoulli mean lies between 0 and 1", "are these still logits?"
    )
    detail = "fed a decoder whose last pixels have the same logits for every z: each should be the sigmoid of its logit"
    expect.close(first[:, 3:].float(), torch.linspace(-3, 3, 12)[3:].sigmoid().expand(300, 9), "generate", detail=detail)
    z = 10 * torch.atanh(((torch.logit(first[:, :3].double()) - torch.linspace(-3, 3, 12)[:3]) / 10).clamp(-0.999, 0.999))
    fed = "fed a decoder that shows the latents in its first three pixels; of 300 images the latents have"
    mean, square = z.mean().item(), z.square().mean().item()
    expect.true(bool((z != z[0]).any()), "every image comes from one and the same latent")
    expect.true(
        abs(mean) < 0.24 and 0.6 < square < 1.7,
        "the latents are not drawn from the prior N(0, I)",
        f"{fed} mean {mean:.3g} and spread {math.sqrt(square):.3g}",
    )
    expect.true(not torch.equal(first, second), "two calls return the same images: draw new latents in every call, without a seed")
    expect.true(
        record["graph"] is False, "generate: the images still drag an autograd graph along: nobody will ask for its gradient"
    )
