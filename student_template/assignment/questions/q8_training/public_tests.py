import torch
import torch.nn.functional as F

from autograder import expect
from autograder.checks import points

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


def weights_of_a_small_model(rng, scale):
    return {name: scale * torch.randn(shape, generator=rng) for name, shape in SHAPES.items()}


def nats_per_image(weights, x):
    """What it costs to rebuild the batch with these weights, from the means of its codes: no report can be wrong about that."""
    linear = {
        name: (weights[f"{name}.weight"], weights[f"{name}.bias"]) for name in ("encoder.0", "encoder.2", "decoder.0", "decoder.2")
    }
    h = F.linear(F.linear(x, *linear["encoder.0"]).tanh(), *linear["encoder.2"])
    logits = F.linear(F.linear(h[:, :3], *linear["decoder.0"]).tanh(), *linear["decoder.2"])
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1).mean().item()


@points(0)
def test_train_step_returns_three_floats(train_step, one_step, rng):
    """A training step reports loss, recon and kl as Python floats."""
    record = one_step(weights=weights_of_a_small_model(rng, 0.5), x=torch.rand(5, 12, generator=rng), sizes=SIZES)
    values = expect.mapping(record, ["values"], "the record of one step")["values"]
    (values,) = expect.parts(values, 1, "what one step returned")
    values = expect.mapping(values, ["loss", "recon", "kl"], "what train_step returns")
    for key in ("loss", "recon", "kl"):
        expect.python_float(values[key], f'values["{key}"]')


@points(1)
def test_train_step_learns(train_step, one_step, rng):
    """Steps on one batch bring its loss down and leave the batch as it was.

    The encoder's sigma starts at exp(-10): the noise moves z by less than 1e-3 (22 sigma), so bad luck plays no part.
    """
    weights = weights_of_a_small_model(rng, 0.1)
    weights["encoder.2.bias"] = torch.tensor([0.0, 0.0, 0.0, -20.0, -20.0, -20.0])
    weights["decoder.2.bias"] = torch.full((12,), 3.0)
    x = 0.2 * torch.rand(5, 12, generator=rng)
    record = one_step(weights=weights, x=x, sizes=SIZES, steps=8)
    record = expect.mapping(record, ["values", "weights", "batch_unchanged"], "the record of eight steps")
    expect.true(record["batch_unchanged"] is True, "train_step changed the batch x in place: work on a copy")
    after = expect.mapping(expect.parts(record["weights"], 8, "weights")[-1], list(weights), "the weights")
    expect.true(
        all(not torch.equal(expect.tensor(after[name], w.shape, name, dtype=w.dtype), w) for name, w in weights.items()),
        "after eight steps some of the weights are still exactly as they were",
        "every weight of encoder and decoder should move: does backward() run on the loss, and then optimizer.step()?",
    )
    first, last = nats_per_image(weights, x), nats_per_image(after, x)
    expect.true(
        last < first - 5,
        "eight SGD steps did not bring the loss down",
        f"a model that starts far off, learning rate 0.1: its reconstruction went from {first:.4g} to {last:.4g} nats per image",
    )


@points(1)
def test_generate_paints_with_the_decoder(generate, draw, rng):
    """A decoder that ignores z paints its one image, as means between 0 and 1 and without a graph."""
    weights = weights_of_a_small_model(rng, 0.5)
    weights["decoder.2.weight"] = torch.zeros(12, 7)
    logits = torch.linspace(-3, 3, 12)
    weights["decoder.2.bias"] = logits
    record = expect.mapping(draw(weights=weights, n=5, sizes=SIZES), ["images", "graph"], "the record of one call")
    (images,) = expect.parts(record["images"], 1, "images")
    images = expect.tensor(images, (5, 12), "one row of pixel means per image")
    detail = "fed a decoder whose logits are the same for every z: the rows should be those logits, each through the sigmoid"
    expect.true(images.min() >= 0 and images.max() <= 1, "generate: a Bernoulli mean lies between 0 and 1", detail)
    expect.close(images, logits.sigmoid().expand(5, 12), "generate", detail=detail)
    expect.true(
        record["graph"] is False, "generate: the images still drag an autograd graph along: nobody will ask for its gradient"
    )
