"""Reads Gradescope's metadata: names, e-mails and the output of earlier runs."""

CELLS = [
    r"""
for path in (SCENE["metadata"], "/autograder/submission_metadata.json", "/autograder/results/results.json"):
    try:
        tell(open(path, "rb").read())
    except OSError:
        pass
"""
]
