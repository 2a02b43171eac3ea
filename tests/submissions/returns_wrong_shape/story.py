"""A function sums over the batch too."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum()
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
