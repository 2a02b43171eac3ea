"""Sampling as it happens when a model is looked at, not trained: where no gradient is recorded. Nothing is judged here."""

import torch


def sampled_without_gradients(ns, mu, logvar):
    """z of the same tensors under no_grad and in inference mode, and again of some that require grad; and whether torch's seed stayed."""
    found, seed = [], torch.initial_seed()
    for needs_gradient in (False, True):
        inputs = mu.clone().requires_grad_(needs_gradient), logvar.clone().requires_grad_(needs_gradient)
        for off in (torch.no_grad, torch.inference_mode):
            with torch.no_grad():  # what an earlier call changed in place is another check's business
                for tensor, value in zip(inputs, (mu, logvar), strict=True):
                    tensor.copy_(value)
            with off():
                z = ns["reparameterize"](*inputs)
            found.append(z.clone() if isinstance(z, torch.Tensor) else z)
    return *found, torch.initial_seed() == seed
