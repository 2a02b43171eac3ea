"""Plausible slips, one number each: the formula with one thing wrong (two slips that meet in a number share its entry)."""

import math

from autograder.authoring import wrong_value

wrong_value(
    "q4_kl_a",
    0.5,
    caught_by="test_a",
    hint="Without the −1 even the prior costs something: which term makes the KL zero when nothing has changed?",
)
wrong_value(
    "q4_kl_a",
    -0.5 - math.log(2 * math.pi) / 2,
    caught_by="test_a_is_a_number",
    hint="This is the average of log q alone: the KL also subtracts the average of log p, which is as large here.",
)
wrong_value(
    "q4_kl_a",
    1 + math.log(2 * math.pi),
    caught_by="test_a",
    hint="The two averages, of log q and of log p, are subtracted from each other: added up they are twice the entropy.",
)
wrong_value(
    "q4_kl_a",
    math.e - 2,
    caught_by="test_a",
    hint="Two things at once: σ went into the formula as if it were log σ², and the ½ is missing.",
)
wrong_value(
    "q4_kl_a",
    (1 - math.log(2)) / 2,
    caught_by="test_a",
    hint="σ² was taken for 2 σ: squared, it is the variance.",
)
wrong_value(
    "q4_kl_b",
    (2 - math.log(2)) / 2,
    caught_by="test_b",
    hint="σ² was taken for 2 σ: squared, it is the variance.",
)
wrong_value("q4_kl_a", -0.5, caught_by="test_a", hint="The variance term is missing: at σ = 1 it is what cancels the −1.")
wrong_value(
    "q4_kl_a",
    1.0,
    caught_by="test_a",
    hint="The constant 1 is added where the formula takes it away, or both it and the ½ got lost: the prior must cost nothing.",
)
wrong_value(
    "q4_kl_a",
    0.3591,
    caught_by="test_a",
    hint="σ went into the formula as if it were log σ²: no exponential is needed when σ itself is given.",
)
wrong_value("q4_kl_a", 2.1945, caught_by="test_a", hint="σ went into the formula as if it were log σ: here σ itself is given.")
wrong_value("q4_kl_b", 2.6945, caught_by="test_b", hint="σ went into the formula as if it were log σ: here σ itself is given.")
wrong_value(
    "q4_kl_a",
    0.8591,
    caught_by="test_a",
    hint="σ² is already a variance: taking its exponential once more treats it as a logarithm.",
)
wrong_value(
    "q4_kl_a",
    1.4189,
    caught_by="test_a",
    hint="This is the entropy of a standard normal: the KL also subtracts what the prior says about the same points.",
)
wrong_value(
    "q4_kl_a",
    0.9189,
    caught_by="test_a",
    hint="The normalising constant ½ log 2π belongs to each density, and cancels in the ratio of two of them.",
)

wrong_value(
    "q4_kl_b",
    1.0,
    caught_by="test_b",
    hint="Twice too much: either the ½ in front or the −1 is missing, or the mean is doubled rather than squared.",
)
wrong_value("q4_kl_b", -0.5, caught_by="test_b", hint="The sign is flipped: a KL is never negative.")
wrong_value("q4_kl_b", 0.0, caught_by="test_b", hint="The mean moved, and that must cost something: the μ² term is missing.")
wrong_value("q4_kl_b", 0.25, caught_by="test_b", hint="The ½ stands once in front of the bracket, and this has it twice.")
wrong_value(
    "q4_kl_b",
    0.7213,
    caught_by="test_b",
    hint="This is in bits: the question asks for nats, so nothing is divided by log 2.",
)
wrong_value("q4_kl_b", 0.8591, caught_by="test_b", hint="σ went into the formula as if it were log σ²: here σ itself is given.")
wrong_value("q4_kl_b", 1.5, caught_by="test_b", hint="The constant 1 is added where the formula takes it away.")
wrong_value(
    "q4_kl_b",
    1.3591,
    caught_by="test_b",
    hint="σ² is already a variance: taking its exponential once more treats it as a logarithm.",
)
wrong_value(
    "q4_kl_b",
    1.9189,
    caught_by="test_b",
    hint="This is the cross-entropy, −E[log p(z)]: the KL also subtracts the entropy of q.",
)
wrong_value(
    "q4_kl_b",
    1.4189,
    caught_by="test_b",
    hint="This is the entropy of q, which does not even see the mean: the KL compares q with the prior.",
)

