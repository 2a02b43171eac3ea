"""Leaves messages in System V and POSIX shared memory, semaphores, queues and keyrings for a later process to read."""

CELLS = [
    r"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
done = []
key = 0x5EC12E7
if libc.shmget(key, 4096, 0o1666) >= 0: done.append("shmget")
if libc.msgget(key, 0o1666) >= 0: done.append("msgget")
if libc.semget(key, 1, 0o1666) >= 0: done.append("semget")
try:
    rt = ctypes.CDLL("librt.so.1")
    if rt.mq_open(b"/" + FOOTPRINT.encode(), os.O_CREAT | os.O_RDWR, 0o666, None) >= 0: done.append("mq_open")
    if rt.shm_open(b"/" + FOOTPRINT.encode(), os.O_CREAT | os.O_RDWR, 0o666) >= 0: done.append("shm_open")
except OSError:
    pass
if libc.syscall(248, b"user", FOOTPRINT.encode(), b"x", 1, -4) >= 0: done.append("add_key")
if libc.syscall(319, FOOTPRINT.encode(), 0) >= 0: done.append("memfd")
for path in ("/dev/shm", "/tmp", "/var/tmp", "/run/lock", "/dev/mqueue", "/run/user/0"):
    try:
        open(f"{path}/{FOOTPRINT}", "w").write(FOOTPRINT)
        done.append(path)
    except OSError:
        pass
"""
]
