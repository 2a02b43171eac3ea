"""Stops its own process by a signal, and is never heard of again."""

OTTER = "no results"
CELLS = ["import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"]
