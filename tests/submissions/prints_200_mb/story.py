"""A cell prints 200 MB, and a function prints at every call."""


def build(folder, book):
    book.insert("for _ in range(200):\n    print('x' * (1 << 20))")
    book.edit("def gaussian_kl(mu, logvar):", "def gaussian_kl(mu, logvar):\n    print('y' * (1 << 20))")
    book.save(folder / "vae.ipynb")
