"""A function calls exit()."""

KL = """\
def gaussian_kl(mu, logvar):
    raise SystemExit('enough')
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
