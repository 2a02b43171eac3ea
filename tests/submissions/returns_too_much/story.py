"""A function returns fifty million numbers."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    return torch.zeros(5 * 10**7)
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
