q4_kl_a = 0.0  # SOLUTION
q4_kl_b = 0.5  # SOLUTION
q4_kl_c = 1.5 - math.log(2)  # SOLUTION
q4_kl_d = 0.125 + math.log(2)  # SOLUTION
