"""Inputs that nobody thought of, made from a seed: `python -m tests.fuzz SECONDS [SEED]`."""
