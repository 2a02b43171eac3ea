"""A class's results in little room: without the words that only a student's own page has, and with what many have alike held once."""

from __future__ import annotations

from typing import Any


class Briefs:
    """Two thousand submissions say much the same of the same checks. What they share must not be changed."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def of(self, results: dict[str, Any]) -> dict[str, Any]:
        """One submission's results, as the tables and the report of its class need them."""
        tests = [{name: value for name, value in test.items() if name != "output"} for test in results["tests"]]
        brief: dict[str, Any] = self._once(results | {"tests": tests})
        return brief

    def _once(self, value: Any) -> Any:
        """The first that was met of all that are like this one: as their parts are the same, whether parts are is all there is to compare."""
        if isinstance(value, dict):
            value = {self._once(name): self._once(part) for name, part in value.items()}
            key: Any = (dict, *((id(name), id(part)) for name, part in value.items()))
        elif isinstance(value, list):
            value = [self._once(part) for part in value]
            key = (list, *map(id, value))
        else:
            key = (type(value), value)
        return self._known.setdefault(key, value)
