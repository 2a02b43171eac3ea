"""The pictures of the lesson. Each function returns a `Plot`, which `show` shows, alt text and all.

Nothing here is graded. Units are on the axes: nats per image, steps, prior standard deviations, ink from 0 to 1.
"""

import numpy as np
import torch

from . import draw, figure, picture


@figure.style()
def estimators(pathwise, score_function, truth):
    """Per-sample estimates of one derivative by two routes, (n,) each: how they scatter, how their averages settle."""
    fig = figure.new(10, 3.9)
    left, right = fig.subplots(1, 2)
    pathwise = picture.numbers(pathwise, "pathwise_gradient")
    score_function = picture.numbers(score_function, "score_function_gradient")
    routes = [("score function", score_function, figure.ORANGE, "-"), ("pathwise", pathwise, figure.BLUE, "--")]
    bins = np.linspace(truth - 12, truth + 18, 76)  # the outermost bins take what lies beyond
    facts = []
    for name, values, colour, line in routes:
        share = np.full(len(values), 100 / len(values))
        left.hist(values.clip(bins[0], bins[-1]), bins, weights=share, color=colour, alpha=0.35)
        left.hist(values.clip(bins[0], bins[-1]), bins, weights=share, color=colour, histtype="step", linestyle=line, label=name)
        n = np.arange(1, len(values) + 1)
        right.plot(n, values.cumsum() / n, color=colour, linestyle=line, label=f"{name} (variance {values.var():.1f})")
        facts.append(f"{name}: mean {values.mean():.2f}, variance {values.var():.1f}")
    left.axvline(truth, color="black", linewidth=1, label=f"truth, {truth:g}")
    right.axhline(truth, color="black", linewidth=1, label=f"truth, {truth:g}")
    left.set(xlabel="one-sample estimate of the derivative (units of z)", ylabel="share of samples (% per bin)")
    left.set_title("One sample at a time (end bins: and beyond)")
    left.legend(frameon=False)
    right.set(xscale="log", ylim=(truth - 3, truth + 3), xlabel="samples averaged (count)", ylabel="average so far (units of z)")
    right.set_title("Averaged")
    right.legend(frameon=False)
    figure.tidy(left)
    figure.tidy(right)
    alt = (
        f"Left: histograms of {len(routes[0][1]):,} one-sample gradient estimates by two routes, around the true value {truth:g}. "
        f"{facts[0]}; {facts[1]}. Right: both running averages approach {truth:g}, the one with the smaller variance sooner."
    )
    return figure.Plot(fig, alt)


@figure.style()
def sampler(reparameterize, mu=0.7, logvars=(-2.0, 0.0, 2.0), draws=10_000):
    """Where draws z land, as (z − μ) / σ, for a small σ, 1, and a large one, over the standard normal density."""
    fig = figure.new(10, 3.6)
    found = []
    for logvar in logvars:
        z = reparameterize(torch.full((draws, 1), mu), torch.full((draws, 1), logvar))
        found.append((picture.numbers(z, "reparameterize", (draws, 1))[:, 0] - mu) / np.exp(logvar / 2))
    bins = np.linspace(-4, 4, 41)  # the outermost bins take what lies beyond
    facts = []
    for axes, logvar, values in zip(fig.subplots(1, len(logvars), sharey=True), logvars, found, strict=True):
        density = 100 * (bins[1] - bins[0]) * np.exp(-0.5 * bins**2) / np.sqrt(2 * np.pi)
        share = np.full(draws, 100 / draws)
        axes.hist(values.clip(bins[0], bins[-1]), bins, weights=share, color=figure.SKY, alpha=0.6, label="your draws")
        axes.plot(bins, density, color=figure.RED, linestyle="--", linewidth=2, label="standard normal")
        fact = f"mean {values.mean().round(2) + 0.0:.2f}, standard deviation {values.std():.2f}"
        axes.set(title=f"log σ² = {logvar:g}\n{fact}".replace("-", "−"), xlabel="(z − μ) / σ (prior standard deviations)")
        axes.title.set_fontsize("medium")
        figure.tidy(axes)
        facts.append(f"log σ² = {logvar:g}: {fact}")
    first = fig.axes[0]
    first.set_ylabel("share of draws (% per bin)")
    top = max(patch.get_height() for axes in fig.axes for patch in axes.patches)
    first.set_ylim(0, 1.3 * top)
    first.legend(frameon=False, loc="upper left", fontsize="small")
    alt = (
        f"Histograms of (z − μ) / σ over {draws:,} draws of your sampler at μ = {mu:g} and three values of log σ², each over the "
        f"density of the standard normal (mean 0, standard deviation 1). {'; '.join(facts)}."
    )
    return figure.Plot(fig, alt)


