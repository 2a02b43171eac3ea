"""A module that nobody has is imported in the cell of question 2."""


def build(folder, book):
    book.edit("def reparameterize(", "import quantum_torch\n\ndef reparameterize(")
    book.save(folder / "vae.ipynb")
