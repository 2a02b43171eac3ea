"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right_value as right_value, foreign_wrong_value as wrong_value

# true: sigma 0.818731, z 1.209365, x_hat 1.551238, recon 1.049455, kl 0.355160, loss 1.404615,
#       dmu -0.938514, dlogvar -0.520686, new_mu 0.893851, new_logvar -0.347931.  Every wrong value: all earlier ones right.
wrong_value("q7_sigma", math.exp(-0.4), slip="exp(log sigma^2) is the variance, 0.6703: the half is missing")
wrong_value("q7_sigma", math.exp(0.2), slip="lost the sign of log sigma^2: 1.2214")
wrong_value("q7_sigma", math.sqrt(0.4), slip="the square root of 0.4: 0.6325")
wrong_value("q7_sigma", -0.2, slip="gives log sigma, not sigma")
wrong_value("q7_sigma", 0.82, slip="only two significant digits")
wrong_value("q7_sigma", 10**-0.2, slip="base 10: 0.6310")
wrong_value("q7_sigma", math.exp(-0.8), slip="doubled instead of halved: 0.4493")
right_value("q7_sigma", 0.8187, why="four digits")
right_value("q7_sigma", math.sqrt(math.exp(-0.4)), why="root of the variance")

wrong_value("q7_z", 0.8 + 0.5 * math.exp(-0.4), slip="used the variance as the scale, though sigma is right: 1.1352")
wrong_value("q7_z", 0.8 - 0.5 * math.exp(-0.2), slip="subtracted the noise: 0.3906 (epsilon is given, with its sign)")
wrong_value("q7_z", 0.8 * math.exp(-0.2) + 0.5, slip="mixed up mu and epsilon: 1.1550")
wrong_value("q7_z", 0.8 + math.exp(-0.2), slip="forgot epsilon: 1.6187")
wrong_value("q7_z", 0.8 + 0.5, slip="forgot sigma: 1.3")
wrong_value("q7_z", 0.8 + 0.5 * -0.4, slip="used log sigma^2 as the scale: 0.6")
wrong_value("q7_z", 0.8, slip="took the mean instead of the draw")
wrong_value("q7_z", 0.5 * math.exp(-0.2), slip="forgot mu: 0.4094")
right_value("q7_z", 1.2094, why="five digits")
right_value("q7_z", 1.209, why="four digits")

wrong_value("q7_x_hat", 1.2 * (0.8 + 0.5 * math.exp(-0.2)), slip="forgot the bias 0.1: 1.4512")
wrong_value("q7_x_hat", 1.2 * (0.8 + 0.5 * math.exp(-0.2) + 0.1), slip="the bias is inside the parentheses: 1.5712")
wrong_value("q7_x_hat", 1.2 + 0.1 * (0.8 + 0.5 * math.exp(-0.2)), slip="weight and bias change places: 1.3209")
wrong_value("q7_x_hat", 1.2 * 0.8 + 0.1, slip="decoded mu instead of z: 1.06")
wrong_value(
    "q7_x_hat",
    1 / (1 + math.exp(-(1.2 * (0.8 + 0.5 * math.exp(-0.2)) + 0.1))),
    slip="applied a sigmoid: this decoder's output is the mean of a Gaussian: 0.8251",
)
wrong_value("q7_x_hat", 0.5 * (0.8 + 0.5 * math.exp(-0.2)) - 0.2, slip="used the worked example's decoder, 0.5 z - 0.2: 0.4047")
right_value("q7_x_hat", 1.5512, why="five digits")

wrong_value("q7_recon", (3 - 1.551238452) ** 2, slip="forgot the factor one half: 2.0989")
wrong_value("q7_recon", 3 - 1.551238452, slip="the difference, not half its square: 1.4488")
wrong_value("q7_recon", 0.5 * (3 - 1.551238452), slip="forgot to square: 0.7244")
wrong_value("q7_recon", -0.5 * (3 - 1.551238452) ** 2, slip="the log-likelihood's sign: the loss has minus that")
wrong_value(
    "q7_recon", 0.5 * (3 - 1.551238452) ** 2 + 0.5 * math.log(2 * math.pi), slip="added the constant that is left out: 1.9684"
)
wrong_value("q7_recon", 0.5 * (1 - 1.551238452) ** 2, slip="used the worked example's x = 1: 0.1519")
wrong_value("q7_recon", 0.5 * (3 - 1.2093653765) ** 2, slip="compared x with z instead of with x_hat: 1.6032")
wrong_value("q7_recon", 0.5 * (9 - 1.551238452**2), slip="half the difference of the squares: 3.2968")
right_value("q7_recon", 1.0495, why="five digits")
right_value("q7_recon", 1.049, why="four digits")

