"""Reads another student's working directory, notebook, memory and descriptors while both are graded."""

VICTIM = True
CELLS = [
    r"""
import os, glob, time
end = time.monotonic() + 2.5
mine = os.getpid()
while time.monotonic() < end:
    for base in ("/tmp", os.path.dirname(SCENE["class"]) + "/tmp", SCENE["class"], os.path.dirname(os.getcwd())):
        try:
            for folder, _, files in os.walk(base):
                for name in files:
                    try:
                        tell(open(os.path.join(folder, name), "rb").read(1 << 20)) if "canary" else 0
                    except OSError:
                        pass
        except OSError:
            pass
    for path in (f"{SCENE['class']}/{SCENE['me']}_victim/vae.ipynb", f"{SCENE['class']}/reference/vae.ipynb"):
        try:
            tell(open(path, "rb").read())
        except OSError:
            pass
    for pid in range(mine - 100, mine + 100):
        for what in ("environ", "maps", "cmdline", "cwd/secret.txt", "root/etc/passwd", "fd/3"):
            if pid != mine:
                try:
                    tell(open(f"/proc/{pid}/{what}", "rb").read())
                except OSError:
                    pass
    time.sleep(0.2)
LOOT[:] = [found for found in LOOT if b"canary" in found]
"""
]
