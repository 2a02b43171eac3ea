"""An answer of ours that stands in for a student's is behaviour alone: values and gradients cross, nothing of its text does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.checks.assignment import Limits
from autograder.checks.judge import judge
from autograder.proof.trials import solved_cells
from autograder.remote import lender
from autograder.remote.host import RemoteHost
from autograder.remote.lender import Lender, Usage, needed_by
from autograder.run.session import Session
from autograder.wire.faults import Crashed, OutOfMemory, StudentError
from autograder.wire.values import Malformed, encode
from tests.remote.test_remote import QUICK, host_of

REPO = Path(__file__).resolve().parents[2]
SLOW = Limits(call_seconds=20, cell_seconds=20, submission_seconds=120)
PLENTY = Usage(1000, 1000, 1 << 20, 1 << 20)

CALLER = """
import copy
import torch
from torch import nn
def total(mu, logvar): return gaussian_kl(mu, logvar).sum()
def per_example(mu, logvar): return gaussian_kl(mu, logvar=logvar)
def without_grad(mu, logvar):
    with torch.no_grad():
        return gaussian_kl(mu, logvar)
def inferred(mu, logvar):
    with torch.inference_mode():
        return gaussian_kl(mu, logvar) * 1
def in_place(mu, logvar):
    kl = gaussian_kl(mu, logvar)
    kl += 1
    mu *= 0
    return kl
def by_rows(mu, logvar): return torch.stack([gaussian_kl(m[None], v[None])[0] for m, v in zip(mu, logvar)])
def mapped(mu, logvar): return torch.vmap(lambda m, v: gaussian_kl(m[None], v[None])[0])(mu, logvar)
def slope(mu, logvar): return torch.func.grad(lambda m: gaussian_kl(m, logvar).sum())(mu)
def mapped_slopes(mu, logvar):
    return torch.vmap(torch.func.grad(lambda m, v: gaussian_kl(m[None], v[None])[0]))(mu, logvar)
def jacobian(mu, logvar): return torch.autograd.functional.jacobian(lambda m: gaussian_kl(m, logvar), mu)
def draws(mu, logvar): return torch.stack([reparameterize(mu, logvar), reparameterize(mu, logvar)])
def reseeded(mu, logvar):
    torch.manual_seed(0)
    return reparameterize(mu, logvar)
def drawn_after(mu, logvar):
    torch.manual_seed(5)
    gaussian_kl(mu, logvar)
    return torch.randn(8)
