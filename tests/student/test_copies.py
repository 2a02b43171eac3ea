"""A cell that forks is told what happened, once; the notebook goes on without it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from book import Book

from autograder.checks import assignment as assignments
from autograder.proof.arena.situations import NotHere, python_for_others
from autograder.student.copies import FORKED
from tests.submissions.test_submissions import in_a_hurry

REPO = Path(__file__).parents[2]
ASSIGNMENT = assignments.load()
CELLS = {
    "once": "import os\nos.fork()",
    "forty": "import os\nfor _ in range(40):\n    os.fork() or os._exit(0)",
    "through_c": "import ctypes\nctypes.CDLL(None).fork()",
    "and_dies": "import os\nif os.fork():\n    os._exit(0)",
    "and_computes": "import os, time\nos.fork()\ntime.sleep(0.3)",
    "six": "import os\nfor _ in range(3):\n    os.fork()",
    "daemon": "import os, time\nif os.fork() == 0:\n    time.sleep(600)",
    "ends_its_child": "import os\npid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)",
    "closes": "import os\nos.closerange(4, 100)\nos.fork()",
}
QUIET = ("daemon", "ends_its_child", "forty", "and_dies", "closes")  # no second process goes on, or none can be heard


@pytest.fixture(scope="module", params=["own uid", "kept uid"])
def found(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """One class of all of them, in both situations."""
    place = Path(tempfile.mkdtemp(prefix="copies-", dir="/tmp"))
    place.chmod(0o755)
    for name, cell in CELLS.items():
        (place / "class" / name).mkdir(parents=True)
        book = Book(ASSIGNMENT)
        book.insert(cell)
        book.save(place / "class" / name / "vae.ipynb")
    environment = os.environ | {"AUTOGRADER_ASSIGNMENT": str(in_a_hurry(place / "assignment"))}
    words = ["-m", "autograder", "grade", place / "class", "--out", place / "out", "--jobs", "2"]
    try:
        if request.param == "own uid":
            with python_for_others() as python:
                done = subprocess.run(
                    [python / "bin" / "python", *words], cwd=REPO, env=environment, capture_output=True, text=True
                )
        else:
            done = subprocess.run([sys.executable, *words], cwd=REPO, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        yield {path.parent.name: json.loads(path.read_text()) for path in place.glob("out/*/results.json")}
    except NotHere as why:
        pytest.skip(str(why))
    finally:
        shutil.rmtree(place)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_forks_costs_that_cell(name: str, found: dict[str, Any]) -> None:
    own_uid = found[name]["extra_data"]["confinement"].get("user") == "applied"
    assert found[name]["score"] == 100, found[name]["output"]
    assert "another question" not in json.dumps(found)
    if own_uid and name not in QUIET:
        assert found[name]["output"].count(FORKED[:60]) == 1 and "(the cell was skipped)" in found[name]["output"]
    assert found[name]["output"].count("Cell ") <= 1
