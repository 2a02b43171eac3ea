"""A function asks for a table of a terabyte."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    return torch.zeros(10**6, 10**6) + nelbo.sum()
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
