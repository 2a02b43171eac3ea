def spread(x):
    """How far apart the largest and the smallest number are.

    x: an array of any shape   ->   one number
    """
    # BEGIN SOLUTION
    return x.max() - x.min()
    # END SOLUTION
