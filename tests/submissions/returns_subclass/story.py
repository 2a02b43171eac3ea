"""A function returns the right values as a subclass of Tensor."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    class Mine(torch.Tensor):
        def __repr__(self): return 'mine'
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
    return kl.as_subclass(Mine)
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
