"""`make`'s last step: grade the reference and the untouched template with the zip that was just built."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder import REPO
from autograder.checks import assignment as assignments


def main() -> int:
    """Show both scores; 0 if they are 100 and 0."""
    out = REPO / "build" / "demo"
    name = f"{assignments.load().slug}.ipynb"
    notebooks = [REPO / "reference" / name, REPO / "student_template" / name]
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(REPO / "dist" / "autograder.zip", folder)
        command = [sys.executable, "-m", "autograder", "grade", *map(str, notebooks), "--out", str(out)]
        subprocess.run(command, cwd=Path(folder) / "files", check=True)
    scores = [
        json.loads((out / f"{notebook.parent.name}-{notebook.stem}" / "results.json").read_text())["score"]
        for notebook in notebooks
    ]
    if scores != [100, 0]:
        print(f"Expected 100 for the reference and 0 for the template, but got {scores}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
