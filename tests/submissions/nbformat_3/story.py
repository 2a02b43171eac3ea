"""The notebook was written by a Jupyter of 2014."""

import json


def build(folder, book):
    cells = [{"cell_type": "code", "input": book.code, "language": "python", "outputs": [], "collapsed": False, "metadata": {}}]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells, "metadata": {}}]}
    (folder / "vae.ipynb").write_text(json.dumps(old))
