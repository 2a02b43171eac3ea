"""The notebook where students meet it: JupyterLab and Notebook 7 in a browser, driven as a student drives them.

`make browser` runs these; `make test` does not. What the browser showed lies in build/browser/ then, to be looked at.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.browser import lab
from tests.browser.lab import FrontEnd, Notebook
from tests.hosts.test_seat import OURS

pytestmark = pytest.mark.filterwarnings("ignore")  # what a driver of browsers warns of

Open = Callable[[str, FrontEnd, bool], Notebook]
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# Axe and a photograph cost the most: what a theme and a front end each add is seen without every pair of them.
DRESSED = pytest.mark.parametrize(
    ("ran", "theme"),
    [("template-lab", "light"), ("template-notebook", "dark"), ("solved-lab", "light"), ("solved-lab", "dark")],
    indirect=["ran"],
)
WRONG = "def gaussian_kl(mu, logvar):\n    return (mu**2 + logvar.exp() - 1 - logvar).sum(-1)"
RIGHT = "def gaussian_kl(mu, logvar):\n    return 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum(-1)"
EDIT = "\n\n\n# edited on the page"
# What our cells make, without the anchors that a front end adds to headings.
OUR_PART = {"include": [[".jp-MarkdownOutput"], [".jp-OutputArea-output"]], "exclude": [[".jp-InternalAnchorLink"]]}
# What the front ends say of themselves, whatever the notebook.
THEIRS = re.compile(
    r"reading 'schema'\)"  # Notebook 7's keyboard shortcuts, when they load after the settings of something else
    r"|Command 'filebrowser:open-path' not registered"  # Notebook 7 has no file browser beside a notebook
)


@pytest.fixture(scope="module")
def open_notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens the template, or the solved notebook, in a folder of that name."""
    try:
        lab.jupyter(), lab.chromium(), lab.axe()
    except lab.Missing as why:
        pytest.exit(str(why), returncode=1)
    root, private = tmp_path_factory.mktemp("students"), tmp_path_factory.mktemp("server")
    with ExitStack() as stack:
        browser = stack.enter_context(lab.browser())

        @cache
        def address(front_end: FrontEnd) -> str:
            return stack.enter_context(lab.server(front_end, root, private / front_end))

        def opened(folder: str, front_end: FrontEnd, solved: bool) -> Notebook:
            file = lab.student_folder(root / folder, solved)
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            return Notebook(page, address(front_end), file, root, front_end)

        yield opened


@pytest.fixture(scope="module")
def run_all(open_notebook: Open) -> Callable[[str], Notebook]:
    """A notebook after Run All: once each, however many tests look at it."""

    @cache
    def ran(name: str) -> Notebook:
        which, front_end = name.split("-")
        notebook = open_notebook(f"{which} für {front_end}", front_end, which == "solved")  # type: ignore[arg-type]
        notebook.run_all()
        notebook.unroll()
        return notebook

    return ran


@pytest.fixture(params=["template-lab", "template-notebook", "solved-lab"])
def ran(request: pytest.FixtureRequest, run_all: Callable[[str], Notebook]) -> Notebook:
    return run_all(request.param)


def solved(notebook: Notebook) -> bool:
    return notebook.name.startswith("solved")


# --- Run All ------------------------------------------------------------------------------------------------------------


def test_run_all_reaches_the_last_cell_without_an_error(ran: Notebook) -> None:
    cells = ran.code
    assert [cell.id for cell in cells if not cell.execution_count] == []
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []
    shown = {cell.id: ran.shown(cell.id) for cell in cells}
    assert {id: text for id, text in shown.items() if OURS.search(text)} == {}
    assert "Your submission has been exported" in shown[cells[-1].id]


def test_every_check_says_how_it_stands(ran: Notebook) -> None:
    said = {cell.id: ran.shown(cell.id) for cell in ran.code if cell.source.startswith("grader.check")}
    expected = {"PASS", "FORM OK"} if solved(ran) else {"NOT ATTEMPTED"}
    words = "PASS|FAIL|NOT ATTEMPTED|CRASHED|TIMED OUT|OUT OF MEMORY|MISSING|GRADER ERROR|FORM OK"
    for id, text in said.items():
        found = set(re.findall(rf"^[✓·…✗] ({words})", text, re.MULTILINE))
        assert found and found <= expected, (id, text)


