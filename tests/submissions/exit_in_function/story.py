"""A function ends the process the hard way."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    import os
    os._exit(0)
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
