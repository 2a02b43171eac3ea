"""Opens the hidden tests, the answers and the wrong answers where they lie on disk."""

OTTER = "a hidden test"
OTTER_CELLS = [
    r"""
def gaussian_kl(mu, logvar):
    from autograder.checks import assignment
    text = (assignment.ROOT / "questions" / "q5_kl" / "hidden_tests.py").read_text()
    raise RuntimeError(text[text.index("def _average_log"):])
"""
]
CELLS = [
    r"""
import os
for folder, _, files in os.walk(SCENE["assignment"]):
    for name in files:
        try:
            tell(open(os.path.join(folder, name), "rb").read())
        except OSError:
            pass
for question in ("q5_kl", "q2_trick", "q8_training"):
    for name in ("hidden_tests.py", "solution.py", "wrong_answers.py"):
        try:
            tell(open(f"{SCENE['assignment']}/questions/{question}/{name}", "rb").read())
        except OSError:
            pass
"""
]