@DRESSED
def test_every_figure_is_drawn_and_described(ran: Notebook, theme: str) -> None:
    ran.wear(THEMES[theme])
    drawing = [cell.id for cell in ran.code if re.search(r"\b(diagrams|plots)\.\w+\(", cell.source)]
    figures = 0
    for id in drawing:
        pictures = ran.output(id).locator("img")
        for picture in pictures.all():
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0, id
            assert len(picture.get_attribute("alt") or "") > 20, id
            figures += 1
        assert pictures.count() or "waits for" in ran.shown(id), ran.shown(id)
    assert figures == (16 if solved(ran) else 6)
    ran.photograph(f"{ran.name} {theme}")


def test_every_formula_is_set(ran: Notebook) -> None:
    assert ran.page.locator(".jp-MarkdownOutput mjx-container").count() > 100
    wrong = "mjx-merror, [data-mjx-error], mjx-mtext[style*='red']"  # the last: a command that MathJax does not know
    assert [formula.evaluate("it => it.closest('mjx-container').textContent") for formula in ran.page.locator(wrong).all()] == []
    assert [text for text in ran.page.locator(".jp-MarkdownOutput").all_inner_texts() if "$" in text] == []  # not taken for one


@DRESSED
def test_axe_finds_nothing_serious_in_what_is_ours(ran: Notebook, theme: str) -> None:
    ran.wear(THEMES[theme])
    found = ran.axe(OUR_PART)
    serious = [violation for violation in found["violations"] if violation["impact"] in ("serious", "critical")]
    assert [(one["id"], one["help"], [node["html"] for node in one["nodes"]]) for one in serious] == []
    looked_at = {rule["id"]: len(rule["nodes"]) for rule in found["passes"]}
    images, live = ran.page.locator(".jp-OutputArea-output img"), ran.page.locator(".jp-OutputArea-output .vae-touch")
    assert live.count() == (2 if solved(ran) else 1)  # each hides its still picture, which axe then does not look at
    assert looked_at["image-alt"] == images.count() - live.count() and looked_at["color-contrast"] > 100


def test_the_console_has_no_error_of_ours(ran: Notebook) -> None:
    assert [line for line in ran.console if not THEIRS.search(line)] == []


# --- a question, answered on the page -----------------------------------------------------------------------------------


def test_a_wrong_kl_fails_with_its_hint_and_a_right_one_passes(open_notebook: Open) -> None:
    notebook = open_notebook("question 5", "lab", False)
    notebook.run("setup")
    notebook.type("q5-answer-1", WRONG)
    notebook.run("q5-answer-1")
    notebook.run("q5-check")
    said = notebook.shown("q5-check")
    assert "✗ FAIL" in said and said.count("This is twice the KL") == 1, said
    notebook.type("q5-answer-1", RIGHT)
    notebook.run("q5-answer-1")
    notebook.run("q5-check")
    said = notebook.shown("q5-check")
    assert "✓ PASS" in said and "✗" not in said and "½" not in said, said
    notebook.close()


# --- the export ---------------------------------------------------------------------------------------------------------


def test_the_export_saves_an_edit_first_and_its_zip_gets_full_marks(open_notebook: Open, tmp_path: Path) -> None:
    notebook = open_notebook("Abgabe", "lab", True)
    notebook.run("setup")
    notebook.type("q5-answer-1", RIGHT + EDIT)
    notebook.run("q5-answer-1")
    assert EDIT.strip() not in notebook.file.read_text(encoding="utf-8")
    notebook.run("export")
    assert "Your submission has been exported" in notebook.shown("export"), notebook.shown("export")
    notebook.close()
    [zipped] = notebook.file.parent.glob("*.zip")
    with zipfile.ZipFile(zipped) as opened:
        assert EDIT.strip() in opened.read(notebook.file.name).decode()
    grade = [sys.executable, "-m", "autograder", "grade", str(zipped), "--out", str(tmp_path)]
    subprocess.run(grade, cwd=lab.REPO, check=True, capture_output=True)
    [results] = tmp_path.glob("*/results.json")
    tests = json.loads(results.read_text(encoding="utf-8"))["tests"]
    assert sum(test["score"] for test in tests) == sum(test["max_score"] for test in tests) == 100