wrong_value("q7_kl", math.exp(-0.4) + 0.64 - 1 + 0.4, slip="forgot the factor one half: 0.7103")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) + 0.64 - 1 - 0.4), slip="the sign of log sigma^2: -0.0448, and no KL is negative")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) + 0.8 - 1 + 0.4), slip="forgot to square mu: 0.4352")
wrong_value("q7_kl", 0.5 * (math.exp(-0.2) + 0.64 - 1 + 0.4), slip="sigma instead of sigma^2: 0.4294")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) + 0.64 - 1 + 0.2), slip="log sigma instead of log sigma^2: 0.2552")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) + 0.64 + 0.4), slip="forgot the -1: 0.8552")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) - 1 + 0.4), slip="left mu out: 0.0352")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) + 1.2093653765**2 - 1 + 0.4), slip="used z instead of mu: 0.7664")
wrong_value("q7_kl", -0.5 * (math.exp(-0.4) + 0.64 - 1 + 0.4), slip="minus the KL")
wrong_value("q7_kl", 0.5 * (math.exp(0.4) + 0.64 - 1 - 0.4), slip="took log sigma^2 = +0.4: 0.3659")
wrong_value("q7_kl", 0.5 * (math.exp(-0.4) + 0.64 - 1 + 0.4) / math.log(2), slip="in bits: 0.5124")
right_value("q7_kl", 0.3552, why="four digits")
right_value("q7_kl", 0.5 * (math.exp(-0.4) + 0.8**2 - 1 - (-0.4)), why="an expression")

wrong_value("q7_loss", 1.0494549 - 0.3551600, slip="subtracted the KL: 0.6943")
wrong_value("q7_loss", -(1.0494549 + 0.3551600), slip="the ELBO, not its negative: -1.4046")
wrong_value("q7_loss", (1.0494549 + 0.3551600) / 2, slip="averaged the two terms: 0.7023")
wrong_value("q7_loss", 1.0494549, slip="left the KL out")
right_value("q7_loss", 1.4046, why="five digits")
right_value("q7_loss", 1.405, why="four digits")

wrong_value("q7_dmu", 1.2 * (1.551238452 - 3), slip="only the route through the decoder: -1.7385")
wrong_value("q7_dmu", 0.8, slip="only the route through the KL")
wrong_value("q7_dmu", 1.2 * (3 - 1.551238452) + 0.8, slip="the sign of the reconstruction's gradient: 2.5385")
wrong_value("q7_dmu", (1.551238452 - 3) + 0.8, slip="forgot the decoder's weight 1.2: -0.6488")
wrong_value("q7_dmu", 1.2 * (1.551238452 - 3) + 0.4, slip="the KL's gradient is mu, not mu/2: -1.3385")
wrong_value("q7_dmu", 1.2 * (1.551238452 - 3) + 1.6, slip="the KL's gradient is mu, not 2 mu: -0.1385")
wrong_value("q7_dmu", 1.2 * (1.551238452 - 3) - 0.8, slip="subtracted the KL's gradient: -2.5385")
wrong_value("q7_dmu", 2 * 1.2 * (1.551238452 - 3) + 0.8, slip="the derivative of half a square has no 2: -2.6770")
wrong_value("q7_dmu", 0.5 * 1.2 * (1.551238452 - 3) + 0.8, slip="the half is counted twice: -0.0693")
wrong_value("q7_dmu", 1.2 * (1.551238452 - 3) + 1.2093653765, slip="used z instead of mu in the KL's gradient: -0.5291")
wrong_value("q7_dmu", 0.938513858, slip="gives the direction of descent, minus the gradient")
wrong_value("q7_dmu", 1.2 * (1.551238452 - 3) * math.exp(-0.2) + 0.8, slip="dz/dmu is 1, not sigma: -0.6234")
right_value("q7_dmu", -0.9385, why="four digits")

