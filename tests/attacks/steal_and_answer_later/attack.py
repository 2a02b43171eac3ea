"""In a process with lent answers, lies about the later questions too, and starts threads to go on after its question is done."""

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
