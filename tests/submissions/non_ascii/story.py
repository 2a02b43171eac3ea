"""Greek names, emoji, a lone surrogate and a NUL in the code."""

import json


def build(folder, book):
    book.define(
        "gaussian_kl",
        "def gaussian_kl(μ, logσ):\n    übung = '👩🏽‍🎓 ½(μ² + σ² − 1 − log σ²)'\n    return 0.5 * (μ.square() + logσ.exp() - 1 - logσ).sum(-1)",
    )
    book.append("'a lone surrogate: \ud800'", "'a NUL: \0'")
    (folder / "vae.ipynb").write_text(json.dumps(book.as_dict()), encoding="ascii")
