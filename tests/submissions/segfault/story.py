"""A function reads where nothing is."""

KL = """\
def gaussian_kl(mu, logvar):
    import ctypes
    return ctypes.string_at(0)
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
