"""A function returns thousands of tensors."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    return [nelbo.sum()] * 2000
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
