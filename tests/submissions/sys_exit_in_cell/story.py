"""A cell ends with exit(), another with sys.exit()."""


def build(folder, book):
    book.insert("exit()", "import sys\nsys.exit(3)", "quit()", "raise KeyboardInterrupt")
    book.save(folder / "vae.ipynb")
