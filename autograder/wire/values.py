"""Plain data: the only things that pass between a student's process and the grader.

tensor, tuple, dict with string keys, int, float, bool, str, None, `...`, and `Foreign` for everything else. To a student's process,
not from it, also numpy arrays: a lesson without torch has them as arguments, and what comes back of them are tensors.
`plain` runs beside the student's code and reduces whatever it returned to that; `encode` and `decode` turn plain data into a
JSON tree plus raw buffers and back. `decode` trusts nothing: exact types, whitelisted dtypes, sizes that must add up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from torch import Tensor

MAX_BYTES = 4 << 20  # of all tensors in one value: eight times what any check needs, and a question's calls are all remembered
MAX_TENSORS = 1024
MAX_NODES = 4096
MAX_DEPTH = 8
MAX_TEXT = 4000  # of one string; longer ones are cut
MAX_TEXTS = 100_000  # of all strings together

DTYPES = {
    name: getattr(torch, name)
    for name in ("float16", "bfloat16", "float32", "float64", "uint8", "int8", "int16", "int32", "int64", "bool")
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


class Malformed(ValueError):
    """A message that no honest student process sends."""


class Oversized(ValueError):
    """A value too big to carry; the message says how big."""


@dataclass(frozen=True)
class Foreign:
    """Stands for an object that is not plain data. Only the name of its type crosses."""

    type_name: str


@dataclass
class Budget:
    """What is left to one value. Raises Oversized when it is used up."""

    bytes_left: int = MAX_BYTES
    tensors_left: int = MAX_TENSORS
    nodes_left: int = MAX_NODES
    text_left: int = MAX_TEXTS

    def node(self) -> None:
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise Oversized(f"a value with more than {MAX_NODES:,} parts")

    def tensor(self, shape: Sequence[int], itemsize: int) -> None:
        self.tensors_left -= 1
        self.bytes_left -= math.prod(shape) * itemsize
        if self.bytes_left < 0:
            raise Oversized(f"a tensor of shape {tuple(shape)}: {math.prod(shape):,} numbers")
        if self.tensors_left < 0:
            raise Oversized(f"more than {MAX_TENSORS:,} tensors")

    def text(self, text: str) -> str:
        """`text`, cut to what may cross."""
        text = text[:MAX_TEXT]
        self.text_left -= len(text)
        if self.text_left < 0:
            raise Oversized(f"texts of more than {MAX_TEXTS:,} letters")
        return text


def plain(value: Any, budget: Budget | None = None, depth: int = 0) -> Any:
    """Reduce any object to plain data, keeping each tensor's autograd graph. Raises Oversized."""
    budget = budget or Budget()
    budget.node()
    kind = type(value)
    if value is None or value is Ellipsis or kind is bool:
        return value
    if issubclass(kind, Tensor):
        return _plain_tensor(value, budget)
    if issubclass(kind, np.ndarray):
        return _plain_array(value, budget)
    if issubclass(kind, np.generic):
        item = value.item() if issubclass(kind, (np.number, np.bool_, np.str_)) else value
        return _foreign(kind) if isinstance(item, np.generic) else plain(item, budget, depth)  # a longdouble has no other form
    if issubclass(kind, int):
        return int.__int__(value) if -(2**63) <= int.__int__(value) < 2**63 else _foreign(kind)
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, str):
        return budget.text(str.__str__(value))
    if kind in (Fraction, Decimal):
        try:
            return float(value)
        except (OverflowError, ValueError):
            return _foreign(kind)
    if depth < MAX_DEPTH:
        if issubclass(kind, (tuple, list)):
            items = tuple.__iter__(value) if issubclass(kind, tuple) else list.__iter__(value)
            return tuple(plain(item, budget, depth + 1) for item in items)
        if issubclass(kind, dict) and all(type(key) is str for key in dict.keys(value)):
            return {budget.text(key): plain(item, budget, depth + 1) for key, item in dict.items(value)}
    return _foreign(kind)


def _foreign(kind: type) -> Foreign:
    return Foreign(type.__dict__["__name__"].__get__(kind)[:100])  # what a metaclass says of it is the student's code


def _plain_tensor(value: Tensor, budget: Budget) -> Tensor | Foreign:
    with torch._C.DisableTorchFunctionSubclass():
        if value.layout != torch.strided or value.dtype not in NAMES or value.is_meta or value.is_nested:
            return Foreign(f"{str(value.layout).removeprefix('torch.')} {value.dtype!s} tensor")
        budget.tensor(value.shape, value.element_size())
        base = value if type(value) is Tensor else value.as_subclass(Tensor)
        return base.cpu().resolve_neg()


def _plain_array(value: np.ndarray, budget: Budget) -> Tensor | Foreign:
    array = np.ndarray.__array__(value)
    if array.dtype.kind not in "fiub" or array.dtype.name not in DTYPES:
        return Foreign(f"{array.dtype} array")
    budget.tensor(array.shape, array.itemsize)
    return torch.from_numpy(np.array(array, dtype=array.dtype.newbyteorder("="), order="C"))


