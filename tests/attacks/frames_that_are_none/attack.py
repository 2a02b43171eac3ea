"""Answers every request with another malformed frame: too long, nested 100,000 deep, NaN, huge integers, wrong ids, wrong sizes."""

OTTER = "no results"
OTTER_CELLS = [
    r"""
import pickle
real = pickle.dump
pickle.dump = lambda results, file: real({"score": 100}, file)
"""
]
CELLS = [
    r"""
import itertools, json, struct
from autograder.student import responder as student_process
from autograder.wire import frames as wire
deep = b'{"id":%d,"sizes":[],"value":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
frames = itertools.cycle([
    lambda i: struct.pack(">I", 0xFFFFFFFF),
    lambda i: struct.pack(">I", 2 << 20) + b"{" * (2 << 20),
    lambda i: struct.pack(">I", len(deep % i)) + deep % i,
    lambda i: (t := b'{"id":NaN,"sizes":[]}') and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[1e400]}' % i) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[%s]}' % (i, b"9" * 4000)) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[-1]}' % i) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[16777216,16777216]}' % i) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d.0,"sizes":[]}' % i) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":true,"sizes":[]}') and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[true]}' % i) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'[1,2,3]') and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'"\xff\xfe"') and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":%s}' % (i, b"[" + b"0," * 5000 + b"0]")) and struct.pack(">I", len(t)) + t,
    lambda i: b"\x00\x00",
    lambda i: (t := b'{"id":%d,"id":%d,"sizes":[],"error":{"a":[]},"message":7,"question":1e9}' % (i + 1, i)) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[],"error":"not_attempted","question":%s}' % (i, b"7" * 4000)) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[],"error":"passed","message":"%s"}' % (i, b"A" * 100000)) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[],"kind":"value"}' % i) and struct.pack(">I", len(t)) + t,
    lambda i: (t := b'{"id":%d,"sizes":[],"kind":["value"],"value":{"k":["x"]}}' % i) and struct.pack(">I", len(t)) + t,
])
import time
turn = int(time.time() * 1000) % 20
for _ in range(turn):
    next(frames)
def send(sock, header, buffers, deadline=None):
    sock.sendall(next(frames)(header["id"]))
student_process.send = send
"""
]
