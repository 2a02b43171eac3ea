"""One command builds what students and instructors receive: the same bytes each time, and not a line of an answer too many."""

from __future__ import annotations

import ast
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import PACKAGE
from autograder.authors import build
from autograder.authors.build import Built
from autograder.authors.contents import NOT_SHIPPED, PUBLIC_FILES
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment
from autograder.pieces import archive, stub, wheel
from autograder.pieces import execution as executed
from autograder.submissions import cells as submission

pytestmark = pytest.mark.filterwarnings("ignore")  # otter's own dependencies warn on import

HERE = Path(__file__).parents[1]
BUILD = "import sys; from pathlib import Path; from autograder.authors import build; build.build(Path(sys.argv[1]))"


def build_small(root: Path, umask: int = 0o022, **environment: str) -> Path:
    """Build the small assignment in its own folder, in a process of its own."""
    shutil.copytree(HERE / "small_assignment", root / "assignment")
    subprocess.run(
        [sys.executable, "-c", BUILD, str(root)],
        cwd=HERE.parent,
        env={**os.environ, **environment},
        umask=umask,
        check=True,
        capture_output=True,
    )
    return root


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_small(tmp_path_factory.mktemp("small") / "root")


@pytest.fixture
def copy_of_small(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "root"))


@pytest.fixture(scope="module")
def real() -> Built:
    return build.make(assignments.load())


def test_the_same_sources_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    """Whatever the folder, the hash seed, the time zone and the umask."""
    again = build_small(tmp_path / "elsewhere", umask=0o077, PYTHONHASHSEED="7", TZ="Asia/Kathmandu", LC_ALL="C")
    for folder in ("student_template", "reference", "dist"):
        first, second = archive.read_folder(small / folder), archive.read_folder(again / folder)
        assert first.keys() == second.keys()
        assert [path for path in first if first[path] != second[path]] == []


