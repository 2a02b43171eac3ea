def sigma_of(logvar):
    """The standard deviation that belongs to a log-variance.

    logvar: log sigma^2, any shape   ->   sigma > 0, the same shape
    """
    # BEGIN SOLUTION
    return (0.5 * logvar).exp()
    # END SOLUTION
