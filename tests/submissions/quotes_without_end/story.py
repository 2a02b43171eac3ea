"""Four megabytes of escaped quotation marks and no end of the string: a pattern that looks back would take hours."""


def build(folder, book):
    (folder / "vae.ipynb").write_bytes(b'{"nbformat": 4, "cells": ["' + b'\\"' * (2 << 20))
