"""The notebook holds fifty megabytes of plots."""


def build(folder, book):
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo" + "A" * (10 << 20)}}
    for cell in [cell for cell in book.cells if cell["cell_type"] == "code"][:5]:
        cell["outputs"] = [picture]
    book.save(folder / "vae.ipynb")
