"""Students make more than one slip: each is named as if it were the only one."""

from __future__ import annotations

from pathlib import Path

import pytest
from book import Book

from autograder.run.session import Session

EARLIER = {
    "gaussian_kl": "def gaussian_kl(mu, logvar):\n    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(0)",
    "reparameterize": "def reparameterize(mu, logvar):\n    return mu + torch.exp(logvar) * torch.randn_like(mu)",
}
LATER = {"q6": ["kl_per_pixel"], "q8": ["ascent", "noise_on_noise", "reconstruction_only", "one_number_for_an_image"]}


def hints_of(session: Session, folder: Path, *cells: str) -> dict[str, list[str]]:
    book = Book(session.assignment)
    book.append(*cells)
    folder.mkdir(parents=True)
    book.save(folder / "vae.ipynb")
    report = session.grade(folder / "vae.ipynb")
    return {verdict.question.id: [outcome.hint for outcome in verdict.outcomes if outcome.hint] for verdict in report.verdicts}


@pytest.mark.parametrize("earlier", EARLIER)
def test_a_slip_is_named_beside_one_in_what_it_builds_on(session: Session, tmp_path: Path, earlier: str) -> None:
    """There our answer is lent, and what is drawn beside it must be what rivals draw (autograder/hints/lent.py)."""
    for id, slips in LATER.items():
        entries = {entry.name: entry for entry in session.assignment.wrong_answers(session.assignment.questions[id])}
        for name in slips:
            alone = hints_of(session, tmp_path / f"{name}-alone", entries[name].source)
            both = hints_of(session, tmp_path / f"{name}-both", EARLIER[earlier], entries[name].source)
            assert alone[id] and both[id] == alone[id], name
