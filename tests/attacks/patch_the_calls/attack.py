"""Replaces what calls a test or its functions by something that calls nothing, so that nothing can fail."""

OTTER = "points"
OTTER_CELLS = [
    r"""
from otter.test_files import exception_test
exception_test.test_case.call_func = lambda self, env: None
"""
]
CELLS = [
    r"""
from autograder.student import invoke
from autograder.student import responder as student_process
def uncalled(function, args, kwargs, seed, **more): return invoke.Returned(None)
invoke.invoke = student_process.invoke = uncalled
student_process.Answers.call = student_process.Answers.scenario = student_process.Answers.vjp = lambda self, header, buffers: ({}, [])
for name in SCENE["functions"]:
    globals()[name] = lambda *args, **kwargs: None
"""
]
