"""Loops without end in Python, in C and in a lock, in a cell and in several functions."""

OTTER = "no results"
OTTER_CELLS = ["while True:\n    pass"]
CELLS = [
    "while True:\n    pass",
    "import re\nre.match(r'(a+)+$', 'a' * 50 + 'b')",
    "import threading\nthreading.Lock().acquire() or True\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
    "def gaussian_kl(mu, logvar):\n    while True:\n        pass\n\nreparameterize = vae_loss = train_step = gaussian_kl",
]
