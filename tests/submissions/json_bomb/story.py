"""Sixty megabytes of empty lists, which would fill gigabytes of memory."""


def build(folder, book):
    (folder / "vae.ipynb").write_bytes(b'{"nbformat": 4, "cells": [' + b"[]," * (20 << 20) + b"[]]}")
