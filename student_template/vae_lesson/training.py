"""Minibatches with a progress bar, and the two reference levels of the reconstruction curve."""

import torch


def minibatches(images, epochs, label="", batch_size=128):
    """Go through the images `epochs` times, in a new order each time, behind a progress bar.

    images: (N, P)   yields: (B, P), B = batch_size (the few images left at the end of an epoch sit it out)
    The result is a tqdm bar, so `bar.set_postfix(...)` shows numbers beside it.
    """
    from tqdm.auto import tqdm

    per_epoch = len(images) // batch_size

    def shuffled():
        for _ in range(epochs):
            order = torch.randperm(len(images))
            for i in range(per_epoch):
                yield images[order[i * batch_size : (i + 1) * batch_size]]

    return tqdm(shuffled(), total=epochs * per_epoch, desc=label, unit="step", mininterval=0.5)


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
