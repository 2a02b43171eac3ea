"""Answers every request for gradients with tensors of the wrong number, shape, dtype, or with NaN and infinities."""

BASE = "solved"
MAX_SCORE = 99
CELLS = [
    r"""
import itertools
from autograder.student import responder as student_process
true_vjp = student_process.Answers.vjp
turn = itertools.count()
def vjp(self, header, buffers):
    outputs, inputs = self.graphs[header["call"]]
    n = next(turn) % 7
    made = {
        0: tuple(torch.full_like(i, float("nan")) for i in inputs),
        1: tuple(torch.full_like(i, float("inf")) for i in inputs),
        2: tuple(i.detach().double().reshape(-1) for i in inputs),
        3: (),
        4: tuple(None for _ in inputs),
        5: tuple(torch.zeros(()) for _ in inputs) * 100,
        6: tuple(torch.zeros_like(i, dtype=torch.float16) for i in inputs),
    }[n]
    out = []
    return {"value": student_process.encode(student_process._plain(made), out)}, out
student_process.Answers.vjp = vjp
"""
]
