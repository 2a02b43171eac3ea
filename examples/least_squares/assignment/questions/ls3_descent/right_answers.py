from autograder.authoring import right


@right("descend")
def into_an_empty_array(w, X, y, rate, steps):
    path = np.empty((steps + 1, w.size))
    path[0] = w
    for k in range(steps):
        path[k + 1] = path[k] - rate * gradient(path[k], X, y)
    return path


@right("descend")
def in_place_on_a_copy(w, X, y, rate, steps):
    w = w.copy()
    path = [w.copy()]
    for _ in range(steps):
        w -= rate * gradient(w, X, y)
        path.append(w.copy())
    return np.stack(path)


@right("descend")
def with_a_gradient_of_its_own(w, X, y, rate, steps):
    path = [w]
    while len(path) <= steps:
        r = X @ path[-1] - y
        path.append(path[-1] - rate * 2 / len(y) * (r @ X))
    return np.vstack(path)


@right("descend")
def by_calling_itself(w, X, y, rate, steps):
    def walk(w, left):
        return [w, *(walk(w - rate * gradient(w, X, y), left - 1) if left else [])]

    return np.array(walk(w, steps))


@right("descend")
def by_itertools(w, X, y, rate, steps):
    from itertools import accumulate

    return np.array(list(accumulate(range(steps), lambda at, _: at - rate * gradient(at, X, y), initial=w)))
