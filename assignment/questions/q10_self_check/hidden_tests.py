from autograder import expect
from autograder.checks import points


@points(0.75)
def test_a(q10_a):
    """What the encoder says."""
    expect.true(expect.choice(q10_a, "q10_a") == "C", "q10_a is another letter: think of what happens to its two outputs next")


@points(0.75)
def test_b(q10_b):
    """What a log-variance says."""
    expect.true(expect.choice(q10_b, "q10_b") == "A", "q10_b is another letter: go from the log-variance to sigma, step by step")


@points(0.75)
def test_c(q10_c):
    """Why the trick is needed."""
    expect.true(
        expect.choice(q10_c, "q10_c") == "D",
        "q10_c is another letter: what can a gradient pass through, and what stays as it was drawn?",
    )


@points(0.75)
def test_d(q10_d):
    """What a KL of zero means."""
    expect.true(expect.choice(q10_d, "q10_d") == "B", "q10_d is another letter: when are two distributions at distance zero?")


@points(1)
def test_e(q10_e):
    """How sums and averages weigh the two terms."""
    expect.true(expect.choice(q10_e, "q10_e") == "A", "q10_e is another letter: multiply the whole objective by 64 and compare")


@points(1)
def test_f(q10_f):
    """Why diffusion runs on latents."""
    expect.true(
        expect.choice(q10_f, "q10_f") == "D", "q10_f is another letter: what does each of the two models spend its effort on?"
    )
