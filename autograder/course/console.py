"""Where a person reads what a run over a class says."""

from __future__ import annotations

import os
import sys

from rich import console


class Console(console.Console):
    """Its reader may leave, as `| head` does: what is graded is written all the same."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # or Python itself would fail at its end
        os.close(nowhere)
