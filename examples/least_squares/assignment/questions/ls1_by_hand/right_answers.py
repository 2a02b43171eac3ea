from fractions import Fraction

from autograder.authoring import right_value

right_value("ls1_error", Fraction(10, 3))
right_value("ls1_error", "3.3333")
right_value("ls1_error", 3.333)
right_value("ls1_slope", -4.6667)
right_value("ls1_slope", "−4.6667")
right_value("ls1_choice", "c")
right_value("ls1_choice", "(C)")
