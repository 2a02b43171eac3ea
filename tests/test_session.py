"""A run over many submissions: in order, in parallel, and to the end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from book import Book

from autograder.process import Workplace
from autograder.session import Session

MAIN = os.getpid()


def number_squared(session: Session, item: int, workplace: Workplace) -> int:
    return item * item


def deadly_three(session: Session, item: int, workplace: Workplace) -> int:
    if item == 3 and os.getpid() != MAIN:
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def test_results_come_in_the_order_of_the_submissions(session: Session) -> None:
    assert list(session.map(number_squared, list(range(20)), jobs=2)) == [n * n for n in range(20)]


def test_a_worker_that_dies_costs_no_submission_its_grade(session: Session) -> None:
    assert list(session.map(deadly_three, list(range(8)), jobs=2)) == [n * n for n in range(8)]


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
