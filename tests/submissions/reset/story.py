"""The first cell clears the namespace, as some like it; a later one shadows builtins."""


def build(folder, book):
    book.insert(
        "%reset -f",
        "import math, torch, numpy as np\nimport torch.nn.functional as F\nfrom torch import nn",
        "id = 5\ninput = None\nfile = 'x'",
    )
    book.save(folder / "vae.ipynb")
