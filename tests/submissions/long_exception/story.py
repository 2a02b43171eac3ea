"""A function raises an exception with megabytes of text and control characters."""

KL = """\
def gaussian_kl(mu, logvar):
    raise ValueError('\\x1b[31m\\u202e no ' + 'x' * 10**7)
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
