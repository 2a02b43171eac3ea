"""The grader's side of the boundary: honest processes across it, and liars, whose every lie costs only their own check."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import as_a_script

from autograder.checks.assignment import Limits
from autograder.remote.host import MAX_HANGS, RemoteHost
from autograder.remote.process import Workplace
from autograder.run.session import Session
from autograder.student.forks import Forks
from autograder.submissions.cells import Cell
from autograder.wire.calls import EARLIER_VALUE, GLOBAL_SEED
from autograder.wire.faults import Crashed, Missing, NotAttempted, OutOfMemory, StudentError, TimedOut
from autograder.wire.frames import receive
from autograder.wire.values import encode

QUICK = Limits(call_seconds=2, cell_seconds=3, submission_seconds=30)


# --- honest processes ---------------------------------------------------------------------------------------------------

CODE = """
import os, time
calls = 0
def double(x): return 2 * x
def product(a, b): return {"product": a * b, "parts": [a, (b, "text")]}
def noise(n): return torch.randn(n)
def seeded(n): torch.manual_seed(0); return torch.randn(n)
def spoil(x, y): x += 1; y.zero_(); return 0
def cut(x): return (2 * x).detach()
def reshaped(x): x.unsqueeze_(0); return x * 1
def buffered(x, buffer=torch.empty(2)): return buffer.copy_(x)
def backward(x): y = x.sum(); y.backward(retain_graph=True); return y
def careless(x): torch.seed(); return x * 1
def shy(x): return x * torch.is_grad_enabled()
def count():
    global calls
    calls += 1
    return calls
def ignore(a, b): return a * 1
def die(): os._exit(0)
def hang(): time.sleep(60)
def cubed(x): return x ** 3
def broken_slope(x):
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * 1
        @staticmethod
        def backward(ctx, g): raise ValueError("no slope")
    return Broken.apply(x)
def fatal_slope(x):
    y = x * 1
    y.register_hook(lambda g: os._exit(0))
    return y
def strided(x): return x[:, 1]
q1_number = torch.tensor(0.5)
q2_number = None
"""


@contextmanager
def host_of(session: Session, *cells: str, limits: Limits = QUICK) -> Iterator[RemoteHost]:
    sources = ["import torch", *cells]
    workplace = session.workplace(limits)
    host = RemoteHost(
        workplace,
        session.assignment,
        tuple(Cell(number, source) for number, source in enumerate(sources, 1)),
        time.monotonic() + limits.submission_seconds,
    )
    host.begin(1)
    try:
        yield host
    finally:
        host.close()
        workplace.channel.close()


@pytest.fixture
def host(session: Session) -> Iterator[RemoteHost]:
    with host_of(session, CODE) as made:
        yield made


def test_a_call_crosses_with_its_value(host: RemoteHost) -> None:
    a, b = torch.randn(2, 3), torch.randn(2, 3)
    found = host.get("product")(a, b=b)
    assert torch.equal(found["product"], a * b)
    assert torch.equal(found["parts"][1][0], b) and found["parts"][1][1] == "text"
    assert host.get("q1_number") == 0.5


LARGE = """
q1_choice, q4_kl_a, q9_choice = 3, torch.arange(100_000), "x" * 3000
q4_kl_b = torch.zeros(10_000_000)
def scaling_factor():
    global q1_choice
    q1_choice = 4
