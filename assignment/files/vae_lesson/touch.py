"""The pieces that can be touched: each is a still picture and, where the notebook shows widgets, the same thing with sliders.

The front end, `touch.js` and `touch.css`, travels inside the widget: it needs no network, and no kernel once it is there.
Nothing here is graded, and what draws the widget is imported only when a piece is shown.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import draw, figure, picture

HERE = Path(__file__).parent
STILL = (
    "A still picture. Run this cell in JupyterLab, Notebook 7, VS Code or Colab, with all that requirements.txt names, "
    "and it can be moved."
)

# The pixel and the decoder of question 7. The sliders move in quarters, so its own μ and log σ² are not among their places.
X, WEIGHT, BIAS = 3.0, 1.2, 0.1
SLIDERS = {"eps": (-1.5, 1.5, -0.5), "mu": (-1.5, 1.5, 0.5), "logvar": (-3.0, 1.0, -1.0)}  # lowest, highest, where it starts
QUARTER = 0.25

SIDE, REACH = 25, 3.0  # decoded images along an edge of the plane, and how far it goes from the origin


class Piece(figure.Plot):
    """A still picture with the facts that its front end needs to make it move."""

    def __init__(self, fig: Any, alt: str, kind: str, facts: dict[str, Any], images: bytes = b"") -> None:
        super().__init__(fig, alt)
        content = json.dumps([kind, facts]).encode() + images
        name = f"still-{hashlib.sha256(content).hexdigest()[:12]}"  # says which still picture the live one stands in for
        self.state = {"kind": kind, "facts": facts, "images": images, "still": name}

    def show(self) -> None:
        """The still picture, which also remains in the file, and then the live one, which hides it as long as it is there."""
        from IPython.display import display

        bundle = self._repr_mimebundle_()
        words = f'<p style="margin: 0.3em 0; font-size: 90%; opacity: 0.8">{STILL}</p>'
        bundle["text/html"] = f'<div class="{self.state["still"]}">{bundle["text/html"]}{words}</div>'
        display(bundle, raw=True)
        try:
            live = _widget()(**self.state)
        except Exception:  # anywidget isn't there, or is one that does not work here
            return
        display(live)

    _ipython_display_ = show


@functools.cache
def _widget() -> Callable[..., Any]:
    """The widget's class. Made late: importing anywidget takes a while, and graders do without."""
    import anywidget
    import traitlets

    class Touch(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
        _esm = (HERE / "touch.js").read_text(encoding="utf-8")
        _css = (HERE / "touch.css").read_text(encoding="utf-8")
        kind = traitlets.Unicode().tag(sync=True)
        facts = traitlets.Dict().tag(sync=True)
        images = traitlets.Bytes().tag(sync=True)
        still = traitlets.Unicode().tag(sync=True)

        def __repr__(self) -> str:  # where no widgets are shown
            return "(The same, to touch, needs a notebook that shows widgets.)"

    return Touch


# --- one latent, its loss and its gradient ------------------------------------------------------------------------------


@figure.style()
def step() -> Piece:
    """One latent of the decoder of question 7: how z, the loss and its gradient follow ε, μ and log σ²."""
    start = {name: value for name, (_, _, value) in SLIDERS.items()}
    at = _slopes(**start)
    fig = figure.new(9, 5)
    line, arrows = fig.subplots(2, 1, height_ratios=[2, 3])
    mu, sigma = start["mu"], at["sigma"]
    z = np.linspace(-5, 5, 401)
    line.fill_between(z, np.exp(-0.5 * ((z - mu) / sigma) ** 2) / sigma, color=figure.SKY, alpha=0.4, label="q(z | x)")
    line.plot(z, np.exp(-0.5 * z**2), color=figure.GREY, linestyle="--", label="prior")
    line.axvline((X - BIAS) / WEIGHT, color=figure.BLACK, linestyle=":", label="where x̂ = x")
    line.plot([mu, mu], [0, 0.25], color=figure.BLUE, label="μ")
    line.plot(at["z"], 0, "o", color=figure.RED, label="z = μ + σε", clip_on=False, zorder=4)
    line.set(xlim=(-5, 5), ylim=(0, 1.1 / min(sigma, 1)), xlabel="z (prior standard deviations)", yticks=[])
    line.set_title(f"z = {at['z']:.4f}, loss = {at['recon']:.4f} + {at['kl']:.4f} = {at['loss']:.4f} nats")
    line.spines[["top", "right", "left"]].set_visible(False)
    line.legend(frameon=False, loc="upper left", fontsize="small")
    rows = [
        (f"{end} {words}", at[f"{name}_{key}"], colour, dashes)
        for name, end in (("mu", "μ"), ("logvar", "log σ²"))
        for key, words, colour, dashes in (
            ("z", "through z", figure.BLUE, (0, (4, 2))),
            ("kl", "from the KL", figure.RED, "-"),
            ("sum", "together", figure.BLACK, "-"),
        )
    ]
    reach = 1.15 * max(abs(value) for _, value, _, _ in rows)
    for row, (_, value, colour, dashes) in enumerate(rows):
        arrows.plot([0, value], [row, row], color=colour, linestyle=dashes, linewidth=2.2)
        arrows.plot(value, row, ">" if value > 0 else "<", color=colour, markersize=7)
        arrows.annotate(
            f"{value:+.4f}".replace("-", "−"), (reach, row), (8, 0), textcoords="offset points", va="center", annotation_clip=False
        )
    arrows.axvline(0, color=figure.BLACK, linewidth=1)
    arrows.set_yticks(range(len(rows)), [f"slope in {words}" for words, *_ in rows])
    arrows.set(xlim=(-reach, reach), ylim=(5.6, -0.6), xlabel="slope of the loss (nats for each unit of μ or log σ²)")
    figure.tidy(arrows)
    alt = (
        f"One latent with ε = {start['eps']:g}, μ = {mu:g} and log σ² = {start['logvar']:g}: z = {at['z']:.4f}, loss {at['loss']:.4f} nats. "
        f"Arrows show the slope in μ, {at['mu_z']:.4f} through z and {at['mu_kl']:.4f} from the KL, together {at['mu_sum']:.4f}; "
        f"and in log σ², {at['logvar_z']:.4f} and {at['logvar_kl']:.4f}, together {at['logvar_sum']:.4f}."
    )
    sliders = {name: {"low": low, "high": high, "start": value} for name, (low, high, value) in SLIDERS.items()}
    return Piece(fig, alt, "step", {"x": X, "weight": WEIGHT, "bias": BIAS, "sliders": sliders, "quarter": QUARTER})


def _slopes(eps: float, mu: float, logvar: float) -> dict[str, float]:
    """All that the still picture says, by autograd. `touch.js` has it as formulas."""
    ends = torch.tensor([mu, logvar], dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        sigma = (ends[1] / 2).exp()
        z = ends[0] + sigma * eps
        recon = (X - (WEIGHT * z + BIAS)) ** 2 / 2
        kl = torch.distributions.kl_divergence(torch.distributions.Normal(ends[0], sigma), torch.distributions.Normal(0.0, 1.0))
        routes = [torch.autograd.grad(term, ends, retain_graph=True)[0].tolist() for term in (recon, kl)]
    found = {"sigma": sigma.item(), "z": z.item(), "recon": recon.item(), "kl": kl.item(), "loss": (recon + kl).item()}
    for name, by_z, by_kl in zip(("mu", "logvar"), *routes, strict=True):
        found |= {f"{name}_z": by_z, f"{name}_kl": by_kl, f"{name}_sum": by_z + by_kl}
    return found


# --- the latent plane ---------------------------------------------------------------------------------------------------


@figure.style()
def plane(model: Any, images: Any, labels: Any, start: tuple[float, float] = (0.0, 0.0)) -> Piece:
    """The latent plane with the codes of images (n, 64), labels (n,), and what the model decodes at a point of it."""
    ticks = torch.linspace(-REACH, REACH, SIDE)
    z2, z1 = torch.meshgrid(ticks, ticks, indexing="ij")  # (SIDE, SIDE), a row for each z2, the lowest first
    decoded = _ink(draw.decode(model, torch.stack([z1.flatten(), z2.flatten()], dim=-1)), SIDE * SIDE)
    [here] = _ink(draw.decode(model, torch.tensor([start])), 1)
    mean = picture.numbers(draw.encode(model, images)[0], "split_params", (len(images), 2))
    codes = [
        [round(float(a), 2), round(float(b), 2), int(digit)]
        for (a, b), digit in zip(mean, labels, strict=True)
        if max(abs(a), abs(b)) <= REACH
    ]
    fig = figure.new(9, 5)
    left, right = fig.subplots(1, 2, width_ratios=[3, 2])
    for digit, colour in enumerate(figure.DIGITS):
        places = [code[:2] for code in codes if code[2] == digit]
        left.scatter(*zip(*places, strict=True), marker=f"${digit}$", s=26, color=colour, linewidths=0.2) if places else None
    left.plot(*start, "o", markersize=16, markerfacecolor="none", markeredgecolor="black", markeredgewidth=2)
    left.plot(*start, "+", markersize=16, color="black", markeredgewidth=2)
    left.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xlabel=draw.Z1, ylabel=draw.Z2)
    figure.tidy(left)
    shown = figure.digit_sheet(right, here[None] / 255, 1)
    right.axis("off")
    right.set_title(f"decoded at ({start[0]:g}, {start[1]:g})")
    figure.ink_bar(fig, shown, right)
    alt = (
        f"Left: the latent plane, with {len(codes):,} images as glyphs where your encoder puts them and a ringed cross at "
        f"({start[0]:g}, {start[1]:g}). Right: the image that your decoder makes of that point."
    )
    return Piece(
        fig,
        alt,
        "plane",
        {"side": SIDE, "reach": REACH, "start": list(start), "codes": codes, "colours": figure.DIGITS},
        decoded.tobytes(),
    )


def _ink(images: Any, count: int) -> Any:
    """Bernoulli means as bytes, (count, 64): 0 is paper, 255 full ink."""
    means = picture.numbers(images, "model", (count, 64))
    return np.round(255 * means.clip(0, 1)).astype(np.uint8)
