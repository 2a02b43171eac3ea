"""Files that are nearly submissions: each is read or refused in words, within the readers' limits; never anything else."""

from __future__ import annotations

import io
import json
import random
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from autograder.checks import assignment as assignments
from autograder.submissions.handed_in import Refused
from autograder.submissions.reading import TOO_MUCH, Readers
from autograder.wire.faults import UNSAFE
from tests.fuzz.wire import mutated

NAMES = [
    "vae.ipynb",
    "VAE.IPYNB",
    "vae.ipynb.txt",
    "a/b/vae.ipynb",
    "../vae.ipynb",
    "notes.txt",
    "x\ny.ipynb",
    "é\u202e.ipynb",
    ".hidden.ipynb",
]
PIECES = [
    b'"',
    b"\\",
    b"\\u",
    b"\\ud800",
    b"{",
    b"[",
    b",",
    b"null",
    b"1e999",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"<<<<<<< HEAD\n",
    b"9" * 5000,
]


def notebook(draw: random.Random) -> dict[str, Any]:
    cells = [
        {
            "cell_type": draw.choice(["code", "code", "markdown", "raw", 5]),
            "id": str(number),
            "metadata": draw.choice([{}, {"tags": ["otter_ignore"]}, {"tags": {}}, None]),
            "source": draw.choice(
                [
                    "def gaussian_kl(mu, logvar):\n    return 0",
                    ["import torch\n", "x = 1"],
                    "# Assignment: vae 2026.1",
                    "é𝒵\ud800",
                    5,
                ]
            ),
            "outputs": [],
        }
        for number in range(draw.randrange(6))
    ]
    return {"nbformat": draw.choice([4, 4, 4, 3, "4", None]), "nbformat_minor": 5, "metadata": {}, "cells": cells}


def scrambled(draw: random.Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(draw.choice([0, 0, 1, 2, 8])):
        place = draw.randrange(len(found) + 1)
        found[place : place + draw.choice([0, 1, 40])] = draw.choice(PIECES) * draw.choice([1, 1, 1, 50])
    return bytes(found[: draw.randrange(len(found) + 1)] if draw.random() < 0.1 else found)


def text(draw: random.Random) -> bytes:
    tree = notebook(draw)
    return scrambled(draw, json.dumps(mutated(draw, tree) if draw.random() < 0.5 else tree).encode("utf-8", "surrogatepass"))


def packed(draw: random.Random) -> bytes:
    buffer = io.BytesIO()
    methods = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    with zipfile.ZipFile(buffer, "w", draw.choice(methods)) as archive:
        for name in {draw.choice(NAMES) for _ in range(draw.randrange(4))}:
            archive.writestr(name, packed(draw) if draw.random() < 0.05 else text(draw))
    return scrambled(draw, buffer.getvalue()) if draw.random() < 0.7 else buffer.getvalue()


def lay_out(draw: random.Random, folder: Path) -> Path:
    """A file, or a folder of files, as it may be handed in."""
    content = packed(draw) if draw.random() < 0.5 else text(draw)
    name = draw.choice(["work.zip", "vae.ipynb", "vae.ipynb.json", "vae.txt", "x\ny.zip", "y"])
    (folder / name).write_bytes(content)
    if draw.random() < 0.3:
        (folder / draw.choice(["vae.ipynb", "more.zip", "readme.md"])).write_bytes(text(draw))
        return folder
    return draw.choice([folder, folder / name])


def run(seconds: float, seed: int) -> int:
    """How many submissions were read; raises with the seed that makes the one again that was neither read nor refused."""
    assignment = assignments.load()
    until, cases, readers = time.monotonic() + seconds, 0, Readers()
    try:
        while time.monotonic() < until:
            with tempfile.TemporaryDirectory() as folder:
                path = lay_out(random.Random(f"{seed}/{cases}"), Path(folder))
                where = f"reader: seed {seed}, case {cases}"
                try:
                    found = readers.read(path, assignment.slug, assignment.version, ("gaussian_kl",))
                    assert all(type(cell.number) is int and type(cell.source) is str for cell in found.cells) and found.cells, where
                except Refused as refusal:
                    said = str(refusal)
                    assert said != TOO_MUCH, f"{where}: the reader died of {path}"
                    assert "\n" not in said and not UNSAFE.search(said) and len(said) < 1000, f"{where}: {said!r}"
            cases += 1
    finally:
        readers.close()
    return cases