wrong_value("q4_kl_c", 1.6137, caught_by="test_c", hint="Twice the KL: the ½ in front is missing.")
wrong_value("q4_kl_c", -0.8069, caught_by="test_c", hint="The sign is flipped: a KL is never negative.")
wrong_value("q4_kl_c", -0.1931, caught_by="test_c", hint="The first term holds σ where its square, the variance, belongs.")
wrong_value(
    "q4_kl_c",
    0.1534,
    caught_by="test_c",
    hint="This is the KL for a variance of 2, but 2 is the standard deviation: square it first.",
)
wrong_value("q4_kl_c", 1.1534, caught_by="test_c", hint="log σ stands where log σ² belongs: the two differ by a factor of 2.")
wrong_value("q4_kl_c", 0.5, caught_by="test_c", hint="The logarithm is to base 2, but nats need the natural one.")
wrong_value("q4_kl_c", 1.199, caught_by="test_c", hint="The logarithm is to base 10, but nats need the natural one.")
wrong_value("q4_kl_c", 1.164, caught_by="test_c", hint="This is in bits: the question asks for nats.")
wrong_value(
    "q4_kl_c",
    2.1931,
    caught_by="test_c",
    hint="The logarithm's part is off: log σ² is taken away, not added, and it is σ itself that is given, not log σ².",
)
wrong_value("q4_kl_c", 1.3069, caught_by="test_c", hint="The −1 is missing: with it, the KL of the prior from itself is zero.")
wrong_value("q4_kl_c", 1.8069, caught_by="test_c", hint="The constant 1 is added where the formula takes it away.")
wrong_value("q4_kl_c", 1.5, caught_by="test_c", hint="The logarithm of the variance is missing.")
wrong_value(
    "q4_kl_c",
    0.1137,
    caught_by="test_c",
    hint="The logarithm counts twice: either log σ² was doubled once more, or the ½ does not reach it.",
)
wrong_value(
    "q4_kl_c",
    2.1945,
    caught_by="test_c",
    hint="The logarithm's part is off: log σ² is taken away, not added, and it is σ itself that is given, not log σ².",
)
wrong_value("q4_kl_c", 24.7991, caught_by="test_c", hint="σ went into the formula as if it were log σ: here σ itself is given.")
wrong_value("q4_kl_c", 6.8069, caught_by="test_c", hint="The first term squares the variance once more: σ² is 4 here.")
wrong_value(
    "q4_kl_c",
    6.1137,
    caught_by="test_c",
    hint="4 is used as the standard deviation, but it is the variance: σ was squared twice.",
)
wrong_value(
    "q4_kl_c",
    0.3181,
    caught_by="test_c",
    hint="This is the KL the other way round, of the prior from q: which of the two is the average taken under?",
)
wrong_value(
    "q4_kl_c",
    -0.3863,
    caught_by="test_c",
    hint="The ½ reaches the first term only: it stands in front of the whole bracket.",
)
wrong_value("q4_kl_c", 0.4034, caught_by="test_c", hint="The ½ stands once in front of the bracket, and this has it twice.")
wrong_value(
    "q4_kl_c",
    2.8069,
    caught_by="test_c",
    hint="The ½ does not reach the variance: it stands in front of the whole bracket.",
)
wrong_value(
    "q4_kl_c",
    2.9189,
    caught_by="test_c",
    hint="This is the cross-entropy, −E[log p(z)]: the KL also subtracts the entropy of q.",
)
wrong_value("q4_kl_c", 2.1121, caught_by="test_c", hint="This is the entropy of q alone: the KL compares q with the prior.")
wrong_value(
    "q4_kl_c",
    -3.1931,
    caught_by="test_c",
    hint="The variance has lost its plus sign: a wider code must cost more, not less.",
)
wrong_value(
    "q4_kl_c",
    0.0,
    caught_by="test_c",
    hint="The mean stayed but the spread did not: a KL is zero only when both agree with the prior.",
)

