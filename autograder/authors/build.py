"""One command from `assignment/` to what students and instructors receive: two folders and two zips.

Everything is made in memory as bytes by path, then written; so "is what is committed what the sources build?" is a comparison.
Only the outputs of the executed reference notebook depend on the machine. They are kept as long as what the notebook runs
(its code, the lesson's files, the public questions' code) is unchanged; its metadata says from what they were made.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import PACKAGE
from autograder.authors import contents, handout, otter_assign
from autograder.authors import notebook as notebooks
from autograder.authors.contents import Files
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment, Question
from autograder.checks.check import VALUE
from autograder.checks.judge import judge
from autograder.hosts.fingerprints import locked_hints
from autograder.hosts.in_process import LocalHost
from autograder.pieces import archive, execution, wheel

TEMPLATES = PACKAGE / "authors" / "otter_files"

HINTS = "assignment/hints.json"
SAYS = (
    "autograder/hosts/otter_host.py",
    "autograder/hosts/shown.py",
    "autograder/hosts/seat.py",
)  # of the program, what a check cell of the reference shows
EXECUTABLE = ("setup.sh", "run_autograder")


@dataclass
class Built:
    """What the sources make, as bytes by path; `reference` lacks its notebook until that has outputs."""

    name: str  # of the notebook
    student: Files
    reference: Files
    autograder: Files
    solved: Any  # the reference notebook, without outputs
    made_from: str  # a digest of all that it runs

    def add_outputs(self, ran: Any) -> None:
        notebook = execution.with_outputs(self.solved, ran, self.made_from)
        self.reference[self.name] = notebooks.written(notebook)
        self.reference |= {f"plots/{name}.png": png for name, png in execution.pictures(notebook).items()}


def build(root: Path | None = None, out: Path | None = None, *, execute: bool = False) -> None:
    """Write `student_template/`, `reference/` and `dist/` of the assignment in `root`, beside its folder or in `out`.

    The reference notebook is executed when what it runs has changed since its outputs were made, or when `execute` says so.
    """
    assignment = assignments.load(root and root / "assignment")
    out = out or assignment.root.parent
    built = make(assignment, out / "student_template" / HINTS)
    _accept_solutions(assignment)
    outputs = None if execute else execution.kept(out / "reference" / built.name, built.made_from)
    built.add_outputs(outputs or execution.run(built.solved, built.student))
    archive.write_folder(out / "student_template", built.student)
    archive.write_folder(out / "reference", built.reference)
    (out / "dist").mkdir(parents=True, exist_ok=True)
    (out / "dist" / "student.zip").write_bytes(archive.zipped(built.student, when=assignment.date))
    (out / "dist" / "autograder.zip").write_bytes(archive.zipped(built.autograder, EXECUTABLE, assignment.date))


def stale(root: Path | None = None, *, execute: bool = False) -> list[str]:
    """What the committed folders have otherwise than the sources build, in words; nothing when they are fresh.

    Outputs of the reference notebook count as fresh when they were made from what would run today; with `execute` it is run
    again, and its outputs must agree in kind and number.
    """
    assignment = assignments.load(root and root / "assignment")
    root = assignment.root.parent
    built = make(assignment, root / "student_template" / HINTS)
    outputs = execution.kept(root / "reference" / built.name, built.made_from)
    said = []
    if outputs is None:
        said.append(f"reference/{built.name}: its outputs were made from other sources")
    else:
        built.add_outputs(outputs)
        if execute and execution.kinds(execution.run(built.solved, built.student)) != execution.kinds(outputs):
            said.append(f"reference/{built.name}: running it again gives other outputs")
    committed = {path: content for path, content in built.student.items() if path != wheel.NAME}
    for folder, files in {"student_template": committed, "reference": built.reference}.items():
        found = archive.read_folder(root / folder) if (root / folder).is_dir() else {}
        found.pop(wheel.NAME, None)
        for path in sorted(files.keys() | found.keys()):
            if path not in found:
                said.append(f"{folder}/{path}: missing")
            elif path not in files:
                said.append(f"{folder}/{path}: not built from anything")
            elif files[path] != found[path]:
                said.append(f"{folder}/{path}: differs")
    return said


def make(assignment: Assignment, kept_hints: Path | None = None) -> Built:
    """Everything but the outputs of the reference notebook. The file of hints is kept while what it was made from is unchanged."""
    name = f"{assignment.slug}.ipynb"
    made, tests = otter_assign.student_part(assignment, name)
    student_notebook = notebooks.tidied(made, assignment)
    solved = notebooks.solved(student_notebook, assignment)
    lesson, public, program = contents.lesson_files(assignment), contents.public_assignment(assignment), contents.program()
    student = {
        name: notebooks.written(student_notebook),
        **handout.files(assignment, name),
        **{f"tests/{path}": content for path, content in tests.items()},
        **lesson,
        **public,
        HINTS: _hints(assignment, kept_hints),
        wheel.NAME: wheel.wheel(assignment, program),
    }
    for question in assignment.questions.values():
        _refuse_twins(question)
        _refuse_other_forms(question)
    whole = {
        f"assignment/{path}": content
        for path, content in archive.read_folder(assignment.root).items()
        if not contents.stays_home(path)
    }
    autograder = {
        **contents.gradescope_files(assignment),
        **{path: (TEMPLATES / path).read_bytes() for path in ("run_otter.py", "environment.yml", "otter_config.json")},
        **{f"tests/{question.id}.py": otter_assign.test_file(question).encode() for question in assignment.questions.values()},
        **{f"files/{path}": content for path, content in (lesson | whole | program).items()},
        f"template/{name}": student[name],  # for the image's test of itself; beside `files/`, which otter copies
    }
    reference = {"answers.py": contents.answers_module(assignment).encode()}
    runs = lesson | {path: content for path, content in public.items() if path.endswith(".py")}
    runs |= {path: program[path] for path in SAYS}
    return Built(name, student, reference, autograder, solved, _digest(solved, runs))


def _hints(assignment: Assignment, kept: Path | None) -> bytes:
    """The hints under lock. A last digit that another processor rounds otherwise could change a lock, so they are made once."""
    files = ("wrong_answers.py", "public_tests.py", "given.py", "solution.py", "scenarios.py")
    sources = [question.source(file) for question in assignment.questions.values() for file in files]
    sources.append((PACKAGE / "hosts" / "fingerprints.py").read_text(encoding="utf-8"))
    made_from = hashlib.sha256("\0".join(sources).encode()).hexdigest()
    if kept and kept.exists() and json.loads(kept.read_text(encoding="utf-8")).get("made_from") == made_from:
        return kept.read_bytes()
    hints = {question.id: locked_hints(assignment, question) for question in assignment.questions.values()}
    return (json.dumps({"made_from": made_from, "hints": hints}, indent=0) + "\n").encode()


# --- the parts --------------------------------------------------------------------------------------------------------


def _refuse_twins(question: Question) -> None:
    """Of two functions with one name, Python and otter both keep the second and say nothing."""
    trees = [ast.parse(question.source(name)) for name in ("public_tests.py", "hidden_tests.py")]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    twins = {name for name in names if name.startswith("test_") and names.count(name) > 1}
    if twins:
        raise ValueError(f"{question.id} has two checks named {', '.join(sorted(twins))}")


def _refuse_other_forms(question: Question) -> None:
    """What is no error anywhere, and would cost students points."""
    if not VALUE.fullmatch(f"{question.id}_"):
        raise ValueError(
            f"{question.id} is no id of a question: letters, then digits, so that {question.id}_… is known for a value"
        )
    question.refuse_other_points()


def _accept_solutions(assignment: Assignment) -> None:
    """Refuse to build an assignment whose own answers do not get full marks."""
    host = LocalHost(assignment.reference(), assignment.scenarios)
    for question in assignment.questions.values():
        for outcome in judge(question.checks, host, seed=1):
            if outcome.status != "passed":
                raise ValueError(f"the solution of {question.id} fails {outcome.check}: {outcome.message}\n{outcome.staff}")


def _digest(solved: Any, files: Files) -> str:
    code = [[cell.id, cell.source] for cell in solved.cells if cell.cell_type == "code"]
    contents = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return hashlib.sha256(json.dumps([code, contents], sort_keys=True).encode()).hexdigest()


def main(check: bool = False) -> int:
    """Build, or only say whether what is committed is what the sources build."""
    if check:
        said = stale()
        print("\n".join(said) or "student_template/ and reference/ are what the sources build.")
        return bool(said)
    started = time.perf_counter()
    build()
    seconds = time.perf_counter() - started
    print(f"Built student_template/, reference/, dist/student.zip and dist/autograder.zip in {seconds:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
