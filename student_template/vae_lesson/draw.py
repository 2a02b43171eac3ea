"""One panel each, drawn on axes somebody else made: what plots.py puts alone on a page or side by side."""

import numpy as np
import torch

from . import figure, picture

LINES = {  # key in the history: label, colour, line style
    "loss": ("loss = reconstruction + β·KL", figure.BLACK, ":"),
    "recon": ("reconstruction", figure.BLUE, "-"),
    "kl": ("KL", figure.RED, "--"),
}
Z1, Z2 = "z₁ (prior standard deviations)", "z₂ (prior standard deviations)"


def last(history, steps=100):
    """Average of each curve over the last steps."""
    return {key: float(np.mean([step[key] for step in history[-steps:]])) for key in LINES}


def curves(axes, history, keys, levels=None):
    """Each step faintly, its running mean over 50 steps on top."""
    top = 0.0
    for key in keys:
        label, colour, line = LINES[key]
        values = np.array([step[key] for step in history])
        window = min(50, len(values))
        smooth = np.convolve(values, np.ones(window) / window, mode="valid")
        axes.plot(values, color=colour, alpha=0.15, linewidth=0.5)
        axes.plot(np.arange(window - 1, len(values)), smooth, color=colour, linestyle=line, label=label)
        top = max(top, np.quantile(values, 0.99))
        seen = [(i, step["held_out"][key]) for i, step in enumerate(history) if key in step.get("held_out", ())]
        if seen:
            axes.plot(
                *zip(*seen, strict=True), "o", color=colour, markerfacecolor="white", markersize=4, label=f"{label}, held out"
            )
    if levels:
        for key, words in (("ignoring_z", "decoder ignores z"), ("perfect", "decoder returns x exactly")):
            axes.axhline(levels[key], color=figure.GREY, linestyle=(0, (1, 2)), linewidth=1.2)
            axes.text(
                len(history), levels[key] + 0.15, words, color=figure.GREY, ha="right", va="bottom", fontsize="small", zorder=3
            )
        top = max(top, levels["ignoring_z"])
    low = 0 if "kl" in keys else levels["perfect"] - 2
    axes.set(xlabel="training step (count)", ylabel="nats per image", ylim=(low, low + 1.12 * (top - low)))
    axes.legend(frameon=False, fontsize="small", loc=(0.4, 0.22) if keys == ("loss", "recon") else "best")
    figure.tidy(axes)


def reconstructions(axes, model, images):
    mean, _ = encode(model, images)
    sheet = torch.cat([images, decode(model, mean)])
    shown = figure.digit_sheet(axes, sheet, len(images))
    axes.set_yticks([1, 0], ["original", "from z = μ"])
    axes.set_xticks(range(len(images)), range(1, len(images) + 1))
    axes.set_xlabel("held-out image (number)")
    return shown


def samples(axes, images, columns):
    shown = figure.digit_sheet(axes, torch.as_tensor(images).detach(), columns)
    rows = -(-len(images) // columns)
    axes.set_xticks(range(columns), range(1, columns + 1))
    axes.set_yticks(range(rows), range(rows, 0, -1))
    axes.set(xlabel="sample from the prior (column number)", ylabel="row (number)")
    return shown


def latent_space(axes, model, images, labels, ellipses=100):
    """Where the encoder puts images (n, P) of digits `labels` (n,). Returns a sentence about the spread."""
    return codes(axes, *encode(model, images), labels, ellipses)


def codes(axes, mean, sigma, labels, ellipses=100):
    """Glyphs at μ, ellipses at ±1σ for the first few, circles for the prior. Returns a sentence about the spread."""
    from matplotlib.patches import Circle, Ellipse

    for digit, colour in enumerate(figure.DIGITS):
        here = mean[labels == digit]
        axes.scatter(here[:, 0], here[:, 1], marker=f"${digit}$", s=26, color=colour, linewidths=0.2)
    for m, s, digit in zip(mean[:ellipses], sigma[:ellipses], labels[:ellipses], strict=True):
        colour = figure.DIGITS[digit]
        axes.add_patch(Ellipse(m, 2 * s[0], 2 * s[1], facecolor=colour, edgecolor=colour, alpha=0.1, zorder=0))
    for radius, words in ((1, "1σ and 2σ of the prior"), (2, None)):
        axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor="black", linestyle="--", linewidth=0.9))
        axes.plot([], [], color="black", linestyle="--", linewidth=0.9, label=words)  # a line for the legend
    axes.legend(frameon=False, fontsize="small", loc="upper right")
    reach = max(3.2, 1.05 * float(mean.abs().max()))
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel=Z1, ylabel=Z2)
    figure.tidy(axes)
    return f"Means spread with standard deviation {mean.std(0).mean():.2f}, each with a typical σ of {sigma.median():.2f}."


def walk(axes, model, reach, side):
    ticks = torch.linspace(-reach, reach, side)
    z2, z1 = torch.meshgrid(ticks.flip(0), ticks, indexing="ij")  # top row = largest z2
    images = decode(model, torch.stack([z1.flatten(), z2.flatten()], dim=-1))
    step = 2 * reach / (side - 1)
    shown = figure.digit_sheet(axes, images, side, cell=step, origin=(-reach, -reach))
    axes.set(xlabel=Z1, ylabel=Z2)
    return shown


@torch.no_grad()
def encode(model, images):
    """Posterior means and standard deviations, (n, Z) each."""
    mean, logvar = picture.pair(model.encode(images), "split_params", (len(images), model.latent_dim))
    return mean, (0.5 * logvar).exp()


@torch.no_grad()
def decode(model, z):
    """Bernoulli means, (n, P)."""
    return torch.sigmoid(model.decode(z))
