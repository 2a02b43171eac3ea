"""Reads another student's working directory, notebook, memory and descriptors while both are graded."""

VICTIM = True
CELLS = [
    r"""
import glob, os, time
end = time.monotonic() + 1.2
mine = os.getpid()

def loot(path):
    try:
        with open(path, "rb") as file:
            found = file.read(1 << 20)
    except OSError:
        return
    if b"canary-" in found:
        tell(found)

while time.monotonic() < end:
    loot(f"{SCENE['class']}/{SCENE['me']}_victim/vae.ipynb")
    for base in ("/tmp", os.path.dirname(SCENE["class"]) + "/tmp", os.path.dirname(os.getcwd())):
        for path in glob.glob(f"{base}/student-*/*"):
            loot(path)
    for pid in range(mine - 40, mine + 40):
        for what in ("environ", "maps", "cwd/secret.txt", "fd/3", "mem"):
            if pid != mine:
                loot(f"/proc/{pid}/{what}")
    time.sleep(0.1)
"""
]
