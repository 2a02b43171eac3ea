from autograder.authoring import wrong


@wrong("squared_error", caught_by="test_error_of_two_points", hint="That is the sum of the squares; the error is their mean.")
def summed(w, X, y):
    return np.sum((X @ w - y) ** 2)


@wrong("squared_error", caught_by="test_error_of_two_points", hint="A factor one half crept in; our error has none.")
def halved(w, X, y):
    return np.mean((X @ w - y) ** 2) / 2


@wrong("squared_error", caught_by="test_error_of_two_points", hint="That is the root of the error; ours stays in squared units.")
def root(w, X, y):
    return np.sqrt(np.mean((X @ w - y) ** 2))


@wrong("squared_error", caught_by="test_error_of_two_points", hint="You averaged the sizes of the residuals; square them first.")
def absolute(w, X, y):
    return np.mean(np.abs(X @ w - y))


@wrong(
    "squared_error",
    caught_by="test_error_of_two_points",
    hint="You averaged the residuals and squared afterwards: misses above and below cancel. Square each one.",
)
def squared_too_late(w, X, y):
    return np.mean(X @ w - y) ** 2


@wrong(
    "squared_error",
    caught_by="test_error_of_two_points",
    hint="A column minus a row is a table of every prediction with every measurement: look at the shape of your residuals.",
)
def broadcast_to_a_table(w, X, y):
    return np.mean((X @ w[:, None] - y) ** 2)


@wrong(
    "squared_error",
    caught_by="test_one_number_and_one_derivative_for_each_weight",
    hint="One number came back for each point; average them.",
)
def one_for_each_point(w, X, y):
    return (X @ w - y) ** 2


@wrong(
    "squared_error",
    caught_by="test_error_at_any_size",
    hint="You divided by the number of weights; it is the points that are averaged over.",
)
def averaged_over_weights(w, X, y):
    return np.sum((X @ w - y) ** 2) / len(w)


@wrong("squared_error", caught_by="test_error_at_any_size", hint="Two weights are written into the code; take X as it comes.")
def two_weights_alone(w, X, y):
    return np.mean((w[0] * X[:, 0] + w[1] * X[:, 1] - y) ** 2)


@wrong(
    "squared_error",
    caught_by="test_error_at_any_size",
    hint="You take it that the first column of X holds ones; multiply it by its weight like any other.",
)
def first_column_taken_for_ones(w, X, y):
    return np.mean((w[0] + X[:, 1:] @ w[1:] - y) ** 2)


@wrong("squared_error", caught_by="test_inputs_are_left_alone", hint="-= wrote the residuals into y, which is the caller's.")
def residuals_in_place_of_y(w, X, y):
    y -= X @ w
    return np.mean(y**2)


@wrong(
    "gradient", caught_by="test_gradient_at_two_points", hint="The 2 is missing, which the square leaves when it is differentiated."
)
def without_the_two(w, X, y):
    return X.T @ (X @ w - y) / len(y)


@wrong("gradient", caught_by="test_gradient_at_two_points", hint="Not divided by the number of points: the error is a mean.")
def not_averaged(w, X, y):
    return 2 * X.T @ (X @ w - y)


@wrong(
    "gradient",
    caught_by="test_gradient_at_two_points",
    hint="The sign is turned round: a residual is the prediction minus the measurement.",
)
def turned_round(w, X, y):
    return 2 * X.T @ (y - X @ w) / len(y)


@wrong(
    "gradient",
    caught_by="test_gradient_at_two_points",
    hint="Each weight got the mean residual; weight the residuals by the weight's own column of X.",
)
def mean_residual_for_all(w, X, y):
    return np.full(len(w), 2 * np.mean(X @ w - y))


@wrong(
    "gradient",
    caught_by="test_gradient_at_two_points",
    hint="Those are the squared residuals; differentiating leaves the residual itself.",
)
def residuals_still_squared(w, X, y):
    return 2 * X.T @ (X @ w - y) ** 2 / len(y)


@wrong(
    "gradient",
    caught_by="test_gradient_at_two_points",
    hint="That is the gradient of the absolute error: the sign of each residual, without its size.",
)
def of_the_absolute_error(w, X, y):
    return X.T @ np.sign(X @ w - y) / len(y)


@wrong(
    "gradient",
    caught_by="test_gradient_at_two_points",
    hint="You scaled the gradient to length one; its length says how steep the error is.",
)
def of_length_one(w, X, y):
    g = 2 * X.T @ (X @ w - y) / len(y)
    return g / np.linalg.norm(g)


@wrong(
    "gradient",
    caught_by="test_gradient_at_two_points",
    hint="The intercept's derivative is zero here; it learns like every other weight.",
)
def intercept_held_fast(w, X, y):
    g = 2 * X.T @ (X @ w - y) / len(y)
    g[0] = 0
    return g


@wrong(
    "gradient",
    caught_by="test_gradient_at_any_size",
    hint="You divided by the number of weights; it is the points that are averaged over.",
)
def divided_by_weights(w, X, y):
    return 2 * X.T @ (X @ w - y) / len(w)


@wrong("gradient", caught_by="test_gradient_at_any_size", hint="Two weights are written into the code; take X as it comes.")
def for_two_weights_alone(w, X, y):
    r = X @ w - y
    return np.array([2 * np.mean(r * X[:, 0]), 2 * np.mean(r * X[:, 1])])


@wrong(
    "gradient",
    caught_by="test_gradient_at_any_size",
    hint="You take it that the first column of X holds ones; weight its residuals by it like any other.",
)
def intercept_without_its_column(w, X, y):
    r = X @ w - y
    return np.concatenate([[2 * np.mean(r)], 2 * X[:, 1:].T @ r / len(y)])


@wrong("gradient", caught_by="test_inputs_are_left_alone", hint="-= wrote the residuals into y, which is the caller's.")
def gradient_in_place_of_y(w, X, y):
    y -= X @ w
    return -2 * X.T @ y / len(y)
