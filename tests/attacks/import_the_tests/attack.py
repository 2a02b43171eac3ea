"""Imports its way to the tests: sys.modules, importlib, linecache, inspect, pkgutil, and the grader's own loaders."""

OTTER = "points"
OTTER_CELLS = [
    r"""
def gaussian_kl(mu, logvar):
    from autograder.checks.assignment import load
    return load().reference()["gaussian_kl"](mu, logvar)
"""
]
CELLS = [
    r"""
import sys, importlib.util, linecache, inspect
for name, module in list(sys.modules.items()):
    if "hidden_tests" in name or "hidden_tests" in str(getattr(module, "__file__", "")):
        tell(f"module {name}")
for path in linecache.cache:
    if "hidden" in path:
        tell(path)
try:
    from pathlib import Path
    from autograder.checks import assignment
    for root in (Path(SCENE["assignment"]), assignment.ROOT):
        loaded = assignment.load(root)
        for question in loaded.questions.values():
            for check in question.checks:
                tell(inspect.getsource(check.function))
            tell(loaded.wrong_answers(question))
except Exception:
    pass
try:
    spec = importlib.util.spec_from_file_location("loot", SCENE["assignment"] + "/questions/q5_kl/hidden_tests.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tell(module.CANARY)
except Exception:
    pass
"""
]
