"""The folder of a class's results: each is written as soon as it is there, and what finds no room is kept until there is some."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from autograder.run import results
from autograder.run.results import clean

PATIENCE = 10.0  # seconds that the disk is given at the end: what students' processes filled it with is being removed
NOT_WRITTEN = """\
{count} could not be written ({why}): {names}.
Make room in {folder}, or mend what is said there, and run the same command again: the same submissions get the same grades.
All other results are complete."""


class Shelf:
    """DIR/<name>/results.json for each submission."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._kept: dict[str, dict[str, Any]] = {}
        self._why = ""

    def put(self, name: str, found: dict[str, Any]) -> None:
        """Write one submission's results, and what is kept from earlier ones, as far as there is room."""
        self._kept[name] = found
        if not self._written(name):
            if len(self._kept) == 1:
                said = (
                    f"The results of {clean(name, 80)} cannot be written now ({self._why}). They are kept, and tried again later."
                )
                print(said, file=sys.stderr)
            return
        self._retry()

    def finish(self) -> str:
        """Write all that is kept; what there is to say if that cannot be done."""
        deadline = time.monotonic() + PATIENCE
        while self._retry() and time.monotonic() < deadline:
            time.sleep(0.2)
        if not self._kept:
            return ""
        count = f"The results of {len(self._kept)} submission{'s' * (len(self._kept) > 1)}"
        names = ", ".join(clean(name, 80) for name in self._kept)
        return NOT_WRITTEN.format(count=count, why=self._why, names=names, folder=self.folder)

    def _retry(self) -> bool:
        """Whether some are kept still."""
        for name in list(self._kept):
            self._written(name)
        return bool(self._kept)

    def _written(self, name: str) -> bool:
        if self.folder:
            try:
                results.write(self._kept[name], self.folder / name / "results.json")
            except OSError as error:
                self._why = error.strerror or type(error).__name__
                return False
        del self._kept[name]
        return True
