from autograder.authoring import wrong


@wrong("descend", caught_by="test_the_first_step", hint="You went up: the gradient points uphill, and descent subtracts it.")
def uphill(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] + rate * gradient(path[-1], X, y))
    return np.array(path)


@wrong("descend", caught_by="test_the_first_step", hint="The rate is not used: each step is the whole gradient.")
def without_the_rate(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - gradient(path[-1], X, y))
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_the_first_step",
    hint="Your steps all have the length of the rate; where the error is flat, they should be small.",
)
def steps_of_one_length(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps):
        g = gradient(path[-1], X, y)
        path.append(path[-1] - rate * g / np.linalg.norm(g))
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_one_row_for_the_start_and_one_for_each_step",
    hint="Only the last weights came back; the whole path was asked for.",
)
def the_end_alone(w, X, y, rate, steps):
    for _ in range(steps):
        w = w - rate * gradient(w, X, y)
    return w


@wrong("descend", caught_by="test_one_row_for_the_start_and_one_for_each_step", hint="The start is missing: row 0 is w itself.")
def without_the_start(w, X, y, rate, steps):
    path = []
    for _ in range(steps):
        w = w - rate * gradient(w, X, y)
        path.append(w)
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_one_row_for_the_start_and_one_for_each_step",
    hint="One row is missing: of so many steps there are so many rows, and the start besides.",
)
def one_step_short(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps - 1):
        path.append(path[-1] - rate * gradient(path[-1], X, y))
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_every_row_of_the_path",
    hint="Every step uses the gradient at the start; look again after each one.",
)
def one_gradient_for_all(w, X, y, rate, steps):
    g = gradient(w, X, y)
    return np.array([w - k * rate * g for k in range(steps + 1)])


@wrong("descend", caught_by="test_every_row_of_the_path", hint="The rate shrinks from step to step; it was to stay what it is.")
def shrinking_rate(w, X, y, rate, steps):
    path = [w]
    for k in range(steps):
        path.append(path[-1] - rate / (k + 1) * gradient(path[-1], X, y))
    return np.array(path)


@wrong(
    "descend", caught_by="test_every_row_of_the_path", hint="That is descent with momentum; the plain kind forgets its last step."
)
def with_momentum(w, X, y, rate, steps):
    path, velocity = [w], np.zeros_like(w)
    for _ in range(steps):
        velocity = 0.9 * velocity + gradient(path[-1], X, y)
        path.append(path[-1] - rate * velocity)
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_the_first_step",
    hint="You move one weight after the other, each with a gradient that knows of the last move; a step moves all at once.",
)
def one_weight_after_another(w, X, y, rate, steps):
    path, at = [w], w.copy()
    for _ in range(steps):
        for j in range(len(at)):
            at[j] -= rate * gradient(at, X, y)[j]
        path.append(at.copy())
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_every_row_of_the_path",
    hint="All rows are one and the same array, which -= changes: append a copy.",
)
def the_same_array_in_each_row(w, X, y, rate, steps):
    at = w.copy()
    path = [w]
    for _ in range(steps):
        at -= rate * gradient(at, X, y)
        path.append(at)
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_ends_at_the_best_line",
    hint="You stop when a step gets short; take all the steps that were asked for.",
)
def stops_when_a_step_is_short(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps):
        step = rate * gradient(path[-1], X, y)
        path.append(path[-1] - step if np.linalg.norm(step) > 1e-6 else path[-1])
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_a_rate_too_large_runs_away",
    hint="You refuse a step that raises the error; plain descent takes each one, and with a rate too large it runs away.",
)
def refuses_to_climb(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps):
        ahead = path[-1] - rate * gradient(path[-1], X, y)
        path.append(ahead if squared_error(ahead, X, y) <= squared_error(path[-1], X, y) else path[-1])
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_a_rate_too_large_runs_away",
    hint="You cut long gradients short; plain descent takes them as they are.",
)
def clipped(w, X, y, rate, steps):
    path = [w]
    for _ in range(steps):
        g = gradient(path[-1], X, y)
        path.append(path[-1] - rate * g * min(1, 50 / np.linalg.norm(g)))
    return np.array(path)


@wrong(
    "descend",
    caught_by="test_no_step_at_all",
    hint="You take a step before you ask whether one is wanted: of no steps the path is the start.",
)
def at_least_one_step(w, X, y, rate, steps):
    path = [w]
    while True:
        path.append(path[-1] - rate * gradient(path[-1], X, y))
        if len(path) > steps:
            return np.array(path)


@wrong("descend", caught_by="test_the_start_is_left_alone", hint="-= changed w, which is the caller's: start from a copy.")
def walks_in_the_callers_array(w, X, y, rate, steps):
    path = [w.copy()]
    for _ in range(steps):
        w -= rate * gradient(w, X, y)
        path.append(w.copy())
    return np.array(path)
