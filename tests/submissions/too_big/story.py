"""The notebook holds seventy megabytes of printed numbers."""


def build(folder, book):
    book.cells[-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "0.1234567\n" * (7 << 20)}]
    book.save(folder / "vae.ipynb")
