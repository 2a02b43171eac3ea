"""A function returns an object of the student's own class."""

ANSWER = """\
def gaussian_kl(mu, logvar):
    class Answer:
        def __float__(self): return 0.5
        def __repr__(self): raise ValueError
    return Answer()
"""


def build(folder, book):
    book.define("gaussian_kl", ANSWER)
    book.save(folder / "vae.ipynb")
