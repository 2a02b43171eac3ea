"""A function asks for a table of a terabyte."""

KL = """\
def gaussian_kl(mu, logvar):
    return torch.zeros(10**6, 10**6) + mu.sum()
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
