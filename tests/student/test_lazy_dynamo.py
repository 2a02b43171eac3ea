"""Torch's compiler: not imported by an optimizer's step, and there for whoever asks."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.checks.judge import judge
from autograder.proof.trials import solved_cells
from autograder.remote.host import RemoteHost
from autograder.run.session import Session
from autograder.submissions.cells import Cell

ROOT = Path(__file__).resolve().parents[2]
STEP = """
import sys, torch
from autograder.student import lazy_dynamo
lazy_dynamo.install()
layer = torch.nn.Linear(2, 2)
optimizer = torch.optim.Adam(layer.parameters())
layer(torch.ones(2)).sum().backward()
optimizer.step()
assert isinstance(sys.modules["torch._dynamo"], lazy_dynamo.LazyDynamo) and "sympy" not in sys.modules
"""


@pytest.mark.parametrize(
    "asked",
    [
        "@torch.compile(backend='eager')\ndef f(x): return x + 1\nassert f(torch.ones(2)).tolist() == [2, 2]",
        "import torch._dynamo\ntorch._dynamo.config.verbose",
        "import torch._dynamo as dynamo\ndynamo.reset()",
        "from torch._dynamo import config, utils",
        "import torch._dynamo.utils",
        "import torch._dynamo.eval_frame as it\nassert it.__spec__.name == it.__name__ and it.__spec__.loader.get_code",
        "torch.compiler.reset()",
        "@torch.compiler.disable\ndef f(x): return x\nassert f(1) == 1",
        "@torch._dynamo.disable()\ndef f(x): return x\nassert f(1) == 1",
        "torch.vmap(lambda x: x * 2)(torch.ones(3))",
    ],
)
def test_the_compiler_is_there_after_a_step_that_did_without_it(asked: str) -> None:
    subprocess.run([sys.executable, "-c", f"{STEP}\n{asked}\noptimizer.step()"], cwd=ROOT, check=True)


@pytest.mark.parametrize(("question", "name"), [("q2", "reparameterize"), ("q5", "gaussian_kl"), ("q8", "generate")])
def test_a_compiled_answer_gets_full_marks(session: Session, question: str, name: str) -> None:
    assignment = session.assignment
    asked = assignment.questions[question]
    source = asked.source("solution.py").replace(f"def {name}(", f'@torch.compile(backend="eager")\ndef {name}(')
    cells = solved_cells(assignment)
    workplace = session.workplace()
    host = RemoteHost(workplace, assignment, (*cells, Cell(len(cells) + 1, source)), time.monotonic() + 120)
    try:
        outcomes = judge(asked.checks, host, 20, asked.needs, frozenset(asked.needs))
    finally:
        host.close()
        workplace.channel.close()
    assert [outcome for outcome in outcomes if outcome.status != "passed"] == []
