"""What a hidden check repeats of a student's words: what stands in their source, and nothing that could spell out its inputs."""

from __future__ import annotations

import pytest

from autograder.checks.check import Check, run_check
from autograder.checks.description import describe, discreet
from autograder.checks.discretion import discreet as told
from autograder.run.session import Session
from autograder.wire.faults import Crashed, OutOfMemory, Raised
from autograder.wire.values import Foreign
from tests.remote.test_remote import QUICK, host_of

SOURCE = """
class Odd(Exception): ...
def gaussian_kl(mu, logvar):
    if mu.shape != logvar.shape:
        raise ValueError("mu and logvar differ in shape")
    raise Odd(f"cannot use mu = {mu} with logvar = {logvar}, sorry")
"""


def raised(text: str, type: str = "ValueError", place: str = "gaussian_kl", line: str = "") -> str:
    return told(Crashed(raised=Raised(type, text, place, line)), SOURCE)


def test_a_message_that_stands_in_the_source_is_told_with_its_line() -> None:
    line = 'raise ValueError("mu and logvar differ in shape")'
    assert raised("mu and logvar differ in shape", line=line) == (
        f"your code raised ValueError: mu and logvar differ in shape (in gaussian_kl: `{line}`)"
    )
    assert raised("cannot use mu = 0.1 with logvar = 2, sorry", "Odd") == (
        "your code raised Odd: cannot use mu = … with logvar = … , sorry (in gaussian_kl)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "0p4899",
        "4899",
        "zero point four",
        "mu",
        "0.4899",
        "mu and logvar differ in shape 4899",
        "differ",
        "a b mu c logvar",
        "",
        "sorry 4",
    ],
)
def test_a_message_that_was_computed_is_not(text: str) -> None:
    assert raised(text, line="no line of theirs") == "your code raised ValueError (in gaussian_kl)"


def test_neither_are_names_and_lines_that_do_not_stand_there() -> None:
    assert raised("", type="E0p4899") == "your code raised an exception (in gaussian_kl)"
    assert raised("", place="f4899", line="return 4899") == "your code raised ValueError"
    assert told(Crashed("your code returned a tensor of shape (4899, 0)", computed=True), SOURCE) == (
        "your code raised an error, or returned far more than this question needs"
    )
    assert "4899" not in told(OutOfMemory("4899 bytes", computed=True), SOURCE)
    assert told(Crashed("your code ended the Python process"), SOURCE) == "your code ended the Python process"


def test_what_came_back_is_described_without_its_values() -> None:
    import torch

    values = [
        torch.tensor(0.4899),
        0.4899,
        4899,
        {"k4899": 1},
        Foreign("T4899"),
        torch.zeros(4899, 0),
        torch.zeros(4, 8, 9, 9, 1),
        "4899",
    ]
    with discreet(True):
        said = [describe(value) for value in values]
        assert describe(torch.zeros(3, 4)) == "a tensor of shape (3, 4)"
    assert not any("4899" in text or "8, 9, 9" in text for text in said)
    assert "0.4899" in describe(values[0])


SPELLS = """
def word(x): return "x" + "".join(chr(97 + int(d)) for d in str(abs(int(x * 1e4))))
turn = 0
def gaussian_kl(mu, logvar):
    global turn
    turn += 1
    said = "abcd" + word(4899e-4)
    if turn == 1: raise ValueError(said)
    if turn == 2: raise type(said, (Exception,), {})("x")
    if turn == 3: return {said: 1}
    if turn == 4: return type(said, (), {})()
    if turn == 5: raise MemoryError(said)
    if turn == 6: return torch.zeros(*[4, 8, 9, 9, 9, 1], 0)
    if turn == 7: exec(f"def {said}(): raise ValueError({said!r})\\n{said}()")
    if turn == 8: return said
    if turn == 9: return torch.tensor(0.4899)
    globals()["gaussian_kl"] = 0.4899
    raise NotImplementedError(said)
"""


def test_a_hidden_check_across_the_boundary_repeats_nothing_that_was_computed(session: Session) -> None:
    def asks(gaussian_kl: object) -> None:
        from autograder.checks import expect

        expect.tensor(gaussian_kl(None, None), (3,), "one KL per example")  # type: ignore[operator]

    messages = []
    with host_of(session, SPELLS, limits=QUICK) as host:
        for number in range(12):
            check = Check("q5", 5, f"test_{number}", "It holds.", 1.0, True, asks)
            outcome = run_check(check, host, 1)
            messages.append(f"{outcome.message} {outcome.hint}")
    assert len(set(messages)) >= 5
    assert not any("xeijj" in message or "4899" in message or "8, 9, 9" in message for message in messages), messages
