"""Prints without end, from Python and from a program."""

CELLS = ["while True:\n    print('x' * 10**6)", "!yes"]
