"""Other right ways, the odder the better: each must get full marks."""

from autograder.authoring import right


@right("spread")
def by_ptp(x):
    return np.ptp(x)


@right("spread")
def by_sorting(x):
    ordered = np.sort(x, axis=None)
    return float(ordered[-1] - ordered[0])
