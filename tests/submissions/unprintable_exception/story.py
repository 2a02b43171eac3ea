"""A function raises an exception that raises another when it is shown."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    class Sulk(NotImplementedError):
        def __str__(self): raise RuntimeError
        __repr__ = __str__
    raise Sulk()
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