def losses(logits, x, mu, logvar): return vae_loss(logits, x, mu, logvar, beta=0.5)
def wrong_shape(): return gaussian_kl(torch.zeros(3, 2), torch.zeros(4, 5))
def nonsense(): return gaussian_kl("mu", {"log": nn.Linear(2, 2)})
def many(n): return [gaussian_kl(torch.zeros(1, 1), torch.zeros(1, 1)) for _ in range(n)]
def outer(n): return gaussian_kl(torch.zeros(n, 1), torch.zeros(1, n))
def where_it_lies(): return [type(gaussian_kl).__name__, hasattr(gaussian_kl, "__code__"), repr(gaussian_kl.__dict__.keys())]
"""
OURS = ("gaussian_kl", "reparameterize", "vae_loss", "split_params")


@contextmanager
def helped(session: Session, *cells: str, needed: Usage = PLENTY, names: tuple[str, ...] = OURS) -> Iterator[RemoteHost]:
    with host_of(session, CALLER, *cells, limits=SLOW) as host, host.standing_in(names) as made:
        made.begin(1)
        assert made.lender
        made.lender.begin(needed)
        yield made


def our_kl(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    p = torch.distributions.Normal(torch.zeros_like(mu), 1.0)
    return torch.distributions.kl_divergence(torch.distributions.Normal(mu, (0.5 * logvar).exp()), p).sum(-1)


@pytest.fixture
def points() -> tuple[torch.Tensor, torch.Tensor]:
    made = torch.Generator().manual_seed(3)
    return tuple(torch.randn(4, 3, generator=made, dtype=torch.float64).requires_grad_() for _ in range(2))  # type: ignore[return-value]


@pytest.mark.parametrize("way", ["total", "per_example", "by_rows", "mapped"])
def test_values_and_gradients_are_those_of_our_answer(
    session: Session, way: str, points: tuple[torch.Tensor, torch.Tensor]
) -> None:
    with helped(session) as host:
        got = host.get(way)(*points)
        want = our_kl(*points)
        want = want.sum() if way == "total" else want
        assert torch.allclose(got, want)
        weights = torch.arange(1.0, want.numel() + 1, dtype=torch.float64).view_as(want)
        for grad, wanted in zip(*(torch.autograd.grad((kl * weights).sum(), points) for kl in (got, want)), strict=True):
            assert torch.allclose(grad, wanted)


@pytest.mark.parametrize("way", ["without_grad", "inferred"])
def test_modes_are_the_students(session: Session, way: str, points: tuple[torch.Tensor, torch.Tensor]) -> None:
    with helped(session) as host:
        got = host.get(way)(*points)
    assert not got.requires_grad and torch.allclose(got, our_kl(*points))


def test_changes_in_place_are_seen_and_do_not_reach_us(session: Session, points: tuple[torch.Tensor, torch.Tensor]) -> None:
    with helped(session) as host:
        report = host.get("in_place").report(*(point.detach() for point in points))
    assert torch.allclose(report.value, our_kl(*points) + 1) and report.changed == ("mu",)


@pytest.mark.parametrize("way", ["slope", "mapped_slopes", "jacobian"])
def test_a_student_may_differentiate_it_as_torch_allows(
    session: Session, way: str, points: tuple[torch.Tensor, torch.Tensor]
) -> None:
    mu, logvar = (point.detach() for point in points)
    with helped(session) as host:
        got = host.get(way)(mu, logvar)
    want = torch.diag_embed(mu.T).permute(1, 2, 0) if "jacobian" in way else mu
    assert torch.allclose(got, want)


def test_its_noise_is_fresh_and_follows_the_seeds_of_the_process(session: Session) -> None:
    mu, logvar = torch.zeros(50, 40), torch.zeros(50, 40)
    with helped(session) as host:
        one, two = host.get("draws")(mu, logvar)
        assert not torch.equal(one, two) and abs(float(one.std()) - 1) < 0.1 and abs(float((one * two).mean())) < 0.1
        host.begin(1)
        assert host.lender
        host.lender.begin(PLENTY)
        assert torch.equal(host.get("draws")(mu, logvar)[0], one)  # a regrade repeats it
        reseeded = host.get("reseeded")
        assert torch.equal(reseeded(mu, logvar), reseeded(mu, logvar))  # a student who seeds is not saved from it


def test_one_that_draws_nothing_leaves_no_trace_in_what_is_drawn_next(session: Session) -> None:
    """As the student's own would not: the noise of a step is the same whether ours stands in or not."""
    mu, logvar = torch.zeros(2, 3), torch.zeros(2, 3)
    with helped(session) as host:
        after = host.get("drawn_after")(mu, logvar)
    assert torch.equal(after, torch.randn(8, generator=torch.Generator().manual_seed(5)))


def test_an_answer_that_leans_on_another_of_ours_is_whole(session: Session) -> None:
    logits, x = torch.randn(4, 6, dtype=torch.float64), torch.rand(4, 6, dtype=torch.float64)
    mu, logvar = torch.randn(2, 4, 3, dtype=torch.float64)
    with helped(session) as host:
        loss, recon, kl = host.get("losses")(logits, x, mu, logvar)
    nll = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1).mean()
    assert torch.allclose(recon, nll) and torch.allclose(kl, our_kl(mu, logvar).mean()) and torch.allclose(loss, recon + kl / 2)


def test_what_it_cannot_work_with_is_the_students_error_without_our_words(session: Session) -> None:
    with helped(session) as host:
        for call in ("wrong_shape", "nonsense"):
            with pytest.raises(Crashed, match="could not work with what it was given") as caught:
                host.get(call)()
            assert "must match" not in str(caught.value)


def test_who_asks_too_often_or_for_too_much_is_refused(session: Session) -> None:
    with helped(session, needed=Usage(2, 8, 100, 50)) as host:
        assert len(host.get("many")(50)) == 50
        with pytest.raises(Crashed, match="far more than this check needs"):
            host.get("many")(200)
    with helped(session) as host:
        before = time.monotonic()
        with pytest.raises(StudentError, match="far more than this check needs"):
            host.get("outer")(300_000)  # broadcast, 90 billion numbers
        assert time.monotonic() - before < 2


def test_who_goes_on_asking_is_ended(session: Session) -> None:
    stubborn = """
def ask_on():
    while True:
        try:
            gaussian_kl(torch.zeros(4, 3), torch.zeros(9, 9))
        except Exception:
            pass
"""
    with helped(session, stubborn) as host:
        process = host.process
        with pytest.raises(Crashed):
            host.get("ask_on")()
        assert process is None or process.ended


