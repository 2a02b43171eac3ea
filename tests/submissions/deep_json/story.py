"""A hundred thousand lists, one in the other."""


def build(folder, book):
    (folder / "vae.ipynb").write_text('{"nbformat": 4, "cells": ' + "[" * 100_000 + "]" * 100_000 + "}")
