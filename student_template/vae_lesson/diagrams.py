"""The drawings of the lesson: how things hang together, before any of it is computed. Each function returns a `Plot`.

Nothing here needs an answer, and no answer can be read off.
"""

import numpy as np

from . import figure
from .board import BACKWARD, INK, Board

EXAMPLE = 7  # which digit is shown


@figure.style()
def three_pieces(images, labels):
    """Encoder, sampler, decoder, what flows between them, and where the prior comes in. images: (n, 64), labels: (n,)"""
    board = Board(10.5, 4.1)
    same = images[labels == labels[EXAMPLE]]
    middle = 2.3
    board.image(images[EXAMPLE].reshape(8, 8), 0.75, middle, 1.1)
    board.network(2.5, middle, "encoder\n$q_\\phi(z\\,|\\,x)$", 1.4, 1.5, 0.9)
    board.box(4.15, middle + 0.36, "$\\mu$", 0.9, 0.5)
    board.box(4.15, middle - 0.36, "$\\log\\sigma^2$", 0.9, 0.5)
    board.oval(5.6, middle, "sampler\ndraws $z$", 1.2, 0.9)
    board.box(6.75, middle, "$z$", 0.5, 0.5)
    board.network(8.1, middle, "decoder\n$p_\\theta(x\\,|\\,z)$", 1.4, 0.9, 1.5)
    board.image(same.mean(0).reshape(8, 8), 9.65, middle, 1.1)
    for start, end in ((1.33, 1.78), (6.22, 6.48), (7.02, 7.38), (8.82, 9.08)):
        board.arrow((start, middle), (end, middle))
    for side in (0.36, -0.36):
        board.arrow((3.22, middle + side / 2), (3.68, middle + side))
        board.arrow((4.62, middle + side), (5.08, middle + side / 2))
    small = {"fontsize": 10, "color": "#444444"}
    board.words(0.75, middle - 0.75, "64 pixels", **small)
    board.words(4.15, middle + 0.8, "$Z$ numbers each", **small)
    board.words(6.75, middle + 0.45, "$Z$ numbers", **small)
    board.words(9.65, middle - 0.75, "64 Bernoulli means", **small)
    # The two terms of the ELBO
    board.arrow((0.75, 2.92), (0.75, 3.7), (9.65, 3.7), (9.65, 2.92), heads="<|-|>", color=figure.BLUE)
    board.words(5.2, 3.7, "reconstruction: does the code explain the image?", backgroundcolor="white")
    board.box(4.15, 0.55, "prior $p(z) = \\mathcal{N}(0, I)$\nfixed: nothing to train", 2.2, 0.65, "white")
    board.arrow((4.15, 0.92), (4.15, 1.64), heads="<|-|>", color=figure.RED)
    board.words(4.0, 1.27, "KL: what does the code cost?", ha="right")
    board.arrow((5.28, 0.55), (6.75, 0.55), (6.75, 2.02), linestyle=(0, (1, 1.5)))
    board.words(6.9, 0.9, "to generate, draw $z$ here:\nno image, no encoder", ha="left")
    alt = (
        "What flows where in a VAE, from left to right: an image of 64 pixels enters the encoder, which puts out μ and log σ², "
        "Z numbers each. The sampler, which is random, draws a code z of Z numbers. The decoder turns it into 64 Bernoulli means, "
        "a blurrier digit. Reconstruction compares that with the image. The KL compares μ and log σ² with the fixed prior. "
        "To generate, z comes from the prior, without image and encoder."
    )
    return figure.Plot(board.figure, alt)


