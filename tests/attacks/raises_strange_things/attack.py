"""Raises exceptions that cannot be printed, are not exceptions of the usual kind, or raise again when looked at."""

OTTER = "no results"
OTTER_CELLS = [
    r"""
def split_params(h): raise SystemExit
def gaussian_kl(mu, logvar):
    import os
    os._exit(0)
"""
]
CELLS = [
    r"""
class Hydra(BaseException):
    def __str__(self): raise self
    __repr__ = __str__
    def __getattribute__(self, name): raise Hydra()
class Liar(Exception):
    @property
    def __class__(self): raise Liar()
    def __str__(self): return "x" * 10**8
def split_params(h): raise Hydra()
def reparameterize(mu, logvar): raise Liar()
def gaussian_kl(mu, logvar): raise KeyboardInterrupt
def vae_loss(*a, **k): raise SystemExit(0)
def elbo_to_bpd(*a): raise GeneratorExit
def train_step(*a, **k): raise StopIteration
def generate(*a): raise MemoryError
def latent_shape(*a, **k): raise RecursionError
def scaling_factor(x): raise NotImplementedError("Question 99999999999999999999: write x …")
""",
    "raise SystemExit(0)",
    "raise Hydra()",
    "raise KeyboardInterrupt",
]
