"""Question 7 is judged from the student's own earlier steps: one slip costs one step, a skipped step costs only itself."""

from __future__ import annotations

import math

import pytest

from autograder.checks import assignment as assignments
from autograder.checks.judge import judge
from autograder.hosts.in_process import LocalHost

ASSIGNMENT = assignments.load()
Q7 = ASSIGNMENT.questions["q7"]
STEPS = {1: ["sigma"], 2: ["z"], 3: ["x_hat", "recon"], 4: ["kl", "loss"], 5: ["dmu", "dlogvar"], 6: ["new_mu", "new_logvar"]}


def four_digits(number: float) -> float:
    return round(number, 3 - math.floor(math.log10(abs(number))))


def solve(by_z: bool = False, **own: float) -> dict[str, float]:
    """All ten numbers, worked out from rounded earlier ones, with the student's own put in where given."""
    found: dict[str, float] = {}

    def put(name: str, value: float) -> float:
        found[name] = own.get(name, four_digits(value))
        return found[name]

    sigma = put("sigma", math.exp(-0.2))
    z = put("z", 0.8 + 0.5 * sigma)
    x_hat = put("x_hat", 1.2 * z + 0.1)
    put("loss", put("recon", 0.5 * (3 - x_hat) ** 2) + put("kl", 0.5 * (sigma**2 + 0.64 - 1 + 0.4)))
    reach = 0.5 * (z - 0.8) if by_z else 0.25 * sigma
    put("new_mu", 0.8 - 0.1 * put("dmu", 1.2 * (x_hat - 3) + 0.8))
    put("new_logvar", -0.4 - 0.1 * put("dlogvar", 1.2 * (x_hat - 3) * reach + 0.5 * (sigma**2 - 1)))
    return {f"q7_{name}": value for name, value in found.items()}


def earned(answers: dict[str, object]) -> float:
    everything = {name: answers.get(name, ...) for name in Q7.answers}
    return sum(o.earned for o in judge(Q7.checks, LocalHost(ASSIGNMENT.reference() | everything, {}), seed=1))


@pytest.mark.parametrize("by_z", [False, True])
@pytest.mark.parametrize(
    ("name", "slip", "cost"),
    [
        ("sigma", 0.6703, 2),
        ("sigma", 1.221, 2),
        ("z", 0.8, 2),
        ("z", 1.3, 2),
        ("x_hat", 1.451, 1),
        ("x_hat", 1.309, 1),
        ("recon", 2.099, 1),
        ("kl", 0.7103, 1),
        ("loss", 0.6943, 1),
        ("dmu", -1.739, 1),
        ("dlogvar", -0.3559, 1),
        ("new_mu", 0.7061, 1),
    ],
)
def test_a_slip_costs_its_own_step_only(name: str, slip: float, cost: float, by_z: bool) -> None:
    assert earned(solve(by_z, **{name: slip})) == 12 - cost


@pytest.mark.parametrize("name", [name for step in STEPS.values() for name in step])
@pytest.mark.parametrize("by_z", [False, True])
def test_a_skipped_answer_costs_itself_only(name: str, by_z: bool) -> None:
    answers = solve(by_z)
    del answers[f"q7_{name}"]
    assert earned(answers) == 12 - (2 if name in ("sigma", "z") else 1)


def test_slips_in_every_step() -> None:
    assert (
        earned(
            solve(
                sigma=0.6703, z=1.3, x_hat=1.451, recon=2.4, kl=0.7, loss=1.0, dmu=-1.7, dlogvar=-0.4, new_mu=0.7, new_logvar=-0.5
            )
        )
        == 0
    )


@pytest.mark.parametrize("number", [0.0, 1.0, 0.5, -1.0, 1.6, -0.5, 1.3542, 6.646, 0.7273, -0.3636, 3.0, 0.8, -0.4, 1e9, 1e-9])
def test_the_same_number_everywhere_earns_nothing(number: float) -> None:
    """1.6, -0.5 and so on are the fixed points of single steps."""
    assert earned(dict.fromkeys(Q7.answers, number)) == 0
