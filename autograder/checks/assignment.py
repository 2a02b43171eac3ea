"""The assignment as its folder says: order, points, limits, and where each question's files lie."""

from __future__ import annotations

import datetime
import os
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from autograder import REPO
from autograder.checks.check import Check, load_checks
from autograder.hints.answers import Entry, compiled, inherited, load_answers
from autograder.hints.catalogue import Catalogue
from autograder.hints.precedents import Precedents
from autograder.pencil import working

ROOT = REPO / "assignment"


@dataclass(frozen=True)
class Limits:
    """Seconds of wall time and megabytes allowed to a student's process."""

    call_seconds: float = 5
    cell_seconds: float = 20
    submission_seconds: float = 240
    memory_mb: int = 1024


@dataclass(frozen=True)
class ChoicePolicy:
    """What students are told of their choices on the platform; see `choices`."""

    verdicts: Literal["always", "summed", "at_first", "after_due_date"] = "at_first"
    submissions: int = 2  # that are told, where they are told at first


@dataclass(frozen=True)
class Flashcards:
    """Which of the lesson's parts has a fold for each card, and what their deck is called."""

    part: str
    deck: str


@dataclass(frozen=True)
class Lesson:
    """The package in `files/` that the notebook imports, if there is one; the data lies in it."""

    package: str = ""
    says: str = ""  # what is in it, for a student


@dataclass(frozen=True, eq=False)
class Question:
    """One folder of `assignment/questions`."""

    id: str
    title: str
    points: float
    answers: tuple[str, ...]  # the names a student defines
    needs: tuple[str, ...]  # names of earlier questions (or given code) this one leans on
    folder: Path
    hidden: int = 0  # how many hidden checks there are, as a copy without them says
    number: int = 0  # its place in assignment.toml, from 1
    words: str = "a tensor"  # what its students call one

    @property
    def prompt(self) -> str:
        return (self.folder / "prompt.md").read_text(encoding="utf-8")

    def source(self, name: str) -> str:
        """The text of `solution.py`, `given.py`…, or nothing where the question has none."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @cached_property
    def checks(self) -> list[Check]:
        """Public checks, then hidden ones (none where the hidden tests are not on this machine)."""
        public = load_checks(self.folder / "public_tests.py", self.id, self.number, hidden=False, words=self.words)
        return public + load_checks(self.folder / "hidden_tests.py", self.id, self.number, hidden=True, words=self.words)

    def refuse_other_points(self) -> None:
        """Raises ValueError where the checks are not worth together what the question is."""
        worth = sum(check.points for check in self.checks)
        if abs(worth - self.points) > 1e-9:
            raise ValueError(f"the checks of {self.id} are worth {worth:g} points, and assignment.toml says {self.points:g}")

    def __getstate__(self) -> dict[str, Any]:
        """A report travels between processes; checks, functions of a file, stay where they were read."""
        return {name: value for name, value in vars(self).items() if name != "checks"}

    @property
    def hidden_checks(self) -> int:
        """How many checks count besides the public ones, whether they are on this machine or not."""
        return sum(check.hidden for check in self.checks) or self.hidden


@dataclass(frozen=True, eq=False)
class Assignment:
    root: Path
    title: str
    slug: str
    version: str
    order: tuple[str, ...]  # lesson files' stems and questions' ids, as the notebook has them
    limits: Limits
    questions: dict[str, Question]
    choices: ChoicePolicy = ChoicePolicy()
    flashcards: Flashcards | None = None
    date: datetime.date = datetime.date(1980, 1, 1)  # of all files in the zips
    imports: str = "import numpy as np"  # what the notebook's first cell imports of libraries
    lesson: Lesson = Lesson()
    student_zip: str = ""  # where a notebook in Colab finds dist/student.zip; without, students upload it
    _precedents: Precedents = field(default_factory=Precedents, repr=False, compare=False)

    @property
    def proof(self) -> Path:
        """What `verify` judges the checks by besides the questions' own answers; no grader and no student has it."""
        return self.root / "proof"

    @property
    def has_hidden_tests(self) -> bool:
        return any((question.folder / "hidden_tests.py").exists() for question in self.questions.values())

    @property
    def total(self) -> float:
        return sum(question.points for question in self.questions.values())

    @cached_property
    def scenarios(self) -> dict[str, Callable[..., Any]]:
        """Named code that runs beside the student's: public, and without answers."""
        found: dict[str, Callable[..., Any]] = {}
        for question in self.questions.values():
            text = question.source("scenarios.py")
            if text:
                namespace: dict[str, Any] = {"__name__": f"scenarios_of_{question.id}"}
                exec(compiled(text, question.folder / "scenarios.py"), namespace)
                module = namespace["__name__"]
                found |= {
                    name: value
                    for name, value in namespace.items()
                    if callable(value) and not name.startswith("_") and getattr(value, "__module__", "") == module
                }
        return found

    def namespace(self) -> dict[str, Any]:
        """The names that the notebook's first cell imports."""
        found: dict[str, Any] = {"__name__": "notebook"}
        exec(self.imports, found)  # our own file, never a student's
        return found

    def reference(self) -> dict[str, Any]:
        """A fresh namespace with the given code and every answer in it."""
        namespace = self.namespace()
        for question in self.questions.values():
            for name in ("given.py", "solution.py"):
                exec(compiled(question.source(name), question.folder / name), namespace)
        return namespace

    @cached_property
    def answer_names(self) -> frozenset[str]:
        """All that a student defines."""
        return frozenset(name for question in self.questions.values() for name in question.answers)

    @cached_property
    def lendable(self) -> dict[str, Callable[..., Any]]:
        """Our own answers that may stand in for a student's; none without the solutions."""
        namespace = self.reference()
        return {name: namespace[name] for name in self.answer_names if callable(namespace.get(name))}

    @cached_property
    def choice_checks(self) -> frozenset[tuple[str, str]]:
        """The hidden checks that judge choices alone, by question and name: our answers to all that they ask are letters."""
        ours = self.reference()
        return frozenset(
            (question.id, check.name)
            for question in self.questions.values()
            for check in question.checks
            if check.hidden and check.names and all(isinstance(ours.get(name), str) for name in check.names)
        )

    @property
    def given(self) -> list[str]:
        """The source of the code that students are given, question by question."""
        return [text for question in self.questions.values() if (text := question.source("given.py"))]

    def right_answers(self, question: Question) -> list[Entry]:
        return load_answers(question.folder / "right_answers.py", self.reference())

    def wrong_answers(self, question: Question) -> list[Entry]:
        return load_answers(question.folder / "wrong_answers.py", self.reference())

    def catalogue(self, question: Question) -> Catalogue:
        """What names the slip in a wrong answer to this question: fresh, since some wrong answers remember their calls."""
        entries, terms = tuple(self.wrong_answers(question)), self._terms(question)
        workings, reference = working.read(question.source("working.py")), self.reference()
        built_on = partial(self._built_on, question, reference)
        return Catalogue(entries, reference, self.scenarios, terms, workings, self._precedents, built_on)

    def _built_on(self, question: Question, reference: dict[str, Any]) -> Iterator[Entry]:
        """The question's right answers where one that they build on is a catalogued wrong one."""
        for earlier in self.questions.values():
            needed = [entry for entry in self.wrong_answers(earlier) if entry.target in question.needs and callable(entry.answer)]
            for target in question.answers if needed else ():
                if callable(reference[target]):
                    yield from (inherited(entry, target, reference) for entry in needed)

    def _terms(self, question: Question) -> dict[str, Callable[..., Any]]:
        """The functions of a question's terms.py, each named after the answer whose right value it takes apart."""
        namespace = self.reference()
        exec(compiled(question.source("terms.py"), question.folder / "terms.py"), namespace)
        return {name: value for name, value in namespace.items() if name.endswith(("_terms", "_summands"))}


