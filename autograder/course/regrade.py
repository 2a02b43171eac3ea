"""Who gained and who lost when a class is graded again, from what to what, and by which check."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One submission that has other results."""

    name: str
    was: float
    now: float
    checks: tuple[str, ...]  # "q5 test_values: failed, now passed"

    def __str__(self) -> str:
        why = f" ({'; '.join(self.checks)})" if self.checks else ""
        return f"{self.name}: {self.was:g}, now {self.now:g}{why}"


def change(name: str, old: dict[str, Any], new: dict[str, Any]) -> Change:
    """What became of one submission's score; where that is the same, there is no more to say."""
    return Change(name, old["score"], new["score"], tuple(_checks(old, new)) if old["score"] != new["score"] else ())


def told(changed: Collection[Change], how: str = "graded again") -> str:
    """All that there is to say of what was graded again, the greatest loss first; or nothing."""
    if not changed:
        return ""
    found = sorted((one for one in changed if one.was != one.now), key=lambda one: (one.now - one.was, one.name))
    gained, lost = sum(one.now > one.was for one in found), sum(one.now < one.was for one in found)
    lines = [f"{len(changed)} {how}: {gained} gained, {lost} lost, {len(changed) - gained - lost} as before."]
    return "\n".join([*lines, *(f"  {one}" for one in found)])


def _checks(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, after = _by_check(old), _by_check(new)
    for check in after | before:
        was, now = before.get(check), after.get(check)
        if was == now:
            continue
        if was is None or now is None:
            yield f"{check}: {'new' if was is None else 'gone'}"
        elif was[0] != now[0]:
            yield f"{check}: {was[0]}, now {now[0]}"
        elif now[0] == "passed":
            yield f"{check}: worth {now[1]:g}, was {was[1]:g}"


def _by_check(results: dict[str, Any]) -> dict[str, tuple[str, float]]:
    entries = [test["extra_data"] for test in results["tests"] if "checks" in test.get("extra_data", {})]
    return {f"{entry['question']} {one['name']}": (one["status"], one["points"]) for entry in entries for one in entry["checks"]}
