"""What the real `otter assign` makes of our master, and the test files that otter's own grader runs.

Otter's output is checked, not trusted: a test that it dropped, or a file that is no Python, is an error of the build.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograder.authors import notebook as notebooks
from autograder.checks.assignment import Assignment, Question
from autograder.pieces import archive


def student_part(assignment: Assignment, name: str) -> tuple[Any, dict[str, bytes]]:
    """The student notebook and test files that the real `otter assign` makes of our master."""
    from otter.assign import main as otter_assign

    with tempfile.TemporaryDirectory() as folder:
        master = Path(folder) / "master" / name
        master.parent.mkdir()
        master.write_bytes(notebooks.written(notebooks.master(assignment)))
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), _no_logging():
            otter_assign(str(master), str(Path(folder) / "made"), no_pdfs=True)
        student = Path(folder) / "made" / "student"
        made = nbformat.read(student / name, as_version=4)
        tests = {path: _compiled(content, path) for path, content in archive.read_folder(student / "tests").items()}
    if tests.keys() != {f"{question.id}.py" for question in assignment.questions.values()}:
        raise ValueError(f"otter assign wrote tests for {sorted(tests)}: has every question a public check?")
    for question in assignment.questions.values():
        kept = re.findall(r"^def (\w+)\(env\):$", tests[f"{question.id}.py"].decode(), re.MULTILINE)
        if kept != [check.name for check in question.checks if not check.hidden]:
            raise ValueError(f"otter assign kept {kept} of the public checks of {question.id}")
    return made, tests


@contextlib.contextmanager
def _no_logging() -> Iterator[None]:
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(level)


def _compiled(content: bytes, path: str) -> bytes:
    """The test file, if it is Python: otter would take a broken one for a question nobody has answered."""
    text = "\n".join(line.rstrip() for line in content.decode().strip().splitlines()) + "\n"
    compile(text, path, "exec")
    return text.encode()


def test_file(question: Question) -> str:
    """All checks of a question, hidden ones too, as an otter test file: constant wrappers, no text that could break them."""
    cases = "".join(
        f'\n\n@test_case(name="{check.name}", points={check.points}, hidden={check.hidden})\n'
        f'def {check.name}(env):\n    otter_host.run("{question.id}", "{check.name}", env)\n'
        for check in question.checks
    )
    return (
        "import sys\nfrom pathlib import Path\n\n"
        "# Otter keeps a submission's own folders where ours have the same names: take ours from where the zip was unpacked.\n"
        'FILES = Path("../source/files")\n'
        "sys.path.insert(0, str((FILES if FILES.is_dir() else Path()).resolve()))\n\n"
        "from otter.test_files import test_case\n\nfrom autograder.hosts import otter_host\n\n"
        f'OK_FORMAT = False\n\nname = "{question.id}"\npoints = None\n{cases}'
    )