def given(name: str, **names: Any) -> Any:
    """Code handed to the students with the questions, for a check's own use, with `names` in its scope."""
    assignment = load()
    namespace = assignment.namespace() | names
    for question in assignment.questions.values():
        exec(compiled(question.source("given.py"), question.folder / "given.py"), namespace)
    return namespace[name]


def load(root: Path | None = None) -> Assignment:
    """Read `assignment.toml`; the folder is the one beside this package, or AUTOGRADER_ASSIGNMENT."""
    root = root or Path(os.environ.get("AUTOGRADER_ASSIGNMENT", ROOT))
    if not (root / "assignment.toml").is_file():
        raise FileNotFoundError(f"there is no assignment.toml in {root}: name the folder of the assignment with --assignment DIR")
    with (root / "assignment.toml").open("rb") as file:
        said = tomllib.load(file)
    imports = said.get("imports", Assignment.imports)
    words = "a tensor" if "torch" in imports else "an array"
    questions = {
        id: Question(
            id,
            entry["title"],
            entry["points"],
            tuple(entry["answers"]),
            tuple(entry.get("needs", ())),
            root / "questions" / entry["folder"],
            entry.get("hidden", 0),
            number,
            words,
        )
        for number, (id, entry) in enumerate(said["questions"].items(), start=1)
    }
    limits, choices = Limits(**said.get("limits", {})), ChoicePolicy(**said.get("choices", {}))
    if choices.verdicts not in get_args(get_type_hints(ChoicePolicy)["verdicts"]):
        raise ValueError(f"assignment.toml: [choices] verdicts = {choices.verdicts!r} is none of the policies in choices.py")
    return Assignment(
        root,
        said["title"],
        said["slug"],
        said["version"],
        tuple(said["order"]),
        limits,
        questions,
        choices,
        Flashcards(**said["flashcards"]) if "flashcards" in said else None,
        said.get("date", Assignment.date),
        imports,
        Lesson(**said.get("lesson", {})),
        said.get("student_zip", ""),
    )
