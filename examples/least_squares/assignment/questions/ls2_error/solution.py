def squared_error(w, X, y):
    """What the weights cost: the mean squared residual.

    w: (D,), X: (N, D), y: (N,)   ->   one number
    """
    # BEGIN SOLUTION
    residuals = X @ w - y
    return np.mean(residuals**2)
    # END SOLUTION


# %%
def gradient(w, X, y):
    """How fast the mean squared error rises with each weight.

    w: (D,), X: (N, D), y: (N,)   ->   (D,)
    """
    # BEGIN SOLUTION
    residuals = X @ w - y
    return 2 * X.T @ residuals / len(y)
    # END SOLUTION
