"""Leaves processes and threads behind that write results.json over and over, long after the grader is done."""

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
