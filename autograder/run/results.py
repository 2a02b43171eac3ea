"""One report as Gradescope's results.json, and the same for a person to read."""

from __future__ import annotations

import json
import math
import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.checks.outcomes import GRADER_FAILED, MARKS, Outcome
from autograder.run import form
from autograder.run.choices import Choices
from autograder.run.form import MAX_OUTPUT
from autograder.run.grade import Report, Verdict
from autograder.wire.faults import UNSAFE


def clean(text: str, limit: int = 2000) -> str:
    """Text that may have come from a student: no control characters, no direction tricks, bounded."""
    text = UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def gradescope(report: Report, choices: Choices | None = None) -> dict[str, Any]:
    """The results as Gradescope reads them: one entry per question, no null, every number finite.

    All of it is visible, but for choices that are told later, and a word for the staff where the grader itself failed: with a hidden
    entry the platform shows no total, so that nobody takes it for a grade.
    """
    entries = [entry for verdict in report.verdicts for entry in _entries(verdict, choices)]
    if report.failed_by_us:
        entries.append(form.for_the_staff(clean("\n\n".join(report.staff), MAX_OUTPUT)))
    extra = {
        "confinement": {clean(layer, 40): clean(outcome, 200) for layer, outcome in report.confinement.items()},
        "seed": report.seed,
        "grader_error": report.failed_by_us,
        "public_only": report.public_only,
        "refused": bool(report.refused),
        "staff": [clean(text, 8000) for text in report.staff],
    }
    output = clean("\n".join(headline(report)), MAX_OUTPUT)
    return form.results(_finite(report.score), output, entries, extra, _finite(report.seconds))


def sure(report: Report) -> dict[str, Any]:
    """The results of any report; should they be such as no platform reads, they say that we failed."""
    try:
        return gradescope(report)
    except Exception as error:
        return gradescope(Report(report.name, broken="".join(traceback.format_exception(error))[-8000:]))


def _entries(verdict: Verdict, choices: Choices | None) -> Iterator[dict[str, Any]]:
    """A question's entry; what is not told of its choices yet is one of its own."""
    id = verdict.question.id
    chosen = [o for o in verdict.outcomes if choices and choices.told != "each" and (id, o.check) in choices.checks]
    if not choices or not chosen or verdict.status == "not_attempted":
        yield _entry(verdict)
        return
    rest = replace(verdict, outcomes=tuple(o for o in verdict.outcomes if o not in chosen))
    if choices.told == "sum":
        right, points = sum(o.status == "passed" for o in chosen), sum(o.earned for o in chosen)
        told = f"{right} of {len(chosen)} {'choice is' if len(chosen) == 1 else 'choices are'} right ({points:g}/{sum(o.points for o in chosen):g})"
        whole = {name: _entry(verdict)[name] for name in ("score", "max_score", "status")}
        shown = _entry(rest, f"{told}; which, is not told.")
        yield shown | whole | {"extra_data": shown["extra_data"] | {"status": verdict.status}}
        return
    yield _entry(rest, f"What came of your {'choice' if len(chosen) == 1 else 'choices'} is told {choices.when}; it counts.")
    later = _entry(replace(verdict, outcomes=tuple(chosen)))
    yield later | {"name": f"{later['name']} · choices", "number": f"{later['number']}.1", "visibility": choices.visibility}


def _entry(verdict: Verdict, also: str = "") -> dict[str, Any]:
    return {
        "name": f"{verdict.question.id} · {verdict.question.title}",  # the id is what students say to grader.check
        "number": str(verdict.question.number),
        "score": _finite(verdict.earned),
        "max_score": _finite(verdict.possible),
        "status": "passed" if verdict.status == "passed" else "failed",
        "output": clean("\n".join([*explain(verdict), *filter(None, [also])]), MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
        "extra_data": {
            "question": verdict.question.id,
            "status": verdict.status,
            "checks": [_check(o) for o in verdict.outcomes],
        },
    }


def _check(outcome: Outcome) -> dict[str, Any]:
    facts = {"name": outcome.check, "title": outcome.title, "status": outcome.status, "points": outcome.points}
    facts |= {"hidden": outcome.hidden, "message": clean(outcome.message, 300), "hint": clean(outcome.hint)}
    return facts if outcome.status != "passed" else facts | {"message": "", "helped": bool(outcome.stand_ins)}


def headline(report: Report) -> list[str]:
    """What stands above the questions."""
    if report.broken:
        return [GRADER_FAILED]
    lines = [f"Not graded. {report.refused}"] if report.refused else []
    if report.public_only and not report.refused:
        lines.append(
            "Only the public checks ran: the hidden ones are not on this machine, and most points depend on them. "
            "This is not your grade."
        )
    if report.failed_by_us:
        lines.append(
            "In some checks the grader itself failed. That is our fault, not yours; the staff can see why, and grade again."
        )
    return lines + list(report.notes)


def explain(verdict: Verdict) -> list[str]:
    """One question's checks, in words."""
    if verdict.status == "not_attempted":
        return ["NOT ATTEMPTED: this question is not attempted yet."]
    if len({(outcome.status, outcome.message) for outcome in verdict.outcomes}) == 1 and verdict.status != "passed":
        hints = {f"Hint: {outcome.hint}" for outcome in verdict.outcomes if outcome.hint}
        return [f"{MARKS[verdict.status]}: {clean(verdict.outcomes[0].message)}", *sorted(hints)]  # once, not at every check
    lines = [line for outcome in verdict.outcomes for line in _explain(outcome)]
    hidden = sum(outcome.hidden for outcome in verdict.outcomes)
    if hidden:
        lines.append(f"{hidden} of these {len(verdict.outcomes)} checks are hidden ones.")
    return lines


def _explain(outcome: Outcome) -> list[str]:
    worth = f" ({outcome.earned:g}/{outcome.points:g})" if outcome.points else ""
    lines = [f"{MARKS[outcome.status]}{worth}: {outcome.title}"]
    if outcome.status != "passed":
        lines += [f"    {line}" for line in clean(outcome.message).splitlines()]
        if outcome.hint:
            lines.append(f"    Hint: {outcome.hint}")
    if outcome.stand_ins and outcome.status == "passed":
        lines.append("    (judged with our own earlier answers in place of yours, so that one slip costs one question)")
    return lines


def write(results: dict[str, Any], path: Path) -> None:
    """Write results.json at once or not at all. Raises OSError, and leaves nothing behind then."""
    text = json.dumps(results, allow_nan=False, ensure_ascii=False, indent=1)
    new = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")  # one that a killed run left is put to use
    try:
        temporary.unlink(missing_ok=True)
        with open(temporary, "x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
            if new:
                path.parent.rmdir()
        raise


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a score is not finite")
    return round(value, 6)
