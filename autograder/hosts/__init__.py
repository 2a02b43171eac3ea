"""The checks in one process: pytest's on our own answers, and otter's on the live functions of a student's notebook.

Whoever sits here trusts the code it runs. A further host is one file: `checks.host` says what it must do.
"""
