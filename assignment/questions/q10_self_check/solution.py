q10_a = "C"  # SOLUTION
q10_b = "A"  # SOLUTION
q10_c = "D"  # SOLUTION
q10_d = "B"  # SOLUTION
q10_e = "A"  # SOLUTION
q10_f = "D"  # SOLUTION
