"""A function gets its values right and overwrites an argument on the way."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    logvar.zero_()
    return kl
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
