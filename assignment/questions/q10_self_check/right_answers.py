from autograder.authoring import right_value

right_value("q10_a", "c")
right_value("q10_b", "a")
right_value("q10_c", "d")
right_value("q10_d", "b")
right_value("q10_e", "a")
right_value("q10_f", "d")
right_value("q10_f", " D ")
