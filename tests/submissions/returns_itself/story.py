"""A function returns a list that contains itself."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    bpd = []
    bpd.append(bpd)
    return bpd
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