@figure.style()
def trick():
    """The computation graph before and after, with the way that a gradient takes."""
    board = Board(10.4, 5.0)
    for y, title in ((3.75, "Before: the draw is in the way"), (1.6, "After: the noise is an input")):
        board.words(0.2, y + 0.85, title, ha="left", fontsize=12, fontweight="bold")
        board.box(0.6, y, "$x$", 0.6)
        board.box(2.1, y, "encoder", 1.2)
        board.box(3.85, y, "$\\mu,\\ \\sigma$", 0.9)
        board.box(7.6, y, "decoder", 1.2)
        board.box(9.4, y, "reconstruction", 1.5)
        for start, end in ((0.92, 1.48), (2.72, 3.38), (4.32, 4.98), (6.42, 6.98), (8.22, 8.63)):
            board.arrow((start, y + 0.13), (end, y + 0.13))
        board.arrow((8.63, y - 0.15), (8.22, y - 0.15), **BACKWARD)
        board.arrow((6.98, y - 0.15), (6.42, y - 0.15), **BACKWARD)
    board.oval(5.7, 3.75, "draw $z$ from\n$\\mathcal{N}(\\mu, \\sigma^2)$", 1.45, 0.95)
    board.cross(4.65, 3.6)
    board.words(4.1, 3.02, "no slope: what would $z$\nhave been, had $\\mu$ been larger?")
    board.box(5.7, 1.6, "$z = \\mu + \\sigma \\odot \\varepsilon$", 1.4)
    board.oval(5.7, 0.55, "draw $\\varepsilon$ from\n$\\mathcal{N}(0, I)$", 1.45, 0.8)
    board.arrow((5.7, 0.96), (5.7, 1.28))
    board.words(6.55, 0.55, "needs no gradient:\nit has no parameters", ha="left")
    board.arrow((4.98, 1.45), (4.32, 1.45), **BACKWARD)
    board.arrow((3.38, 1.45), (2.72, 1.45), **BACKWARD)
    board.words(4.65, 1.13, "slopes 1 and $\\varepsilon$")
    board.arrow((0.25, 0.72), (0.85, 0.72))
    board.words(0.95, 0.72, "values", ha="left", fontsize=10)
    board.arrow((0.85, 0.4), (0.25, 0.4), **BACKWARD)
    board.words(0.95, 0.4, "gradient", ha="left", fontsize=10)
    alt = (
        "Two computation graphs. Before: image, encoder, μ and σ, a random draw of z, decoder, reconstruction. The gradient comes "
        "back from the reconstruction through the decoder to z and is crossed out at the draw: it has no slope. After: z is computed "
        "as μ + σ times ε, and the random draw of ε stands beside it as an input that needs no gradient. Now the gradient passes "
        "through z, with slopes 1 and ε, to μ and σ and on into the encoder."
    )
    return figure.Plot(board.figure, alt)


def _bell(x, mu, sigma):
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / sigma


@figure.style()
def noise(mu=1.5, sigma=0.5, more_mu=0.7, more_sigma=0.4):
    """Seven values of ε pushed through μ and σ, and where the same seven go after a nudge of either."""
    fig = figure.new(10, 4.4)
    draws = np.array([-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5])
    x = np.linspace(-3.2, 4.2, 400)
    nudges = (
        ("more μ: every z moves alike", mu + more_mu, sigma),
        ("more σ: each z moves with its ε", mu, sigma + more_sigma),
    )
    for axes, (title, new_mu, new_sigma) in zip(fig.subplots(1, 2, sharey=True), nudges, strict=True):
        rows = ((2, 0.0, 1.0, figure.GREY, "o"), (1, mu, sigma, figure.BLUE, "s"), (0, new_mu, new_sigma, figure.RED, "D"))
        for row, m, s, colour, marker in rows:
            axes.fill_between(x, row, row + 0.3 * _bell(x, m, s), color=colour, alpha=0.22, linewidth=0)
            axes.axhline(row, color="#BBBBBB", linewidth=0.8, zorder=1)
            axes.plot(m + s * draws, np.full(len(draws), row), marker, color=colour, markersize=6, zorder=4)
        for eps in draws:
            path = [eps, mu + sigma * eps, new_mu + new_sigma * eps]
            axes.plot(path, [2, 1, 0], color=INK, linewidth=0.9, zorder=2)
        axes.set_yticks([2, 1, 0], ["noise ε", "z = μ + σε", "z after\nthe nudge"])
        axes.set(xlim=(x[0], x[-1]), ylim=(-0.25, 2.5), xlabel="value (prior standard deviations)", title=title)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
    alt = (
        "Seven draws of ε from the standard normal, in the top row, are joined by lines to z = μ + σε in the middle row: shifted to "
        f"{mu:g} and drawn together by {sigma:g}, in the same order. Bottom row, left: with a larger μ all seven move right by the "
        "same step. Right: with a larger σ each moves in proportion to its ε, outwards on both sides, and the one with ε = 0 stays."
    )
    return figure.Plot(fig, alt)


