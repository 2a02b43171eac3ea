from autograder.authoring import expect, points


@points(0)
def test_step_1_is_a_number(q7_sigma):
    """Step 1 has the right form, a positive number (its value is judged when you submit)."""
    expect.true(expect.number(q7_sigma, "q7_sigma") > 0, "q7_sigma is a standard deviation: it is positive")


@points(0)
def test_step_2_is_a_number(q7_z):
    """Step 2 has the right form, a number (its value is judged when you submit)."""
    expect.number(q7_z, "q7_z")


@points(0)
def test_step_3_is_two_numbers(q7_x_hat, q7_recon=None):
    """Step 3 has the right form: two numbers, and half a square is not negative (their values are judged when you submit)."""
    expect.number(q7_x_hat, "q7_x_hat")
    if q7_recon is not None:
        expect.true(expect.number(q7_recon, "q7_recon") >= 0, "q7_recon is half a square: it is never negative")


@points(0)
def test_step_4_is_two_numbers(q7_kl, q7_loss=None):
    """Step 4 has the right form: two numbers, and a KL is not negative (their values are judged when you submit)."""
    expect.true(expect.number(q7_kl, "q7_kl") >= 0, "q7_kl is a KL divergence: it is never negative")
    if q7_loss is not None:
        expect.number(q7_loss, "q7_loss")


@points(0)
def test_step_5_is_two_numbers(q7_dmu, q7_dlogvar=None):
    """Step 5 has the right form, two numbers (their values are judged when you submit)."""
    expect.number(q7_dmu, "q7_dmu")
    if q7_dlogvar is not None:
        expect.number(q7_dlogvar, "q7_dlogvar")


@points(0)
def test_step_6_is_two_numbers(q7_new_mu, q7_new_logvar=None):
    """Step 6 has the right form, two numbers (their values are judged when you submit)."""
    expect.number(q7_new_mu, "q7_new_mu")
    if q7_new_logvar is not None:
        expect.number(q7_new_logvar, "q7_new_logvar")
