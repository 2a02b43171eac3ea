"""Jupyter's checkpoints and a Mac's shadows lie beside the notebook, which is in a folder of its own."""


def build(folder, book):
    for name in ("lesson", "lesson/.ipynb_checkpoints", "__MACOSX"):
        (folder / name).mkdir()
        book.save(folder / name / "vae.ipynb")
