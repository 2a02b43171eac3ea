"""Offers 100,000 names a letter away from each that is missing, so that the grader compares them all."""

CELLS = [
    r"""
from autograder.student import responder as student_process
missing = list(SCENE["functions"])
for name in missing:
    globals().pop(name, None)
def names(self, header, _):
    near = [missing[i % len(missing)] for i in range(60_000)]
    return {"names": [name[::-1][:i % 7] + name + "abcdefgh"[i % 8] for i, name in enumerate(near)]}, []
student_process.Answers.names = names
"""
]
