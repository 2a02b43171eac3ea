"""Spare every run the import of torch's compiler, which the first optimizer step would trigger.

Torch's optimizers import `torch._dynamo` (and sympy with it: longer than torch itself takes) only to call `disable` and
`graph_break`, which do nothing outside a compiled function. A stand-in answers those two; anything else brings the real module.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

import torch

NAME = "torch._dynamo"


class LazyDynamo(types.ModuleType):
    @staticmethod
    def graph_break(*_: Any) -> None: ...

    @staticmethod
    def disable(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
        return function

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(real_dynamo(), name)


def real_dynamo() -> types.ModuleType:
    if isinstance(sys.modules.get(NAME), LazyDynamo):
        del sys.modules[NAME]
        del torch._dynamo
    return importlib.import_module(NAME)


def install() -> None:
    """Put the stand-in where torch will look, unless the real module is there."""
    if NAME not in sys.modules:
        torch._dynamo = sys.modules[NAME] = LazyDynamo(NAME)
