"""Sixty megabytes of valid JSON that would take gigabytes: a dictionary with a key of its own in every few bytes."""


def build(folder, book):
    dicts = ",".join(f'{{"{number}":0}}' for number in range(4_500_000))
    text = f'{{"nbformat": 4, "metadata": {{}}, "cells": [{{"cell_type": "markdown", "metadata": {{"x": [{dicts}]}}}}]}}'
    (folder / "vae.ipynb").write_text(text)
