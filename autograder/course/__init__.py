"""A class: what a folder or a zip of submissions means, whose they are, what was graded already, and what it all says.

Entered by `grade`. It reads names and results, never a notebook's content beyond its bytes: `run` grades, and holds the secrets.
"""
