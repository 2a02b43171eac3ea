"""Submits, beside a blank notebook, an otter whose tests always pass, to be imported in place of the real one."""

from autograder.proof.arena.cells import notebook

OTTER = "points"
CELLS = []

# It stands aside at once for the real one, which it has changed.
IMPOSTOR = """\
import os, sys
here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
own, sys.path[:] = sys.path[:], [path for path in sys.path if os.path.abspath(path) != here]
del sys.modules["otter"]
import otter
from otter.test_files import exception_test
sys.path[:] = own
exception_test.test_case.call_func = lambda self, env: None
"""


def build(folder, cells):
    (folder / "vae.ipynb").write_text(notebook(cells))
    (folder / "otter").mkdir()
    (folder / "otter" / "__init__.py").write_text(IMPOSTOR)
