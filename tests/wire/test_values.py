"""Plain data: what crosses unchanged, what is reduced to its name, and what no honest process sends."""

from __future__ import annotations

import enum
import math
from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from autograder.wire.values import (
    DTYPES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    MAX_TENSORS,
    MAX_TEXT,
    MAX_TEXTS,
    Foreign,
    Malformed,
    Oversized,
    bits,
    decode,
    encode,
    plain,
)


def crossed(value: Any) -> Any:
    buffers: list[bytes] = []
    tree = encode(value, buffers)
    return decode(tree, [bytearray(buffer) for buffer in buffers])


def same(a: Any, b: Any) -> bool:
    if isinstance(a, Tensor):
        if not (type(b) is Tensor and a.dtype == b.dtype and a.shape == b.shape and a.requires_grad == b.requires_grad):
            return False
        return torch.equal(bits(a), bits(b))
    if isinstance(a, tuple):
        return type(b) is tuple and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return type(b) is dict and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, float) and math.isnan(a):
        return isinstance(b, float) and math.isnan(b)
    return type(a) is type(b) and a == b


# --- what crosses unchanged ---------------------------------------------------------------------------------------------

UNCHANGED = [
    None,
    ...,
    True,
    False,
    0,
    2**63 - 1,
    -(2**63),
    0.1,
    -0.0,
    5e-324,
    float("inf"),
    float("nan"),
    "",
    "σ = e^{½ logvar} 👩🏽‍🎓 \0",
    (),
    ((), ((),)),
    {"": None, "loss": 1.0, "sizes": (1, 2)},
    Foreign("Answer"),
    torch.tensor(1.5),
    torch.empty(0),
    torch.empty(2, 0, 3),
    torch.arange(12.0).reshape(3, 4).T,
    torch.arange(5.0)[::2],
    torch.arange(4.0)[None][:, 2],  # one element, with the stride of four
    torch.zeros(1).expand(7, 3),
    torch.tensor([float("nan"), float("inf"), -0.0]),
    torch.ones(2, requires_grad=True),
    torch.tensor([True, False]),
]


@pytest.mark.parametrize("value", UNCHANGED, ids=repr)
def test_plain_data_crosses_unchanged(value: Any) -> None:
    assert same(crossed(value), value)


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_crosses(name: str) -> None:
    value = torch.arange(6).reshape(2, 3).to(DTYPES[name])
    assert same(crossed(value), value)


def test_zero_keeps_its_sign_and_a_float_its_last_bit() -> None:
    assert math.copysign(1, crossed(-0.0)) == -1
    assert crossed(0.1 + 0.2) == 0.1 + 0.2


# --- what a student's function may return -------------------------------------------------------------------------------


