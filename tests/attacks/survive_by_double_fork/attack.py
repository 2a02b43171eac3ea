"""Forks twice, leaves its session, ignores every signal, and hopes to outlive the grader."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import json, os, signal, time
grader = os.getppid()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        while os.path.exists(f"/proc/{grader}"):
            time.sleep(0.01)
        with open(f"{SCENE['results']}/{SCENE['me']}/results.json", "w") as file:
            json.dump({"score": 100, "output": FOOTPRINT, "tests": []}, file)
    os._exit(0)
"""
]
CELLS = [
    r"""
import os, signal, time
try:
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in signal.valid_signals():
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except OSError:
                        pass
                time.sleep(60)
            os._exit(0)
except OSError:
    pass
"""
]
