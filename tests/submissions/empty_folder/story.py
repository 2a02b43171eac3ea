"""Nothing at all was handed in."""


def build(folder, book):
    folder.mkdir(exist_ok=True)
