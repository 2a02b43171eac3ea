"""What a worker says of a submission, believed only where it has the form of our results and its sums are those of the assignment."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any, NoReturn

from autograder.checks.assignment import Assignment
from autograder.checks.outcomes import MARKS
from autograder.run.form import MAX_OUTPUT

LONGEST = 8 << 20  # bytes
NEAR = 1e-4  # of a point: sums are rounded

TEXT = {"type": "string", "maxLength": MAX_OUTPUT}
NUMBER = {"type": "number"}
YES_OR_NO = {"type": "boolean"}
STATUS = {"enum": list(MARKS)}


class Unbelieved(Exception):
    """A reply that holds no results; the message says why."""


class Malformed(Unbelieved):
    """What claims to be results has not their form."""

    def __str__(self) -> str:
        return f"what came is no result of ours: {super().__str__()}"


def _exactly(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object with all of these and no others."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


CHECK = _exactly(name=TEXT, title=TEXT, status=STATUS, points=NUMBER, hidden=YES_OR_NO, message=TEXT, hint=TEXT)
CHECK["properties"]["helped"] = YES_OR_NO
QUESTION = _exactly(
    name=TEXT,
    number=TEXT,
    score=NUMBER,
    max_score=NUMBER,
    status={"enum": ["passed", "failed"]},
    output=TEXT,
    output_format={"const": "text"},
    visibility={"const": "visible"},
    extra_data=_exactly(question=TEXT, status=STATUS, checks={"type": "array", "items": CHECK}),
)
FOR_THE_STAFF = _exactly(
    name={"const": "For the staff"},
    score={"const": 0},
    max_score={"const": 0},
    output=TEXT,
    visibility={"const": "hidden"},
)
FORM = _exactly(
    score=NUMBER,
    execution_time={"type": "number", "minimum": 0, "maximum": 1_000_000},  # JSON may spell infinity: 1e999
    output=TEXT,
    output_format={"const": "text"},
    test_output_format={"const": "text"},
    test_name_format={"const": "text"},
    visibility={"const": "visible"},
    stdout_visibility={"const": "hidden"},
    tests={"type": "array", "items": {"anyOf": [QUESTION, FOR_THE_STAFF]}},
    extra_data=_exactly(
        confinement={"type": "object", "additionalProperties": TEXT},
        seed={"type": "integer", "minimum": 0},
        grader_error=YES_OR_NO,
        public_only=YES_OR_NO,
        refused=YES_OR_NO,
        staff={"type": "array", "items": TEXT},
    ),
)


def believed(reply: object, assignment: Assignment) -> dict[str, Any]:
    """The results in a worker's reply. Raises Unbelieved."""
    if not isinstance(reply, bytes) or len(reply) > LONGEST:
        raise Malformed(f"expected at most {LONGEST >> 20} MB of JSON as bytes, got {type(reply).__name__}")
    try:
        found: dict[str, Any] = json.loads(reply, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"expected JSON, got what is none ({str(error)[:200]})") from None
    if isinstance(found, dict) and list(found) == ["lost"]:
        raise Unbelieved(str(found["lost"])[:4000])
    if wrong := next(_form().iter_errors(found), None):
        raise Malformed(f"at {wrong.json_path}: {wrong.message[:300]}")
    _add_up(found, assignment)
    return found


def _add_up(found: dict[str, Any], assignment: Assignment) -> None:
    """Each check is the assignment's, and worth what it says there; scores are the sums of what passed."""
    questions = [test for test in found["tests"] if "extra_data" in test]
    asked = [test["extra_data"]["question"] for test in questions]
    if asked != list(assignment.questions) and (asked or not found["extra_data"]["grader_error"]):
        raise Malformed(f"expected the questions {', '.join(assignment.questions)}, got {', '.join(asked)[:300] or 'none'}")
    for test in questions:
        checks, id = test["extra_data"]["checks"], test["extra_data"]["question"]
        known = [(check.name, check.points, check.hidden) for check in assignment.questions[id].checks]
        if [(one["name"], one["points"], one["hidden"]) for one in checks] != known:
            raise Malformed(f"the checks of {id} are not those of the assignment")
        _same(f"the score of {id}", test["score"], sum(one["points"] for one in checks if one["status"] == "passed"))
        _same(f"the points of {id}", test["max_score"], sum(one["points"] for one in checks))
    _same("the score", found["score"], sum(test["score"] for test in questions))


def _same(what: str, said: float, due: float) -> None:
    if not math.isfinite(said) or abs(said - due) > NEAR:
        raise Malformed(f"expected {what} to be {due:g}, the sum of its parts, got {said:g}")


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said} is no number that JSON has")


@cache
def _form() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(FORM)
