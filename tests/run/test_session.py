"""A run over many submissions: in parallel, to the end, each paying for itself alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from book import Book

from autograder.checks.assignment import load
from autograder.confine.reaper import descendants
from autograder.confine.workspace import clear
from autograder.remote.host import MAX_HANGS
from autograder.remote.process import Process, PutAside, Workplace
from autograder.run.crew import Crew, Lost
from autograder.run.grade import Report
from autograder.run.session import Session
from autograder.wire.faults import TimedOut
from tests.submissions.test_reading import GRADERS_OWN, peak

MAIN = os.getpid()


def number_squared(session: Session, item: int, workplace: Workplace) -> int:
    return item * item


def deadly_once(session: Session, item: tuple[int, Path], workplace: Workplace) -> int:
    number, died = item
    if number == 3 and not died.exists():
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def deadly_three(session: Session, item: int, workplace: Workplace) -> int:
    if item == 3:
        assert os.getpid() != MAIN
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def endless_three(item: int, workplace: Workplace) -> int:
    while item == 3:
        time.sleep(1)
    return item * item


def first_waits_for_last(item: Path, workplace: Workplace) -> str:
    while item.name == "first" and not item.with_name("last").exists():
        time.sleep(0.01)
    if item.name == "last":
        item.touch()
    return item.name


def test_results_come_in_the_order_of_the_submissions(session: Session) -> None:
    assert session.map(number_squared, list(range(20)), jobs=2) == [n * n for n in range(20)]


def test_a_result_does_not_wait_behind_a_slow_neighbour(session: Session, tmp_path: Path) -> None:
    """The first would never be done if the last had to wait for it to be told."""
    crew = Crew(first_waits_for_last, [tmp_path / name for name in ("first", "second", "third")], session.workplace, 60)
    found = []
    for place, result in crew.results(jobs=2):
        found.append((place, result))
        if place == 2:
            (tmp_path / "last").touch()
    assert found == [(1, "second"), (2, "third"), (0, "first")]


def test_a_worker_that_dies_once_costs_no_submission_its_grade(session: Session, tmp_path: Path) -> None:
    """Three is tried again alone, when all others are done."""
    items = [(n, tmp_path / "died") for n in range(8)]
    assert session.map(deadly_once, items, jobs=2) == [n * n for n in range(8)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_kills_two_workers_is_lost_and_nothing_else_is(session: Session, jobs: int) -> None:
    """It is never tried in the main process, which would take everybody's results with it."""
    found = dict(session._each(deadly_three, list(range(8)), jobs))
    lost = found.pop(3)
    assert isinstance(lost, Lost) and "killed by signal 9" in lost.reason
    assert found == {n: n * n for n in range(8) if n != 3}


def test_a_submission_that_is_never_done_is_given_up(session: Session) -> None:
    found = dict(Crew(endless_three, list(range(6)), session.workplace, 1.0).results(jobs=2))
    lost = found.pop(3)
    assert isinstance(lost, Lost) and "did not come to an end" in lost.reason
    assert found == {n: n * n for n in range(6) if n != 3}


def test_an_error_of_ours_is_told_once_and_not_repeated(session: Session) -> None:
    def work(item: int, workplace: Workplace) -> float:
        return 1 / item

    found = dict(Crew(work, [1, 0, 2], session.workplace, 60).results(jobs=2))
    assert isinstance(found[1], Lost) and "ZeroDivisionError" in found[1].reason and (found[0], found[2]) == (1, 0.5)


def test_who_was_put_aside_and_then_lost_its_worker_is_tried_once_more(session: Session, tmp_path: Path) -> None:
    """Being put aside is no failure, and costs no try."""

    def work(item: int, workplace: Workplace) -> tuple[int, int]:
        if item == 1 and workplace.room:
            raise PutAside
        died = tmp_path / f"{item} died"
        if item == 1 and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return item, workplace.room

    share = 60 << 20
    found = dict(Crew(work, [0, 1, 2], session.workplace, 60, share).results(jobs=2))
    assert found == {0: (0, 2 * share), 1: (1, 0), 2: (2, 2 * share)}