@pytest.mark.parametrize("name", ["student.zip", "autograder.zip"])
def test_a_zip_says_nothing_of_its_builder(small: Path, name: str) -> None:
    with zipfile.ZipFile(small / "dist" / name) as opened:
        entries = opened.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(2025, 3, 4, 12, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    executable = [entry.filename for entry in entries if entry.external_attr >> 16 & stat.S_IXUSR]
    assert executable == (["run_autograder", "setup.sh"] if name == "autograder.zip" else [])


def test_the_autograder_zip_is_an_otter_autograder(small: Path) -> None:
    with zipfile.ZipFile(small / "dist" / "autograder.zip") as opened:
        names = set(opened.namelist())
    assert {"setup.sh", "run_autograder", "run_otter.py", "environment.yml", "otter_config.json"} <= names
    assert {"tests/q1.py", "tests/q2.py", "tests/q3.py"} <= names
    assert {
        "files/autograder/checks/check.py",
        "files/assignment/questions/q2_kl/hidden_tests.py",
        "files/vae_lesson/bar.py",
    } <= names


def test_the_student_zip_is_the_student_folder(small: Path) -> None:
    with zipfile.ZipFile(small / "dist" / "student.zip") as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == archive.read_folder(small / "student_template")


# --- what students must not receive -----------------------------------------------------------------------------------


def secrets(assignment: Assignment) -> Iterator[tuple[str, str]]:
    """Every line of an answer, a hidden check, a right or a wrong answer that stands in no public source too."""
    public = "\n".join(public_texts(assignment))
    for question in assignment.questions.values():
        texts = {"solution.py": "\n".join(stub.secret_lines(question.source("solution.py")))}
        texts |= {name: question.source(name) for name in ("hidden_tests.py", "right_answers.py", "wrong_answers.py")}
        for name, text in texts.items():
            for line in map(str.strip, text.splitlines()):
                if len(line) >= 12 and line not in public:
                    yield f"{question.id}/{name}", line


def public_texts(assignment: Assignment) -> Iterator[str]:
    """What is public already: the lesson, the prompts, the public tests, the stubs, our own program…"""
    sources = [*(assignment.root / "lesson").glob("*.md"), *(assignment.root / "files").rglob("*.py")]
    sources += [assignment.root / "assignment.toml", *PACKAGE.glob("**/*.py")]
    for question in assignment.questions.values():
        sources += [question.folder / name for name in ("prompt.md", *PUBLIC_FILES)]
        for cell in stub.cells(question.source("solution.py")):
            yield stub.stub(cell, question.number)
    for path in sources:
        if path.exists():
            yield path.read_text(encoding="utf-8")


def texts(files: dict[str, bytes]) -> str:
    """All that can be read in the files, notebooks as their cells' text."""
    found = []
    for path, content in files.items():
        if path.endswith(".ipynb"):
            found += [str(cell["source"]) for cell in nbformat.reads(content.decode(), as_version=4).cells]
            found.append(json.dumps(json.loads(content), ensure_ascii=False))
        elif not path.endswith(".gz"):
            found.append(content.decode(errors="replace" if path.endswith((".apkg", ".npz", ".whl")) else "strict"))
    return "\n".join(found)


def leaks(assignment: Assignment, files: dict[str, bytes]) -> list[tuple[str, str]]:
    text = texts(files)
    return [(where, line) for where, line in secrets(assignment) if line in text]


def test_no_secret_line_reaches_a_student(small: Path, real: Built) -> None:
    assert leaks(assignments.load(small / "assignment"), archive.read_folder(small / "student_template")) == []
    assert leaks(assignments.load(), real.student) == []


def test_the_search_for_leaks_would_find_one(small: Path, real: Built) -> None:
    found = {where for where, _ in leaks(assignments.load(small / "assignment"), archive.read_folder(small / "reference"))}
    assert found == {"q1/solution.py", "q2/solution.py", "q3/solution.py"}
    where = {where for where, _ in leaks(assignments.load(), real.autograder)}
    assert {f"{id}/hidden_tests.py" for id in assignments.load().questions} <= where


def test_a_student_has_only_public_files(small: Path, real: Built) -> None:
    for files in (archive.read_folder(small / "student_template"), real.student):
        of_questions = {Path(path).name for path in files if path.startswith("assignment/questions/")}
        assert of_questions <= set(PUBLIC_FILES)
        assert not [path for path in files if any(word in path for word in ("hidden", "solution", "answers"))]


def test_a_students_copy_knows_how_many_hidden_checks_there_are(small: Path) -> None:
    copy = assignments.load(small / "student_template" / "assignment")
    assert not copy.has_hidden_tests
    assert [question.hidden_checks for question in copy.questions.values()] == [2, 2, 1]


def unpacked(small: Path, folder: Path) -> Path:
    """A student's folder with the program beside what is in it."""
    shutil.copytree(small / "student_template", folder)
    with zipfile.ZipFile(folder / wheel.NAME) as opened:
        opened.extractall(folder)
    return folder


def test_the_program_a_student_gets_is_complete(small: Path, tmp_path: Path) -> None:
    """Every module that is shipped can be imported without those that are not."""
    folder = unpacked(small, tmp_path / "mine")
    paths = [path.relative_to(folder).with_suffix("") for path in sorted((folder / "autograder").glob("**/*.py"))]
    modules = [".".join(path.parts[1:]) for path in paths if path.stem not in ("__init__", "__main__")]
    imports = "\n".join(f"import autograder.{name}" for name in modules)
    done = subprocess.run([sys.executable, "-B", "-c", imports], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not {name.partition(".")[0] for name in modules} & set(NOT_SHIPPED)


def test_a_student_can_grade_what_is_public(small: Path, tmp_path: Path) -> None:
    """The copy a student has grades a notebook from a terminal, and says that it lacks the hidden checks."""
    folder = unpacked(small, tmp_path / "mine")
    shutil.copy(small / "reference" / "small.ipynb", folder / "solved.ipynb")
    command = [sys.executable, "-m", "autograder", "grade", "solved.ipynb", "--out", "out"]
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "AUTOGRADER_ASSIGNMENT")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [results] = (folder / "out").rglob("results.json")
    assert json.loads(results.read_text())["score"] == 1.5
    assert "public" in done.stdout


# --- the notebooks ----------------------------------------------------------------------------------------------------


def code(notebook: Any) -> dict[str, Any]:
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


def test_the_notebook_has_the_lesson_in_order_and_stable_ids(small: Path) -> None:
    notebook = nbformat.read(small / "student_template" / "small.ipynb", as_version=4)
    assert [cell.id for cell in notebook.cells] == [
        *("welcome-1", "setup", "welcome-3", "q1-prompt-1", "q1-answer-1", "q1-answer-2", "q1-check"),
        *("middle-1", "middle-2", "middle-3", "q2-prompt-1", "q2-answer-1", "q2-answer-2", "q2-check"),
        *("q3-prompt-1", "q3-given-1", "q3-answer-1", "q3-check"),
        *("check-all-note", "check-all", "export-note", "export"),
    ]
    cells = code(notebook)
    assert cells["middle-3"].metadata.tags == ["otter_ignore"]
    assert cells["middle-3"].source.startswith(submission.NOT_GRADED)
    assert cells["q1-answer-2"].source == "q1_choice = ..."
    assert cells["q3-answer-1"].source.endswith('raise NotImplementedError("Question 3: write vae_loss …")')
    assert not any(cell.outputs or cell.execution_count for cell in cells.values())


@pytest.mark.parametrize("path", ["student_template/small.ipynb", "reference/small.ipynb"])
def test_the_grader_knows_the_notebook(small: Path, path: str) -> None:
    read = submission.read(small / path, "small", "1", ("gaussian_kl",))
    assert read.notes == ()
    assert "bar.run" not in read.code


def test_the_reference_notebook_is_executed_and_timeless(small: Path) -> None:
    cells = code(nbformat.read(small / "reference" / "small.ipynb", as_version=4))
    assert [output.text for output in cells["middle-3"].outputs] == ["drawn: 0.758, 42\n", "bar: 3/3\n"]
    assert "2 of 2 public checks pass" in cells["q2-check"].outputs[0].data["text/plain"]
    assert cells["export"].outputs == []
    assert all("execution" not in cell.metadata for cell in cells.values())


def test_the_answers_are_one_module(small: Path) -> None:
    source = (small / "reference" / "answers.py").read_text()
    namespace: dict[str, Any] = {}
    exec(compile(source, "answers.py", "exec"), namespace)
    assert namespace["q1_number"] == 0.25 and namespace["half"](4) == 2
    assert "SOLUTION" not in source


def test_the_real_answers_are_one_module(real: Built) -> None:
    namespace: dict[str, Any] = {"__name__": "answers"}
    exec(compile(real.reference["answers.py"], "answers.py", "exec"), namespace)
    assert [name for q in assignments.load().questions.values() for name in q.answers if name not in namespace] == []


def test_every_real_cell_is_python(real: Built) -> None:
    for cell in nbformat.reads(real.student["vae.ipynb"].decode(), as_version=4).cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)


