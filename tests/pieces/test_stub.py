"""A stub is the answer without its secrets; otter, given the same cell, makes the same stub."""

from __future__ import annotations

import pytest

from autograder.pieces import stub

SOURCE = '''\
# %%
def split(h):
    """Halves: "one" and 'two'."""
    # BEGIN SOLUTION
    half = h // 2

    return half, h - half
    # END SOLUTION


def both(h):
    # BEGIN SOLUTION
    first, second = split(h)
    # END SOLUTION
    print("in between")
    # BEGIN SOLUTION
    return first + second
    # END SOLUTION

# %%
q1_number = 0.25  # SOLUTION
q1_choice = "B"  # SOLUTION
unit = "nats"  # yours to read
'''

STUBS = [
    '''\
def split(h):
    """Halves: "one" and 'two'."""
    raise NotImplementedError("Question 3: write split …")


def both(h):
    raise NotImplementedError("Question 3: write both …")
    print("in between")''',
    """\
q1_number = ...
q1_choice = ...
unit = "nats"  # yours to read""",
]


def test_the_stub_keeps_names_signatures_and_docstrings() -> None:
    assert [stub.stub(cell, 3) for cell in stub.cells(SOURCE)] == STUBS


def test_a_stub_is_python_that_says_its_question() -> None:
    namespace: dict[str, object] = {}
    for text in STUBS:
        exec(text, namespace)
    assert namespace["q1_number"] is ...
    with pytest.raises(NotImplementedError, match=r"^Question 3: write split …$"):
        namespace["split"](2)  # type: ignore[operator]


@pytest.mark.filterwarnings("ignore")  # otter's own dependencies warn on import
def test_otter_makes_the_same_stub() -> None:
    from otter.assign.solutions import replace_solutions

    for cell, expected in zip(stub.cells(SOURCE), STUBS, strict=True):
        assert "\n".join(replace_solutions(stub.otter_solution(cell, 3).split("\n"), "python")) == expected


def test_the_answer_has_no_fences_and_runs() -> None:
    answers = [stub.answer(cell) for cell in stub.cells(SOURCE)]
    assert "SOLUTION" not in "".join(answers)
    namespace: dict[str, object] = {}
    for text in answers:
        exec(text, namespace)
    assert namespace["both"](5) == 5 and namespace["q1_choice"] == "B"  # type: ignore[operator]


def test_secret_lines_are_what_the_fences_hide() -> None:
    hidden = [line.strip() for line in stub.secret_lines(SOURCE) if line.strip()]
    assert hidden == [
        "half = h // 2",
        "return half, h - half",
        "first, second = split(h)",
        "return first + second",
        "q1_number = 0.25",
        'q1_choice = "B"',
    ]


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("# BEGIN SOLUTION\nx = 1", "never ended"),
        ("# END SOLUTION", "twice"),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", "twice"),
        ("print(3)  # SOLUTION", "name = value"),
    ],
)
def test_a_fence_that_would_leak_is_refused(cell: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        stub.stub(cell, 1)
