"""A report and a script, but no notebook."""


def build(folder, book):
    (folder / "report.pdf").write_bytes(b"%PDF-1.4")
    (folder / "vae.py").write_text(book.code)
