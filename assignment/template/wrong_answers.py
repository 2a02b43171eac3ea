from autograder.authoring import wrong


@wrong(
    "sigma_of",
    caught_by="test_the_square_has_that_logarithm",
    hint="That is the variance: the standard deviation is its square root.",
)
def the_variance(logvar):
    return logvar.exp()
