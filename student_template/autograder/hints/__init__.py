"""Naming the slip: the catalogue of right and wrong answers, and which of them does what a student's function did.

Entered when a check has failed, and by whoever proves the checks. It sees recorded calls, never a student's process.
"""
