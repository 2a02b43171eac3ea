from autograder.authoring import right_value

right_value("q7_sigma", 0.8187307530779818)
right_value("q7_sigma", 0.81873)
right_value("q7_sigma", torch.tensor(0.8187307))
right_value("q7_z", 1.2094)
right_value("q7_z", torch.tensor([1.209365]))
right_value("q7_x_hat", 1.5512384518)
right_value("q7_x_hat", 1.5508)  # from z = 1.209
right_value("q7_recon", 1.0495)
right_value("q7_recon", 1.05)  # from x_hat = 1.551
right_value("q7_kl", 0.35516)
right_value("q7_kl", 0.3551)  # cut, not rounded
right_value("q7_loss", 1.4046)
right_value("q7_loss", 1.4042)  # the sum of the rounded terms
right_value("q7_dmu", -0.93851)
right_value("q7_dmu", -0.9388)  # from x_hat = 1.551
right_value("q7_dlogvar", -0.52068)
right_value("q7_dlogvar", -0.5205)  # from z = 1.209, as (z - mu) / 2
right_value("q7_new_mu", 0.8938)
right_value("q7_new_mu", 0.89385139)
right_value("q7_new_logvar", -0.348)
right_value("q7_new_logvar", -0.34793163)