wrong_value("q4_kl_d", 1.6363, caught_by="test_d", hint="Twice the KL: the ½ in front is missing.")
wrong_value("q4_kl_d", -0.8181, caught_by="test_d", hint="The sign is flipped: a KL is never negative.")
wrong_value("q4_kl_d", 0.3181, caught_by="test_d", hint="The mean moved, and that must cost something: the μ² term is missing.")
wrong_value("q4_kl_d", 0.9431, caught_by="test_d", hint="The first term holds σ where its square, the variance, belongs.")
wrong_value("q4_kl_d", 0.4716, caught_by="test_d", hint="log σ stands where log σ² belongs: the two differ by a factor of 2.")
wrong_value(
    "q4_kl_d",
    0.5966,
    caught_by="test_d",
    hint="This is the KL for a variance of ½, but ½ is the standard deviation: square it first.",
)
wrong_value(
    "q4_kl_d",
    -0.5681,
    caught_by="test_d",
    hint="The logarithm comes in with the wrong sign: the log of a number below 1 is negative, and the formula subtracts it.",
)
wrong_value("q4_kl_d", 1.125, caught_by="test_d", hint="The logarithm is to base 2, but nats need the natural one.")
wrong_value("q4_kl_d", 0.426, caught_by="test_d", hint="The logarithm is to base 10, but nats need the natural one.")
wrong_value("q4_kl_d", 1.1803, caught_by="test_d", hint="This is in bits: the question asks for nats.")
wrong_value(
    "q4_kl_d",
    1.3181,
    caught_by="test_d",
    hint="Too much by a half: either the −1 is missing, or the mean is not squared and halved like the rest.",
)
wrong_value("q4_kl_d", 1.8181, caught_by="test_d", hint="The constant 1 is added where the formula takes it away.")
wrong_value("q4_kl_d", 0.125, caught_by="test_d", hint="The logarithm of the variance is missing.")
wrong_value(
    "q4_kl_d",
    1.5113,
    caught_by="test_d",
    hint="The logarithm counts twice: either log σ² was doubled once more, or the ½ does not reach it.",
)
wrong_value("q4_kl_d", 0.5744, caught_by="test_d", hint="σ went into the formula as if it were log σ²: here σ itself is given.")
wrong_value("q4_kl_d", 0.8591, caught_by="test_d", hint="σ went into the formula as if it were log σ: here σ itself is given.")
wrong_value(
    "q4_kl_d",
    0.7244,
    caught_by="test_d",
    hint="σ² is ¼ here, squared once and not twice, and the KL also compares q with the prior: its entropy alone is another number.",
)
wrong_value(
    "q4_kl_d",
    1.4175,
    caught_by="test_d",
    hint="¼ is used as the standard deviation, but it is the variance: σ was squared twice.",
)
wrong_value(
    "q4_kl_d",
    2.8069,
    caught_by="test_d",
    hint="This is the KL the other way round, of the prior from q: which of the two is the average taken under?",
)
wrong_value("q4_kl_d", 0.4091, caught_by="test_d", hint="The ½ stands once in front of the bracket, and this has it twice.")
wrong_value(
    "q4_kl_d",
    1.0113,
    caught_by="test_d",
    hint="The ½ reaches the first two terms only: it stands in front of the whole bracket.",
)
wrong_value(
    "q4_kl_d",
    2.3181,
    caught_by="test_d",
    hint="The mean is divided by σ², but it is measured against the prior, whose variance is 1.",
)
wrong_value(
    "q4_kl_d",
    0.4431,
    caught_by="test_d",
    hint="The mean is multiplied by σ before it is squared, but its term does not depend on the spread.",
)
wrong_value(
    "q4_kl_d",
    0.5681,
    caught_by="test_d",
    hint="Either the variance has lost its plus sign, or the mean's term is multiplied by σ, on which it does not depend.",
)
wrong_value(
    "q4_kl_d",
    1.5439,
    caught_by="test_d",
    hint="This is the cross-entropy, −E[log p(z)]: the KL also subtracts the entropy of q.",
)
wrong_value(
    "q4_kl_d",
    0.7258,
    caught_by="test_d",
    hint="σ² is ¼ here, squared once and not twice, and the KL also compares q with the prior: its entropy alone is another number.",
)
wrong_value("q4_kl_d", 0.5, caught_by="test_d", hint="This is the cost of the mean alone: the spread changed too.")

wrong_value(
    "q4_kl_c",
    (0, 8069),
    caught_by="test_c_is_a_number",
    hint="Python reads a decimal comma as two numbers: write a point.",
)
wrong_value(
    "q4_kl_d",
    (0, 8181),
    caught_by="test_d_is_a_number",
    hint="Python reads a decimal comma as two numbers: write a point.",
)
