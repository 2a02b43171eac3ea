"""Closes every descriptor and exits with success, in a cell and in every function."""

OTTER = "no results"
CELLS = [
    r"""
import os
def leave(*a, **k):
    os.closerange(0, 256)
    os._exit(0)
split_params = reparameterize = gaussian_kl = vae_loss = elbo_to_bpd = train_step = generate = leave
""",
    "import os\nos.closerange(0, 256)\nos._exit(0)",
]
