"""A function never ends."""

KL = """\
def gaussian_kl(mu, logvar):
    while True:
        pass
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
