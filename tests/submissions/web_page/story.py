"""The page that shows the notebook was saved instead of the notebook."""


def build(folder, book):
    (folder / "vae.ipynb").write_text("\n<!DOCTYPE html>\n<html><body>vae.ipynb</body></html>")
