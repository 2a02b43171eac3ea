from autograder.authoring import wrong_value

wrong_value("q7_sigma", 0.6703, caught_by="test_sigma", hint="This is the variance; the standard deviation is its square root.")
wrong_value(
    "q7_sigma",
    1.221,
    caught_by="test_sigma",
    hint="The sign in the exponent is turned: a negative log-variance means a sigma below 1.",
)
wrong_value("q7_sigma", 1.492, caught_by="test_sigma", hint="This is one over the variance: the precision.")
wrong_value("q7_sigma", -0.2, caught_by="test_sigma", hint="This is the logarithm of sigma; the exponential is still to come.")
wrong_value("q7_sigma", -0.4, caught_by="test_sigma", hint="This is the log-variance itself.")
wrong_value("q7_sigma", 0.9048, caught_by="test_sigma", hint="The log-variance was halved twice.")
wrong_value("q7_sigma", 0.4493, caught_by="test_sigma", hint="The log-variance was doubled where it should be halved.")
wrong_value("q7_sigma", -0.8187, caught_by="test_sigma", hint="A standard deviation is the positive root.")
wrong_value(
    "q7_sigma",
    0.6325,
    caught_by="test_sigma",
    hint="-0.4 is a natural logarithm: sigma is the exponential, to base e, of half of it; neither a root of 0.4 nor a power of ten.",
)
wrong_value(
    "q7_sigma",
    0.513,
    caught_by="test_sigma",
    hint="A softplus is another way to make a number positive, not the inverse of a logarithm.",
)
wrong_value(
    "q7_sigma",
    0.631,
    caught_by="test_sigma",
    hint="-0.4 is a natural logarithm: sigma is the exponential, to base e, of half of it; neither a root of 0.4 nor a power of ten.",
)
wrong_value(
    "q7_sigma", 0.8706, caught_by="test_sigma", hint="log means the natural logarithm here, so its inverse has base e, not 2."
)
wrong_value("q7_sigma", 0.8, caught_by="test_sigma", hint="The exponential was replaced by its first-order approximation.")
wrong_value("q7_sigma", 0.3352, caught_by="test_sigma", hint="The half belongs into the exponent, not in front of it.")
wrong_value("q7_sigma", 0.82, caught_by="test_sigma", hint="Two significant digits are too few: later steps build on this.")
wrong_value("q7_sigma", 1.0, caught_by="test_sigma", hint="This is the prior's sigma; the encoder says another one.")
wrong_value("q7_sigma", 0.0, caught_by="test_sigma", hint="A sigma of 0 would leave no noise at all.")

wrong_value("q7_z", 1.135, caught_by="test_z", hint="The noise was scaled by the variance; the standard deviation scales it.")
wrong_value("q7_z", 0.8, caught_by="test_z", hint="This is the mean: the noise is missing.")
wrong_value("q7_z", 0.4094, caught_by="test_z", hint="This is the noise only: the mean is missing.")
wrong_value("q7_z", 1.3, caught_by="test_z", hint="The noise was added unscaled: sigma is missing.")
wrong_value("q7_z", 0.3906, caught_by="test_z", hint="The noise is subtracted; it is given with its sign.")
wrong_value("q7_z", 1.219, caught_by="test_z", hint="mu and sigma changed places: the noise scales with sigma.")
wrong_value("q7_z", 1.252, caught_by="test_z", hint="The noise was scaled by the root of sigma: a half too many in the exponent.")
wrong_value("q7_z", 0.6, caught_by="test_z", hint="The noise was scaled by the log-variance itself.")
wrong_value("q7_z", 0.7, caught_by="test_z", hint="The noise was scaled by log sigma; take the exponential first.")
wrong_value("q7_z", 0.8094, caught_by="test_z", hint="The noise scales sigma only; here it scales mu as well.")
wrong_value("q7_z", 1.155, caught_by="test_z", hint="sigma scales mu here; it should scale the noise.")
wrong_value("q7_z", 1.411, caught_by="test_z", hint="The noise was divided by sigma.")
wrong_value("q7_z", 2.119, caught_by="test_z", hint="sigma and the noise are added; one scales the other.")
wrong_value("q7_z", 1.619, caught_by="test_z", hint="This is mu plus one sigma, as if the noise were 1.")
wrong_value(
    "q7_z",
    1.005,
    caught_by="test_z",
    hint="The noise's part is half of what it should be: is there a ½ too many, or is ε squared?",
)
wrong_value("q7_z", -0.3664, caught_by="test_z", hint="This standardizes the noise: the trick run backwards.")
wrong_value("q7_z", 0.5, caught_by="test_z", hint="This is the noise itself.")

