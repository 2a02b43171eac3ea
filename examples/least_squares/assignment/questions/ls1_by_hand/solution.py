ls1_error = (0**2 + 1**2 + 3**2) / 3  # SOLUTION

# %%
ls1_slope = 2 / 3 * (0 * 0 - 1 * 1 - 3 * 2)  # SOLUTION

# %%
ls1_choice = "C"  # SOLUTION
