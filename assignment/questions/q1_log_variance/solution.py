def split_params(h):
    """Split the encoder's last layer into the two things it predicts.

    h: (..., 2Z), any real numbers   ->   mu (..., Z), logvar (..., Z)
    logvar is log sigma^2 (not log sigma). Both are unconstrained.
    """
    # BEGIN SOLUTION
    mu, logvar = h.chunk(2, dim=-1)  # the first half and the second half of the last axis
    return mu, logvar
    # END SOLUTION


# %%
q1_variance_after_step = 2 - 0.1 * 30  # SOLUTION

# %%
q1_variance_after_step_with_kl = 2 - 0.1 * (30 + 0.5 * (1 - 1 / 2))  # SOLUTION

# %%
q1_choice = "C"  # SOLUTION