def test_a_submission_that_kills_its_worker_is_named_and_the_others_are_graded(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = []
    for name in ("ana", "ben", "cai"):
        (tmp_path / name).mkdir()
        Book(session.assignment).save(tmp_path / name / "vae.ipynb")
        paths.append(tmp_path / name)
    grade = Session.grade

    def killed_by_ben(self: Session, path: Path, workplace: Workplace) -> object:
        if path.name == "ben":
            os.kill(os.getpid(), signal.SIGKILL)
        return grade(self, path, workplace)

    monkeypatch.setattr(Session, "grade", killed_by_ben)
    found = dict(session.grade_all(paths, jobs=2))
    assert [found[place].score for place in range(3)] == [100, 0, 100]
    assert found[1].failed_by_us and found[1].broken.startswith("ben could not be graded") and "Nobody else's" in found[1].broken


def test_an_answer_that_hangs_costs_its_own_question_and_no_one_else_waits_for_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What builds on it is judged with ours in its place at once: three waits in all, not three for each function that calls it."""
    waits, exchange = [], Process.exchange

    def counted(self: Process, *request: Any) -> Any:
        try:
            return exchange(self, *request)
        except TimedOut as late:
            waits.append(str(late))
            raise

    monkeypatch.setattr(Process, "exchange", counted)
    book = Book(session.assignment)
    book.append("def gaussian_kl(mu, logvar):\n    while True:\n        pass")
    book.save(tmp_path / "vae.ipynb")
    workplace = session.workplace(replace(session.assignment.limits, call_seconds=3))
    try:
        report = session.grade(tmp_path / "vae.ipynb", workplace)
    finally:
        workplace.channel.close()
        clear(workplace.folder)
    lost = {verdict.question.id for verdict in report.verdicts if verdict.earned < verdict.possible}
    assert lost == {"q5"} and len(waits) == MAX_HANGS
    waited = next(outcome for verdict in report.verdicts for outcome in verdict.outcomes if outcome.question == "q6")
    assert waited.status == "passed" and "gaussian_kl" in waited.stand_ins


@pytest.mark.parametrize(
    "piece", ["torch.ones(1 << 22)", "torch.ones(1 << 18)", "bytes([1]) * 300_000", "[object() for _ in range(1000)]"]
)
def test_a_cell_that_holds_all_it_may_leaves_room_for_answers(session: Session, tmp_path: Path, piece: str) -> None:
    """A part is kept back until the cells have run (confine/layers.py), whatever the grain of what they hold."""
    book = Book(session.assignment)
    book.insert(f"hog = []\nwhile True:\n    hog.append({piece})")
    book.save(tmp_path / "vae.ipynb")
    report = session.grade(tmp_path / "vae.ipynb")
    assert report.score == 100 and "ran out of memory" in report.notes[0]


def dies_with_a_student(item: int, workplace: Workplace) -> int:
    process = Process(workplace)
    process.exchange({"op": "cell", "source": "open('mine', 'w').close()"}, [], 20)
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    process.end()
    return item


def test_a_worker_that_dies_leaves_no_process_and_no_folder_of_its_student(session: Session) -> None:
    before = set(session.workspace.folder.iterdir())
    found = dict(Crew(dies_with_a_student, list(range(5)), session.workplace, 60).results(jobs=2))
    assert isinstance(found[3], Lost) and len(found) == 5
    deadline = time.monotonic() + 10
    while below(session) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not below(session) and set(session.workspace.folder.iterdir()) <= before


def below(session: Session) -> set[int]:
    return set(descendants(session.forks.pid)) - set(clean_parents(session))


# --- the clean parent -------------------------------------------------------------------------------------------------


def clean_parents(session: Session) -> list[int]:
    return [pid for pid in descendants(session.forks.pid) if parent_of(pid) == session.forks.pid]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def seed_of(grader: int) -> int:
    """Of its children the one that has grandchildren: students' processes."""
    while True:
        with suppress(OSError):  # one of them has just ended
            parents = {pid: parent_of(pid) for pid in descendants(grader)}
            for child, parent in parents.items():
                if parent == grader and any(parents.get(above) == child for above in parents.values()):
                    return child
        time.sleep(0.01)


@contextmanager
def solved(session: Session, tmp_path: Path, *cells: str) -> Iterator[Path]:
    book = Book(session.assignment)
    book.append(*cells)
    book.save(tmp_path / "vae.ipynb")
    yield tmp_path / "vae.ipynb"


def test_a_clean_parent_that_is_killed_is_replaced_by_one_that_has_read_nothing(session: Session, tmp_path: Path) -> None:
    with solved(session, tmp_path) as notebook:
        workplace = session.workplace()
        assert session.grade(notebook, workplace).score == 100
        before = clean_parents(session)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert session.grade(notebook, workplace).score == 100  # on a channel of the dead one's
        after = clean_parents(session)
        assert after and not set(after) & set(before)
        assert session.grade(notebook).score == 100
        workplace.channel.close()
        clear(workplace.folder)


def test_a_clean_parent_that_is_killed_amid_a_class_costs_nobody_a_point(session: Session, tmp_path: Path) -> None:
    paths = []
    for name in ("ana", "ben", "cai", "dee"):
        (tmp_path / name).mkdir()
        with solved(session, tmp_path / name, "import time\ntime.sleep(1)") as notebook:
            paths.append(notebook)
    if (killer := os.fork()) == 0:
        time.sleep(1.5)
        for pid in clean_parents(session):
            os.kill(pid, signal.SIGKILL)
        os._exit(0)
    found = dict(session.grade_all(paths, jobs=2))
    os.waitpid(killer, 0)
    assert [found[place].score for place in range(4)] == [100] * 4


def test_a_run_whose_seed_is_killed_stops_and_goes_on_later(tmp_path: Path) -> None:
    """Nobody gets a result that says the grader failed, only to be graded again."""
    (tmp_path / "class").mkdir()
    for name in ("ana", "ben", "cai", "dee", "eli", "fay"):
        book = Book(load())
        book.append("import time\ntime.sleep(1)")
        book.save(tmp_path / "class" / f"{name}.ipynb")
    command = [sys.executable, "-m", "autograder", "grade", tmp_path / "class", "--out", tmp_path / "out", "--jobs", "2"]

    def results() -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in (tmp_path / "out").glob("*/results.json")]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while not results():
            assert running.poll() is None
            time.sleep(0.05)
        os.kill(seed_of(running.pid), signal.SIGKILL)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1 and "Stopped: the process that all students' processes come from" in said
    before = results()
    assert 0 < len(before) < 6 and all(one["score"] == 100 for one in before)
    again = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert again.returncode == 0 and f"{len(before)} of 6 were graded before" in again.stdout
    assert [one["score"] for one in results()] == [100] * 6


