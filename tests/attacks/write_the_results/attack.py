"""Writes results.json itself, in every place where it could be looked for."""

OTTER = "points"
OTTER_CELLS = [
    r"""
import json, os, signal
try:
    with open(f"{SCENE['results']}/{SCENE['me']}/results.json", "w") as file:
        json.dump({"score": 100, "output": FOOTPRINT, "tests": []}, file)
finally:
    os.kill(os.getppid(), signal.SIGKILL)
"""
]
CELLS = [
    r"""
import json, os
forged = json.dumps({"score": 100, "output": FOOTPRINT, "tests": []})
places = [SCENE["results"], f"{SCENE['results']}/{SCENE['me']}", "/autograder/results", os.path.dirname(SCENE["class"]), SCENE["class"]]
for place in places:
    try:
        os.makedirs(place, exist_ok=True)
        open(f"{place}/results.json", "w").write(forged)
    except OSError:
        pass
"""
]
