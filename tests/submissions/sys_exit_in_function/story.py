"""A function calls exit()."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    raise SystemExit('enough')
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
