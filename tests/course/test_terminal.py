"""`grade` as a person meets it: which submissions a path means, what they are called, what is shown, how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from forks import needs_landlock

from autograder.checks import assignment as assignments
from autograder.checks.outcomes import Outcome
from autograder.course import terminal as desk
from autograder.intake.intake import submissions_in
from autograder.intake.names import own_name, unique_names
from autograder.proof.arena import start
from autograder.run.grade import Report, Verdict
from autograder.wire.faults import Status
from tests import made_class

QUESTION = assignments.load().questions["q5"]


def verdict(status: Status = "passed", message: str = "") -> Verdict:
    return Verdict(QUESTION, (Outcome("q5", "test_it", "It holds.", 12, True, status, message),))


def report(name: str = "vae.ipynb", status: Status = "passed", **facts: Any) -> Report:
    return Report(name, (verdict(status, "because"),), **facts)


class FakeSession:
    """Gives each path the report that stands for it."""

    assignment = assignments.load()

    def __init__(self, *reports: Report) -> None:
        self.reports = reports
        self.readers = SimpleNamespace(read=lambda *_: SimpleNamespace(cells=()))
        self.workspace = SimpleNamespace(folder=Path("no zip of a class is among them"))

    def layers(self) -> dict[str, str]:
        return dict.fromkeys(("descriptors", "environment", "user", "capabilities", "privileges", "landlock", "seccomp"), "applied")

    def grade_all(self, paths: list[Path], jobs: int) -> Iterator[tuple[int, Report]]:
        assert len(paths) == len(self.reports)
        yield from reversed(list(enumerate(self.reports)))  # the last is ready first


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("ana.ipynb", "ben/work.ipynb", "ben/data.csv", "cai/deep/down/work.zip", "dee/report.pdf", "notes.txt"):
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return tmp_path / "class"


def names(paths: list[Path], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


# --- which submissions a path means -------------------------------------------------------------------------------------


def test_a_file_is_a_submission(files: Path) -> None:
    assert submissions_in(files / "ana.ipynb") == [files / "ana.ipynb"]
    assert submissions_in(files / "notes.txt") == [files / "notes.txt"]


def test_a_folder_of_several_is_a_class_and_who_forgot_the_notebook_is_in_it(files: Path) -> None:
    assert names(submissions_in(files), files) == ["ana.ipynb", "ben", "cai", "dee"]


def test_a_folder_with_one_notebook_is_a_submission(files: Path) -> None:
    for name in ("ben", "cai/deep/down", "dee"):
        assert submissions_in(files / name) == [files / name]
    assert names(submissions_in(files / "cai"), files) == ["cai/deep"]


def test_hidden_folders_and_links_are_no_students(files: Path) -> None:
    for name in (".git", ".ipynb_checkpoints", "__MACOSX", "__pycache__"):
        (files / name).mkdir()
        (files / name / "work.ipynb").write_text("{}")
    (files / "zoe").symlink_to(files / "ben")
    assert names(submissions_in(files), files) == ["ana.ipynb", "ben", "cai", "dee"]


def test_an_empty_folder_is_an_empty_submission(tmp_path: Path) -> None:
    assert submissions_in(tmp_path) == [tmp_path]


# --- what they are called -----------------------------------------------------------------------------------------------


def test_names_are_unique_whatever_the_files_are_called(tmp_path: Path) -> None:
    paths = [
        tmp_path / name
        for name in (
            "a/x.ipynb",
            "a/x.zip",
            "b/x.ipynb",
            "a-x.ipynb",
            "a/a-x-2.ipynb",
            "b/y.ipynb",
            "b/y-2.ipynb",
            "c/x",
            "σ 1.ipynb",
        )
    ]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}") if path.suffix else path.mkdir()
    found = unique_names(map(own_name, paths))
    assert len(set(found)) == len(found)
    assert found[5:] == ["y", "y-2", "c-x", "σ 1"]
    assert all("/" not in name for name in found)


def test_no_name_leaves_the_folder_of_results_or_is_too_long_for_it(tmp_path: Path) -> None:
    """Whatever a student calls a file, or links it to, everybody gets results."""
    for name in ("...ipynb", "x" * 249 + ".ipynb", "x" * 251 + ".zip", "\u00e9" * 100 + ".ipynb"):
        (tmp_path / name).touch()
    (tmp_path / "root.zip").symlink_to("/")
    (tmp_path / "b.ipynb").symlink_to(tmp_path / "...ipynb")
    names = unique_names(map(own_name, sorted(tmp_path.iterdir())))
    assert len(set(names)) == 6 and "b" in names and "submission" in names
    for name in names:
        (tmp_path / "results" / name).mkdir(parents=True)
    assert len(list((tmp_path / "results").iterdir())) == 6


def test_the_same_path_twice_gets_two_results(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text("{}")
    assert len(set(unique_names(map(own_name, [tmp_path / "x.ipynb"] * 3)))) == 3


# --- what is shown and written ------------------------------------------------------------------------------------------


def grade(paths: list[Path], *reports: Report, out: Path | None = None) -> int:
    return desk.grade(FakeSession(*reports), paths, out, jobs=1)  # type: ignore[arg-type]


def test_one_submission_is_shown_question_by_question(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade([files / "ana.ipynb"], report(status="failed", notes=("Mind the gap.",)), out=tmp_path / "out") == 0
    shown = capsys.readouterr().out.replace("\n", "")
    for words in ("ana", "0 / 12", "Mind the gap.", QUESTION.title, "because", "results.json"):
        assert words in shown
    assert json.loads((tmp_path / "out" / "ana" / "results.json").read_text())["score"] == 0


def test_a_class_is_a_line_each(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = report(), report(status="failed"), report(refused="No notebook."), report()
    assert grade([files], *reports, out=tmp_path / "out") == 0
    shown = capsys.readouterr().out
    assert "3 graded, 1 not graded, mean" in shown and "No notebook." in shown
    assert sorted(path.parent.name for path in (tmp_path / "out").rglob("results.json")) == ["ana", "ben", "cai", "dee"]


def test_results_are_written_as_soon_as_they_are_there(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_by_one(self: FakeSession, paths: list[Path], jobs: int) -> Iterator[tuple[int, Report]]:
        for place in (2, 0, 3, 1):
            yield place, report()
            assert (tmp_path / "out" / ["ana", "ben", "cai", "dee"][place] / "results.json").exists()

    monkeypatch.setattr(FakeSession, "grade_all", one_by_one)
    assert grade([files], out=tmp_path / "out") == 0


def test_results_that_no_platform_reads_cost_one_submission(
    files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = report(), report(seconds=float("nan")), report(), report()
    assert grade([files], *reports, out=tmp_path / "out") == 1
    assert "a score is not finite" in capsys.readouterr().err
    scores = [json.loads((tmp_path / "out" / name / "results.json").read_text())["score"] for name in ("ana", "ben", "cai", "dee")]
    assert scores == [12, 0, 12, 12]


def test_earlier_results_in_the_class_are_no_student(files: Path) -> None:
    (files / "results" / "ana").mkdir(parents=True)
    (files / "results" / "ana" / "results.json").write_text("{}")
    assert grade([files], *[report()] * 4, out=files / "results") == 0


def test_a_path_that_is_not_there_is_said_before_anything_is_graded(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade([files, files / "eva"]) == 2
    assert "There is nothing at" in capsys.readouterr().err


def test_our_own_failure_is_loud(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade([files / "ana.ipynb"], Report("ana.ipynb", broken="ValueError: oh \ud800"), out=tmp_path) == 1
    assert "ValueError" in capsys.readouterr().err
    results = json.loads((tmp_path / "ana" / "results.json").read_text())
    assert results["extra_data"]["grader_error"] and "our fault" in results["output"] and "ValueError" not in results["output"]
    assert grade([files / "ana.ipynb"], report(status="grader_error")) == 1


def test_a_students_text_gives_no_orders_to_the_terminal(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b[2J\x1b]0;title\x07[bold red]markup[/bold red] \u202egnp\r"
    spoiled = Report(evil, (verdict("failed", evil),), notes=(evil,))
    grade([files / "ana.ipynb"], spoiled)
    grade([files], *[spoiled] * 4)
    shown = capsys.readouterr().out
    assert not set(shown) & {"\x1b", "\x07", "\u202e", "\r"}
    assert "[bold red]markup" in shown


# --- where nothing protects ---------------------------------------------------------------------------------------------

SUBMISSION = Path(__file__).parents[2] / "student_template" / "vae.ipynb"


def said_without(*layers: str) -> str:
    """The errors and warnings of the real program on a machine that lacks these layers."""
    program = start.command(sys.executable, *(f"--without={layer}" for layer in layers))
    done = subprocess.run([*program, "grade", str(SUBMISSION)], capture_output=True, text=True)
    assert done.returncode == 0 and "/ 100" in done.stdout
    return done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing ever protects")
def test_the_instructor_is_told_when_nothing_keeps_code_from_the_hidden_tests() -> None:
    warning = said_without("user", "landlock")
    assert warning.startswith("WARNING: on this machine students' code can read hidden tests")
    assert "landlock is unavailable" in warning


@needs_landlock
def test_nothing_is_said_where_the_layers_hold() -> None:
    assert said_without("user") == ""


def fake() -> Any:
    return FakeSession()


def a_class(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.ipynb").write_text("{}")
    return folder


def the_same(handed_in: list[Any]) -> Any:
    for place, _ in enumerate(handed_in):
        yield place, made_class.graded("x", made_class.question("q5", made_class.check("test_it", "passed", 12))).results


def test_a_page_says_who_the_roster_says_now_though_nothing_is_graded_again(tmp_path: Path) -> None:
    lot, roster = a_class(tmp_path / "class", "ana", "ben"), tmp_path / "roster.csv"
    for name in ("Wrong Name", "Ana Lopez"):
        roster.write_text(f"Name,SID\n{name},ana\n")
        assert desk.grade(fake(), [lot], tmp_path / "out", 1, judge=the_same, roster=str(roster)) == 0
        assert name in (tmp_path / "out" / "ana" / "index.html").read_text()


def test_a_page_says_what_the_results_beside_it_say_whoever_stopped_the_run(tmp_path: Path) -> None:
    """Results are written as they are ready, and pages at the end: a run that is stopped between leaves pages of before."""
    lot, out = a_class(tmp_path / "class", "ana", "ben"), tmp_path / "out"
    assert desk.grade(fake(), [lot], out, 1, judge=the_same) == 0

    def stopped(handed_in: list[Any]) -> Any:
        for place, _ in enumerate(handed_in):
            yield place, made_class.graded("x", made_class.question("q5", made_class.check("test_it", "failed", 12))).results
        raise KeyboardInterrupt

    for name in ("ana", "ben"):
        (lot / f"{name}.ipynb").write_text("[]")
    with pytest.raises(KeyboardInterrupt):
        desk.grade(fake(), [lot], out, 1, judge=stopped)
    pages = [out / name / "index.html" for name in ("ana", "ben")]
    assert all("0 of 12" not in page.read_text() for page in pages)
    assert desk.grade(fake(), [lot], out, 1, judge=the_same) == 0  # nothing is graded again
    assert all("0 of 12" in page.read_text() for page in pages)


def test_results_are_never_written_into_what_was_handed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lot = tmp_path / "class"
    for name in ("ana", "ben"):
        (lot / name).mkdir(parents=True)
        (lot / name / "vae.ipynb").write_text("{}")
        (lot / name / "index.html").write_text("my own")
    assert desk.grade(fake(), sorted(lot.iterdir()), lot, 1, judge=the_same) == 2
    assert "would be written into it" in capsys.readouterr().err
    assert (lot / "ana" / "index.html").read_text() == "my own" and not (lot / "scores.csv").exists()


def test_a_download_with_one_submission_is_a_class(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "lopezana_1001_50001_vae.ipynb").write_text("{}")
    assert desk.grade(fake(), [tmp_path / "class"], tmp_path / "out", 1, judge=the_same) == 0
    assert "lopezana,1001,,,,12" in (tmp_path / "out" / "canvas.csv").read_text(encoding="utf-8-sig")
    assert (tmp_path / "out" / "scores.csv").exists() and (tmp_path / "out" / "report.html").exists()


def test_an_anonymous_student_has_no_row_that_canvas_could_take_for_anothers(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    for number in (1, 2):
        (tmp_path / "class" / f"anon_5f2k{number}_5000{number}_vae.ipynb").write_text("{}")
    assert desk.grade(fake(), [tmp_path / "class"], tmp_path / "out", 1, judge=the_same) == 0
    assert "anon" in (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8-sig")
    assert not (tmp_path / "out" / "canvas.csv").exists()


def test_who_is_in_two_downloads_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for day in ("friday", "monday"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "lopezana_1001_50001_vae.ipynb").write_text("{}")
    assert desk.grade(fake(), [tmp_path / "friday", tmp_path / "monday"], tmp_path / "out", 1, judge=the_same) == 0
    assert "lopezana has 2 submissions" in capsys.readouterr().out


def test_checks_that_are_not_worth_what_the_question_is_grade_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignments.Question, "refuse_other_points", _refusing)
    assert desk.grade(fake(), [a_class(tmp_path / "class", "ana", "ben")], tmp_path / "out", 1, judge=the_same) == 2
    assert "Nothing was graded: the checks of q1 are worth 14 points" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def _refusing(question: Any) -> None:
    raise ValueError(f"the checks of {question.id} are worth 14 points, and assignment.toml says {question.points:g}")


def test_results_of_others_that_lie_there_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lot, out = a_class(tmp_path / "class", "ana", "ben", "cai"), tmp_path / "out"
    assert desk.grade(fake(), [lot], out, 1, judge=the_same) == 0 and "Note" not in capsys.readouterr().out
    assert desk.grade(fake(), [lot / "ana.ipynb"], out, 1, judge=the_same) == 0
    said = capsys.readouterr().out
    assert "results of 2 other submissions, too (ben, cai)" in said and "were not made anew" in said
    (lot / "cai.ipynb").unlink()
    assert desk.grade(fake(), [lot], out, 1, judge=the_same) == 0
    assert "results of 1 other submission, too (cai)" in capsys.readouterr().out


def test_where_no_results_can_lie_is_said_before_anything_is_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lot = a_class(tmp_path / "class", "ana", "ben")
    (tmp_path / "a file").write_text("")
    for out, why in (
        (tmp_path / "a file", "cannot be written into"),
        (Path("/proc/x"), "cannot be written into"),
        (lot, "is the folder"),
    ):
        assert desk.grade(fake(), [lot], out, 1, judge=the_same) == 2
        said = capsys.readouterr().err
        assert why in said and "--out" in said
