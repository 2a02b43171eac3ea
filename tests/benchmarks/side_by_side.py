"""The same attacks on stock otter and on our grader, each added to the untouched notebook: `python -m tests.benchmarks.side_by_side`.

Both judge with the same zip. An attack that gets nothing from otter either would prove nothing about us, so the exit code says whether
every attack succeeded there (points, the text of a hidden test, or no results at all) and none did here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPO = Path(__file__).resolve().parent.parent.parent
ZIP = REPO / "dist" / "autograder.zip"
PATIENCE = 90
HIDDEN = "_sees_both_inputs"  # a name that stands in the hidden tests alone

ATTACKS = {
    "replaces otter's call of a test": """
from otter.test_files import exception_test
exception_test.test_case.call_func = lambda self, env: None""",
    "replaces what runs a test file": """
from otter.test_files.exception_test import ExceptionTestFile
def run(self, env):
    from otter.test_files.abstract_test import TestCaseResult
    self.test_case_results = [TestCaseResult(test_case=case, message=None, passed=True) for case in self.test_cases]
ExceptionTestFile.run = run""",
    "replaces the comparisons of the checks": """
import torch
import autograder.expect as expect
expect.close = expect.true = lambda *args, **kwargs: None
def gaussian_kl(mu, logvar): return torch.zeros(len(mu), requires_grad=True)""",
    "replaces torch.allclose": """
import torch
torch.allclose = torch.equal = lambda *args, **kwargs: True
def gaussian_kl(mu, logvar): return torch.zeros(len(mu), dtype=mu.dtype, requires_grad=True)""",
    "replaces the judge": """
import autograder.checks, autograder.otter_host
from autograder.outcomes import Outcome
def judge(checks, *args, **kwargs):
    return [Outcome(c.question, c.name, c.title, c.points, c.hidden, "passed") for c in checks]
autograder.checks.judge = autograder.otter_host.judge = judge""",
    "asks the reference": """
def gaussian_kl(mu, logvar):
    from autograder.assignment import load
    return load().reference()["gaussian_kl"](mu, logvar)""",
    "tells the hidden tests in an exception": """
def gaussian_kl(mu, logvar):
    from autograder import assignment
    text = (assignment.ROOT / "questions" / "q5_kl" / "hidden_tests.py").read_text()
    raise RuntimeError(text[text.index("def _sees_both_inputs"):])""",
    "ends the process with success": "import os\nos._exit(0)",
    "crashes in C": "import ctypes\nctypes.string_at(0)",
    "exits in a function": """
def split_params(h): raise SystemExit
def gaussian_kl(mu, logvar):
    import os
    os._exit(0)""",
    "loops without end": "while True:\n    pass",
}


def main() -> int:
    console = Console()
    if not ZIP.exists():
        console.print("Build first: python -m autograder build")
        return 2
    table = Table(title="An untouched notebook, attacked", title_justify="left")
    for heading in ("attack", "stock otter", "ours"):
        table.add_column(heading)
    surprises = []
    for name, cell in ATTACKS.items():
        with tempfile.TemporaryDirectory(prefix="side-by-side-") as folder:
            otter, ours = (grade(Path(folder), cell) for grade in (by_otter, by_us))
        table.add_row(name, otter, ours)
        if ours != "0 points":
            surprises.append(f"{name}: ours gave {ours}")
        if otter == "0 points":
            surprises.append(f"{name}: otter was not impressed, so it is no attack")
    console.print(table)
    for surprise in surprises:
        console.print(surprise, markup=False)
    return 1 if surprises else 0


def attacked(folder: Path, cell: str) -> Path:
    """The untouched notebook with the attack behind the imports or, if it answers question 5, behind that question's stub."""
    found = json.loads((REPO / "student_template" / "vae.ipynb").read_text(encoding="utf-8"))
    before = "def gaussian_kl" if "def gaussian_kl" in cell else "otter.Notebook"
    place = next(i for i, it in enumerate(found["cells"]) if it["cell_type"] == "code" and before in "".join(it["source"]))
    new = {"cell_type": "code", "id": "attack", "metadata": {}, "outputs": [], "execution_count": None, "source": cell.strip()}
    found["cells"].insert(place + 1, new)
    path = folder / "vae.ipynb"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def by_otter(folder: Path, cell: str) -> str:
    command = ["-m", "otter", "run", "--no-logo", "-a", str(ZIP), "-o", str(folder), str(attacked(folder, cell))]
    return told(command, folder, folder / "results.json")


def by_us(folder: Path, cell: str) -> str:
    command = ["-m", "autograder", "grade", str(attacked(folder, cell)), "--out", str(folder / "out")]
    return told(command, REPO, folder / "out" / "vae" / "results.json")


def told(command: list[str], cwd: Path, results: Path) -> str:
    """What came of a run, in a few words."""
    try:
        subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return f"no end within {PATIENCE} s"
    if not results.exists():
        return "no results"
    text = results.read_text(encoding="utf-8")
    found = json.loads(text)
    if HIDDEN in text:
        return "tells a hidden test"
    score = found.get("score")
    score = sum(test.get("score", 0) for test in found["tests"]) if score is None else score
    return f"{score:g} points"


if __name__ == "__main__":
    sys.exit(main())