@figure.style()
def clouds(codes=14, sigma=0.5):
    """Codes as points and codes as clouds, under the same draws from the prior: why an autoencoder has holes."""
    from matplotlib.patches import Circle

    fig = figure.new(10, 5.3)
    turn = np.pi * (3 - np.sqrt(5)) * np.arange(codes)  # the golden angle: seeds in a sunflower
    sunflower = np.sqrt((np.arange(codes) + 0.5) / codes)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    anywhere = 3.7 * sunflower * (1 + 0.25 * np.sin(5 * turn))[:, None] + np.array([0.3, -0.1])
    draws = np.random.default_rng(383).standard_normal((9, 2))
    left, right = fig.subplots(1, 2, sharey=True)
    panels = ((left, anywhere, 0.0, "autoencoder: a code is a point"), (right, 1.75 * sunflower, sigma, "VAE: a code is a cloud"))
    reached = []
    for axes, centres, spread, title in panels:
        for radius, words in ((1, "prior: 1σ and 2σ"), (2, None)):
            axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor=INK, linestyle="--", linewidth=0.9))
            axes.plot([], [], color=INK, linestyle="--", linewidth=0.9, label=words)
        for centre in centres if spread else ():
            for times, alpha in ((2, 0.12), (1, 0.22)):
                axes.add_patch(Circle(centre, times * spread, facecolor=figure.BLUE, alpha=alpha, linewidth=0))
        axes.plot(*centres.T, "o", color=figure.BLUE, markersize=5, label="code of an image")
        axes.plot(*draws.T, "X", color=figure.RED, markeredgecolor="white", markersize=10, label="draw from the prior")
        near = np.linalg.norm(draws[:, None] - centres, axis=-1).min(1)
        reached.append(int((near <= 2 * spread).sum()))
        axes.set(xlim=(-4.2, 4.2), ylim=(-4.2, 4.2), aspect="equal", title=title, xlabel="z₁ (prior standard deviations)")
        axes.set_xticks(range(-4, 5, 2))
        figure.tidy(axes)
    left.set(ylabel="z₂ (prior standard deviations)", yticks=range(-4, 5, 2))
    for times, alpha in ((1, 0.45), (2, 0.15)):
        left.fill_between([], [], color=figure.BLUE, alpha=alpha, linewidth=0, label=f"{times}σ of a code's cloud")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False)
    alt = (
        f"Two latent planes with the same {len(draws)} draws from the prior as crosses. Left, an autoencoder: the codes of {codes} "
        "images are points, scattered far beyond the prior, and no draw hits one: what the decoder makes there is anybody's guess. "
        f"Right, a VAE: each code is a cloud of width σ = {sigma:g}, the clouds overlap and fill the prior, and {reached[1]} of the "
        "draws land in one, where the decoder has learned what to do."
    )
    return figure.Plot(fig, alt)


def _landscape(side):
    """A sunset over hills, (side, side, 3): something to look at that nobody had to take a photograph of."""
    y, x = np.mgrid[0:side, 0:side] / side
    sky = np.stack([0.98 - 0.35 * (1 - y), 0.55 + 0.15 * (1 - y), 0.35 + 0.5 * (1 - y)], axis=-1)
    sky[np.hypot(x - 0.66, y - 0.42) < 0.13] = (1.0, 0.93, 0.62)
    for height, wave, phase, colour in ((0.62, 7, 0.6, (0.33, 0.42, 0.52)), (0.76, 11, 2.1, (0.16, 0.28, 0.31))):
        sky[y > height + 0.07 * np.sin(wave * x + phase)] = colour
    return sky


@figure.style()
def two_stages():
    """The front end of latent diffusion: an image, the small grid that stands for it, and who works on which."""
    board = Board(10.4, 4.2)
    middle, side = 2.75, 2.0  # 512 pixels are so many inches: sides are to scale
    picture = _landscape(256)
    small = picture[8::16, 8::16]
    sheets = [*small.transpose(2, 0, 1), small.mean(-1)]
    for x in (1.35, 8.95):
        for sheet in (2, 1):
            board.frame(x + 0.07 * sheet, middle + 0.07 * sheet, side, facecolor="#E8E8E8")
        board.image(picture, x, middle, side)
        board.words(x, middle - 1.25, "512 × 512 × 3")
    board.network(3.5, middle, "encoder\nfrozen", 1.3, 1.9, 0.75)
    board.network(6.8, middle, "decoder\nfrozen", 1.3, 0.75, 1.9)
    for place, sheet in reversed(list(enumerate(sheets))):
        board.image(1 - sheet, 5.08 + 0.05 * place, middle - 0.07 + 0.05 * place, side / 8)
    board.words(5.15, middle + 0.5, "64 × 64 × 4")
    for start, end in ((2.52, 2.82), (4.18, 4.9), (5.48, 6.12), (7.48, 7.92)):
        board.arrow((start, middle), (end, middle))
    board.box(5.15, 0.6, "diffusion model\nsees only grids", 1.9, 0.8)
    board.arrow((4.95, middle - 0.22), (4.95, 1.03))
    board.arrow((5.35, 1.03), (5.35, middle - 0.22), linestyle=(0, (1, 1.5)))
    board.words(4.8, 1.6, "to train: learns how\ngrids are distributed", ha="right")
    board.words(5.5, 1.6, "to generate: makes a\nnew grid, in many steps", ha="left")
    alt = (
        "The front end of latent diffusion, drawn to scale. A frozen encoder turns an image of 512 × 512 × 3 numbers into a grid of "
        "64 × 64 × 4, an eighth as wide; a frozen decoder turns the grid back into an image in one pass. The diffusion model below "
        "sees only grids: in training it learns how they are distributed, and to generate it makes a new one, in many steps."
    )
    return figure.Plot(board.figure, alt)
