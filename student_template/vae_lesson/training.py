"""Minibatches that say how far they are, and the two reference levels of the reconstruction curve."""

import time

import torch
import torch.nn.functional as F

from . import draw, figure, picture

EVERY = 100  # steps from one look at the held-out images to the next
MOST_SECONDS = 60  # of wall time, for one run of training
WIDTH, HEIGHT = 480, 130  # of the curve that grows while it trains, in pixels


def minibatches(images, epochs, history, label="training", batch_size=128, watched=None):
    """Go through the images `epochs` times, in a new order each time, and say how far it is. After a minute it stops by itself.

    images: (N, P)   yields: (B, P), B = batch_size (the few images left at the end of an epoch sit it out)
    history: a list to which each step appends what train_step returned; what does not have its form is told at once.
    watched: (model, held_out), to write into the history now and then how the model does on images (n, P) that it never sees
    """
    total = epochs * (len(images) // batch_size)
    started = told = time.monotonic()
    line, steps = None, 0
    for x in _shuffled(images, epochs, batch_size):
        yield x
        steps += 1
        if history:
            picture.losses(history[-1], steps)
            if watched and steps % EVERY == 0:
                history[-1]["held_out"] = measured(*watched)
        now = time.monotonic()
        if now - started > MOST_SECONDS and steps < total:
            stopped = f"{label}: stopped by itself after {MOST_SECONDS} s, at step {steps:,} of {total:,}{_loss(history)}."
            picture.tell(f"{stopped} What follows uses the model as it is now.", line)
            return
        if now - told > 1 or steps == 50:  # the first steps are slower
            left = (now - started) / steps * (total - steps)
            limit = "" if left + now - started < MOST_SECONDS else f"; it stops by itself after {MOST_SECONDS} s"
            line = picture.tell(
                f"{label}: step {steps:,} of {total:,}{_loss(history)}, about {left:.0f} s left{limit}.",
                line,
                _growing(history, total),
            )
            told = now
    picture.tell(f"{label}: {steps:,} steps{_loss(history)}.", line)


def _shuffled(images, epochs, batch_size):
    for _ in range(epochs):
        order = torch.randperm(len(images))
        for i in range(len(images) // batch_size):
            yield images[order[i * batch_size : (i + 1) * batch_size]]


def _growing(history, total):
    """The reconstruction so far as an SVG: a line for the training batches, rings for the held-out images."""
    means = [(i, sum(float(step["recon"]) for step in history[i : i + 20]) / 20) for i in range(0, len(history) - 19, 20)]
    rings = [(i, step["held_out"]["recon"]) for i, step in enumerate(history) if "held_out" in step]
    heights = [value for _, value in means[1:] + rings]  # the first steps would dwarf the rest
    if len(heights) < 3:
        return ""
    low, high = min(heights), max(heights)
    places = [
        [
            (8 + i / total * (WIDTH - 16), 12 + (high - min(value, high)) / max(high - low, 1e-9) * (HEIGHT - 40))
            for i, value in points
        ]
        for points in (means, rings)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places[0])
    circles = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="white" stroke="{figure.BLUE}"/>' for x, y in places[1])
    words = f"reconstruction, {high:.1f} to {low:.1f} nats per image; rings: held-out images"
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" aria-hidden="true" style="background: white; border-radius: 6px; max-width: 100%">'
        f'<polyline points="{line}" fill="none" stroke="{figure.BLUE}" stroke-width="1.5"/>{circles}'
        f'<text x="8" y="{HEIGHT - 8}" font-size="12" font-family="sans-serif" fill="black">{words}</text></svg>'
    )


def _loss(history):
    return f", loss {float(history[-1]['loss']):.1f} nats per image" if history else ""


@torch.no_grad()
def measured(model, images):
    """Reconstruction and KL, nats per image, averaged over images (n, P). The noise is the same each time, and nobody else's."""
    mean, sigma = draw.encode(model, images)
    z = torch.normal(mean, sigma, generator=torch.Generator().manual_seed(6))
    recon = F.binary_cross_entropy_with_logits(model.decode(z), images, reduction="sum") / len(images)
    kl = ((mean.square() + sigma.square() - 1) / 2 - sigma.log()).sum(1).mean()
    return {"recon": recon.item(), "kl": kl.item()}


def cross_entropy_levels(images):
    """Two levels (nats per image) that tell you how good a Bernoulli reconstruction term is.

    `perfect`: the decoder returns every pixel exactly. Not 0, because the cross-entropy of a grey pixel with itself
    is its entropy, and only pure black and pure white have none.
    `ignoring_z`: the decoder returns the mean image whatever the code: the best it can do without listening to z.
    """
    mean_image = images.mean(0, keepdim=True)
    return {"perfect": _entropy(images).item(), "ignoring_z": _entropy(mean_image).item()}


def _entropy(p):
    """Entropy of independent Bernoulli(p) pixels, p: (N, P), in nats per image, averaged over N."""
    return (torch.special.entr(p) + torch.special.entr(1 - p)).sum(-1).mean()
