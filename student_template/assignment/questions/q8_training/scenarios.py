"""One training step, and a few drawn images, taken beside the student's code: tensors in, tensors out.

Nothing is judged here, and nothing watches how the student's code gets there: what comes back is what it left behind.
"""

from unittest import mock

import torch
from torch import nn


def one_step(
    ns,
    weights,
    x,
    sizes,
    optimizer="SGD",
    settings=None,
    steps=1,
    stale=None,
    mode_matters=False,
    training=False,
    groups=False,
    **given,
):
    """Call `train_step` `steps` times on a model with these weights.

    weights: the model's state_dict   x: the batch   sizes: (num_pixels, latent_dim, hidden)
    stale: fill .grad with this number first   given: beta, or nothing for the default
    groups: give the optimizer encoder and decoder as two groups
    training: the mode in which the model arrives
    mode_matters: end the decoder in a layer that passes logits on in training mode and spoils them in evaluation mode
    Returns the weights after each step, the values returned, and what became of the batch, the model and the optimizer.
    """
    model = _model(ns, weights, sizes)
    if mode_matters:
        model.decoder = nn.Sequential(*model.decoder, _Spoiling())
        weights = _copy(model)
    model.train(training)
    for parameter in model.parameters():
        parameter.grad = None if stale is None else torch.full_like(parameter, stale)
    if settings is None:
        settings = {"lr": 0.1}
    parameters = [{"params": part.parameters()} for part in (model.encoder, model.decoder)] if groups else model.parameters()
    optimizer = getattr(torch.optim, optimizer)(parameters, **settings)
    was, set_to, batch = _facts(model), _settings(optimizer), x.detach().clone().requires_grad_(x.requires_grad)
    said = []
    record = {"values": [], "weights": []}
    with torch.enable_grad():
        for _ in range(steps):
            said.append(ns["train_step"](model, optimizer, batch, **given))
            record["values"].append(dict(said[-1]) if isinstance(said[-1], dict) else said[-1])
            record["weights"].append(_copy(model))
        record["grad_mode"] = torch.is_grad_enabled()
    record["batch_unchanged"] = torch.equal(batch, x)
    record["batch_free"] = batch.requires_grad == x.requires_grad
    record["values_stay"] = said == record["values"]
    record["settings_kept"] = _settings(optimizer) == set_to
    record["kept"] = {name: value == was[name] for name, value in _facts(model).items()}
    return record


def decoders_after_steps(ns, weights, x, sizes, steps, lr):
    """Take `steps` steps of SGD, each from these same weights. Returns the decoder's first weights and biases after each, and whether torch's seed stayed."""
    found, seed = [], torch.initial_seed()
    for _ in range(steps):
        model = _model(ns, weights, sizes)
        ns["train_step"](model, torch.optim.SGD(model.parameters(), lr=lr), x.clone())
        found.append(_copy(model))
    moved = (torch.stack([after[f"decoder.0.{name}"] for after in found]) for name in ("weight", "bias"))
    return *moved, torch.initial_seed() == seed


def draw(ns, weights, n, sizes, times=1):
    """Call `generate(model, n)` `times` times on a model with these weights.

    Returns the images (float32 where they are wider), whether gradients are still recorded afterwards, and what changed.
    """
    model = _model(ns, weights, sizes)
    model.encoder[0].bias.requires_grad_(False)  # one weight came frozen, and the latents of a last batch lie there
    model.z = torch.full((max(n, 2), sizes[1]), 0.5)
    was, seed = _facts(model), torch.initial_seed()
    record = {"images": [], "graph": False, "grad_mode": True}
    for _ in range(times):
        with torch.enable_grad():
            images = ns["generate"](model, n)
            record["grad_mode"] = record["grad_mode"] and torch.is_grad_enabled()
        if isinstance(images, torch.Tensor):
            record["graph"] = record["graph"] or images.requires_grad
            images = images.detach()
            images = images.float() if images.dtype == torch.float64 else images
        record["images"].append(images)
    after = _copy(model)
    record["weights_unchanged"] = after.keys() == weights.keys() and all(
        after[name].dtype == value.dtype and torch.equal(after[name], value) for name, value in weights.items()
    )
    record["kept"] = {name: value == was[name] for name, value in _facts(model).items()}
    record["seed_stayed"] = torch.initial_seed() == seed
    record["gradients"] = any(parameter.grad is not None for parameter in model.parameters())
    return record


class _Spoiling(nn.Module):
    """What dropout is to a model, without its luck."""

    def forward(self, logits):
        return logits if self.training else 0.25 * logits + 1


def _model(ns, weights, sizes):
    num_pixels, latent_dim, hidden = sizes
    with mock.patch.object(
        nn.Linear, "reset_parameters", _leave_empty
    ):  # numbers that are drawn to be written over cost as much as a step
        model = ns["VAE"](num_pixels=num_pixels, latent_dim=latent_dim, hidden=hidden)
    model.to(next(iter(weights.values())).dtype)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weights[name])
    return model


def _leave_empty(layer):
    pass


def _copy(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _facts(model):
    """What is to stay as it is, beside the numbers in the weights."""
    layers, parameters = dict(model.named_modules()), dict(model.named_parameters())
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return {
        "layers": [(name, type(layer).__name__) for name, layer in layers.items()],
        "parameters": [(name, id(parameter)) for name, parameter in parameters.items()],
        "dtypes": [parameter.dtype for parameter in parameters.values()],
        "requires_grad": [parameter.requires_grad for parameter in parameters.values()],
        "hooks": [len(getattr(layer, name)) for layer in layers.values() for name in hooks],
        "buffers": [name for name, _ in model.named_buffers()],
        "sizes": (model.num_pixels, model.latent_dim),
    }


def _settings(optimizer):
    return [{name: value for name, value in group.items() if name != "params"} for group in optimizer.param_groups]
