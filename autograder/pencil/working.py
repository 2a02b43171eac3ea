"""How right numbers are worked out, step by step, and what comes out where one step is done wrongly.

A question's working.py has it as functions of nothing but steps, which are read and never run:

    def by_hand(mu=0.8, logvar=-0.4, eps=0.5):
        q7_sigma = exp(logvar / 2)
        q7_z = mu + q7_sigma * eps

The arguments are the numbers that were given. `SHOWN` says how names are written for a reader; `EXAMPLE` has the given numbers
of an example that students may have read before, and whose numbers they may have taken.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

from autograder.pencil.formula import Node, changes, parse

FORMS: dict[str, Callable[[float], float]] = {
    "inverted": lambda x: 1 / x,
    "squared": lambda x: x * x,
    "under a root": math.sqrt,
    "doubled": lambda x: 2 * x,
    "halved": lambda x: x / 2,
    "with its sign turned": lambda x: -x,
    "squared and put through the logarithm": lambda x: math.log(x * x),
}
SHIFT = 1.37  # makes other numbers of the given ones: slips that meet there as well are one slip

# What is said, the number that comes of it, and the one that would come of other given numbers.
Slip = tuple[str, float, float]


@dataclass(frozen=True)
class Working:
    """The steps from the given numbers to the right ones, in their order."""

    given: Mapping[str, float]
    steps: Mapping[str, Node]
    uses: Mapping[str, set[str]]  # the names in each step
    shown: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def values(self) -> dict[str, float]:
        return self.with_steps({})

    @cached_property
    def shifted(self) -> Working:
        """The same steps from other numbers."""
        return replace(self, given={name: SHIFT * value + 0.01 * i for i, (name, value) in enumerate(self.given.items())})

    def with_steps(self, other: Mapping[str, Node]) -> dict[str, float]:
        """All numbers, where these steps are other ones; what cannot be worked out is NaN."""
        values = dict(self.given)
        for name, step in {**self.steps, **other}.items():
            try:
                values[name] = float(step.of(values))
            except (ArithmeticError, ValueError, TypeError):  # a power of a negative number is complex
                values[name] = math.nan
        return values

    def wrongly(self, target: str, said: str, other: Mapping[str, Node]) -> Slip:
        """The target where these steps are other ones."""
        return said, self.with_steps(other)[target], self.shifted.with_steps(other)[target]

    def needed(self, target: str) -> list[str]:
        """The steps that the target is worked out from, nearest first."""
        found: list[str] = []
        waiting = [target]
        while waiting:
            used = self.uses[waiting.pop(0)]
            new = [name for name in self.steps if name in used and name not in found]
            found, waiting = found + new, waiting + new
        return found

    @cached_property
    def of_the_example(self) -> dict[str, float]:
        """The numbers that come out with the example's."""
        return replace(self, given={**self.given, **self.example}, example={}).values

    def one_slip(self, target: str, step: str) -> Iterator[Slip]:
        """The target where one thing in a step is wrong; what is wrong in an earlier one is said to be there."""
        where = "" if step == target else f"in {self.says(step)} "
        for said, node in changes(self.steps[step], self._at_hand(step)):
            yield self.wrongly(target, f"where {where}{said}", {step: node})

    def two_slips(self, target: str) -> Iterator[Slip]:
        """The target where two things in its own step are wrong."""
        names = self._at_hand(target)
        for said, node in changes(self.steps[target], names):
            for also, both in changes(node, names):
                yield self.wrongly(target, f"where {said}, and {also}", {target: both})

    def put_in(self, target: str) -> Iterator[Slip]:
        """The target where a given number is put in wrongly throughout."""
        for name, number in self.given.items():
            for said, form in FORMS.items():
                if number and (number > 0 or form is not math.sqrt):
                    yield self._with_given(target, f"with {self.says(name)} {said}", {name: form})

    def example_put_in(self, target: str) -> Iterator[Slip]:
        """The target where one or two numbers of the example are put in for those given here."""
        single: set[float] = set()
        for names in (*((name,) for name in self.example), *combinations(self.example, 2)):
            said = " and ".join(map(self.says, names))
            number = replace(self, given={**self.given, **{name: self.example[name] for name in names}}).values[target]
            if number not in single and number != self.values[target]:
                yield f"with {said} of the example", number, math.nan
            single |= {number} if len(names) == 1 else set()

    def _with_given(self, target: str, said: str, forms: Mapping[str, Callable[[float], float]]) -> Slip:
        numbers = []
        for working in (self, self.shifted):
            given = {name: forms.get(name, _as_it_is)(number) for name, number in working.given.items()}
            numbers.append(replace(working, given=given).values[target])
        return said, numbers[0], numbers[1]

    def says(self, name: str) -> str:
        return self.shown.get(name, f"`{name}`")

    def _at_hand(self, step: str) -> dict[str, str]:
        """The names that a step could have used."""
        before = list(self.steps)[: list(self.steps).index(step)]
        return {name: self.says(name) for name in (*self.given, *before)}


def _as_it_is(number: float) -> float:
    return number


def read(source: str) -> dict[str, Working]:
    """The working of each number that a working.py works out. Raises ValueError where it holds anything else."""
    found: dict[str, Working] = {}
    tree = ast.parse(source)
    known = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    shown, example = known.get("SHOWN", {}), known.get("EXAMPLE", {})
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [argument.arg for argument in function.args.args]
        given = {name: float(ast.literal_eval(value)) for name, value in zip(names, function.args.defaults, strict=True)}
        steps, uses = dict[str, Node](), dict[str, set[str]]()
        for line in function.body:
            if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
                raise ValueError(f"`{function.name}` has a line that is no step: `{ast.unparse(line)}`")
            name = line.targets[0].id
            steps[name] = parse(line.value, {each: shown.get(each, each) for each in (*given, *steps)})
            uses[name] = {node.id for node in ast.walk(line.value) if isinstance(node, ast.Name)}
        working = Working(given, steps, uses, shown, {name: value for name, value in example.items() if name in given})
        found |= dict.fromkeys(steps, working)
    return found
