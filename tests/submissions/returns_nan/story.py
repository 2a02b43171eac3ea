"""A function returns NaN."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    return mu.sum(-1) * float('nan')
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
