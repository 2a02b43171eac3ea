"""An unfinished merge left its marks in the file."""


def build(folder, book):
    text = book.text()
    (folder / "vae.ipynb").write_text("<<<<<<< HEAD\n" + text + "=======\n" + text + ">>>>>>> main\n", encoding="utf-8")