"""


def test_what_names_hold_is_asked_of_all_at_once_and_kept(session: Session) -> None:
    """An answer that is a value is what the cells made it, whatever a function does to it later; the large ones come alone."""
    with host_of(session, LARGE) as host:
        asked = []
        host.start()
        assert host.process
        exchange = host.process.exchange
        host.process.exchange = lambda header, *rest: asked.append(header) or exchange(header, *rest)  # type: ignore[method-assign]
        assert host.get("q1_choice") == 3
        host.get("scaling_factor")()
        assert host.get("q1_choice") == 3
        assert [header.get("names") for header in asked] == [sorted(session.assignment.answer_names), None]
        assert host.get("q4_kl_a").sum() == sum(range(100_000)) and len(host.get("q9_choice")) == 3000
        with pytest.raises(Crashed, match="far more than this question needs"):
            host.get("q4_kl_b")
        assert [header.get("names") for header in asked][2:] == [["q4_kl_a"], ["q9_choice"], ["q4_kl_b"]]


def test_gradients_cross(host: RemoteHost) -> None:
    a, b = torch.randn(2, 3, requires_grad=True), torch.randn(2, 3, requires_grad=True)
    weights = torch.randn(2, 3)
    found = host.get("product")(a, b)["product"]
    grads = torch.autograd.grad((found * weights).sum(), (a, b))
    assert torch.allclose(grads[0], b * weights) and torch.allclose(grads[1], a * weights)
    again = host.get("product")(a, b)
    torch.autograd.grad(again["product"].sum() + again["parts"][0].sum(), a)  # two outputs of one call
    x = torch.randn(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(host.get("cubed"), (x,))


def test_a_graph_that_is_not_there_is_not_made_up(host: RemoteHost) -> None:
    x = torch.ones(2, requires_grad=True)
    assert not host.get("cut")(x).requires_grad
    a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    grads = torch.autograd.grad(host.get("ignore")(a, b).sum(), (a, b), allow_unused=True)
    assert grads[1] is None


def test_a_single_element_may_have_any_stride(host: RemoteHost) -> None:
    assert host.get("strided")(torch.tensor([[1.0, 2.0, 3.0]])).tolist() == [2.0]


def test_an_input_that_was_changed_is_reported_and_ours_stays(host: RemoteHost) -> None:
    x, y = torch.ones(2), torch.full((2,), float("nan"))
    report = host.get("spoil").report(x, y=y)
    assert report.changed == ("x", "y")
    assert x.tolist() == [1, 1] and y.isnan().all()
    assert host.get("double").report(y).changed == ()
    assert host.get("spoil").report(torch.ones(2, requires_grad=True), y).changed == ("x", "y")


def test_whatever_else_a_call_must_leave_alone_is_reported_too(host: RemoteHost) -> None:
    """The shape of an argument, the value of the call before, gradients that nobody asked for, the seed."""
    x, y = torch.ones(2, requires_grad=True), torch.zeros(2)
    assert host.get("reshaped").report(y).changed == ("x",)
    assert host.get("buffered").report(y).changed == ()
    assert host.get("buffered").report(y).changed == ()  # the same numbers again are no change
    assert host.get("buffered").report(y + 1).changed == (EARLIER_VALUE,)
    assert host.get("backward").report(x).changed == ("x.grad",)
    assert host.get("careless").report(y).changed == (GLOBAL_SEED,)
    for name in ("double", "noise", "product"):
        assert host.get(name).report(*{"noise": (3,), "product": (x, x)}.get(name, (x,))).changed == ()


def test_a_function_can_be_called_where_no_gradient_is_recorded(host: RemoteHost) -> None:
    x = torch.ones(2, requires_grad=True)
    calls = len(host.recorder.calls)
    assert host.get("shy").without_gradients(x).tolist() == [0, 0] and len(host.recorder.calls) == calls
    assert host.get("shy")(x).tolist() == [1, 1]


def test_every_call_is_seeded_differently_and_a_regrade_alike(host: RemoteHost) -> None:
    noise = host.get("noise")
    one, two = noise(5), noise(5)
    assert not torch.equal(one, two)
    host.begin(1)
    assert torch.equal(noise(5), one)
    assert noise.report(5).rng_after != noise.report(5).rng_after
    seeded = host.get("seeded")
    assert seeded.report(5).rng_after == seeded.report(5).rng_after


def test_a_process_that_dies_is_replaced(host: RemoteHost) -> None:
    count = host.get("count")
    assert (count(), count()) == (1, 2)
    with pytest.raises(Crashed, match="ended the Python process"):
        host.get("die")()
    assert count() == 1


def test_a_gradient_may_fail_like_a_call(host: RemoteHost) -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(Crashed, match="no slope"):
        torch.autograd.grad(host.get("broken_slope")(x).sum(), x)
    with pytest.raises(Crashed, match="ended the Python process"):
        torch.autograd.grad(host.get("fatal_slope")(x).sum(), x)
    value = host.get("double")(x)
    with pytest.raises(Crashed):
        host.get("die")()
    with pytest.raises(Crashed, match="before its gradients"):
        torch.autograd.grad(value.sum(), x)


def test_what_is_not_there_is_missing_or_not_attempted(host: RemoteHost) -> None:
    with pytest.raises(Missing, match="`double` does: was it renamed"):
        host.get("duble")
    with pytest.raises(NotAttempted):
        host.get("q2_number")


def test_a_name_that_holds_something_else_is_missing(session: Session) -> None:
    with host_of(session, "double = 'text'\ndef q1_number(): return 5") as host:
        with pytest.raises(Missing, match=r"should be a function, but .* a string"):
            host.get("double")
        with pytest.raises(Missing, match=r"should be a number or a letter, but .* a function"):
            host.get("q1_number")


def test_a_function_that_hangs_is_left_alone_after_a_while(session: Session) -> None:
    with host_of(session, CODE, limits=replace(QUICK, call_seconds=0.2)) as host:
        for _ in range(MAX_HANGS):
            with pytest.raises(TimedOut, match="still running after"):
                host.get("hang")()
        started = time.monotonic()
        with pytest.raises(TimedOut, match="not called again"):
            host.get("hang")()
        assert time.monotonic() - started < 1
        assert host.get("double")(torch.ones(1)) == 2


def test_each_hang_of_a_submission_makes_the_next_one_shorter(session: Session) -> None:
    """A class should not wait for one that hangs everywhere; a function that does not hang still has several times what it needs."""
    with host_of(session, "def one():\n    while True: pass\n\ndef other():\n    while True: pass", limits=QUICK) as host:
        spent = []
        for name in ("one", "other", "one", "other"):
            started = time.monotonic()
            with pytest.raises(TimedOut):
                host.get(name)()
            spent.append(time.monotonic() - started)
    whole = QUICK.call_seconds
    assert spent[0] > 0.9 * whole > 0.75 * whole > max(spent[1:]) and spent[3] < 0.6 * whole


def test_the_whole_submission_has_a_deadline(session: Session) -> None:
    with host_of(session, CODE) as host:
        host.get("double")
        host._deadline = time.monotonic() + 0.2
        with pytest.raises(TimedOut, match="whole submission"):
            host.get("hang")()
        with pytest.raises(TimedOut, match="whole submission"):
            host.get("double")


def test_cells_that_kill_hang_or_fail_are_told_and_the_others_run(session: Session) -> None:
    cells = ["import os", "os._exit(3)", "1 / 0", "while True: pass", "1 +", CODE]
    with host_of(session, *cells, limits=replace(QUICK, cell_seconds=0.5)) as host:
        assert host.get("double")(torch.ones(1)) == 2
        assert host.diary.skipped == {3, 5}
        told = host.diary.troubles
    assert "ended the Python process" in told[3] and "ZeroDivisionError" in told[4]
    assert "endless loop" in told[5] and "SyntaxError" in told[6]


def test_nothing_is_left_of_a_process(session: Session) -> None:
    with host_of(session, CODE) as host:
        host.start()
        assert host.process
        pid, folder = host.process.pid, host.process.workdir
        assert folder.exists()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_stand_in_that_cannot_be_put_in_is_never_our_fault(session: Session) -> None:
    sabotage = "import builtins, os\nbuiltins.exec = lambda *_: os._exit(0)"
    with host_of(session, CODE, sabotage) as host, host.standing_in(("gaussian_kl",)) as helped:
        for _ in range(3):
            with pytest.raises(Crashed):
                helped.get("double")


# --- liars --------------------------------------------------------------------------------------------------------------

Answer = Callable[[dict[str, Any]], "bytes | None"]


def frame(header: Any, *buffers: bytes) -> bytes:
    if isinstance(header, dict):
        header = {"sizes": [len(buffer) for buffer in buffers]} | header
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + b"".join(buffers)


def honest(header: dict[str, Any], **reply: Any) -> bytes:
    """What an honest process would answer; `reply` says otherwise."""
    if header["op"] == "get":
        return frame({"id": header["id"], "held": {name: {"kind": "function"} for name in header["names"]}} | reply)
    buffers: list[bytes] = []
    value = encode(torch.ones(2).requires_grad_(), buffers)
    facts = {"id": header["id"], "value": value, "changed": [], "rng_after": "0x0p0", "confinement": {}, "trouble": ""}
    return frame(facts | reply, *buffers)


@contextmanager
def liar(session: Session, lie: Answer, to: str = "call", limits: Limits = QUICK) -> Iterator[RemoteHost]:
    """A host whose process answers honestly, and with a lie to one kind of request."""

    def serve(wire: socket.socket, _: dict[str, str]) -> None:
        while True:
            header, _buffers = receive(wire)
            answer = lie(header) if header["op"] == to else honest(header)
            if answer is not None:
                wire.sendall(answer)

    public = Path(tempfile.mkdtemp())
    with as_a_script():
        parents = Forks(lambda: serve)
    channel = parents.channel()
    everything = frozenset({"user", "processes", "landlock", "seccomp", "limits"})  # a liar needs no confinement: it is ours
    host = RemoteHost(
        Workplace(channel, session.readers, public, limits, everything),
        session.assignment,
        (Cell(1, "pass"),),
        time.monotonic() + limits.submission_seconds,
    )
    host.begin(1)
    try:
        yield host
    finally:
        host.close()
        channel.close()
        parents.close()
        shutil.rmtree(public)


def test_the_liar_of_these_tests_can_be_honest(session: Session) -> None:
    x = torch.ones(3, requires_grad=True)
    with liar(session, honest) as host:
        assert host.get("f")(x).tolist() == [1, 1]


NOT_ANSWERS: dict[str, Answer] = {
    "an answer to the next request": lambda h: honest(h, id=h["id"] + 1),
    "an answer to an earlier request": lambda h: honest(h, id=h["id"] - 1),
    "an answer to no request": lambda h: honest(h, id=None),
    "an id that is no number": lambda h: honest(h, id=str(h["id"])),
    "an id that equals a number": lambda h: honest(h, id=float(h["id"])),
    "a list": lambda h: frame([h["id"]]),
    "no JSON": lambda h: frame(b"\xff" * 10),
    "NaN": lambda h: frame(b'{"id": %d, "sizes": [], "value": NaN}' % h["id"]),
    "a hundred thousand lists": lambda h: frame(b'{"id": 1, "sizes": [], "value": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a header of four gigabytes": lambda h: b"\xff\xff\xff\xff",
    "a buffer of an exabyte": lambda h: honest(h, sizes=[1 << 60]),
    "a negative size": lambda h: honest(h, sizes=[-8]),
    "a value that is none": lambda h: honest(h, value={"k": "tensor"}),
    "a value of another size": lambda h: honest(h, value={"k": "tensor", "dtype": "float64", "shape": [2], "buffer": 0}),
    "a shape that overflows": lambda h: honest(h, value={"k": "tensor", "dtype": "float32", "shape": [2**62, 4], "buffer": 0}),
    "a pickle": lambda h: frame(b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94."),
}


@pytest.mark.parametrize("lie", NOT_ANSWERS)
def test_what_is_no_answer_costs_the_check_and_the_process(session: Session, lie: str) -> None:
    with liar(session, NOT_ANSWERS[lie]) as host:
        function = host.get("f")
        process = host.process
        with pytest.raises(Crashed, match="not an answer"):
            function(1)
        assert process and process.ended
        assert callable(host.get("f"))  # another took its place


def test_two_answers_to_one_request_are_not_two_answers(session: Session) -> None:
    with liar(session, lambda h: honest(h) + honest(h)) as host:
        function = host.get("f")
        with pytest.raises(Crashed, match="not an answer"):
            function(1)


SLOW: dict[str, Answer] = {
    "nothing": lambda h: None,
    "half a length": lambda h: b"\0\0",
    "half a header": lambda h: honest(h)[:20],
    "half a buffer": lambda h: honest(h)[:-1],
}


@pytest.mark.parametrize("lie", SLOW)
def test_an_answer_that_does_not_come_times_out(session: Session, lie: str) -> None:
    with liar(session, SLOW[lie], limits=replace(QUICK, call_seconds=0.3)) as host:
        function = host.get("f")
        started = time.monotonic()
        with pytest.raises(TimedOut):
            function(1)
        assert time.monotonic() - started < 2


def test_a_confession_is_believed_but_bounded(session: Session) -> None:
    def confession(error: Any, message: Any = "so it was", question: Any = None) -> StudentError:
        with liar(session, lambda h: frame({"id": h["id"], "error": error, "message": message, "question": question})) as host:
            with pytest.raises(StudentError) as caught:
                host.get("f")(1)
        assert len(str(caught.value)) <= 1000
        return caught.value

    assert type(confession("out_of_memory")) is OutOfMemory
    assert type(confession("crashed", "x" * 10**5)) is Crashed
    assert type(confession("passed")) is Crashed
    assert type(confession("grader_error")) is Crashed
    assert type(confession(["crashed"])) is Crashed
    assert type(confession(None, {"a": 1})) is Crashed
    assert confession("not_attempted", question="5").question is None  # type: ignore[attr-defined]


def test_facts_that_are_none_are_left_out(session: Session) -> None:
    with liar(session, lambda h: honest(h, changed=[1, None, "x" * 1000, *["y"] * 1000], rng_after="0x1p99999")) as host:
        report = host.get("f").report(1)
    assert report.rng_after == 0 and len(report.changed) <= 50 and max(map(len, report.changed)) <= 60
    with liar(session, lambda h: honest(h, changed={"a": 1}, rng_after=5)) as host:
        report = host.get("f").report(1)
    assert report.changed == () and report.rng_after == 0
    with liar(session, lambda h: honest(h, confinement=["applied"]), to="hello") as host:
        host.start()
        assert host.confinement == {}
    with liar(session, lambda h: honest(h, trouble={"a": 1}), to="cell") as host:
        host.start()
        assert host.diary.troubles == {}


def test_only_the_first_few_names_are_searched_for_a_renamed_one(session: Session) -> None:
    """Two hundred: to compare a hundred thousand would take the grader a while, and no deadline is on it."""
    for strangers, found in ((100, True), (300, False)):
        names = [None, 5, "x" * 1000, "not a name", *["stranger"] * strangers, "gaussian_KL"]
        with liar(session, lambda h, names=names: honest(h, names=names), to="names") as host:
            host.start()
            assert ("renamed" in host._where_is("gaussian_kl")) == found


def a_slope(shape: list[int], dtype: str = "float32") -> dict[str, Any]:
    return {"k": "tensor", "dtype": dtype, "shape": shape, "grad": False, "buffer": 0}


SLOPES: dict[str, Any] = {
    "none at all": None,
    "a bare tensor": a_slope([2]),
    "too few": {"k": "tuple", "v": []},
    "too many": {"k": "tuple", "v": [None, None]},
    "another shape": {"k": "tuple", "v": [a_slope([2])]},
    "a shape that broadcasts": {"k": "tuple", "v": [a_slope([1, 2])]},
    "another dtype": {"k": "tuple", "v": [a_slope([1], "float64")]},
    "integers": {"k": "tuple", "v": [a_slope([2], "int32")]},
    "text": {"k": "tuple", "v": [{"k": "str", "v": "steep"}]},
    "garbage": {"k": "tuple", "v": [{"k": "tensor"}]},
}


@pytest.mark.parametrize("slope", SLOPES)
def test_a_gradient_that_fits_no_input_is_refused(session: Session, slope: str) -> None:
    x = torch.ones(1, requires_grad=True)
    with liar(session, lambda h: honest(h, value=SLOPES[slope]), to="vjp") as host:
        value = host.get("f")(x)
        with pytest.raises(Crashed, match=r"not an answer|do not fit"):
            torch.autograd.grad(value.sum(), x)


def test_a_graph_nobody_asked_for_is_cut(session: Session) -> None:
    with liar(session, honest) as host:
        assert not host.get("f")(torch.ones(3)).requires_grad


BUSY = """
import time
def works(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return seconds
def sleeps(seconds):
    time.sleep(seconds)
    return seconds
"""


@contextmanager
def crowded(pid: int) -> Iterator[None]:
    """A process that shares its processor with four others that never rest."""
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        for busy in (pid, *(hog.pid for hog in hogs)):
            os.sched_setaffinity(busy, {max(os.sched_getaffinity(0))})
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system does not tell how long a process had to wait")
def test_a_call_is_given_the_time_for_which_others_kept_it_from_running(session: Session) -> None:
    """One second of work takes two and more among five. What sleeps, or never ends, is ended all the same."""
    with host_of(session, BUSY, limits=replace(QUICK, call_seconds=1.2)) as host:
        host.start()
        assert host.process
        with crowded(host.process.pid):
            started = time.monotonic()
            assert host.get("works")(1.0) == 1.0
            assert time.monotonic() - started > 1.3
            with pytest.raises(TimedOut, match="still running after 1 s"):
                host.get("sleeps")(20)
        host.start()
        assert host.process
        with crowded(host.process.pid):
            started = time.monotonic()
            with pytest.raises(TimedOut):
                host.get("works")(60.0)
            assert time.monotonic() - started < 12