wrong_value("q7_x_hat", 1.451, caught_by="test_x_hat", hint="The decoder's offset is missing.")
wrong_value("q7_x_hat", 1.309, caught_by="test_x_hat", hint="The decoder's slope is missing.")
wrong_value("q7_x_hat", 1.571, caught_by="test_x_hat", hint="The slope multiplies z only, not the offset.")
wrong_value("q7_x_hat", 1.06, caught_by="test_x_hat", hint="The mean went into the decoder; the drawn z should.")
wrong_value("q7_x_hat", 1.351, caught_by="test_x_hat", hint="The offset is added, not subtracted.")
wrong_value("q7_x_hat", 1.321, caught_by="test_x_hat", hint="Slope and offset changed places.")
wrong_value("q7_x_hat", 0.8251, caught_by="test_x_hat", hint="There is no sigmoid here: this decoder is a Gaussian's mean.")
wrong_value("q7_x_hat", 0.7, caught_by="test_x_hat", hint="The noise went into the decoder; z should.")
wrong_value("q7_x_hat", 0.9245, caught_by="test_x_hat", hint="This inverts the decoder.")
wrong_value("q7_x_hat", 2.051, caught_by="test_x_hat", hint="No noise is added behind the decoder: its output is the mean.")

wrong_value("q7_recon", 2.099, caught_by="test_recon", hint="The half in front of the square is missing.")
wrong_value(
    "q7_recon", -1.049, caught_by="test_recon", hint="The sign is turned: this is the log-likelihood; the loss holds its negative."
)
wrong_value("q7_recon", 1.449, caught_by="test_recon", hint="This is the residual, neither squared nor halved.")
wrong_value("q7_recon", -1.449, caught_by="test_recon", hint="This is the residual with its sign; the term squares and halves it.")
wrong_value("q7_recon", 0.7244, caught_by="test_recon", hint="The residual was halved but not squared.")
wrong_value("q7_recon", 0.5247, caught_by="test_recon", hint="The half was squared along with the residual.")
wrong_value("q7_recon", 3.297, caught_by="test_recon", hint="A difference of squares is not the square of a difference.")
wrong_value("q7_recon", 1.203, caught_by="test_recon", hint="The image is missing: this is half the square of the output alone.")
wrong_value("q7_recon", 10.36, caught_by="test_recon", hint="Image and output were added instead of subtracted.")
wrong_value("q7_recon", 1.968, caught_by="test_recon", hint="The constant with 2 pi is included; here constants are left out.")
wrong_value("q7_recon", 1.882, caught_by="test_recon", hint="This is the reconstruction from the mean; the drawn z counts.")
wrong_value("q7_recon", 1.603, caught_by="test_recon", hint="The image was compared with z; the decoder comes in between.")
wrong_value("q7_recon", 0.6018, caught_by="test_recon", hint="A root was taken where a square belongs.")
wrong_value(
    "q7_recon", 1.566, caught_by="test_recon", hint="The residual was divided by the encoder's variance; the decoder's is 1."
)

