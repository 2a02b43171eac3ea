"""Which submissions answer in the same code: a copy with other names is found, two honest answers are not."""

from __future__ import annotations

from pathlib import Path

from autograder.checks import assignment as assignments
from autograder.intake.graded import Graded, HandedIn
from autograder.report import similar
from autograder.report.report import write_report

ASSIGNMENT = assignments.load()
LONG = """
def train_step(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad(set_to_none=True)
    outputs = model.encoder(x.reshape(len(x), -1))
    centre, spread = outputs[:, : outputs.shape[1] // 2], outputs[:, outputs.shape[1] // 2 :]
    drawn = centre + torch.exp(0.5 * spread) * torch.randn(centre.shape, dtype=centre.dtype)
    pictures = model.decoder(drawn)
    first = F.binary_cross_entropy_with_logits(pictures, x.reshape(len(x), -1), reduction="sum") / len(x)
    second = 0.5 * (spread.exp() + centre * centre - 1 - spread).sum() / len(x)
    (first + beta * second).backward()
    optimizer.step()
    return dict(loss=float(first + beta * second), recon=float(first), kl=float(second))
"""
RENAMED = (
    LONG.replace("centre", "m")
    .replace("spread", "lv")
    .replace("drawn", "zz")
    .replace("    model.train()", "    # mine\n    model.train()")
)
OTHER = """
def train_step(model, optimizer, x, beta=1.0):
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}
"""


def found(**answers: str) -> list[similar.Pair]:
    return similar.pairs(sorted(answers), lambda name, id: answers[name] if id == "q8" else "", ASSIGNMENT)


def test_a_copy_with_other_names_and_comments_is_found() -> None:
    [pair] = found(ana=LONG, ben=RENAMED, cai=OTHER)
    assert (pair.one, pair.other, pair.share, pair.questions) == ("ana", "ben", 1.0, ("q8",))


def test_what_many_have_or_we_give_is_no_sign() -> None:
    assert found(**{f"s{i}": LONG for i in range(8)}) == []
    own = ASSIGNMENT.questions["q8"].source("solution.py")
    assert found(ana=own, ben=own) == []


def test_short_answers_and_what_is_no_code_are_not_compared() -> None:
    short = "def gaussian_kl(mu, logvar):\n    return 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum(-1)"
    assert found(ana=short, ben=short) == [] and similar.fingerprints("def (") == frozenset() == similar.fingerprints("")


def test_the_share_that_is_alike_by_nature_is_measured_on_our_own_right_answers() -> None:
    alike, compared = similar.by_nature(ASSIGNMENT)
    assert compared > 100 and alike / compared < 0.05


def test_our_own_right_answers_handed_in_by_different_students_are_no_pair(tmp_path: Path) -> None:
    """Those of one question, each by somebody: what is left over is as rare as `by_nature` says."""
    entries = [entry.source for entry in ASSIGNMENT.right_answers(ASSIGNMENT.questions["q8"]) if callable(entry.answer)]
    pairs = found(**{f"s{i}": source for i, source in enumerate(entries)})
    assert len(entries) > 20 and len(pairs) <= 0.05 * len(entries) * (len(entries) - 1) / 2


def test_the_report_shows_both_answers_side_by_side_and_escapes_them(tmp_path: Path) -> None:
    evil = {"ana": LONG.replace("model.train()", "'<script>alert(1)</script>'"), "ben": RENAMED}
    those = [
        Graded(HandedIn(Path(name), name, ()), {"score": 0.0, "tests": [], "output": "", "execution_time": 1.0, "extra_data": {}})
        for name in evil
    ]
    pairs = [similar.Pair("ana", "ben", 0.9, ("q8",))]
    page = write_report(those, "A class", tmp_path, lambda name, id: evil[name], (pairs, (2, 1187))).read_text(encoding="utf-8")
    section = page[page.index('id="alike"') : page.index('id="slowest"')]
    assert "90 %" in section and section.count("<pre>") == 2 and "no proof" in section and "1187" in section
    assert "<script>alert" not in page and "&lt;script&gt;alert" in section
