"""Crashes its process in every way: a null pointer, an endless recursion, abort, an illegal instruction, a full stack in C."""

OTTER = "no results"
OTTER_CELLS = ["import ctypes\nctypes.string_at(0)"]
CELLS = [
    "import ctypes\nctypes.string_at(0)",
    "import os\nos.abort()",
    "import os, signal\nos.kill(os.getpid(), signal.SIGILL)",
    "def gaussian_kl(mu, logvar):\n    import sys\n    sys.setrecursionlimit(10**9)\n    return gaussian_kl(mu, logvar)",
    "def reparameterize(mu, logvar):\n    import ctypes\n    ctypes.string_at(0)",
    "def vae_loss(*a, **k):\n    import os\n    os._exit(0)",
]
