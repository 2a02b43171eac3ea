"""A cell asks for all the memory there is, bit by bit."""


def build(folder, book):
    book.insert("hog = []\nwhile True:\n    hog.append(torch.ones(1 << 22))")
    book.save(folder / "vae.ipynb")
