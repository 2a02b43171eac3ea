"""The repository keeps notebooks in Git LFS, and the pointer was handed in."""


def build(folder, book):
    (folder / "vae.ipynb").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")