wrong_value("q7_kl", 0.7103, caught_by="test_kl", hint="The half in front is missing.")
wrong_value("q7_kl", 0.4294, caught_by="test_kl", hint="sigma stands where its square belongs.")
wrong_value(
    "q7_kl",
    -0.04484,
    caught_by="test_kl",
    hint="The log-variance is subtracted in the formula, and it is negative already: its sign got lost.",
)
wrong_value("q7_kl", -0.3552, caught_by="test_kl", hint="The sign is turned: a KL is never negative.")
wrong_value("q7_kl", 0.4352, caught_by="test_kl", hint="mu is not squared.")
wrong_value("q7_kl", 0.8352, caught_by="test_kl", hint="mu was doubled where it should be squared.")
wrong_value("q7_kl", 0.8552, caught_by="test_kl", hint="The -1 is missing: at the prior this would not be 0.")
wrong_value("q7_kl", 1.355, caught_by="test_kl", hint="The 1 is added where it is subtracted.")
wrong_value("q7_kl", 0.2552, caught_by="test_kl", hint="log sigma stands where log sigma squared belongs.")
wrong_value("q7_kl", 0.5552, caught_by="test_kl", hint="The log term is counted twice.")
wrong_value("q7_kl", 0.05516, caught_by="test_kl", hint="The half reaches only the first two terms.")
wrong_value("q7_kl", 0.3752, caught_by="test_kl", hint="The half reaches only the first term.")
wrong_value("q7_kl", 0.2447, caught_by="test_kl", hint="The variance was squared once more.")
wrong_value("q7_kl", 0.32, caught_by="test_kl", hint="This is the mean's share alone; the width costs something too.")
wrong_value("q7_kl", 0.03516, caught_by="test_kl", hint="This is the width's share alone; the mean costs something too.")
wrong_value("q7_kl", 0.7664, caught_by="test_kl", hint="z stands where mu belongs: the KL knows the distribution, not the draw.")
wrong_value("q7_kl", 0.5124, caught_by="test_kl", hint="This is in bits; everything here is in nats.")
wrong_value("q7_kl", -0.3152, caught_by="test_kl", hint="The variance enters with the wrong sign.")
wrong_value("q7_kl", -0.2848, caught_by="test_kl", hint="The squared mean enters with the wrong sign.")
wrong_value("q7_kl", 0.5233, caught_by="test_kl", hint="This is the KL the other way round, of the prior from the encoder.")

wrong_value("q7_loss", 0.6943, caught_by="test_loss", hint="The KL is subtracted; in the loss both terms are costs.")
wrong_value("q7_loss", -1.405, caught_by="test_loss", hint="This is the ELBO; the loss is its negative.")
wrong_value("q7_loss", -0.6943, caught_by="test_loss", hint="The reconstruction term enters with the wrong sign.")
wrong_value("q7_loss", 0.3727, caught_by="test_loss", hint="The two terms are multiplied; they add up.")
wrong_value("q7_loss", 1.049, caught_by="test_loss", hint="This is the reconstruction term alone.")
wrong_value("q7_loss", 0.3552, caught_by="test_loss", hint="This is the KL alone.")
wrong_value("q7_loss", 0.7023, caught_by="test_loss", hint="This is the average of the two terms; the loss is their sum.")
wrong_value("q7_loss", 2.454, caught_by="test_loss", hint="The reconstruction term lost its half on the way.")
wrong_value("q7_loss", 1.76, caught_by="test_loss", hint="The KL counts once: beta is 1.")
wrong_value("q7_loss", 1.085, caught_by="test_loss", hint="The learning rate is not the weight of the KL: beta is 1.")
wrong_value("q7_loss", 0.2455, caught_by="test_loss", hint="This is a likelihood; the loss is in nats.")

wrong_value("q7_dmu", -1.739, caught_by="test_dmu", hint="This is the route through the decoder alone; mu also enters the KL.")
wrong_value("q7_dmu", 0.8, caught_by="test_dmu", hint="This is the KL's pull alone; mu also reaches the loss through z.")
wrong_value(
    "q7_dmu", 2.539, caught_by="test_dmu", hint="The derivative of the squared residual lost the minus that comes from inside."
)
wrong_value("q7_dmu", 0.9385, caught_by="test_dmu", hint="The sign of the whole gradient is turned.")
wrong_value("q7_dmu", -2.539, caught_by="test_dmu", hint="The KL's pull enters with the wrong sign.")
wrong_value("q7_dmu", -0.6488, caught_by="test_dmu", hint="The decoder's slope is missing in the chain rule.")
wrong_value("q7_dmu", -1.286, caught_by="test_dmu", hint="The decoder's slope was used twice in the chain rule.")
wrong_value("q7_dmu", -0.1385, caught_by="test_dmu", hint="The KL has a half in front of mu squared, which cancels the 2.")
wrong_value(
    "q7_dmu", -2.677, caught_by="test_dmu", hint="The reconstruction has a half in front of its square, which cancels the 2."
)
wrong_value("q7_dmu", -1.339, caught_by="test_dmu", hint="The derivative of half of mu squared is mu, without a half.")
wrong_value("q7_dmu", -0.06926, caught_by="test_dmu", hint="The derivative of half a square is the residual, without a half.")
wrong_value("q7_dmu", -0.5291, caught_by="test_dmu", hint="The KL's pull is towards 0 from mu, not from the drawn z.")
wrong_value("q7_dmu", -1.099, caught_by="test_dmu", hint="mu is still squared: differentiate it.")
wrong_value("q7_dmu", -1.419, caught_by="test_dmu", hint="This adds the KL's value; its derivative belongs here.")
wrong_value("q7_dmu", 0.08831, caught_by="test_dmu", hint="z moves one for one with mu: sigma and the noise have no part in that.")
wrong_value("q7_dmu", -1.808, caught_by="test_dmu", hint="z moves one for one with mu: the noise has no part in that.")
wrong_value("q7_dmu", -1.528, caught_by="test_dmu", hint="The residual was taken at z = mu; the drawn z counts.")
wrong_value("q7_dmu", -0.09385, caught_by="test_dmu", hint="The learning rate is in here already; it belongs to step 6.")

