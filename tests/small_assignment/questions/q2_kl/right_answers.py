from autograder.authoring import right


@right("gaussian_kl")
def term_by_term(mu, logvar):
    return (0.5 * (mu**2 + torch.exp(logvar) - 1 - logvar)).sum(dim=1)