def encode(value: Any, buffers: list[bytes]) -> Any:
    """Plain data as a JSON tree; the bytes of each tensor are appended to `buffers`."""
    if value is None or type(value) is bool:
        return value
    if value is Ellipsis:
        return {"k": "ellipsis"}
    if isinstance(value, Tensor):
        buffers.append(_bytes(value))
        return {
            "k": "tensor",
            "dtype": NAMES[value.dtype],
            "shape": list(value.shape),
            "grad": value.requires_grad,
            "buffer": len(buffers) - 1,
        }
    if isinstance(value, np.ndarray):
        return encode(torch.from_numpy(np.ascontiguousarray(value)), buffers) | {"k": "array"}
    if isinstance(value, int):
        return {"k": "int", "v": str(value)}
    if isinstance(value, float):
        return {"k": "float", "v": value.hex()}
    if isinstance(value, str):
        return {"k": "str", "v": value.encode("utf-8", "replace").decode()}
    if isinstance(value, tuple):
        return {"k": "tuple", "v": [encode(item, buffers) for item in value]}
    if isinstance(value, dict):
        return {"k": "dict", "v": [[key, encode(item, buffers)] for key, item in value.items()]}
    if isinstance(value, Foreign):
        return {"k": "foreign", "v": value.type_name}
    raise TypeError(f"not plain data: {type(value).__name__}")


def _bytes(value: Tensor) -> bytes:
    if value.dtype == torch.bfloat16:  # numpy has none
        return bits(value).numpy().tobytes()
    return value.detach().numpy().tobytes()


def bits(value: Tensor) -> Tensor:
    """The bytes of a tensor, in order: so compared, NaN equals itself."""
    flat = value.detach().contiguous().reshape(-1)
    return flat.as_strided(flat.shape, (1,)).view(torch.uint8)  # the stride of a single element may be anything


def decode(tree: Any, buffers: list[bytearray], *, arrays: bool = False) -> Any:
    """Plain data from a JSON tree and buffers, or Malformed. Tensors that required grad come back requiring it.

    `arrays`: numpy arrays may be among it, since it comes from the grader.
    """
    try:
        return _decode(tree, buffers, Budget(), 0, arrays)
    except Oversized as error:
        raise Malformed(str(error)) from None


def _decode(tree: Any, buffers: list[bytearray], budget: Budget, depth: int, arrays: bool) -> Any:
    budget.node()
    if tree is None or type(tree) is bool:
        return tree
    if type(tree) is not dict or depth > MAX_DEPTH + 1:
        raise Malformed("a value is not in the agreed form")
    kind, content = tree.get("k"), tree.get("v")
    if kind == "ellipsis":
        return Ellipsis
    if kind == "tensor":
        return _decode_tensor(tree, buffers, budget)
    if kind == "array" and arrays:
        return _decode_tensor(tree, buffers, budget).numpy()
    if kind == "int" and type(content) is str and len(content) <= 20:
        return _number(int, content)
    if kind == "float" and type(content) is str and len(content) <= 40:
        return _number(float.fromhex, content)
    if kind == "str" and type(content) is str:
        return budget.text(content)
    if kind == "foreign" and type(content) is str:
        return Foreign(content[:100])
    if kind == "tuple" and type(content) is list:
        return tuple(_decode(item, buffers, budget, depth + 1, arrays) for item in content)
    if kind == "dict" and type(content) is list:
        return {budget.text(_key(pair)): _decode(pair[1], buffers, budget, depth + 1, arrays) for pair in content}
    raise Malformed("a value is not in the agreed form")


def _number(parse: Any, text: str) -> Any:
    try:
        return parse(text)
    except (ValueError, OverflowError):
        raise Malformed("a number is not in the agreed form") from None


def _key(pair: Any) -> str:
    if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
        raise Malformed("a dict is not in the agreed form")
    return pair[0]


def _decode_tensor(tree: dict[str, Any], buffers: list[bytearray], budget: Budget) -> Tensor:
    shape, index, dtype = tree.get("shape"), tree.get("buffer"), tree.get("dtype")
    if type(shape) is not list or len(shape) > 16 or not all(type(n) is int and 0 <= n < 2**31 for n in shape):
        raise Malformed("a tensor's shape is not in the agreed form")
    if type(index) is not int or not 0 <= index < len(buffers) or type(dtype) is not str or dtype not in DTYPES:
        raise Malformed("a tensor is not in the agreed form")
    buffer = buffers[index]
    torch_dtype = DTYPES[dtype]
    if math.prod(shape) * torch_dtype.itemsize != len(buffer):
        raise Malformed("a tensor's shape and its bytes disagree")
    budget.tensor(shape, torch_dtype.itemsize)
    if not buffer:
        value = _empty(shape, torch_dtype)
    elif dtype == "bool":  # a byte that is neither 0 nor 1 would be an undefined bool
        value = torch.frombuffer(buffer, dtype=torch.uint8).ne(0).reshape(shape)
    else:
        value = torch.frombuffer(buffer, dtype=torch_dtype).reshape(shape)
    return value.requires_grad_() if tree.get("grad") is True and value.is_floating_point() else value


def _empty(shape: list[int], dtype: torch.dtype) -> Tensor:
    try:
        return torch.empty(shape, dtype=dtype)
    except RuntimeError:  # a size of 0 beside sizes whose product overflows
        raise Malformed("a tensor's shape is not in the agreed form") from None