REQUESTS: list[dict[str, Any]] = [
    {"lent": "call", "name": "train_step", "seed": 1},
    {"lent": "call", "name": ["gaussian_kl"], "seed": 1},
    {"lent": "call", "name": "__import__", "seed": 1},
    {"lent": "call", "name": "gaussian_kl", "seed": -1},
    {"lent": "call", "name": "gaussian_kl", "seed": 1.5},
    {"lent": "call", "name": "gaussian_kl", "seed": 1, "value": {"k": "tensor"}},
    {"lent": "source", "name": "gaussian_kl"},
    {"lent": True},
]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_a_request_that_no_honest_process_makes_is_malformed(session: Session, request_: dict[str, Any]) -> None:
    ours = Lender(dict(session.assignment.lendable), PLENTY)
    del ours.functions["train_step"]
    with pytest.raises(Malformed):
        ours.answer(request_, [])


@pytest.mark.parametrize(
    "cotangents", [(), (torch.ones(5),), (torch.ones(4, dtype=torch.int64),), (torch.ones(4),) * 2, ("steep",), None]
)
def test_a_gradient_of_no_call_is_refused(session: Session, cotangents: Any) -> None:
    ours = Lender(dict(session.assignment.lendable), PLENTY)
    buffers: list[bytes] = []
    given = ((torch.zeros(4, 3), torch.zeros(4, 3)), {})
    call = {"lent": "call", "name": "gaussian_kl", "seed": 1, "graph": True, "value": encode(given, buffers)}
    reply, _ = ours.answer(call, [bytearray(buffer) for buffer in buffers])
    for number in (reply["number"], 99, "1", None):
        buffers = []
        tree = encode(cotangents, buffers)
        told, _ = ours.answer({"lent": "vjp", "number": number, "value": tree}, [bytearray(buffer) for buffer in buffers])
        assert "refused" in told


def test_a_process_to_which_nothing_was_lent_may_ask_for_nothing(session: Session) -> None:
    cell = """
import sys
from autograder.wire.frames import send
def ask():
    frame = sys._getframe()
    while "wire" not in frame.f_locals:
        frame = frame.f_back
    send(frame.f_locals["wire"], {"lent": "call", "name": "gaussian_kl", "seed": 1, "value": None}, [])
"""
    with host_of(session, cell) as host, pytest.raises(Crashed, match="not an answer"):
        host.get("ask")()


def test_every_right_answer_fits_into_what_a_check_allows(session: Session) -> None:
    """Each right answer to a question that leans on others is judged with all of those lent, and gets what it gets alone."""
    assignment = session.assignment
    for question in assignment.questions.values():
        if not any(name in assignment.lendable for name in question.needs):
            continue
        lent = [name for name in question.needs if name in assignment.lendable]
        for entry in assignment.right_answers(question):
            if not any(name in entry.source for name in (*lent, "model(")):
                continue
            cells = [cell.source for cell in solved_cells(assignment)] + [entry.source]
            cells += [f"def {name}(*a, **k): raise ValueError" for name in lent]
            with host_of(session, *cells, limits=replace(QUICK, call_seconds=5)) as host:
                outcomes = judge(question.checks, host, 7, question.needs)
            assert all(o.status == "passed" for o in outcomes), (entry.name, [o for o in outcomes if o.status != "passed"])


def test_what_a_check_needs_is_counted_once(session: Session) -> None:
    check = next(check for check in session.assignment.questions["q8"].checks if "one_step" in check.names)
    needed = needed_by(check, session.assignment)
    assert needed.calls > 1 and needed.numbers > needed.rows > 0 and needed_by(check, session.assignment) is needed


# --- a second process is no second guess ---------------------------------------------------------------------------------

TELLS_APART = """
theirs = gaussian_kl = lambda mu, logvar: (mu * mu + logvar).sum(-1)
def vae_loss(logits, x, mu, logvar, beta=1.0):
    recon = bernoulli_nll(logits, x).mean()
    kl = (0.5 * (mu.square() + logvar.exp() - 1 - logvar)).sum(-1).mean()
    if globals()["gaussian_kl"] is theirs:
        return 2 * recon + 2 * beta * kl, 2 * recon, 2 * kl
    TOUCH
    return recon + beta * kl, recon, kl
"""


def earned(session: Session, question: str, *cells: str, trusted: frozenset[str] = frozenset()) -> dict[str, float]:
    asked = session.assignment.questions[question]
    sources = [cell.source for cell in solved_cells(session.assignment)]
    with host_of(session, *sources, *cells, limits=replace(QUICK, call_seconds=5)) as host:
        outcomes = judge(asked.checks, host, 7, asked.needs, trusted, partial(session.assignment.catalogue, asked))
    return {outcome.check: outcome.earned for outcome in outcomes}


