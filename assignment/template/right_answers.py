from autograder.authoring import right


@right("sigma_of")
def root_of_the_variance(logvar):
    return torch.sqrt(torch.exp(logvar))