def test_a_submission_that_kills_each_clean_parent_is_given_up_and_the_next_is_graded(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graded, killed = Session._graded, set[int]()

    def deadly(self: Session, path: Path, workplace: Workplace, seed: int | None) -> object:
        while not (found := set(clean_parents(session)) - killed):
            time.sleep(0.01)  # it is being forked
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        killed.update(found)
        return graded(self, path, workplace, seed)

    with solved(session, tmp_path) as notebook:
        workplace = session.workplace()
        with monkeypatch.context() as patch:
            patch.setattr(Session, "_graded", deadly)
            report = session.grade(notebook, workplace)
        assert report.failed_by_us and "could not be graded" in report.broken
        assert session.grade(notebook, workplace).score == 100
        workplace.channel.close()
        clear(workplace.folder)


def test_no_code_runs_in_a_process_that_lacks_a_layer_others_had(session: Session, tmp_path: Path) -> None:
    """It is our fault, in every check, and said so."""
    book, notebook = Book(session.assignment), tmp_path / "vae.ipynb"
    book.append("raise RuntimeError('it ran')")
    notebook.write_text(book.text())
    workplace = session.workplace(disable=frozenset({"limits"}))
    workplace.required = frozenset({"limits"})
    report = session.grade(notebook, workplace)
    workplace.channel.close()
    assert {outcome.status for verdict in report.verdicts for outcome in verdict.outcomes} == {"grader_error"}
    assert report.failed_by_us and "without {'limits': 'unavailable: disabled'}" in report.staff[0]
    assert not any("it ran" in text for text in [*report.notes, *report.staff])


def test_a_failure_for_want_of_what_another_held_is_tried_again(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graded, failures = Session._graded, [True]

    def once(self: Session, path: Path, workplace: Workplace, seed: int | None) -> object:
        if failures:
            failures.pop()
            return Report(path.name, broken="BlockingIOError: [Errno 11] Resource temporarily unavailable")
        return graded(self, path, workplace, seed)

    with solved(session, tmp_path) as notebook:
        monkeypatch.setattr(Session, "_graded", once)
        assert session.grade(notebook).score == 100


BIG = """
def big(*args, **kwargs):
    return torch.zeros(1023, 1024)

for name in {names}:
    globals()[name] = big
"""


def test_answers_as_big_as_may_cross_are_not_all_remembered(session: Session, tmp_path: Path) -> None:
    """A question's hundred calls at four megabytes each would be more than the grader may hold."""
    book = Book(session.assignment)
    book.append(BIG.format(names=sorted(session.assignment.lendable)))
    book.save(tmp_path / "vae.ipynb")
    most = 0
    with subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", tmp_path / "vae.ipynb"], stdout=subprocess.PIPE, text=True
    ) as grading:
        while grading.poll() is None:
            most = max(most, *(peak(pid) for pid in (grading.pid, *descendants(grading.pid))))
            time.sleep(0.02)
        assert grading.stdout and "GRADER ERROR" not in grading.stdout.read() and grading.returncode == 0
    assert 100 << 20 < most < GRADERS_OWN