class Mine(torch.Tensor):
    """A subclass with opinions."""

    @classmethod
    def __torch_function__(cls, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("do not touch")

    def __repr__(self) -> str:
        raise RuntimeError("do not look")


class Number(float):
    def __float__(self) -> float:
        return 0.0

    def __repr__(self) -> str:
        raise RuntimeError


class Words(str):
    def __getitem__(self, _: Any) -> Any:
        raise RuntimeError

    __str__ = __len__ = __getitem__  # type: ignore[assignment]


class Items(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        raise RuntimeError

    __len__ = __getitem__ = __iter__  # type: ignore[assignment]


class Colour(enum.IntEnum):
    RED = 3


class Meta(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise RuntimeError


class Masked(metaclass=Meta):
    __class__ = torch.Tensor  # type: ignore[assignment]


Pair = namedtuple("Pair", "mu logvar")

REDUCED = [
    ([1, [2]], (1, (2,))),
    (Pair(1, 2), (1, 2)),
    (OrderedDict(a=1), {"a": 1}),
    (torch.Size([2, 3]), (2, 3)),
    (Items([1, 2]), (1, 2)),
    (Number(1.5), 1.5),
    (Words("A"), "A"),
    (Colour.RED, 3),
    (np.float32(0.5), 0.5),
    (np.int64(3), 3),
    (np.bool_(True), True),
    (np.str_("A"), "A"),
    (np.array([[1.0, 2.0]]), torch.tensor([[1.0, 2.0]], dtype=torch.float64)),
    (np.array([1, 2], dtype=">i4"), torch.tensor([1, 2], dtype=torch.int32)),
    (np.array([[1, 2], [3, 4]])[:, ::-1], torch.tensor([[2, 1], [4, 3]])),
    (np.ma.masked_array([1.0, 2.0], mask=[True, False]), torch.tensor([1.0, 2.0], dtype=torch.float64)),
    (torch.nn.Parameter(torch.ones(2)), torch.ones(2, requires_grad=True)),
    (torch.ones(2).as_subclass(Mine), torch.ones(2)),
    (torch.tensor([1 + 2j]).conj().imag, torch.tensor([-2.0])),
    (10**30, Foreign("int")),
    (1j, Foreign("complex")),
    (object(), Foreign("object")),
    (Masked(), Foreign("Masked")),
    (Number, Foreign("type")),
    ({1: 2}, Foreign("dict")),
    ({1, 2}, Foreign("set")),
    (b"bytes", Foreign("bytes")),
    (np.longdouble(0.5), Foreign("longdouble")),
    (np.array(["a"]), Foreign("<U1 array")),
    (np.array([object()]), Foreign("object array")),
    (np.datetime64("2020-01-01"), Foreign("datetime64")),
    (torch.ones(2, dtype=torch.complex64), Foreign("strided torch.complex64 tensor")),
    (torch.eye(2).to_sparse(), Foreign("sparse_coo torch.float32 tensor")),
    (torch.ones(2, device="meta"), Foreign("strided torch.float32 tensor")),
]


@pytest.mark.parametrize(("value", "reduced"), REDUCED, ids=map(str, range(len(REDUCED))))
def test_whatever_is_returned_becomes_plain_data(value: Any, reduced: Any) -> None:
    found = plain(value)
    assert same(found, reduced), found
    assert same(crossed(found), reduced)


def test_a_tensor_keeps_its_graph() -> None:
    x = torch.ones(3, requires_grad=True)
    found = plain({"y": [np.float64(1), (x * 2).as_subclass(torch.nn.Buffer)]})["y"][1]
    assert torch.equal(torch.autograd.grad(found.sum(), x)[0], torch.full((3,), 2.0))


def test_what_is_nested_too_deep_becomes_foreign() -> None:
    endless: list[Any] = []
    endless.append(endless)
    found, depth = plain(endless), 0
    while isinstance(found, tuple):
        (found,), depth = found, depth + 1
    assert found == Foreign("list") and depth == MAX_DEPTH
    crossed(plain(endless))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (torch.zeros(1).expand(10**8), "a tensor of shape (100000000,): 100,000,000 numbers"),
        (torch.zeros(1).expand(10**6, 10**6, 10**6), "1,000,000,000,000,000,000 numbers"),
        (np.broadcast_to(np.zeros(1), (10**8,)), "100,000,000 numbers"),
        ([torch.zeros(MAX_BYTES // 8, dtype=torch.uint8)] * 9, "numbers"),
        ([0] * (MAX_NODES + 1), "more than 4,096 parts"),
        ([torch.zeros(())] * (MAX_TENSORS + 1), "more than 1,024 tensors"),
        (["x" * MAX_TEXT] * (MAX_TEXTS // MAX_TEXT + 1), "letters"),
        ({"x" * MAX_TEXT + str(i): 0 for i in range(MAX_TEXTS // MAX_TEXT + 1)}, "letters"),
    ],
    ids=str,
)
def test_what_is_too_big_says_so(value: Any, says: str) -> None:
    with pytest.raises(Oversized, match=says.replace("(", r"\(").replace(")", r"\)")):
        plain(value)


def test_the_largest_value_crosses() -> None:
    value = plain([torch.zeros(MAX_BYTES // MAX_TENSORS, dtype=torch.uint8)] * MAX_TENSORS + ["x" * 1000] * 100)
    assert same(crossed(value), value)


# --- what no honest process sends ---------------------------------------------------------------------------------------


def tensor(**changes: Any) -> dict[str, Any]:
    return {"k": "tensor", "dtype": "float32", "shape": [2], "grad": False, "buffer": 0} | changes


def nested(kind: str, depth: int) -> Any:
    tree: Any = None
    for _ in range(depth):
        tree = {"k": kind, "v": [tree] if kind == "tuple" else [["x", tree]]}
    return tree


GARBAGE = [
    0,
    1.5,
    "text",
    [],
    {},
    {"k": None},
    {"k": []},
    {"k": "object", "v": "x"},
    {"k": "int", "v": 5},
    {"k": "int", "v": "five"},
    {"k": "int", "v": "9" * 5000},
    {"k": "int", "v": "9" * 50},
    {"k": "int", "v": "1e5"},
    {"k": "int", "v": ["1"]},
    {"k": "float", "v": 0.5},
    {"k": "float", "v": "0x1p99999"},
    {"k": "float", "v": "x" * 41},
    {"k": "float", "v": ""},
    {"k": "str", "v": 5},
    {"k": "str", "v": None},
    {"k": "foreign", "v": {}},
    {"k": "tuple", "v": {}},
    {"k": "tuple", "v": "ab"},
    {"k": "tuple", "v": [0]},
    {"k": "tuple", "v": [None] * MAX_NODES},
    {"k": "dict", "v": {"a": None}},
    {"k": "dict", "v": ["ab"]},
    {"k": "dict", "v": [[]]},
    {"k": "dict", "v": [["a"]]},
    {"k": "dict", "v": [["a", None, None]]},
    {"k": "dict", "v": [[1, None]]},
    {"k": "dict", "v": [[["a"], None]]},
    {"k": "tuple", "v": [{"k": "str", "v": "x" * MAX_TEXT}] * 30},
    nested("tuple", MAX_DEPTH + 3),
    nested("dict", MAX_DEPTH + 3),
    nested("tuple", 100_000),
    tensor(dtype="object"),
    tensor(dtype="complex64"),
    tensor(dtype=None),
    tensor(dtype=["float32"]),
    tensor(shape=None),
    tensor(shape=2),
    tensor(shape="2"),
    tensor(shape=[1]),
    tensor(shape=[3]),
    tensor(shape=[-2]),
    tensor(shape=[-1, -2]),
    tensor(shape=[2.0]),
    tensor(shape=[True, 2]),
    tensor(shape=["2"]),
    tensor(shape=[2**31, 2**33]),
    tensor(shape=[2**32, 2**32 + 1]),
    tensor(shape=[2**30] * 4),
    tensor(shape=[1] * 17 + [2]),
    tensor(buffer=1),
    tensor(buffer=-1),
    tensor(buffer=None),
    tensor(buffer=False),
    tensor(buffer=0.0),
    tensor(buffer="0"),
    tensor(dtype="float64"),
    tensor(shape=[0, 2**30], buffer=0),
    tensor(shape=[0] + [2**31 - 1] * 15, buffer=2),
]


@pytest.mark.parametrize("tree", GARBAGE, ids=[str(i) for i in range(len(GARBAGE))])
def test_garbage_is_malformed(tree: Any) -> None:
    with pytest.raises(Malformed):
        decode(tree, [bytearray(8)])


def test_an_empty_tensor_of_an_impossible_shape_is_malformed() -> None:
    with pytest.raises(Malformed):
        decode(tensor(shape=[0] + [2**31 - 1] * 15), [bytearray()])


@pytest.mark.parametrize("dtype", ["uint8", "bool"])
def test_one_buffer_cannot_be_used_to_fill_the_memory(dtype: str) -> None:
    """A thousand tensors that all name the same megabyte."""
    one = tensor(dtype=dtype, shape=[1 << 20])
    with pytest.raises(Malformed):
        decode({"k": "tuple", "v": [one] * 1000}, [bytearray(1 << 20)])


def test_a_tensor_of_integers_carries_no_gradient() -> None:
    assert not decode(tensor(dtype="int32", grad=True), [bytearray(8)]).requires_grad
    assert not decode(tensor(grad="yes"), [bytearray(8)]).requires_grad
    assert decode(tensor(grad=True), [bytearray(8)]).requires_grad


def test_any_byte_is_a_bool() -> None:
    found = decode(tensor(dtype="bool", shape=[8]), [bytearray([0, 1, 2, 255, 0, 0, 7, 0])])
    assert found.tolist() == [False, True, True, True, False, False, True, False]
    assert found.view(torch.uint8).max() == 1


def test_only_plain_data_is_encoded() -> None:
    with pytest.raises(TypeError):
        encode(object(), [])
