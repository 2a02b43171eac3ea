"""Submits 60 MB of text with one emoji, which makes four bytes of every letter in the grader's memory."""

import json

from autograder.proof.arena.cells import notebook

CELLS = []


def build(folder, cells):
    found = json.loads(notebook(cells))
    text = "\U0001f600" + "x" * (60 << 20)
    found["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    (folder / "vae.ipynb").write_text(json.dumps(found, ensure_ascii=False))
