"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right_value as right_value, foreign_wrong_value as wrong_value

wrong_value("q10_a", "A", slip="that is a plain autoencoder: a VAE's encoder gives a distribution")
wrong_value("q10_a", "B", slip="the prior is fixed and the same for all images")
wrong_value("q10_b", "C", slip="the exponential of log sigma^2 is the variance, 0.05, not sigma")
wrong_value("q10_b", "D", slip="negative means narrow: sigma^2 = exp(-3) is less than 1")
wrong_value("q10_c", "A", slip="the two have the same law, so also the same variance")
wrong_value("q10_c", "B", slip="epsilon is drawn afresh at each step")
wrong_value("q10_d", "A", slip="the other way round: KL 0 means that nothing is told about the image")
wrong_value("q10_d", "C", slip="sigma = 0 would make the KL infinite")
wrong_value("q10_e", "B", slip="the wrong way round: the reconstruction was divided by 64, so the KL weighs 64 times as much")
wrong_value("q10_e", "C", slip="only one of the two terms changed its unit")
wrong_value("q10_f", "A", slip="with a weight of 1e-6 the KL makes nothing standard normal")
wrong_value("q10_f", "B", slip="48 counts elements, not bits")
right_value("q10_a", "C", why="q(z | x)")
right_value("q10_b", "A", why="exp(-1.5) = 0.223")
right_value("q10_c", "D", why="the gradient passes")
right_value("q10_d", "B", why="KL 0 only if q is the prior")
right_value("q10_e", "A", why="recon/64 + kl is proportional to recon + 64 kl")
right_value("q10_f", "D", why="division of labour")
