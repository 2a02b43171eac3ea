"""A student's machine: what requirements.txt asks for, without what left_out.txt names, is enough; and checks work where grading cannot."""

from __future__ import annotations

import ast
import importlib.metadata
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import PACKAGE
from autograder.authors import build, contents, handout
from autograder.authors.build import Built
from autograder.checks import assignment as assignments
from autograder.pieces import archive, wheel

pytestmark = pytest.mark.filterwarnings("ignore")  # otter's own dependencies warn on import

SMALL = Path(__file__).parents[1] / "small_assignment"
NOT_ON_WINDOWS = """\
import os, signal, sys
import otter, torch, matplotlib.pyplot, tqdm, IPython, dill, subprocess, ipykernel
for module in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[module] = None
for name in ("fork", "geteuid", "getuid", "memfd_create", "register_at_fork", "waitid", "uname"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGALRM", "SIGKILL", "setitimer"):
    delattr(signal, name)
sys.platform = "win32"
"""


@pytest.fixture(scope="module")
def small() -> Built:
    return build.make(assignments.load(SMALL))


def listed(name: str) -> list[str]:
    lines = (handout.TEMPLATES / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def installed(wanted: list[str], left_out: set[str]) -> Iterator[str]:
    """The packages that an installer puts in: those wanted and what they ask for, as far as this machine has them."""
    waiting, seen = [Requirement(line) for line in wanted], set()
    while waiting:
        one = waiting.pop()
        name, known = canonicalize_name(one.name), (canonicalize_name(one.name), *sorted(one.extras))
        if name in left_out or known in seen:
            continue
        seen.add(known)
        try:
            asks = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # JupyterLab and its like: no cell needs them
            continue
        yield name
        for line in asks:
            asked = Requirement(line)
            if not asked.marker or any(asked.marker.evaluate({"extra": extra}) for extra in ("", *one.extras)):
                waiting.append(asked)


@pytest.fixture(scope="module")
def python(small: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with just these packages, as links to this one's, and the wheel, as pip installs it."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    [site] = folder.glob("lib/python*/site-packages")
    left_out = {canonicalize_name(name) for name in listed("left_out.txt")}
    for name in set(installed(listed("requirements.txt"), left_out)):
        for file in importlib.metadata.files(name) or []:
            top, place = file.parts[0], Path(str(file.locate()))
            if top not in ("..", "__pycache__") and not (site / top).exists():
                (site / top).symlink_to(Path(*place.parts[: len(place.parts) - len(file.parts) + 1]))
    (folder / wheel.NAME).write_bytes(small.student[wheel.NAME])
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(folder / wheel.NAME)], check=True)
    return folder / "bin" / "python"


