"""A function returns a hundred million numbers."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    return torch.zeros(10**8)
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
