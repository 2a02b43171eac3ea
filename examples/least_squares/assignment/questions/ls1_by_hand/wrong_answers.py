from autograder.authoring import wrong_value

ERROR = {
    10.0: "That is the sum of the squares; the error is their mean.",
    5 / 3: "A factor one half crept in; our error has none.",
    (10 / 3) ** 0.5: "That is the root of the error; ours stays in squared units.",
    4 / 3: "Those are the residuals' sizes, averaged; square them first.",
    16 / 9: "You averaged the residuals and squared afterwards, so that misses above and below could cancel; square each one.",
    5.0: "You divided by 2; there are three points.",
    46 / 3: "Those are the measurements, squared and averaged; what does the line predict for each?",
}
for value, hint in ERROR.items():
    wrong_value("ls1_error", value, caught_by="test_error", hint=hint)

SLOPE = {
    14 / 3: "The sign is turned round: a residual is the prediction minus the measurement.",
    -7 / 3: "The 2 is missing, which the square leaves when it is differentiated.",
    -14.0: "You did not divide by the number of points.",
    -7.0: "The 2 is missing, and so is the division by the number of points.",
    -8 / 3: "That is the derivative with respect to the intercept; for the slope each residual is weighted by its x.",
    -38 / 3: "You weighted each residual by the measurement y; the chain rule brings down x.",
    -20 / 3: "You weighted the squared residuals; differentiating leaves the residual itself.",
}
for value, hint in SLOPE.items():
    wrong_value("ls1_slope", value, caught_by="test_slope", hint=hint)

wrong_value(
    "ls1_choice",
    "A",
    caught_by="test_choice",
    hint="The first point is hit exactly now. The intercept moves as well: what becomes of that point?",
)
wrong_value("ls1_choice", "B", caught_by="test_choice", hint="Descent subtracts: minus a negative number is a step up.")
wrong_value(
    "ls1_choice",
    "D",
    caught_by="test_choice",
    hint="The rate says how far, not which way; and of a small step the derivatives say what it does to the error.",
)
