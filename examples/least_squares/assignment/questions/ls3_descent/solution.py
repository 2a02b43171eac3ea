def descend(w, X, y, rate, steps):
    """Walk downhill on the mean squared error.

    w: (D,), X: (N, D), y: (N,)   ->   the path, (steps + 1, D), from w on
    """
    # BEGIN SOLUTION
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - rate * gradient(path[-1], X, y))
    return np.array(path)
    # END SOLUTION
