from autograder.authoring import wrong


@wrong("gaussian_kl", caught_by="test_agrees_with_torch", hint="Half of it all, not twice.")
def twice_too_big(mu, logvar):
    return (mu.square() + logvar.exp() - 1 - logvar).sum(-1)
