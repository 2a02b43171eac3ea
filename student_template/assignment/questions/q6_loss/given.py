def bernoulli_nll(logits, x):
    """-log p(x | z) when every pixel is an independent Bernoulli, in nats, summed over everything but the batch.

    logits, x: (B, P), or image-shaped (B, C, H, W); x in [0, 1]   ->   (B,), each >= 0

    Works on the logits, not on sigmoid(logits): so it stays finite when the decoder is very sure, and wrong.
    """
    nll = F.binary_cross_entropy_with_logits(logits.flatten(1), x.flatten(1), reduction="none")
    return nll.sum(-1)
