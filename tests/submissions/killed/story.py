"""A function sends its process a signal that cannot be caught."""

KL = """\
def gaussian_kl(mu, logvar):
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
