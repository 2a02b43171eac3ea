"""Stops its own process by a signal, and is never heard of again."""

CELLS = ["import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"]
