"""A call that was answered in another process as one node of this process's autograd graph."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor

from autograder.wire.trees import map_tensors, tensors


class Link(Protocol):
    """How a backward pass finds its call again."""

    inputs: list[Tensor]

    def vjp(self, cotangents: tuple[Tensor, ...]) -> list[Tensor | None]: ...


class _Join(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, link: Link, outputs: list[Tensor], *inputs: Tensor) -> tuple[Tensor, ...]:
        ctx.link = link
        return tuple(outputs)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        return (None, None, *ctx.link.vjp(tuple(grad.contiguous() for grad in grads)))


def joined(value: Any, link: Link) -> Any:
    """`value` with every tensor that required grad in the other process joined to the graph of the link's inputs."""
    flowing = [leaf for leaf in tensors(value) if leaf.requires_grad]
    if not flowing:
        return value
    nodes = _Join.apply(link, [leaf.detach() for leaf in flowing], *link.inputs)  # type: ignore[no-untyped-call]
    node_of = {id(leaf): node for leaf, node in zip(flowing, nodes, strict=True)}
    return map_tensors(value, lambda leaf: node_of.get(id(leaf), leaf))
