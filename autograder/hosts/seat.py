"""The student's seat: what `grader` is in a notebook. Otter's own object, with an export that knows which notebook runs.

An unsaved edit is not in a file: before a file is packed it is saved where the front end can be asked to, and compared with what ran.
"""

from __future__ import annotations

import contextlib
import html
import io
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.wire.faults import theirs

SAVE_SECONDS = 3.0  # that a front end gets to save
SAVE = "Save the notebook (Ctrl+S, or File → Save), then run this cell again."
BY_HAND = "Download the notebook by your editor's menu (File → Download) and submit that file."


class Grader:
    """Stands before `otter.Notebook`."""

    def __init__(self, otter: Any, assignment: str) -> None:
        """`assignment`: the folder of it, from where the notebook runs. Whatever is started from the notebook has the same."""
        if not getattr(otter, "_grading_mode", False):  # there the assignment lies beside the program
            os.environ["AUTOGRADER_ASSIGNMENT"] = str(Path(assignment).resolve())
        self._otter = otter

    def check(self, question: str, global_env: dict[str, Any] | None = None) -> Any:
        return self._otter.check(question, global_env or sys._getframe(1).f_globals)

    def check_all(self) -> Any:
        """Every public check on the notebook as it is."""
        if getattr(self._otter, "_grading_mode", False):
            return None
        from otter.test_files import GradingResults

        namespace = sys._getframe(1).f_globals  # here: up to Python 3.11 a comprehension is a frame of its own
        names = sorted(path.stem for path in Path("tests").glob("*.py"))
        return GradingResults([self._otter.check(name, namespace) for name in names])

    def export(self, notebook: str = "", **_: Any) -> None:
        """Pack the notebook that runs, as it stands in its file. `notebook`: its name, where that cannot be known."""
        if getattr(self._otter, "_grading_mode", False):
            return
        try:
            said = self._export(notebook)
        except KeyboardInterrupt:
            raise
        except Exception as error:
            said = f"Nothing was exported ({type(error).__name__}: {error}). {BY_HAND}"
        if said:
            print(said)

    def _export(self, notebook: str) -> str:
        """Returns what there is to say."""
        if "google.colab" in sys.modules:
            return "In Colab choose File → Download → Download .ipynb, and submit that file: nothing else is needed."
        known = notebook or running(sys._getframe(2).f_globals)
        found = [Path(known)] if known else sorted(Path().glob("*.ipynb"))
        if len(found) != 1 or not found[0].is_file():
            names = ", ".join(theirs(path.name) for path in sorted(Path().glob("*.ipynb"))) or "none"
            return (
                f"Which notebook is this one? In this folder there is: {names}. "
                'Say it here, as grader.export("its name.ipynb"), and run this cell again.'
            )
        [path] = found
        saved = _saved(path)
        stale = _unsaved(path, sys._getframe(2).f_globals)
        if stale:
            return f"Nothing was exported: {path.name} does not hold what you ran last in the cell of `{stale}`. {SAVE}"
        zipped = f"{path.stem}_{datetime.now():%Y_%m_%dT%H_%M_%S_%f}.zip"
        with contextlib.redirect_stderr(io.StringIO()):
            self._otter.export(str(path), zipped, pdf=False, display_link=False, ignore_log=True)
        _show_link(zipped)
        if saved:
            return ""
        at = time.strftime("%H:%M:%S", time.localtime(path.stat().st_mtime))
        return f"This is {path.name} as it was saved at {at}. If you have changed it since: {SAVE[0].lower()}{SAVE[1:]}"


def _show_link(zipped: str) -> None:
    """Underlined: a front end's own links differ from words by their colour alone."""
    from IPython.display import display

    name, said = html.escape(zipped), "Your submission has been exported:"
    link = f'<a href="{name}" download="{name}" target="_blank" style="text-decoration: underline">{name}</a>'
    display({"text/html": f"<p>{said} {link}</p>", "text/plain": f"{said} {zipped}"}, raw=True)


def running(namespace: dict[str, Any]) -> str:
    """The name of the notebook that runs, as Jupyter's server or VS Code tell it, if it lies in this folder; else nothing."""
    for known in (namespace.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        name = Path(str(known or "")).name
        if name.endswith(".ipynb") and Path(name).is_file():
            return name
    return ""


def _saved(path: Path) -> bool:
    """Ask the front end to save the notebook, where there may be one that can, and wait for the file to change."""
    if "JPY_SESSION_NAME" not in os.environ:
        return False
    before, until = path.stat().st_mtime_ns, time.monotonic() + SAVE_SECONDS
    try:
        import ipylab  # type: ignore[import-untyped]

        ipylab.JupyterFrontEnd().commands.execute("docmanager:save")
    except Exception:  # whatever a widget's library has against this place
        return False
    while time.monotonic() < until:
        if path.stat().st_mtime_ns != before and path.stat().st_size:
            return True
        time.sleep(0.1)
    return False


def _unsaved(path: Path, namespace: dict[str, Any]) -> str:
    """The first answer whose cell, as it was run last, does not stand in the file; nothing where all do."""
    from IPython.core.getipython import get_ipython

    from autograder.checks import assignment as assignments

    shell = get_ipython()
    if shell is None:
        return ""
    import nbformat

    texts = {cell.source.strip() for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"}
    ran = [source.strip() for source in shell.history_manager.input_hist_raw]
    for question in assignments.load().questions.values():
        for name in question.answers:
            last = next((source for source in reversed(ran) if _defines(source, name)), "")
            if name in namespace and last and last not in texts:
                return name
    return ""


def _defines(source: str, name: str) -> bool:
    lines = source.splitlines()
    return any(line.startswith((f"def {name}(", f"{name} =", f"{name}=")) for line in lines)
