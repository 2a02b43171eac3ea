"""The README's "change a question in five steps", done: a prompt, a tolerance, and a whole new question."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.authors import build

REPO = Path(__file__).resolve().parents[2]
TEMPLATE = REPO / "autograder" / "authors" / "new_assignment" / "questions" / "q1_spread"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of a small assignment of the same form, to be changed."""
    shutil.copytree(REPO / "tests" / "small_assignment", tmp_path / "assignment")
    return tmp_path


def rebuilt(project: Path, change: Callable[[dict[str, Any]], None] | None = None) -> dict[str, float]:
    """Build the changed sources; the scores that the zip's own program gives the solved, the untouched and a changed notebook."""
    build.build(project)
    shutil.rmtree(project / "zip", ignore_errors=True)
    shutil.unpack_archive(project / "dist" / "autograder.zip", project / "zip")
    notebooks = [project / "reference" / "small.ipynb", project / "student_template" / "small.ipynb"]
    if change:
        notebook = json.loads(notebooks[0].read_text())
        change(notebook)
        (project / "changed").mkdir(exist_ok=True)
        notebooks.append(project / "changed" / "small.ipynb")
        notebooks[-1].write_text(json.dumps(notebook))
    command = [sys.executable, "-m", "autograder", "grade", *map(str, notebooks), "--out", str(project / "out")]
    subprocess.run(command, cwd=project / "zip" / "files", check=True, capture_output=True)
    written = {path.parent.name: json.loads(path.read_text()) for path in (project / "out").glob("*/results.json")}
    scores = {name.removesuffix("-small"): results["score"] for name, results in written.items()}
    return scores | {"questions": len(written["reference-small"]["tests"])}


def test_a_changed_prompt_reaches_the_student_notebook(project: Path) -> None:
    prompt = next((project / "assignment" / "questions").glob("*/prompt.md"))
    prompt.write_text(prompt.read_text() + "\nA sentence that was not there before.\n")
    scores = rebuilt(project)
    notebook = (project / "student_template" / "small.ipynb").read_text()
    assert "A sentence that was not there before." in notebook
    assert scores["student_template"] == 0


def test_a_changed_tolerance_is_what_grades(project: Path) -> None:
    """An answer that is off by one per cent fails, and passes once the tolerance allows two."""
    strict = rebuilt(project, one_percent_off)
    tests = project / "assignment" / "questions" / "q2_kl" / "hidden_tests.py"
    line = 'expect.close(kl, want.sum(-1), "the KL")'
    assert line in tests.read_text()
    tests.write_text(tests.read_text().replace(line, line.replace('"the KL"', '"the KL", rtol=0.02')))
    lenient = rebuilt(project, one_percent_off)
    assert strict["changed"] == strict["reference"] - 2.25
    assert lenient["changed"] == lenient["reference"]


def one_percent_off(notebook: dict[str, Any]) -> None:
    source = "exact = gaussian_kl\ngaussian_kl = lambda mu, logvar: 1.01 * exact(mu, logvar)"
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    notebook["cells"].append(cell)


def test_a_new_question_from_the_template_is_built_and_graded(project: Path) -> None:
    before = rebuilt(project)
    shutil.copytree(TEMPLATE, project / "assignment" / "questions" / "q11_spread")
    toml = project / "assignment" / "assignment.toml"
    text = toml.read_text()
    last = text[text.index("order = [") : text.index("]")]
    toml.write_text(
        text.replace(last, last.rstrip().rstrip(",") + ', "q11"')
        + '\n[questions.q11]\nfolder = "q11_spread"\ntitle = "The spread"\npoints = 2\nanswers = ["spread"]\n'
    )
    after = rebuilt(project)
    assert after["reference"] == before["reference"] + 2
    assert after["questions"] == before["questions"] + 1
    assert after["student_template"] == 0
    assert "def spread" in (project / "student_template" / "small.ipynb").read_text()
