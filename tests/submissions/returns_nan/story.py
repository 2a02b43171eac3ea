"""A function returns NaN."""

KL = """\
def gaussian_kl(mu, logvar):
    return mu.sum(-1) * float('nan')
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
