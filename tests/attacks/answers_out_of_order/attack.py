"""Keeps every answer back by one request, so that each question gets the answer to the one before, with the right id."""

CELLS = [
    r"""
from autograder.student import responder as student_process
last = [({"kind": "function", "value": None, "trouble": ""}, [])]
def late(real):
    def answer(self, header, buffers):
        last.append(real(self, header, buffers))
        return last.pop(0)
    return answer
for op in ("get", "call", "vjp", "scenario", "names"):
    setattr(student_process.Answers, op, late(getattr(student_process.Answers, op)))
"""
]
