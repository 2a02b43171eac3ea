# %%
q1_number = 0.25  # SOLUTION
# %%
q1_choice = "B"  # SOLUTION
