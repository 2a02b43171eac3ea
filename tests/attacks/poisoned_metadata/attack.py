"""Submits metadata with its own tests, points, kernel, otter configuration and keys of every wrong type."""

import json

from autograder.proof.arena.cells import notebook

OTTER = "no results"
CELLS = []


def build(folder, cells):
    found = json.loads(notebook(cells))
    found["metadata"] = {
        "kernelspec": {"name": "evil", "argv": ["/bin/sh", "-c", "id"], "language": "sh"},
        "otter": {"OK_FORMAT": True, "tests": {f"q{n}": {"name": f"q{n}", "points": 1000, "suites": []} for n in range(1, 11)}},
        "jupytext": {"formats": "../../x"}, "language_info": [None], "a" * 10**5: {},
    }  # fmt: skip
    for i, cell in enumerate(found["cells"]):
        cell["metadata"] = [{"tags": ["otter_ignore"]}, {"tags": [["otter_ignore"]]}, [], None, {"tags": None}, {"points": 100}, 7][
            i % 7
        ]
        cell["id"] = ["../../x", None, 7][i % 3]
    found["cells"] += [
        None,
        7,
        [],
        {},
        {"cell_type": "code", "source": [None, 7, {"a": 1}, "x = 1"]},
        {"cell_type": ["code"], "source": "y"},
    ]
    found["score"] = 100
    (folder / "vae.ipynb").write_text(json.dumps(found))
