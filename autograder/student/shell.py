"""Notebook semantics for the cells: IPython's own shell, headless, silent, and without a keyboard."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import traceback
import types
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "agg")

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.confine.layers import give_memory
from autograder.student.invoke import explain
from autograder.wire.faults import OutOfMemory


class Shell(InteractiveShell):  # type: ignore[misc]  # IPython ships no types
    """A shell that shows nothing: results go back as names, not as text."""

    def enable_gui(self, gui: str | None = None) -> None: ...

    def ask_exit(self) -> None: ...

    def showtraceback(self, *args: Any, **kwargs: Any) -> None: ...

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None: ...

    def _format_exception_for_storage(self, *args: Any, **kwargs: Any) -> None: ...  # it takes IPython 0.2 s, and nobody reads it


def make_shell(public: Path) -> Shell:
    """Make the shell once, in the clean parent: every student process inherits a fresh one.

    `public` is the folder whose modules a notebook may import.
    """
    sys.path.insert(0, str(public))
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    with tempfile.TemporaryDirectory() as profile:  # it insists on making one, in the user's home or wherever it can
        shell: Shell = Shell.instance(config=config, ipython_dir=profile)
    shell.displayhook.write_output_prompt = lambda: None
    sys.modules["otter"] = _silent_otter()
    return shell


def run_cell(shell: Shell, source: str) -> str:
    """Run one cell; returns what went wrong, in the student's words, or an empty string."""
    result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return ""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}" + (f" (line {error.lineno} of the cell)" if error.lineno else "")
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError) and _starts_a_program(error):
        return "it starts another program (by `!`, `%%bash` or the like), which is not possible while a notebook is graded"
    explained = explain(error)
    if isinstance(explained, OutOfMemory):  # what the failed cell held hangs on its traceback, in a cycle
        del result, error
        shell.last_execution_result = None
        gc.collect()
        give_memory()  # it may hold what it filled for good
    return str(explained).removeprefix("your code raised ")


def _starts_a_program(error: OSError) -> bool:
    files = {frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)}
    return any(part in file for file in files for part in ("subprocess", "ptyprocess", "pexpect"))


def _silent_otter() -> types.ModuleType:
    """Stands for otter while grading: the notebook's own checks are skipped, the grader runs its own."""

    class Notebook:
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

        def check(self, *args: Any, **kwargs: Any) -> None: ...

        check_all = export = to_pdf = add_plugin_files = run_plugin = check

    module = types.ModuleType("otter")
    module.Notebook = Notebook  # type: ignore[attr-defined]
    return module
