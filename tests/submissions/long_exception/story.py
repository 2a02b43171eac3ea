"""A function raises an exception with megabytes of text and control characters."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    raise ValueError('\\x1b[31m\\u202e no ' + 'x' * 10**6)
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
