"""A function returns a list that contains itself."""

KL = """\
def gaussian_kl(mu, logvar):
    kl = []
    kl.append(kl)
    return kl
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
