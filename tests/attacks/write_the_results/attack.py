"""Writes results.json itself, in every place where it could be looked for."""

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
