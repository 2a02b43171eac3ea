"""The notebook is a symbolic link to somebody else's file."""


def build(folder, book):
    book.save(folder / ".hidden.ipynb")
    (folder / "vae.ipynb").symlink_to(folder / ".hidden.ipynb")