wrong_value("q7_dlogvar", 1.2 * (1.551238452 - 3) * 0.25 * math.exp(-0.2), slip="only the route through the decoder: -0.3558")
wrong_value("q7_dlogvar", 0.5 * (math.exp(-0.4) - 1), slip="only the route through the KL: -0.1648")
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.5 * math.exp(-0.2) + 0.5 * (math.exp(-0.4) - 1),
    slip="forgot the half in dz/dlog sigma^2: -0.8765",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.25 * math.exp(-0.2) + (math.exp(-0.4) - 1),
    slip="forgot the half of the KL's gradient: -0.6855",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.5 + 0.5 * (math.exp(-0.4) - 1),
    slip="dz/dsigma = epsilon was used for dz/dlog sigma^2: -1.0341",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.5 * math.exp(-0.2) * 0.5 + 0.5 * (1 - math.exp(-0.4)),
    slip="the sign of the KL's gradient: -0.1910",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (3 - 1.551238452) * 0.25 * math.exp(-0.2) + 0.5 * (math.exp(-0.4) - 1),
    slip="the sign of the reconstruction's gradient: 0.1910",
)
wrong_value("q7_dlogvar", 1.2 * (1.551238452 - 3) * 0.25 * math.exp(-0.2) + 0.5 * math.exp(-0.4), slip="lost the -1: -0.0207")
wrong_value(
    "q7_dlogvar",
    (1.551238452 - 3) * 0.25 * math.exp(-0.2) + 0.5 * (math.exp(-0.4) - 1),
    slip="forgot the decoder's weight 1.2: -0.4614",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.5 * math.exp(-0.2) + 0.5 * (math.exp(-0.2) - 1),
    slip="two slips: no half in the first route, sigma instead of sigma^2 in the second: -0.8023",
)
wrong_value(
    "q7_dlogvar",
    -0.938513858 * 0.25 * math.exp(-0.2) + 0.5 * (math.exp(-0.4) - 1),
    slip="multiplied all of dL/dmu by half sigma epsilon, with the KL's share in it: -0.3569",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.25 * math.exp(-0.2) + math.exp(-0.2) - math.exp(0.2),
    slip="the KL's gradient with respect to sigma, sigma - 1/sigma: -0.7585",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.25 * math.exp(-0.2) + 0.5 * (1 - math.exp(0.4)),
    slip="the KL's gradient with respect to sigma^2: -0.6018",
)
wrong_value(
    "q7_dlogvar",
    1.2 * (1.551238452 - 3) * 0.5 * 1.2093653765 + 0.5 * (math.exp(-0.4) - 1),
    slip="half of z instead of half of z - mu: -1.2161",
)
right_value("q7_dlogvar", -0.5207, why="four digits")

wrong_value("q7_new_mu", 0.8 + 0.1 * -0.938513858, slip="stepped along the gradient instead of against it: 0.7061")
wrong_value("q7_new_mu", 0.8 + 0.938513858, slip="forgot the learning rate: 1.7385")
wrong_value("q7_new_mu", 0.8 + 0.2 * 0.938513858, slip="used the worked example's learning rate 0.2: 0.9877")
wrong_value("q7_new_mu", 0.0938513858, slip="gives the step, not the new mu")
wrong_value("q7_new_mu", 0.9, slip="Adam's first step has the size of the learning rate: plain SGD is asked for")
wrong_value("q7_new_mu", 1.2093653765 + 0.0938513858, slip="started the step from z instead of mu: 1.3032")
right_value("q7_new_mu", 0.8939, why="four digits")

wrong_value("q7_new_logvar", -0.4 - 0.0520685, slip="stepped along the gradient: -0.4521")
wrong_value("q7_new_logvar", -0.4 + 0.520685, slip="forgot the learning rate: 0.1207")
wrong_value("q7_new_logvar", -0.4 + 0.2 * 0.520685, slip="used the worked example's learning rate 0.2: -0.2959")
wrong_value("q7_new_logvar", math.exp(-0.4 + 0.0520685), slip="gives sigma^2 after the step, not its logarithm: 0.7061")
wrong_value("q7_new_logvar", math.exp(-0.4) + 0.0520685, slip="took the step on sigma^2: 0.7224")
wrong_value("q7_new_logvar", -0.3, slip="Adam's first step has the size of the learning rate: plain SGD is asked for")
wrong_value("q7_new_logvar", 0.3479315, slip="lost the minus sign")
right_value("q7_new_logvar", -0.3479, why="four digits")
