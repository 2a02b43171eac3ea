"""A function reads where nothing is."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    import ctypes
    return ctypes.string_at(0)
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
