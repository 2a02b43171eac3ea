"""A function returns text."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    return 'a number'
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
