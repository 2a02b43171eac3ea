"""Walks every object and every frame of its process in search of checks, the reference and other students' names."""

OTTER = "a hidden test"
OTTER_CELLS = [
    r"""
import gc, inspect, sys, types
def gaussian_kl(mu, logvar):
    found = [thing for thing in gc.get_objects() if isinstance(thing, types.FunctionType)]
    frame = sys._getframe()
    while frame:
        found += [thing for thing in frame.f_globals.values() if isinstance(thing, types.FunctionType)]
        frame = frame.f_back
    raise RuntimeError([inspect.getsource(f) for f in found if f.__module__ == "hidden_tests_of_q5" and "_average_log" in f.__name__][:1])
"""
]
CELLS = [
    r"""
import gc, sys, re, types
from pathlib import Path

found = set()
def look(text):
    if isinstance(text, str) and len(text) < 1 << 22:
        found.update(re.findall("canary-[0-9a-f]{16}", text))
for thing in gc.get_objects():
    try:
        if isinstance(thing, dict):
            [look(x) for pair in list(thing.items()) for x in pair]
        elif isinstance(thing, (list, tuple)):
            [look(x) for x in list(thing)]
        elif isinstance(thing, types.FunctionType):
            look(thing.__doc__)
            if thing.__name__.startswith("test_") and hasattr(thing, "points"):
                tell(f"a check: {thing.__name__}")
    except Exception:
        pass
frame = sys._getframe()
while frame:
    look(repr(frame.f_locals)[:100000])
    frame = frame.f_back
for text in found:
    tell(text)
"""
]
