"""The link to the notebook was handed in, in a file of its name."""


def build(folder, book):
    (folder / "vae.ipynb").write_text("https://colab.example/drive/1a2b3c")
