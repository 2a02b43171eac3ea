"""A class graded: what was judged already, what a regrade changed and puts back, and what the terminal shows meanwhile.

Entered by `grade`. It reads names and results, never a notebook's content beyond its bytes: `run` grades, and holds the secrets.
"""
