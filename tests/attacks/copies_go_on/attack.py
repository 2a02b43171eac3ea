"""Forks, by Python and by C, so that copies of the process answer beside it, and each other's questions."""

VICTIM = True
CELLS = [
    "import os\nfor _ in range(3):\n    os.fork()",
    "import ctypes, time\nctypes.CDLL(None).fork()\ntime.sleep(0.2)",
    "def gaussian_kl(mu, logvar):\n    os.fork()\n    return mu.sum(-1) * 0\n\nvae_loss = reparameterize = gaussian_kl",
    "import threading\nthreading.Timer(0.3, os.fork).start()",
]
