"""The program as students install it: a wheel whose bytes depend on what is in it alone, and whose metadata ask for no more than it uses.

The format is that of https://packaging.python.org/en/latest/specifications/binary-distribution-format/: a zip with a list of its files.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping

from autograder import VERSION
from autograder.checks.assignment import Assignment
from autograder.pieces import archive

DISTRIBUTION = "assignment_autograder"
NEEDS = (  # pinned where they are installed
    "ipylab",
    "ipython",
    "jinja2",
    "nbformat",
    "numpy",
    "otter-grader",
    "pyyaml",
    "rich",
    "torch",
    "traitlets",
)
NAME = f"{DISTRIBUTION}-{VERSION}-py3-none-any.whl"
METADATA = f"""\
Metadata-Version: 2.1
Name: {DISTRIBUTION.replace("_", "-")}
Version: {VERSION}
Summary: Runs the checks of an assignment, in its notebook and from a terminal
Requires-Python: >=3.11
"""
WHEEL = "Wheel-Version: 1.0\nGenerator: assignment-autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
COMMANDS = "[console_scripts]\nautograder = autograder.__main__:main\n"


def wheel(assignment: Assignment, program: Mapping[str, bytes]) -> bytes:
    """`program` by path, as a wheel of the assignment's date."""
    info = f"{DISTRIBUTION}-{VERSION}.dist-info"
    files = dict(program) | {
        f"{info}/METADATA": (METADATA + "".join(f"Requires-Dist: {name}\n" for name in NEEDS)).encode(),
        f"{info}/WHEEL": WHEEL.encode(),
        f"{info}/entry_points.txt": COMMANDS.encode(),
    }
    record = "".join(f"{path},sha256={_digest(content)},{len(content)}\n" for path, content in sorted(files.items()))
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    return archive.zipped(files, when=assignment.date)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
