"""Another editor left nothing but types and sources, and one cell without either."""

import json


def build(folder, book):
    bare = [{"cell_type": cell["cell_type"], "source": cell["source"].splitlines(keepends=True)} for cell in book.cells]
    strange = [{}, None, {"cell_type": "code"}, {"cell_type": "code", "source": 5}, {"cell_type": "heading", "source": "x"}]
    notebook = {"nbformat": 4, "cells": strange + bare}
    (folder / "vae.ipynb").write_text(json.dumps(notebook))
