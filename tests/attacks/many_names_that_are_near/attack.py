"""Offers 100,000 names a letter away from each that is missing, so that the grader compares them all."""

CELLS = [
    r"""
from autograder.student import responder as student_process
def get(self, header, _):
    get.name = header["name"]
    return {"kind": "missing"}, []
def names(self, header, _):
    name = get.name
    return {"names": [name[::-1][:i % 7] + name + "abcdefgh"[i % 8] for i in range(60_000)]}, []
student_process.Answers.get = get
student_process.Answers.names = names
"""
]
