"""1,797 handwritten digits, 8×8 pixels each, bundled with the notebook: nothing is downloaded.

UCI, "Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, 1998),
https://doi.org/10.24432/C50P49, licensed CC BY 4.0, as scikit-learn ships it.
Each grey value counts the inked pixels in one 4×4 block of a black-and-white 32×32 scan: 0 to 16.
"""

from pathlib import Path

import numpy as np
import torch

FILE = Path(__file__).with_name("digits.csv.gz")  # the build puts the data beside this module
SIDE = 8  # pixels along one edge
LEVELS = 16  # the darkest value in the file


def load(path=FILE):
    """All the images and which digit each one shows.

    Returns images (1797, 64), float32, ink in [0, 1] with 1 = full ink, and labels (1797,), int64.
    """
    table = np.loadtxt(path, delimiter=",", dtype=np.int64)  # (1797, 64 pixels + 1 label)
    images = torch.from_numpy(table[:, :-1]).to(torch.float32) / LEVELS
    labels = torch.from_numpy(table[:, -1].copy())
    return images, labels
