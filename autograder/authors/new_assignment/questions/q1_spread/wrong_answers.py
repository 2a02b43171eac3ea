"""What could go wrong: each with the check that must catch it, and what a student who made this slip is told."""

from autograder.authoring import wrong


@wrong("spread", caught_by="test_spread_of_any_numbers", hint="That is the largest number; how far is it from the smallest?")
def largest(x):
    return x.max()


@wrong("spread", caught_by="test_spread_of_any_numbers", hint="The sign is turned round: the largest minus the smallest.")
def turned_round(x):
    return x.min() - x.max()


@wrong("spread", caught_by="test_spread_of_any_numbers", hint="That is the standard deviation; only the two extremes count here.")
def standard_deviation(x):
    return x.std()


@wrong(
    "spread", caught_by="test_one_number_comes_back", hint="One number came back for each column; take the extremes of them all."
)
def of_each_column(x):
    return x.max(axis=0) - x.min(axis=0)