# --- fresh or stale ---------------------------------------------------------------------------------------------------


def test_a_build_is_fresh(small: Path) -> None:
    assert build.stale(small) == []


def test_what_differs_is_named(copy_of_small: Path) -> None:
    (copy_of_small / "student_template" / "README.md").write_text("mine")
    (copy_of_small / "student_template" / "extra.txt").write_text("mine")
    (copy_of_small / "reference" / "answers.py").unlink()
    assert build.stale(copy_of_small) == [
        "student_template/README.md: differs",
        "student_template/extra.txt: not built from anything",
        "reference/answers.py: missing",
    ]


def test_a_changed_prompt_is_stale_and_needs_no_new_outputs(copy_of_small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = copy_of_small / "assignment" / "questions" / "q1_numbers" / "prompt.md"
    prompt.write_text(prompt.read_text().replace("quarter", "fourth part"))
    assert build.stale(copy_of_small) == ["student_template/small.ipynb: differs", "reference/small.ipynb: differs"]
    monkeypatch.setattr(executed, "run", lambda *_: pytest.fail("executed though no code changed"))
    build.build(copy_of_small)
    assert build.stale(copy_of_small) == []
    assert "fourth part" in (copy_of_small / "student_template" / "small.ipynb").read_text()


def test_changed_code_needs_new_outputs(copy_of_small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    solution = copy_of_small / "assignment" / "questions" / "q2_kl" / "solution.py"
    solution.write_text(solution.read_text().replace("1 / 2", "0.5"))
    assert "reference/small.ipynb: its outputs were made from other sources" in build.stale(copy_of_small)
    ran = []
    monkeypatch.setattr(executed, "run", lambda notebook, files: ran.append(1) or notebook)
    build.build(copy_of_small)
    assert ran == [1]


def test_a_broken_solution_is_not_built(copy_of_small: Path) -> None:
    solution = copy_of_small / "assignment" / "questions" / "q2_kl" / "solution.py"
    solution.write_text(solution.read_text().replace("1 / 2", "1"))
    with pytest.raises(ValueError, match="the solution of q2 fails test_half_of_two"):
        build.build(copy_of_small)


def test_two_checks_of_one_name_are_not_built(copy_of_small: Path) -> None:
    hidden = copy_of_small / "assignment" / "questions" / "q2_kl" / "hidden_tests.py"
    hidden.write_text(hidden.read_text().replace("test_half_of_anything", "test_half_of_two"))
    with pytest.raises(ValueError, match="two checks named test_half_of_two"):
        build.make(assignments.load(copy_of_small / "assignment"))


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("points = 5", "points = 6", "the checks of q2 are worth 5 points, and assignment.toml says 6"),
        ("[questions.q2]", "[questions.two]", "two is no id of a question"),
    ],
)
def test_what_would_cost_students_points_is_not_built(copy_of_small: Path, was: str, now: str, why: str) -> None:
    toml = copy_of_small / "assignment" / "assignment.toml"
    toml.write_text(toml.read_text().replace(was, now).replace(' "q2"', ' "two"' if "two" in now else ' "q2"'))
    with pytest.raises(ValueError, match=why):
        build.make(assignments.load(copy_of_small / "assignment"))


def test_the_real_folders_are_what_the_sources_build() -> None:
    assert build.stale() == []


def test_every_check_in_the_reference_notebook_passes() -> None:
    """As its outputs say, which readers see: a build that runs through need not have gone well."""
    notebook = nbformat.read(HERE.parent / "reference" / "vae.ipynb", as_version=4)
    said = {
        cell.id: cell.outputs[0].data["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("grader.check")
    }
    assert len(said) == len(assignments.load().questions) + 1
    for id, text in said.items():
        statuses = {line[2:10].rstrip() for line in text.splitlines() if line.startswith("  ") and line[2] != " "}
        assert statuses and statuses <= {"PASS", "FORM OK"}, (id, text)


def test_zipped_bytes_hold_what_went_in() -> None:
    content = archive.zipped({"b/run": b"x", "a": b""}, executable=("b/run",))
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        modes = {entry.filename: entry.external_attr >> 16 for entry in opened.infolist()}
    assert modes == {"a": 0o100644, "b/run": 0o100755}
