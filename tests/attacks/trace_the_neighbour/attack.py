"""Attaches to the grader, its parent and other students with ptrace and process_vm_readv, and takes their descriptors."""

VICTIM = True
CELLS = [
    r"""
import ctypes, os, time
libc = ctypes.CDLL(None, use_errno=True)
mine = os.getpid()
class iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
here = ctypes.create_string_buffer(4096)
done = []
for pid in [os.getppid(), *range(mine - 200, mine + 200)]:
    if pid <= 1 or pid == mine:
        continue
    for request in (0x4206, 16):
        if libc.ptrace(request, pid, None, None) == 0:
            done.append(f"traced {pid}")
    local, remote = iovec(ctypes.addressof(here), 4096), iovec(id(tell) & ~4095, 4096)
    if libc.process_vm_readv(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
        done.append(f"read the memory of {pid}")
    fd = libc.syscall(434, pid, 0)
    if fd >= 0 and libc.syscall(438, fd, 3, 0) >= 0:
        done.append(f"took a descriptor of {pid}")
    try:
        open(f"/proc/{pid}/mem", "rb")
        done.append(f"opened the memory of {pid}")
    except OSError:
        pass
if done:
    did(" ".join(done))
"""
]
