"""A file of settings was renamed to .ipynb."""


def build(folder, book):
    (folder / "vae.ipynb").write_text('["settings", {"theme": "dark"}]')
