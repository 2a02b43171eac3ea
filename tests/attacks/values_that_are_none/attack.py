"""Answers with values whose shapes, types and sizes lie: negative, overflowing, too deep, too many, numbers out of range."""

OTTER = "points"
OTTER_CELLS = [
    r"""
from otter.execute import Checker
real = Checker.get_results
def get_results():
    found = real()
    for file in found:
        file.update_score(10**9)
    return found
Checker.get_results = get_results
"""
]
CELLS = [
    r"""
import itertools
from autograder.student import responder as student_process
t = {"k": "tensor", "dtype": "float32", "shape": [1], "grad": True, "buffer": 0}
lies = itertools.cycle([
    (t | {"shape": [-1]}, [b"\0\0\0\0"]),
    (t | {"shape": [2**31, 2**31, 0]}, [b""]),
    (t | {"shape": [2**30] * 16 + [0]}, [b""]),
    (t | {"shape": [2**31 - 1] * 15 + [0]}, [b""]),
    (t | {"shape": [1.0]}, [b"\0\0\0\0"]),
    (t | {"shape": [True]}, [b"\0\0\0\0"]),
    (t | {"shape": []}, [b"\0\0\xc0\x7f"]),
    (t | {"buffer": -1}, [b"\0\0\0\0"]),
    (t | {"buffer": 10**12}, [b"\0\0\0\0"]),
    (t | {"dtype": "complex64", "shape": []}, [b"\0" * 8]),
    (t | {"dtype": "qint8"}, [b"\0"]),
    (t | {"dtype": ["float32"]}, [b"\0\0\0\0"]),
    (t | {"dtype": "bool", "shape": [4]}, [b"\x07\xff\x80\x02"]),
    (t | {"dtype": "int64", "shape": [1], "grad": True}, [b"\xff" * 8]),
    ({"k": "int", "v": "9" * 20}, []),
    ({"k": "int", "v": "-" + "9" * 19}, []),
    ({"k": "int", "v": " 1_0 "}, []),
    ({"k": "float", "v": "nan"}, []),
    ({"k": "float", "v": "-inf"}, []),
    ({"k": "float", "v": "0x1p99999"}, []),
    ({"k": "str", "v": "\ud800" }, []),
    ({"k": "str", "v": "A" * 3999 + "\u202e\x1b[31m"}, []),
    ({"k": "foreign", "v": "<script>alert(1)</script>\n\n# PASS"}, []),
    ({"k": "dict", "v": [["a", None]] * 4000}, []),
    ({"k": "dict", "v": [[["a"], None]]}, []),
    ({"k": "tuple", "v": [None] * 5000}, []),
    ({"k": "tuple", "v": [t] * 1025}, [b"\0\0\0\0"]),
    (1e999, []), ([], []), ("passed", []), ({"k": None}, []), ({"k": {}}, []), ({"v": []}, []),
    ({"k": "ellipsis"}, []), (True, []), (None, []), ({"k": "tuple"}, []), ({"k": "tensor"}, []),
])
deep = None
for _ in range(40):
    deep = {"k": "tuple", "v": [deep]}
def lie(self, header, _):
    value, buffers = next(lies)
    return {"value": value, "kind": "function", "changed": ["x" * 10**4, 3, None] * 30, "rng_after": "inf", "names": [deep]}, buffers
for op in ("call", "vjp", "scenario"):
    setattr(student_process.Answers, op, lie)
def held(name):
    return {"kind": "function"} if name in SCENE["functions"] else {"kind": "value", "value": next(lies)[0]}
student_process.Answers.get = lambda self, header, _: ({"held": {name: held(name) for name in header["names"]}}, [b"\0\0\0\0"])
"""
]