wrong_value(
    "q7_dlogvar", -0.3558, caught_by="test_dlogvar", hint="This is the route through z alone; the log-variance also enters the KL."
)
wrong_value(
    "q7_dlogvar",
    -0.1648,
    caught_by="test_dlogvar",
    hint="This is the KL's pull alone; the log-variance also reaches the loss through z.",
)
wrong_value(
    "q7_dlogvar",
    -0.8765,
    caught_by="test_dlogvar",
    hint="The half from e to the power of half the log-variance got lost on the way to z.",
)
wrong_value("q7_dlogvar", -1.034, caught_by="test_dlogvar", hint="This treats dz/d log-variance as the noise: that is dz/d sigma.")
wrong_value("q7_dlogvar", -0.191, caught_by="test_dlogvar", hint="The KL's pull enters with the wrong sign.")
wrong_value("q7_dlogvar", 0.191, caught_by="test_dlogvar", hint="The route through z enters with the wrong sign.")
wrong_value("q7_dlogvar", 0.5207, caught_by="test_dlogvar", hint="The sign of the whole gradient is turned.")
wrong_value("q7_dlogvar", -0.6855, caught_by="test_dlogvar", hint="The half in front of the KL got lost.")
wrong_value("q7_dlogvar", -0.4465, caught_by="test_dlogvar", hint="In the KL's pull sigma stands where its square belongs.")
wrong_value(
    "q7_dlogvar", -0.02068, caught_by="test_dlogvar", hint="The KL's pull lacks the part that comes from -log sigma squared."
)
wrong_value("q7_dlogvar", -0.8558, caught_by="test_dlogvar", hint="The KL's pull lacks the part that comes from sigma squared.")
wrong_value("q7_dlogvar", -1.272, caught_by="test_dlogvar", hint="This is the gradient for sigma; the log-variance is asked for.")
wrong_value(
    "q7_dlogvar", -0.7768, caught_by="test_dlogvar", hint="This is the gradient for the variance; the log-variance is asked for."
)
wrong_value("q7_dlogvar", -0.4614, caught_by="test_dlogvar", hint="The decoder's slope is missing in the chain rule.")
wrong_value(
    "q7_dlogvar", -1.216, caught_by="test_dlogvar", hint="dz/d log-variance is half of z - mu; the mean was not taken away."
)
wrong_value("q7_dlogvar", -0.4562, caught_by="test_dlogvar", hint="On the route through z the variance stands where sigma belongs.")
wrong_value(
    "q7_dlogvar", -0.5995, caught_by="test_dlogvar", hint="On the route through z sigma is missing: noise and half alone remain."
)
wrong_value(
    "q7_dlogvar", 0.2793, caught_by="test_dlogvar", hint="The pull on mu has crept in; this is the gradient for the log-variance."
)
wrong_value(
    "q7_dlogvar",
    -1.041,
    caught_by="test_dlogvar",
    hint="This is the gradient for log sigma; the log-variance is twice that, so it has half the slope.",
)
wrong_value(
    "q7_dlogvar", -1.903, caught_by="test_dlogvar", hint="On the route through z nothing says how z moves with the log-variance."
)
wrong_value("q7_dlogvar", 0.4793, caught_by="test_dlogvar", hint="The derivative of -log sigma squared enters with the wrong sign.")
wrong_value("q7_dlogvar", -0.0006837, caught_by="test_dlogvar", hint="This adds the KL's value; its derivative belongs here.")

