"""A function never ends."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    while True:
        pass
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