def run(python: Path, folder: Path, *arguments: str) -> str:
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT", "VIRTUAL_ENV")}
    done = subprocess.run([str(python), *arguments], cwd=folder, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_left_out_is_not_there(python: Path) -> None:
    """Else the tests below say nothing."""
    names = ("docutils", "jupytext", "playwright", "python_on_whales", "sphinx", "pydantic", "greenlet", "genanki", "pytest")
    found = run(python, python.parent, "-c", f"from importlib.util import find_spec; print([n for n in {names} if find_spec(n)])")
    assert found == "[]\n"


def test_the_solved_notebook_runs_to_its_export(small: Built, python: Path, tmp_path: Path) -> None:
    archive.write_folder(tmp_path, small.student)
    (tmp_path / small.name).write_text(nbformat.writes(small.solved))
    script = (
        "import sys, nbformat; from nbclient import NotebookClient\n"
        "nb = nbformat.read(sys.argv[1], 4)\n"
        "NotebookClient(nb, timeout=60).execute()\n"
        "print([output for cell in nb.cells if cell.cell_type == 'code' for output in cell.outputs])"
    )
    said = run(python, tmp_path, "-W", "ignore", "-c", script, small.name)
    assert "2 of 2 public checks pass" in said
    [zipped] = tmp_path.glob("*.zip")
    with zipfile.ZipFile(zipped) as opened:
        assert small.name in opened.namelist()


def test_a_student_can_grade_from_a_terminal(small: Built, python: Path, tmp_path: Path) -> None:
    archive.write_folder(tmp_path, small.student)
    (tmp_path / small.name).write_text(nbformat.writes(small.solved))
    assert "Only the public checks ran" in run(
        python, tmp_path, "-m", "autograder", "grade", "--assignment", "assignment", small.name
    )


def test_checks_and_export_work_where_there_is_no_fork_and_no_timer(small: Built, python: Path, tmp_path: Path) -> None:
    """Windows, as far as it can be played: without its modules, calls and signals that are Unix's own."""
    archive.write_folder(tmp_path, small.student)
    answers = "\n".join(cell.source for cell in small.solved.cells if "-answer-" in cell.id or "-given-" in cell.id)
    (tmp_path / "script.py").write_text(
        f"{NOT_ON_WINDOWS}\nimport math\nimport torch\nimport torch.nn.functional as F\nfrom vae_lesson import bar\n"
        f"from autograder.hosts.seat import Grader\ngrader = Grader(otter.Notebook(), 'assignment')\n{answers}\n"
        "from autograder.hosts.otter_host import as_text\n"
        'grader.check("q2")\nprint(as_text(["q2"]))\ndef half(x): return x\ngrader.check("q2")\nprint(as_text(["q2"]))\ngrader.export()\n'
    )
    said = run(python, tmp_path, "-W", "ignore", "script.py")
    assert "2 of 2 public checks pass" in said and "expected 1, but got 2" in said
    assert [path.name for path in tmp_path.glob("*.zip")]


def test_grading_on_windows_is_one_sentence(small: Built, python: Path, tmp_path: Path) -> None:
    archive.write_folder(tmp_path, small.student)
    script = f"{NOT_ON_WINDOWS}\nimport runpy\nsys.argv = ['autograder', 'grade', '{small.name}']\nrunpy.run_module('autograder', run_name='__main__')\n"
    (tmp_path / "script.py").write_text(script)
    done = subprocess.run([str(python), "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1] == "Grading needs Linux or macOS: use the check cells of the notebook, or WSL."


def test_the_students_readme_names_files_that_they_have(small: Built) -> None:
    readme = small.student["README.md"].decode()
    blocks = re.findall(r"```(?:sh|powershell)\n(.*?)```", readme, re.DOTALL)
    assert len(blocks) == 4 and sum("uv pip install" in block for block in blocks) == 3
    for name in re.findall(r"(?:-r|--excludes|grade --assignment assignment) (\S+)", " ".join(blocks)):
        assert name in small.student
    assert [block for block in blocks if "--torch-backend cpu" in block] == blocks[:1]  # elsewhere the usual build has no CUDA


def test_the_browser_is_shown_the_jupyterlab_that_students_get() -> None:
    pins = (Path(__file__).parents[1] / "browser" / "requirements.txt").read_text().splitlines()
    assert [line for line in listed("requirements.txt") if line.startswith("jupyterlab")] == [
        line for line in pins if line.startswith("jupyterlab==")
    ]


def test_the_wheel_asks_for_what_the_program_imports_and_no_more(small: Built, python: Path) -> None:
    imported = set()
    for path in filter(lambda path: path.endswith(".py"), contents.program()):
        for node in ast.walk(ast.parse((PACKAGE.parent / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
            elif isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
    others = imported - set(sys.stdlib_module_names) - {"autograder"}
    packages = importlib.metadata.packages_distributions()
    assert {canonicalize_name(packages[name][0]) for name in others} == {canonicalize_name(name) for name in wheel.NEEDS}


def test_the_same_sources_give_the_same_wheel_with_a_record_of_each_file(small: Built) -> None:
    again = wheel.wheel(assignments.load(SMALL), contents.program())
    assert again == small.student[wheel.NAME]
    with zipfile.ZipFile(io.BytesIO(again)) as opened:
        [record] = [name for name in opened.namelist() if name.endswith("RECORD")]
        assert {line.split(",")[0] for line in opened.read(record).decode().splitlines()} == set(opened.namelist())
        assert not any(name.startswith(("autograder/authors", "autograder/proof")) for name in opened.namelist())


def test_a_command_without_an_assignment_says_how_to_name_it(small: Built, python: Path, tmp_path: Path) -> None:
    """Never the one in the current folder by itself, which may be a student's."""
    archive.write_folder(tmp_path, small.student)
    own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT")}
    command = [str(python), "-m", "autograder", "grade", small.name]
    done = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "--assignment DIR" in done.stderr and "Traceback" not in done.stderr


def test_the_console_command_is_the_same_program(python: Path, tmp_path: Path) -> None:
    assert "grade" in subprocess.run([python.with_name("autograder"), "--help"], check=True, capture_output=True, text=True).stdout
