"""A function returns a hundred million numbers."""

KL = """\
def gaussian_kl(mu, logvar):
    return torch.zeros(10**8)
"""


def build(folder, book):
    book.define("gaussian_kl", KL)
    book.save(folder / "vae.ipynb")
