"""The checks of the checks: what `verify` calls a miss, the mutants, and the soak."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks import mutants, soak

from autograder.checks import assignment as assignments
from autograder.checks.outcomes import Outcome
from autograder.hints.answers import load_answers
from autograder.proof import scoreboard, trials, verify
from autograder.proof.trials import Finding, Trial
from autograder.run.session import Session

ASSIGNMENT = assignments.load()
Q5 = ASSIGNMENT.questions["q5"]


def finding(kind: Any, *failed: str, hint: str = "", given: str = "") -> Finding:
    """What the checks of question 5 made of an answer that fails some of them."""
    outcomes = [
        Outcome("q5", check.name, check.title, check.points, check.hidden, "failed" if check.name in failed else "passed")
        for check in Q5.checks
    ]
    if given:
        outcomes[0] = replace(outcomes[0], hint=given)
    return Finding(Trial("q5", kind, 0), "gaussian_kl", "an_answer", "test_values", hint, Q5.points, tuple(outcomes))


@pytest.mark.parametrize(
    ("found", "misses"),
    [
        (finding("wrong", "test_values"), 0),
        (finding("wrong", "test_extremes"), 1),  # by another check than the one it names
        (finding("wrong"), 1),
        (finding("right"), 0),
        (finding("right", "test_extremes"), 1),
        (finding("wrong", "test_values", hint="a", given="a"), 0),
        (finding("wrong", "test_values", hint="a", given="b"), 1),
        (finding("unlisted", "test_values"), 0),
        (finding("unlisted", "test_values", given="b"), 1),
    ],
)
def test_what_is_a_miss(found: Finding, misses: int) -> None:
    assert len(list(verify._misses(Q5, [found]))) == misses


def test_a_grader_error_is_a_miss() -> None:
    found = finding("wrong", "test_values")
    broken = replace(found, outcomes=(*found.outcomes[:-1], replace(found.outcomes[-1], status="grader_error")))
    assert any("the grader itself" in miss for miss in verify._misses(Q5, [broken]))


def test_the_checks_that_alone_catch_an_answer_are_named() -> None:
    report: list[str] = []
    found = [finding("wrong", "test_values", "test_extremes"), finding("wrong", "test_extremes"), finding("right", "test_is_pure")]
    needed = verify.needed_checks(Q5, found, report)
    assert needed["test_extremes"] == ["an_answer"]
    assert not needed["test_values"] and not needed["test_is_pure"]
    assert "q5 test_extremes: 1" in report and "    an_answer" in report


def test_hint_figures() -> None:
    found = [
        finding("wrong", "test_values", hint="a", given="a"),
        finding("wrong", "test_values", hint="a"),
        finding("unlisted", "test_values", given="b"),
    ]
    said = verify._hint_figures(found)
    assert "recall 50.0% (1 of 2)" in said and "precision 50.0% (1 of 2 wrong" in said


def test_an_idea_that_is_shared_names_the_slip_as_its_own_hint_does() -> None:
    found = replace(finding("wrong", "test_values", hint="a", given="what both are"), idea="what both are")
    assert found.is_named and not found.wrong_hints
    assert not replace(found, idea="").is_named and replace(found, idea="").wrong_hints == {"what both are"}


def test_a_hidden_check_that_is_kept_for_a_reason_says_it_in_a_sentence() -> None:
    kept = [check for question in ASSIGNMENT.questions.values() for check in question.checks if check.kept]
    assert len(kept) > 3 and all(check.hidden and len(check.kept.split()) >= 6 for check in kept)


@pytest.mark.parametrize("question", ["q1", "q5", "q9"])
def test_an_answer_is_judged_across_the_boundary(session: Session, question: str) -> None:
    workplace = session.workplace()
    try:
        right = trials.attempt(session, Trial(question, "right", 0), workplace)
        wrong = trials.attempt(session, Trial(question, "wrong", 0), workplace)
    finally:
        workplace.channel.close()
    assert right.accepted and not right.failed
    assert wrong.caught and wrong.hint in wrong.hints


def test_an_answer_is_judged_with_the_decorators_that_are_its_own(tmp_path: Path) -> None:
    path = tmp_path / "answers.py"
    path.write_text(
        "import torch\n"
        "from autograder.authoring import right\n\n"
        '@right("generate")\n@torch.no_grad()\n'
        "def decorated(model, n):\n    return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))\n"
    )
    (entry,) = load_answers(path, ASSIGNMENT.reference())
    assert entry.source.startswith("@torch.no_grad()\ndef generate(")


@pytest.mark.parametrize("jobs", [1, 2, 16])
def test_every_trial_is_dealt_out_once_with_others_of_its_question(jobs: int) -> None:
    dealt = trials.rounds(ASSIGNMENT, jobs)
    assert Counter(trial for some in dealt for trial in some) == Counter(trials.trials(ASSIGNMENT))
    assert all(len({trial.question for trial in some}) == 1 for some in dealt)
    sizes = list(map(len, dealt))
    assert len(dealt) > 10 and sizes[0] == max(sizes) and max(sizes[jobs if jobs < 3 else 0 :]) <= 25


def test_every_trial_has_a_name_of_its_own(session: Session) -> None:
    names = [
        (trial.question, trial.kind, entry.target, entry.name)
        for trial in trials.trials(session.assignment)
        for entry in [trials.entries(session.assignment, session.assignment.questions[trial.question], trial.kind)[trial.index]]
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("id", ["q1", "q4", "q9"])
def test_no_mutant_survives_unlisted(id: str) -> None:
    """The other questions, too, with `make mutants`."""
    found = list(mutants.mutants(ASSIGNMENT.questions[id]))
    alive = {(m.question, m.answer, m.was, m.now) for m in found if not mutants.killed(ASSIGNMENT, m)}
    assert len(found) > 10
    assert alive == {key for key in mutants.listed() if key[0] == id}


def test_each_listed_mutant_is_one_and_has_its_reason() -> None:
    made = {(m.question, m.answer, m.was, m.now) for q in ASSIGNMENT.questions.values() for m in mutants.mutants(q)}
    assert mutants.listed().keys() <= made
    assert all(len(why.split()) >= 3 for why in mutants.listed().values())


def test_a_short_soak_changes_no_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.main(2, 20) == 0
    assert capsys.readouterr().out.rstrip().endswith("changes of score 0")


def test_a_changed_score_is_a_miss_until_it_was_read(tmp_path: Path) -> None:
    """The table is written beside the record, and only what is new in it is told."""
    found = {"q5": [finding("wrong", "test_values")]}
    now, written = scoreboard.table(found), tmp_path / "build" / "scores.tsv"
    assert len(list(scoreboard.changes(now, tmp_path / "scores.tsv", written))) == 1
    (tmp_path / "scores.tsv").write_text(written.read_text())
    assert not list(scoreboard.changes(now, tmp_path / "scores.tsv", written))
    dearer = scoreboard.table({"q5": [finding("wrong")]})
    assert "1 scores" in next(scoreboard.changes(dearer, tmp_path / "scores.tsv", written))
    assert f"at most {Q5.points:g}" in scoreboard.summary({"q5": [finding("wrong")]})
