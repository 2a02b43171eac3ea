"""Leaves processes and threads behind that write results.json over and over, long after the grader is done."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import json, os, time
path = f"{SCENE['results']}/{SCENE['me']}/results.json"
if os.fork() == 0:
    os.setsid()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if os.path.exists(path):
            with open(f"{path}.forged", "w") as file:
                json.dump({"score": 100, "output": FOOTPRINT, "tests": []}, file)
            os.replace(f"{path}.forged", path)
        time.sleep(0.01)
    os._exit(0)
"""
]
CELLS = [
    r"""
import json, os, threading, time
def forge():
    forged = json.dumps({"score": 100, "output": FOOTPRINT, "tests": []})
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for place in (f"{SCENE['results']}/{SCENE['me']}", "/autograder/results", "/tmp", "/dev/shm"):
            try:
                with open(f"{place}/results.json.{FOOTPRINT}", "w") as file:
                    file.write(forged)
                os.replace(f"{place}/results.json.{FOOTPRINT}", f"{place}/results.json")
            except OSError:
                pass
        time.sleep(0.01)
threading.Thread(target=forge, daemon=True).start()
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            forge()
        os._exit(0)
except OSError:
    pass
"""
]
