"""One training step, and a few drawn images, taken beside the student's code: tensors in, tensors out.

Nothing is judged here. A hook on the decoder notes every latent that enters it, so that a step can be retraced with the same noise.
"""

import torch


def one_step(ns, weights, x, sizes, optimizer="SGD", settings=None, steps=1, stale=None, **given):
    """Call `train_step` `steps` times on a model with these weights.

    weights: the model's state_dict   x: the batch   sizes: (num_pixels, latent_dim, hidden)
    stale: fill .grad with this number first   given: beta, or nothing for the default
    Returns the weights after each step, the values returned, the latents seen (with the model's mode), and more.
    """
    model = _model(ns, weights, sizes)
    model.eval()
    for parameter in model.parameters():
        parameter.grad = None if stale is None else torch.full_like(parameter, stale)
    if settings is None:
        settings = {"lr": 0.1}
    optimizer = getattr(torch.optim, optimizer)(model.parameters(), **settings)
    updates = _count_calls(optimizer, "step")
    batch = x.clone()
    record = {"values": [], "weights": [], "latents": [], "training": [], "updates": []}
    for _ in range(steps):
        before = len(updates)
        with _Listening(model) as heard:
            record["values"].append(ns["train_step"](model, optimizer, batch, **given))
        record["weights"].append(_copy(model))
        record["latents"].append(heard.latents)
        record["training"].append(heard.training)
        record["updates"].append(len(updates) - before)
    record["batch_unchanged"] = torch.equal(batch, x)
    return record


def draw(ns, weights, n, sizes, times=1):
    """Call `generate(model, n)` `times` times on a model with these weights.

    Returns the images, the latents that entered the decoder, whether gradients are still recorded afterwards and whether the
    weights are as they were.
    """
    model = _model(ns, weights, sizes)
    record = {"images": [], "latents": [], "graph": False, "grad_mode": True}
    for _ in range(times):
        with torch.enable_grad(), _Listening(model) as heard:
            images = ns["generate"](model, n)
            record["grad_mode"] = record["grad_mode"] and torch.is_grad_enabled()
        record["graph"] = record["graph"] or bool(getattr(images, "requires_grad", False))
        record["images"].append(images.detach() if isinstance(images, torch.Tensor) else images)
        record["latents"].append(torch.cat(heard.latents) if heard.latents else None)
    record["weights_unchanged"] = all(torch.equal(weights[name], value) for name, value in _copy(model).items())
    return record


def _model(ns, weights, sizes):
    num_pixels, latent_dim, hidden = sizes
    model = ns["VAE"](num_pixels=num_pixels, latent_dim=latent_dim, hidden=hidden)
    model.to(next(iter(weights.values())).dtype)
    model.load_state_dict(weights)
    return model


def _copy(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _count_calls(thing, method):
    calls, original = [], getattr(thing, method)

    def counted(*args, **kwargs):
        calls.append(method)
        return original(*args, **kwargs)

    setattr(thing, method, counted)
    return calls


class _Listening:
    """Notes what enters the decoder, however it is called, and whether the model was in training mode then."""

    def __init__(self, model):
        self.model, self.latents, self.training = model, [], []

    def __enter__(self):
        self.hook = self.model.decoder.register_forward_pre_hook(self.note)
        return self

    def note(self, decoder, inputs):
        if len(self.latents) < 1000:
            self.latents += [z.detach().reshape(-1, self.model.latent_dim).clone() for z in inputs]
            self.training += [self.model.training for z in inputs]

    def __exit__(self, *error):
        self.hook.remove()
