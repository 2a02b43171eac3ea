"""Spare every run the import of torch's compiler, which the first optimizer step would trigger.

Torch's optimizers import `torch._dynamo` (and sympy with it: longer than torch itself takes) only to call `disable` and
`graph_break`, which do nothing outside a compiled function. A stand-in answers those two; anything else, `torch.compile` and the
import of a module inside it too, brings the real one.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

import torch

NAME = "torch._dynamo"


class LazyDynamo(types.ModuleType):
    """A package, so that whoever imports something from inside it gets as far as the finder below."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self.__path__ = [f"{folder}/_dynamo" for folder in torch.__path__]

    @staticmethod
    def graph_break(*_: Any, **__: Any) -> None: ...

    @staticmethod
    def disable(function: Callable[..., Any] | None = None, *_: Any, **__: Any) -> Callable[..., Any]:
        return function if function is not None else lambda decorated: decorated

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(real_dynamo(), name)


class _Inside:
    """Finds the modules inside `torch._dynamo` while the stand-in is there, by bringing the real package first."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if not (name.startswith(f"{NAME}.") and isinstance(sys.modules.get(NAME), LazyDynamo)):
            return None
        real_dynamo()
        there = sys.modules.get(name)  # the package has imported it by itself
        return importlib.machinery.ModuleSpec(name, _Found(there)) if there else None


class _Found(importlib.abc.Loader):
    """The loader of a module that is loaded."""

    def __init__(self, module: types.ModuleType) -> None:
        self.module, self.spec = module, module.__spec__

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return self.module

    def exec_module(self, module: types.ModuleType) -> None:
        module.__spec__ = self.spec


def real_dynamo() -> types.ModuleType:
    remove()
    return importlib.import_module(NAME)


def install() -> None:
    """Put the stand-in where torch will look, unless the real module is there."""
    if NAME not in sys.modules:
        torch._dynamo = sys.modules[NAME] = LazyDynamo()
    if _Inside not in sys.meta_path:
        sys.meta_path.insert(0, _Inside)


def remove() -> None:
    """Take the stand-in away, if it is there."""
    if isinstance(sys.modules.get(NAME), LazyDynamo):
        del sys.modules[NAME]
        del torch._dynamo
