"""Thirty-two megabytes of small dictionaries: few enough parts for every count, too many for a small container."""


def build(folder, book):
    dicts = ",".join(['{"a":{}}'] * 3_700_000)
    text = f'{{"nbformat": 4, "metadata": {{}}, "cells": [{{"cell_type": "markdown", "metadata": {{"x": [{dicts}]}}}}]}}'
    (folder / "vae.ipynb").write_text(text)
