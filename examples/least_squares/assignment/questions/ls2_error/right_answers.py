from autograder.authoring import right


@right("squared_error")
def by_a_dot_product(w, X, y):
    r = y - X @ w
    return r @ r / r.size


@right("squared_error")
def point_by_point(w, X, y):
    total = 0.0
    for row, target in zip(X, y, strict=True):
        total += (sum(row * w) - target) ** 2
    return total / len(y)


@right("squared_error")
def by_the_norm_in_an_array_of_no_dimensions(w, X, y):
    return np.asarray(np.linalg.norm(X @ w - y) ** 2 / len(y))


@right("squared_error")
def multiplied_out(w, X, y):
    return (w @ X.T @ X @ w - 2 * w @ X.T @ y + y @ y) / len(y)


@right("gradient")
def from_the_normal_equations(w, X, y):
    return 2 / len(y) * (X.T @ X @ w - X.T @ y)


@right("gradient")
def as_a_mean_over_points(w, X, y):
    return np.mean(2 * (X @ w - y)[:, None] * X, axis=0)


@right("gradient")
def by_central_differences(w, X, y):
    def E(w):
        return np.mean((X @ w - y) ** 2)

    return np.array([(E(w + unit) - E(w - unit)) / 2 for unit in np.eye(len(w))])


@right("gradient")
def by_einsum(w, X, y):
    return 2 * np.einsum("nd,n->d", X, np.einsum("nd,d->n", X, w) - y) / X.shape[0]


@right("gradient")
def column_by_column(w, X, y):
    r = X @ w - y
    return np.array([float(2 * (r * column).mean()) for column in X.T])
