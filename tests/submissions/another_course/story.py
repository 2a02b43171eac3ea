"""A notebook that has nothing to do with this one."""


def build(folder, book):
    book.cells.clear()
    book.append("import pandas as pd", "table = pd.read_csv('iris.csv')\ntable.describe()")
    book.save(folder / "vae.ipynb")
