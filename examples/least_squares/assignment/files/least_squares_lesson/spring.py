"""Twelve measurements of a spring, bundled with the notebook."""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("spring.csv")  # the build puts the data beside this module


def load(path=FILE):
    """The masses in hundreds of grams and the lengths in centimetres, (12,) each."""
    mass, length = np.loadtxt(path, delimiter=",").T
    return mass.copy(), length.copy()
