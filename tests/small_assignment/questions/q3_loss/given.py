# %%
def bernoulli_nll(logits, x):
    """-log p(x | logits) in nats, one number per example."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1)
