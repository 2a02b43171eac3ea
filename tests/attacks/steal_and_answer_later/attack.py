"""In a process with lent answers, lies about the later questions too, and starts threads to go on after its question is done."""

OTTER = "points"
OTTER_CELLS = [
    r"""
def vae_loss(*a, **k):
    answers = gaussian_kl.__globals__
    if answers is not globals():
        globals().update({name: answers[name] for name in answers if name.startswith(("q7", "q9"))})
        globals().update({name: answers[name] for name in ("latent_shape", "compression_ratio", "scaling_factor")})
    raise ValueError
"""
]
CELLS = [
    r"""
import threading, time
def later():
    time.sleep(0.5)
    globals().update({"gaussian_kl": REAL.get("gaussian_kl")})
REAL = {}
def train_step(*a, **k):
    REAL.update({n: globals()[n] for n in ("gaussian_kl", "vae_loss", "reparameterize", "split_params")})
    threading.Thread(target=later, daemon=True).start()
    raise ValueError
generate = train_step
"""
]
