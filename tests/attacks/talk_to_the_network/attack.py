"""Sends what it has over TCP, UDP, DNS and Unix sockets."""

CELLS = [
    r"""
import socket, os, subprocess
said = FOOTPRINT.encode()
attempts = [
    lambda: socket.create_connection(("127.0.0.1", SCENE["tcp"]), 1).sendall(said),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(said, ("127.0.0.1", SCENE["udp"])),
    lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(said, ("::ffff:127.0.0.1", SCENE["udp"])),
    lambda: socket.gethostbyname("example.invalid"),
    lambda: subprocess.run(["/bin/bash", "-c", f"echo {FOOTPRINT} > /dev/tcp/127.0.0.1/{SCENE['tcp']}"], timeout=2),
    lambda: subprocess.run(["/usr/bin/python3", "-c", f"import socket; socket.create_connection(('127.0.0.1', {SCENE['tcp']})).sendall(b'x')"], timeout=3),
]
for name in (SCENE["unix"], SCENE["abstract"]):
    def unix(name=name):
        s = socket.socket(socket.AF_UNIX); s.settimeout(1); s.connect(name); s.sendall(said)
    attempts.append(unix)
def pair_by_name():
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    a.sendto(said, SCENE["unix"])
attempts.append(pair_by_name)
for attempt in attempts:
    try:
        attempt()
    except Exception:
        pass
"""
]