@figure.style()
def monte_carlo_kl(gaussian_kl, mu, logvar, samples=50_000, repeats=5):
    """KL(q || p) averaged over more and more draws from q, against the closed form, for one Gaussian. mu, logvar: (Z,)"""
    [closed] = picture.numbers(gaussian_kl(mu[None], logvar[None]), "gaussian_kl", (1,))  # a batch of one
    fig = figure.new(7.5, 4)
    axes = fig.subplots()
    n = np.arange(1, samples + 1)
    q = torch.distributions.Normal(mu, (0.5 * logvar).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    ends = []
    for i in range(repeats):
        z = q.sample((samples,))  # (samples, Z)
        log_ratio = (q.log_prob(z) - p.log_prob(z)).sum(-1).double().numpy()
        average = log_ratio.cumsum() / n
        ends.append(average[-1])
        axes.plot(n, average, color=figure.SKY, linewidth=1, label=f"{repeats} averages of log q(z) − log p(z)" if i == 0 else None)
    error = 2 * log_ratio.std() / np.sqrt(n)
    axes.fill_between(n, closed - error, closed + error, color="#E4E4E4", label="closed form ± 2 standard errors", zorder=0)
    axes.axhline(closed, color=figure.RED, linestyle="--", label=f"your closed form, {closed:.4f} nats")
    reach = max(1.0, 6 * log_ratio.std() / np.sqrt(20))
    axes.set(xscale="log", xlim=(1, samples), ylim=(closed - reach, closed + reach))
    axes.set(xlabel="samples averaged (count)", ylabel="KL(q || p) (nats)")
    axes.legend(frameon=False)
    figure.tidy(axes)
    alt = (
        f"{repeats} running Monte Carlo averages of the KL divergence scatter widely at first and end, after {samples:,} samples, "
        f"between {min(ends):.3f} and {max(ends):.3f} nats; the dashed line is your closed form, {closed:.4f} nats."
    )
    return figure.Plot(fig, alt)


@figure.style()
def kl_surface(points):
    """The KL between N(μ, σ²) and N(0, 1) as a landscape, with some places in it. points: {name: (μ, σ)}"""
    fig = figure.new(7.5, 4.6)
    axes = fig.subplots()
    mu, sigma = np.meshgrid(np.linspace(-2.5, 2.5, 201), np.linspace(0.12, 3, 201))
    height = (mu**2 + sigma**2 - 1) / 2 - np.log(sigma)
    lines = [0.1, 0.3, 1, 2, 3]  # none through a point of question 4
    axes.contourf(mu, sigma, height, [0, *lines, 9], cmap="Blues", alpha=0.55)
    drawn = axes.contour(mu, sigma, height, lines, colors=figure.BLACK, linewidths=0.8)
    axes.clabel(drawn, fmt="%g", fontsize=10)
    for name, (m, s) in points.items():
        axes.plot(m, s, "o", color=figure.RED, markeredgecolor="white", markersize=10, zorder=3)
        axes.annotate(name, (m, s), (-17, -5), textcoords="offset points", fontsize=13, fontweight="bold")
    axes.set(xlabel="mean μ (prior standard deviations)", ylabel="width σ (prior standard deviations)")
    axes.set_title("KL of a code from the prior, in nats")
    axes.spines[["top", "right"]].set_visible(False)
    places = ", ".join(f"{name} at μ = {m:g}, σ = {s:g}" for name, (m, s) in points.items())
    alt = (
        "Contours of the KL over μ and σ: a valley with its floor at μ = 0, σ = 1, rising evenly to both sides as |μ| grows, gently "
        f"towards larger σ and ever more steeply as σ goes to 0. Marked: {places}."
    )
    return figure.Plot(fig, alt)


@figure.style()
def price(runs, levels):
    """What each β settles for: reconstruction and KL, on top of each other. runs: {β: (model, history)}"""
    fig = figure.new(10, 1.3 + 0.65 * len(runs))
    axes = fig.subplots()
    ends = {beta: draw.last(history) for beta, (_, history) in runs.items()}
    reach = 1.3 * max(end["recon"] + end["kl"] for end in ends.values())
    recon, kl = np.array([(end["recon"], end["kl"]) for end in ends.values()]).T
    rows = np.arange(len(runs))
    axes.barh(rows, recon, 0.62, color=figure.SKY, label="reconstruction")
    axes.barh(rows, kl, 0.62, recon, color=figure.ORANGE, edgecolor="white", linewidth=0, hatch="///", label="KL")
    sums = [f"{r:.1f} + {k:.1f} = {r + k:.1f}" for r, k in zip(recon, kl, strict=True)]
    for row, words in enumerate(sums):
        axes.text(reach, row, words, ha="right", va="center", backgroundcolor="white")
    for key, words, line in (("ignoring_z", "decoder ignores z", "--"), ("perfect", "decoder returns x exactly", ":")):
        axes.axvline(levels[key], color=figure.BLACK, linestyle=line, linewidth=1.2, label=words)
    axes.set_yticks(rows, [f"β = {beta:g}" for beta in runs])
    axes.set(xlim=(0, reach), xlabel="nats per image")
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    figure.tidy(axes)
    axes.grid(axis="y", visible=False)
    fig.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False)
    facts = "; ".join(f"β = {beta:g}: {words}" for beta, words in zip(runs, sums, strict=True))
    alt = (
        "Stacked bars, one for each β: reconstruction plus KL in nats per image, averaged over the last 100 steps. "
        f"{facts}. The reconstruction of a decoder that ignores z is {levels['ignoring_z']:.1f}, of a perfect one {levels['perfect']:.1f}."
    )
    return figure.Plot(fig, alt)