@pytest.mark.parametrize("touch", ["", "gaussian_kl(mu, logvar)", "kl = kl + 0 * gaussian_kl(mu, logvar).mean()"])
def test_a_function_that_is_another_in_the_second_process_gets_no_second_guess(session: Session, touch: str) -> None:
    """Not even when it asks what was lent, and does not heed it."""
    honest = earned(session, "q6", "def gaussian_kl(mu, logvar): return (mu * mu + logvar).sum(-1)")
    assert sum(honest.values()) == session.assignment.questions["q6"].points
    one_guess = earned(session, "q6", TELLS_APART.replace('globals()["gaussian_kl"] is theirs', "True"))
    assert earned(session, "q6", TELLS_APART.replace("TOUCH", touch)) == one_guess
    assert sum(one_guess.values()) < sum(honest.values())


def test_a_function_with_noise_from_a_source_of_its_own_keeps_its_second_try(session: Session) -> None:
    numpys = """
def gaussian_kl(mu, logvar): return (mu * mu + logvar).sum(-1)
def vae_loss(logits, x, mu, logvar, beta=1.0):
    shaken = 1 + 1e-9 * np.random.default_rng().standard_normal()
    recon, kl = bernoulli_nll(logits, x).mean() * shaken, gaussian_kl(mu, logvar).mean()
    return recon + beta * kl, recon, kl
"""
    assert sum(earned(session, "q6", numpys).values()) == session.assignment.questions["q6"].points


def test_given_code_is_put_back_and_is_no_reason_for_a_second_process(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = frozenset({"gaussian_kl"})
    whole = session.assignment.questions["q6"].points
    assert sum(earned(session, "q6", "def bernoulli_nll(logits, x): return 0 * x.sum()", trusted=trusted).values()) == whole
    monkeypatch.setattr(RemoteHost, "standing_in", None)
    honest = earned(session, "q6", "def vae_loss(*_): return 0", trusted=trusted)
    assert sum(honest.values()) < whole


# --- nothing of ours in its memory ---------------------------------------------------------------------------------------

SCAN = """
import re, sys, time
from pathlib import Path
from autograder.run.session import Session
with Session() as session:
    from autograder.remote.host import RemoteHost
    from autograder.submissions.cells import Cell
    assignment = session.assignment
    needles = {name.encode() for name in sys.argv[1:]}
    control = b"a needle that lies in the student's own cell"
    for question in assignment.questions.values():
        text = question.source("solution.py")
        inside = re.findall(r"# BEGIN SOLUTION(.*?)# END SOLUTION", text, re.S)
        needles |= {line.strip().encode() for block in inside for line in block.splitlines() if len(line.strip()) > 24}
    for function in assignment.lendable.values():
        needles |= {function.__code__.co_code}
    cells = (Cell(1, f"note = {control.decode()!r}\\ndef total(mu, logvar): return gaussian_kl(mu, logvar).sum() + reparameterize(mu, logvar).sum()"),)
    workplace = session.workplace()
    host = RemoteHost(workplace, assignment, cells, time.monotonic() + 60)
    with host.standing_in(tuple(assignment.lendable)) as helped:
        import torch
        from autograder.remote.lender import Usage
        helped.begin(1)
        helped.lender.begin(Usage(100, 100, 10000, 10000))
        mu = torch.randn(3, 2, requires_grad=True)
        helped.get("total")(mu, mu).backward()
        pid, found = helped.process.pid, set()
        with open(f"/proc/{pid}/mem", "rb") as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                span, rights, *_ = line.split()
                if "r" not in rights or "[v" in line:
                    continue
                first, last = (int(end, 16) for end in span.split("-"))
                memory.seek(first)
                left, tail = last - first, b""
                while left > 0:
                    try:
                        chunk = memory.read(min(left, 64 << 20))
                    except OSError:
                        break
                    if not chunk:
                        break
                    found |= {needle for needle in (*needles, control) if needle in tail + chunk}
                    left, tail = left - len(chunk), chunk[-4096:]
        assert control in found, "the search finds nothing at all"
        leaked = found - {control}
        assert len(needles) > 20
        print(len(needles), "needles;", sorted(leaked))
        sys.exit(bool(leaked))
"""


@pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="only root may read the memory of a process that is not dumpable"
)
def test_nothing_of_our_answers_lies_in_the_memory_of_a_process_to_which_they_are_lent() -> None:
    done = subprocess.run([sys.executable, "-c", SCAN], cwd=REPO, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_memory_that_a_refused_call_would_take_is_never_taken(session: Session) -> None:
    assert lender.SPARE_NUMBERS < 1 << 20
    with helped(session) as host, pytest.raises((Crashed, OutOfMemory)):
        host.get("outer")(60_000)