wrong_value("q7_new_mu", 0.7061, caught_by="test_new_mu", hint="This step climbs: descent subtracts the gradient.")
wrong_value("q7_new_mu", 1.739, caught_by="test_new_mu", hint="The learning rate is missing.")
wrong_value("q7_new_mu", 0.8094, caught_by="test_new_mu", hint="The learning rate is 0.1, not 0.01.")
wrong_value("q7_new_mu", 0.09385, caught_by="test_new_mu", hint="This is the change alone; add it to the old mean.")
wrong_value("q7_new_mu", 0.9739, caught_by="test_new_mu", hint="The step follows the reconstruction alone: the KL pulls too.")
wrong_value("q7_new_mu", 0.72, caught_by="test_new_mu", hint="The step follows the KL alone: the reconstruction pulls too.")
wrong_value("q7_new_mu", 0.8521, caught_by="test_new_mu", hint="The step uses the other parameter's gradient.")
wrong_value("q7_new_mu", 1.303, caught_by="test_new_mu", hint="The step starts from the drawn z; the mean is what is learned.")
wrong_value("q7_new_mu", 0.6595, caught_by="test_new_mu", hint="The step uses the loss; its gradient moves the mean.")
wrong_value("q7_new_mu", 0.8751, caught_by="test_new_mu", hint="The step is multiplied into the mean; it is subtracted.")
wrong_value("q7_new_mu", 0.8469, caught_by="test_new_mu", hint="The step is half as long as it should be.")
wrong_value("q7_new_mu", 0.8, caught_by="test_new_mu", hint="The mean has not moved.")
wrong_value(
    "q7_new_mu", 0.9, caught_by="test_new_mu", hint="The step is the learning rate times the gradient's sign; its size counts too."
)

wrong_value("q7_new_logvar", -0.4521, caught_by="test_new_logvar", hint="This step climbs: descent subtracts the gradient.")
wrong_value("q7_new_logvar", 0.1207, caught_by="test_new_logvar", hint="The learning rate is missing.")
wrong_value("q7_new_logvar", -0.3948, caught_by="test_new_logvar", hint="The learning rate is 0.1, not 0.01.")
wrong_value("q7_new_logvar", 0.05207, caught_by="test_new_logvar", hint="This is the change alone; add it to the old log-variance.")
wrong_value(
    "q7_new_logvar", -0.3644, caught_by="test_new_logvar", hint="The step follows the reconstruction alone: the KL pulls too."
)
wrong_value(
    "q7_new_logvar", -0.3835, caught_by="test_new_logvar", hint="The step follows the KL alone: the reconstruction pulls too."
)
wrong_value("q7_new_logvar", -0.3061, caught_by="test_new_logvar", hint="The step uses the other parameter's gradient.")
wrong_value(
    "q7_new_logvar",
    0.7224,
    caught_by="test_new_logvar",
    hint="The step was taken on the variance; the log-variance is the parameter.",
)
wrong_value(
    "q7_new_logvar", 0.8708, caught_by="test_new_logvar", hint="The step was taken on sigma; the log-variance is the parameter."
)
wrong_value("q7_new_logvar", 0.4521, caught_by="test_new_logvar", hint="The old log-variance is negative; its sign got lost.")
wrong_value(
    "q7_new_logvar", -0.1479, caught_by="test_new_logvar", hint="The step starts from log sigma; the parameter is twice that."
)
wrong_value("q7_new_logvar", -0.4, caught_by="test_new_logvar", hint="The log-variance has not moved.")
wrong_value("q7_new_logvar", 0.7061, caught_by="test_new_logvar", hint="This is the new variance; its logarithm is asked for.")
wrong_value("q7_new_logvar", 0.8403, caught_by="test_new_logvar", hint="This is the new sigma; the log-variance is asked for.")
wrong_value(
    "q7_new_logvar",
    -0.3,
    caught_by="test_new_logvar",
    hint="The step is the learning rate times the gradient's sign; its size counts too.",
)

wrong_value(
    "q7_kl",
    0.0,
    caught_by="test_kl",
    hint="The KL is zero only where the encoder says just what the prior says: mean 0 and variance 1.",
)
wrong_value(
    "q7_dmu",
    0.0,
    caught_by="test_dmu",
    hint="A given ε is a number, so z moves with μ: that is the trick. And the KL has a slope of its own.",
)
wrong_value(
    "q7_dlogvar",
    0.0,
    caught_by="test_dlogvar",
    hint="A given ε is a number, so z moves with σ: that is the trick. And the KL has a slope of its own.",
)
wrong_value(
    "q7_dlogvar",
    -0.7585,
    caught_by="test_dlogvar",
    hint="The KL's part is its derivative with respect to σ; asked is that with respect to log σ².",
)