@figure.style()
def curves(history, levels):
    """Loss, reconstruction and KL, step by step. history: what train_step returned; levels: cross_entropy_levels(images)"""
    fig = figure.new(10, 3.9)
    left, right = fig.subplots(1, 2)
    draw.curves(left, history, ("loss", "recon"), levels)
    draw.curves(right, history, ("kl",))
    end = draw.last(history)
    alt = (
        f"Training curves over {len(history):,} steps. Reconstruction falls to {end['recon']:.1f} nats per image, between the "
        f"{levels['ignoring_z']:.1f} of a decoder that ignores z and the {levels['perfect']:.1f} of a perfect one; "
        f"KL ends at {end['kl']:.1f} nats per image, loss at {end['loss']:.1f}."
    )
    held_out = [step["held_out"] for step in history if "held_out" in step]
    if held_out:
        alt += f" On held-out images they end at {held_out[-1]['recon']:.1f} and {held_out[-1]['kl']:.1f}."
    return figure.Plot(fig, alt)


@figure.style()
def reconstructions(model, images):
    """Originals above, what the model makes of their mean codes below. images: (n, 64), one column each"""
    fig = figure.new(10, 2.2)
    axes = fig.subplots()
    shown = draw.reconstructions(axes, model, images)
    figure.ink_bar(fig, shown, axes)
    return figure.Plot(fig, f"{len(images)} handwritten digits and, under each, its blurrier reconstruction from the latent code.")


@figure.style()
def samples(images, columns=15):
    """Generated digits. images: (n, 64) Bernoulli means, what `generate` returned"""
    _generated(images)
    fig = figure.new(10, 0.62 * len(images) / columns + 0.7)
    axes = fig.subplots()
    shown = draw.samples(axes, images, columns)
    figure.ink_bar(fig, shown, axes)
    return figure.Plot(fig, f"{len(images)} images decoded from latents drawn from the prior.")


@figure.style()
def latent_space(model, images, labels):
    """Where the encoder puts each image: its glyph at μ, and for some the ±1σ ellipse. images: (n, 64), labels: (n,)"""
    fig = figure.new(7, 7)
    axes = fig.subplots()
    spread = draw.latent_space(axes, model, images, labels)
    alt = (
        f"Latent plane: {len(images):,} digits drawn as coloured glyphs at their posterior means, with ellipses of one standard "
        f"deviation, over circles at 1 and 2 prior standard deviations. {spread}"
    )
    return figure.Plot(fig, alt)


@figure.style()
def walk(model, reach=2.5, side=13):
    """The decoder's image at each point of a square grid in the latent plane."""
    fig = figure.new(7.5, 6.6)
    axes = fig.subplots()
    shown = draw.walk(axes, model, reach, side)
    figure.ink_bar(fig, shown, axes)
    alt = (
        f"Decoded images on a {side} by {side} grid over the latent plane, "
        f"both axes from {-reach:g} to {reach:g} prior standard deviations."
    )
    return figure.Plot(fig, alt)


@figure.style()
def side_by_side(runs, images, labels, levels, generate):
    """The whole tour for several β: one column each. runs: {β: (model, history)}"""
    fig = figure.new(12, 14.5)
    grid = fig.subplots(5, len(runs), squeeze=False, height_ratios=[3, 1.2, 2.2, 4, 4])
    facts, tops = [], []
    for column, (beta, (model, history)) in zip(grid.T, runs.items(), strict=True):
        column[0].set_title(f"β = {beta:g}", fontsize=14, fontweight="bold")
        draw.curves(column[0], history, ("recon", "kl"), levels)
        draw.reconstructions(column[1], model, images[:8])
        draw.samples(column[2], _generated(generate(model, 32)), 8)
        spread = draw.latent_space(column[3], model, images, labels)
        draw.walk(column[4], model, reach=2.5, side=9)
        end = draw.last(history)
        tops.append(max(end["kl"], end["recon"], levels["ignoring_z"]))
        facts.append(f"β = {beta:g}: reconstruction {end['recon']:.1f} and KL {end['kl']:.1f} nats per image. {spread}")
    for axes in grid[0, :-1]:
        axes.get_legend().remove()  # the last one has room for it
    for axes in grid[0]:
        axes.set_ylim(0, 1.25 * max(tops))  # one scale for all columns, so heights can be compared
    alt = (
        "One column per β; from the top: training curves, reconstructions, samples, latent plane, walk across the plane. "
        + " ".join(facts)
    )
    return figure.Plot(fig, alt)


def _generated(images):
    picture.numbers(images, "generate", (None, 64))
    return images
