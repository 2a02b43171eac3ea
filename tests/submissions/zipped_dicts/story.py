"""The same in a zip of a few kilobytes."""

import zipfile


def build(folder, book):
    text = '{"nbformat": 4, "cells": [' + ",".join(['{"a":{}}'] * 6_000_000) + "]}"
    with zipfile.ZipFile(folder / "homework.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vae.ipynb", text)
