q7_sigma = 0.8187  # SOLUTION

# %%
q7_z = 1.209  # SOLUTION

# %%
q7_x_hat = 1.551  # SOLUTION
q7_recon = 1.049  # SOLUTION

# %%
q7_kl = 0.3552  # SOLUTION
q7_loss = 1.405  # SOLUTION

# %%
q7_dmu = -0.9385  # SOLUTION
q7_dlogvar = -0.5207  # SOLUTION

# %%
q7_new_mu = 0.8939  # SOLUTION
q7_new_logvar = -0.3479  # SOLUTION
