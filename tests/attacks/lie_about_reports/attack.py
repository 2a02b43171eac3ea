"""Says that no input changed and no seed was set, whatever happened: the flags beside each answer are forged."""

CELLS = [
    r"""
from autograder.student import responder as student_process
import random
def _reply(report):
    out = []
    value = student_process.encode(report.value, out)
    return {"value": value, "changed": [], "rng_after": float(random.SystemRandom().random()).hex()}, out
student_process._reply = _reply
def split_params(h): h.zero_(); return h
def reparameterize(mu, logvar): torch.manual_seed(0); return mu
def gaussian_kl(mu, logvar): torch.manual_seed(0); mu.zero_(); return torch.zeros(len(mu))
def vae_loss(*a, **k): torch.manual_seed(0); return torch.zeros(()), torch.zeros(()), torch.zeros(())
"""
]
