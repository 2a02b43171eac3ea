"""A formula of one line, as a tree, and all that may be wrong with one thing in it, each with what is said of it.

Sums and products are flat, `a - b + c` and `½ a / b`, so that a change is one that a person makes: a term left out, a sign turned,
a factor twice, a bracket forgotten, another name put in.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

FUNCTIONS: dict[str, Callable[[float], float]] = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt}
OTHERS: dict[str, dict[str, Callable[[float], float]]] = {  # what people take for them
    "exp": {
        "the exponential is left out": lambda x: x,
        "the exponential has base 10": lambda x: 10**x,
        "the exponential has base 2": lambda x: 2**x,
        "1 is added in place of the exponential": lambda x: 1 + x,
        "the exponential is of the number without its sign": lambda x: math.exp(abs(x)),
        "the exponential is of the number with its sign turned": lambda x: math.exp(-x),
    },
    "log": {
        "the logarithm is left out": lambda x: x,
        "the logarithm has base 10": math.log10,
        "the logarithm has base 2": math.log2,
    },
    "sqrt": {"the root is left out": lambda x: x},
}
SQUARE = 2.0

Values = Mapping[str, float]
Change = tuple[str, "Node"]  # what is said of it, and the tree that comes of it


@dataclass(frozen=True)
class Number:
    value: float

    def of(self, values: Values) -> float:
        return self.value

    def __str__(self) -> str:
        return "½" if self.value == 0.5 else f"{self.value:g}"


@dataclass(frozen=True)
class Name:
    name: str
    shown: str

    def of(self, values: Values) -> float:
        return values[self.name]

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True)
class Sum:
    """Each term with its sign, 1.0 or -1.0; a half or a double stands for a slip."""

    terms: tuple[tuple[float, Node], ...]

    def of(self, values: Values) -> float:
        return sum(sign * term.of(values) for sign, term in self.terms)

    def __str__(self) -> str:
        first, *rest = (("−" if sign < 0 else "+", str(term)) for sign, term in self.terms)
        return " ".join(["−" * (first[0] == "−") + first[1], *(f"{sign} {term}" for sign, term in rest)])


@dataclass(frozen=True)
class Product:
    """Each factor with its exponent, 1.0 or -1.0."""

    factors: tuple[tuple[Node, float], ...]

    def of(self, values: Values) -> float:
        return math.prod(float(factor.of(values) ** power) for factor, power in self.factors)

    def __str__(self) -> str:
        shown = ["½" if one == (Number(2), -1) else "/ " * (one[1] < 0) + _closed(one[0]) for one in self.factors]
        return " · ".join(sorted(shown, key=lambda one: one != "½")).replace("½ · ", "½ ").replace("· /", "/")


@dataclass(frozen=True)
class Power:
    base: Node
    exponent: float

    def of(self, values: Values) -> float:
        return float(self.base.of(values) ** self.exponent)

    def __str__(self) -> str:
        return f"{_closed(self.base)}{'²' if self.exponent == SQUARE else f'^{self.exponent:g}'}"


@dataclass(frozen=True)
class Applied:
    name: str
    function: Callable[[float], float]
    inner: Node

    def of(self, values: Values) -> float:
        return self.function(self.inner.of(values))

    def __str__(self) -> str:
        return f"{self.name} {_closed(self.inner)}"


Node = Number | Name | Sum | Product | Power | Applied


def _closed(node: Node) -> str:
    return f"({node})" if isinstance(node, (Sum, Product)) else str(node)


def parse(expression: ast.expr, shown: Mapping[str, str]) -> Node:
    """The tree of an expression of `+ - * / **`, `exp`, `log` and `sqrt`. `shown`: how names are written for a reader.

    Raises ValueError for anything else.
    """
    match expression:
        case ast.Constant(value=int() | float() as value):
            return Number(float(value))
        case ast.Name(id=name):
            return Name(name, shown.get(name, name))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Sum(((-1.0, parse(operand, shown)),))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            sign = 1.0 if isinstance(op, ast.Add) else -1.0
            one = parse(left, shown)
            return Sum((*(one.terms if isinstance(one, Sum) else ((1.0, one),)), (sign, parse(right, shown))))
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            power = 1.0 if isinstance(op, ast.Mult) else -1.0
            one = parse(left, shown)
            return Product((*(one.factors if isinstance(one, Product) else ((one, 1.0),)), (parse(right, shown), power)))
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() | float() as value)):
            return Power(parse(left, shown), float(value))
        case ast.Call(func=ast.Name(id=name), args=[inner]) if name in FUNCTIONS:
            return Applied(name, FUNCTIONS[name], parse(inner, shown))
    raise ValueError(f"a working has sums, products, powers, exp, log and sqrt, not `{ast.unparse(expression)}`")


def changes(node: Node, names: Mapping[str, str]) -> Iterator[Change]:
    """The tree with one thing wrong in it, for each thing that may be. `names`: what may stand in place of a name."""
    match node:
        case Sum():
            yield from _of_a_sum(node)
            for i, (sign, term) in enumerate(node.terms):
                yield from ((said, Sum(_put(node.terms, i, (sign, other)))) for said, other in changes(term, names))
        case Product():
            yield from _of_a_product(node)
            for i, (factor, power) in enumerate(node.factors):
                yield from ((said, Product(_put(node.factors, i, (other, power)))) for said, other in changes(factor, names))
        case Power(base, exponent):
            yield from _of_a_power(node)
            yield from ((said, Power(other, exponent)) for said, other in changes(base, names))
        case Applied(name, function, inner):
            yield from ((said, Applied(name, other, inner)) for said, other in OTHERS.get(name, {}).items())
            yield from ((said, Applied(name, function, other)) for said, other in changes(inner, names))
        case Name(name, shown):
            for one, other in names.items():
                if one != name:
                    yield f"{other} stands in place of {shown}", Name(one, other)
                    yield f"{shown} is multiplied by {other}", Product(((node, 1.0), (Name(one, other), 1.0)))
            yield f"{shown} is squared", Power(node, SQUARE)
            yield f"{shown} is under a root", Applied("sqrt", math.sqrt, node)
            yield f"{shown} is without its sign", Applied("", abs, node)
            yield f"{shown} is put through the exponential", Applied("exp", math.exp, node)
            yield f"the logarithm of {shown} stands in its place", Applied("log", math.log, node)


def _of_a_sum(node: Sum) -> Iterator[Change]:
    terms = node.terms
    for i, (sign, term) in enumerate(terms):
        does = "is subtracted, not added" if sign > 0 else "is added, not subtracted" if i else "has the wrong sign"
        if len(terms) > 1:
            yield f"{term} is left out", Sum(terms[:i] + terms[i + 1 :])
        yield f"{term} {does}", Sum(_put(terms, i, (-sign, term)))
        yield f"{term} counts twice", Sum(_put(terms, i, (2 * sign, term)))
        yield f"{term} is only half of itself", Sum(_put(terms, i, (sign / 2, term)))
        if isinstance(term, Product):
            for factor, power in term.factors:
                rest = Product(tuple(one for one in term.factors if one != (factor, power)))
                whole = Sum(_put(terms, i, (sign, rest)))
                does = "multiplies" if power > 0 else "divides"
                yield f"{factor} {does} all of {whole}, not {rest} alone", Product(((whole, 1.0), (factor, power)))
        if len(terms) == 2:
            yield f"only {term} is left, and with the other sign", Sum(((-sign, term),))
    if len(terms) == 2 and all(sign > 0 for sign, _ in terms):
        yield f"{terms[0][1]} and {terms[1][1]} are multiplied, not added", Product(tuple((term, 1.0) for _, term in terms))


def _of_a_product(node: Product) -> Iterator[Change]:
    factors = node.factors
    for i, (factor, power) in enumerate(factors):
        half = factor == Number(2) and power < 0
        what = "the ½" if half else _closed(factor)
        rest = Product(factors[:i] + factors[i + 1 :])
        yield f"{what} is left out", rest
        yield f"{what} stands twice", Product((*factors, (factor, power)))
        does = "divides, and should multiply" if power > 0 else "multiplies, and should divide"
        yield "it is doubled, not halved" if half else f"{what} {does}", Product(_put(factors, i, (factor, -power)))
        if isinstance(factor, Sum) and len(factor.terms) > 1:
            for k in (0, len(factor.terms) - 1):
                sign, term = factor.terms[k]
                alone = Sum(_put(factor.terms, k, (sign, Product(_put(factors, i, (term, power))))))
                place = "last" if k else "first"
                yield f"the bracket around {factor} is forgotten, so that only its {place} term is multiplied", alone
    for (one, up), (other, also) in pairwise(factors):
        if up == also == 1 and len(factors) == 2:
            yield f"{one} and {other} are added, not multiplied", Sum(((1.0, one), (1.0, other)))


def _of_a_power(node: Power) -> Iterator[Change]:
    base = node.base
    yield f"{_closed(base)} is not squared", base
    yield f"{_closed(base)} is doubled, not squared", Product(((Number(2.0), 1.0), (base, 1.0)))
    yield f"{node} is squared once more", Power(node, SQUARE)
    yield f"{_closed(base)} is without its sign, not squared", Applied("", abs, base)
    if isinstance(base, Sum):
        squares = Sum(tuple((sign, Power(term, SQUARE)) for sign, term in base.terms))
        yield f"each term of {base} is squared by itself", squares


def _put(items: tuple, i: int, item: object) -> tuple:  # type: ignore[type-arg]
    return (*items[:i], item, *items[i + 1 :])
