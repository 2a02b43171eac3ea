"""A function sends its process a signal that cannot be caught."""

ANSWER = """\
def elbo_to_bpd(nelbo, num_dims):
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
"""


def build(folder, book):
    book.define("elbo_to_bpd", ANSWER)
    book.save(folder / "vae.ipynb")
