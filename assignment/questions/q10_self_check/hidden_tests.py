"""Six letters. They count from three right ones on: a letter that fills every box, or a guess, finds fewer."""

from autograder.authoring import Failed, expect, points

RIGHT = {"q10_a": "C", "q10_b": "A", "q10_c": "D", "q10_d": "B", "q10_e": "A", "q10_f": "D"}
ENOUGH = 3


def _judge(name, given, think):
    """`given` holds all answers by name; those that are not there are None."""
    expect.true(expect.choice(given[name], name) == RIGHT[name], f"{name} is another letter: {think}")
    right = sum(_letter(given[other], other) == letter for other, letter in RIGHT.items())
    expect.true(right >= ENOUGH, f"fewer than {ENOUGH} of the six letters are right: from there on each right one counts")


def _letter(value, name):
    try:
        return expect.choice(value, name)
    except Failed:
        return ""


@points(0.75)
def test_a(q10_a, q10_b=None, q10_c=None, q10_d=None, q10_e=None, q10_f=None):
    """What the encoder says."""
    _judge("q10_a", locals(), "think of what happens to its two outputs next")


@points(0.75)
def test_b(q10_b, q10_a=None, q10_c=None, q10_d=None, q10_e=None, q10_f=None):
    """What a log-variance says."""
    _judge("q10_b", locals(), "go from the log-variance to sigma, step by step")


@points(0.75)
def test_c(q10_c, q10_a=None, q10_b=None, q10_d=None, q10_e=None, q10_f=None):
    """Why the trick is needed."""
    _judge("q10_c", locals(), "what can a gradient pass through, and what stays as it was drawn?")


@points(0.75)
def test_d(q10_d, q10_a=None, q10_b=None, q10_c=None, q10_e=None, q10_f=None):
    """What a KL of zero means."""
    _judge("q10_d", locals(), "when are two distributions at distance zero?")


@points(1)
def test_e(q10_e, q10_a=None, q10_b=None, q10_c=None, q10_d=None, q10_f=None):
    """How sums and averages weigh the two terms."""
    _judge("q10_e", locals(), "multiply the whole objective by 64 and compare")


@points(1)
def test_f(q10_f, q10_a=None, q10_b=None, q10_c=None, q10_d=None, q10_e=None):
    """Why diffusion runs on latents."""
    _judge("q10_f", locals(), "what does each of the two models spend its effort on?")
