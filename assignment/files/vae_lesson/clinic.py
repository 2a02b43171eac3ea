"""The bug clinic: six training runs that went wrong, to be told by their symptoms, and candidates for a test to tell apart.

Nothing here is graded. The runs are those of real wrong answers, recorded by `python -m tests.benchmarks.clinic`; of the
candidates, none is written with the closed form.
"""

from pathlib import Path

import numpy as np
import torch
from torch.distributions import Normal, kl_divergence

from . import digits, draw, figure, picture

FILE = Path(__file__).with_name("clinic.npz")  # the build puts the data beside this module
HELD_OUT = 297  # the last images of the data, which no patient has seen
EVERY = 20  # training steps that one point of a curve averages
CAUSES = {
    "A": "the gradients of earlier batches were never cleared",
    "B": "the reconstruction is averaged over the pixels, while the KL is summed over the latents",
    "C": "the KL is missing from the loss",
    "D": "the decoder is fed mu: no noise is ever added",
    "E": "z comes from q.sample(), through which no gradient reaches the encoder",
    "F": "generate draws its latents uniformly from [0, 1)",
    "G": "the optimizer never takes its step",
    "H": "generate forgets the sigmoid: its images are logits",
}
SIGNS = {
    "A": "Each step still pulls where all earlier batches pulled, so the optimizer overshoots again and again: the loss never settles.",
    "B": "A reconstruction of 0.5 nats is one of a single pixel. Against it the KL weighs 64 times as much, so the codes give up.",
    "C": "Nothing keeps the codes near the prior: the KL is in the dozens, and a draw from the prior hits places that no code is near.",
    "D": "A KL near zero says that the codes carry nothing, yet the reconstruction is sharp and the plane has its clusters. Where no noise "
    "comes in, codes can lie as close together as they like: sigma stays at 1 and mu shrinks, and neither costs anything.",
    "E": "Only the KL pulls at the encoder, and it wins: all codes are the prior. Unlike B, the reconstruction is in nats per image.",
    "F": "Training is in perfect health. The samples all come from one corner of the plane, where both latents are positive.",
}


def _recorded(path):
    with np.load(path) as file:
        return dict(file)


@figure.style()
def patients(path=FILE, images=digits.FILE):
    """The six runs, a row for each: training curves, samples, and where the encoder puts the held-out images."""
    found, labels = _recorded(path), digits.load(images)[1][-HELD_OUT:]
    count = len(found["cause"])
    fig = figure.new(12, 3.3 * count)
    facts = []
    for i, row in enumerate(fig.subplots(count, 3, width_ratios=[1.25, 1, 1])):
        row[0].set_title(f"patient {i + 1}", loc="left", fontsize=14, fontweight="bold")
        steps = EVERY * np.arange(1, len(found["recon"][i]) + 1)
        for key in ("recon", "kl"):
            label, colour, line = draw.LINES[key]
            row[0].plot(steps, found[key][i], color=colour, linestyle=line, label=label)
        row[0].set(xlabel="training step (count)", ylabel="what train_step said (nats)", ylim=(0, None))
        row[0].legend(frameon=False, fontsize="small", loc="best")
        figure.tidy(row[0])
        images = found["samples"][i] / 255
        figure.digit_sheet(row[1], images, 6)
        row[1].axis("off")
        row[1].set_title("what generate returned", fontsize="medium")
        mean, sigma = (torch.from_numpy(found[key][i]).float() for key in ("mean", "sigma"))
        spread = draw.codes(row[2], mean, sigma, labels, ellipses=60)
        row[2].get_legend().remove()
        ends = [found[key][i][-10:].mean() for key in ("recon", "kl")]
        facts.append(
            f"Patient {i + 1}: reconstruction ends at {ends[0]:.1f}, KL at {ends[1]:.1f} nats. {spread} Its samples differ from "
            f"each other by {images.std(0).mean():.2f} of ink, pixel by pixel."
        )
    alt = "A row for each of six training runs: curves of reconstruction and KL, thirty samples, the latent plane. " + " ".join(
        facts
    )
    return figure.Plot(fig, alt)


def diagnosed(diagnoses, path=FILE):
    """Say how many of the diagnoses, {patient: letter}, are right, and of those that are, what gives the cause away."""
    causes = {number: str(cause) for number, cause in enumerate(_recorded(path)["cause"], 1)}
    given = {number: str(diagnoses.get(number, "")).strip().strip(".").upper() for number in causes}
    given = {number: letter for number, letter in given.items() if letter in CAUSES}
    if not given:
        picture.tell("No diagnosis yet: give each patient a letter.")
        return
    right = [number for number, letter in given.items() if letter == causes[number]]
    missing = f" {len(causes) - len(given)} without a diagnosis." if len(given) < len(causes) else ""
    picture.tell(f"{len(right)} of {len(given)} diagnoses are right.{missing}")
    for number in right if len(right) >= 3 or len(right) == len(given) else []:  # guessing one by one teaches little
        picture.tell(f"Patient {number}, {causes[number]}: {CAUSES[causes[number]]}. {SIGNS[causes[number]]}")


def _kl(mu, logvar, other_way_round=False):
    """Of each dimension. mu, logvar: (B, Z)"""
    code, prior = Normal(mu, (0.5 * logvar).exp()), Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return kl_divergence(prior, code) if other_way_round else kl_divergence(code, prior)


def _centred_in_place(mu, logvar):
    kl = _kl(mu, logvar).sum(1)
    with torch.no_grad():
        mu.sub_(mu.mean())
    return kl


RIGHT = {
    "computed in float64 and given back in the dtype of mu": lambda m, v: _kl(m.double(), v.double()).sum(1).to(m.dtype),
    "one example at a time": lambda m, v: torch.stack([_kl(a[None], b[None]).sum() for a, b in zip(m, v, strict=True)]),
    "clamped at 0, which only takes rounding away": lambda m, v: _kl(m, v).sum(1).clamp_min(0),
    "off by rounding": lambda m, v: _kl(m, v).sum(1) * (1 + 3e-7),
}
WRONG = {
    "twice the KL": lambda m, v: 2 * _kl(m, v).sum(1),
    "averaged over the latent dimensions": lambda m, v: _kl(m, v).mean(1),
    "summed over the examples": lambda m, v: _kl(m, v).sum(0),
    "summed over everything": lambda m, v: _kl(m, v).sum(),
    "the batch's average for each example": lambda m, v: _kl(m, v).sum(1).mean().expand(len(m)),
    "with the wrong sign": lambda m, v: -_kl(m, v).sum(1),
    "taking logvar for log sigma": lambda m, v: _kl(m, 2 * v).sum(1),
    "of half of logvar": lambda m, v: _kl(m, 0.5 * v).sum(1),
    "the KL the other way round": lambda m, v: _kl(m, v, other_way_round=True).sum(1),
    "deaf to mu": lambda m, v: _kl(torch.zeros_like(m), v).sum(1),
    "deaf to logvar": lambda m, v: _kl(m, torch.zeros_like(v)).sum(1),
    "of the first latent dimension alone": lambda m, v: _kl(m, v)[:, 0],
    "with logvar clamped at 4": lambda m, v: _kl(m, v.clamp(max=4)).sum(1),
    "without a gradient": lambda m, v: _kl(m, v).sum(1).detach(),
    "changing mu in place": _centred_in_place,
    "in float32 whatever it is fed": lambda m, v: _kl(m.float(), v.float()).sum(1),
}


def tells_apart(check):
    """Say how many of the candidates a test tells apart: `check(f)` is to be true of a right `gaussian_kl` and false of a wrong one.

    A test that raises an AssertionError says no; so does one that raises anything else on a wrong candidate.
    """
    verdicts = {name: _verdict(check, f, right) for right, group in ((True, RIGHT), (False, WRONG)) for name, f in group.items()}
    rejected = [name for name in RIGHT if not verdicts[name]]
    passed = [name for name in WRONG if verdicts[name]]
    told = len(RIGHT) - len(rejected) + len(WRONG) - len(passed)
    if len(passed) == len(WRONG) or len(rejected) == len(RIGHT):
        said = "right" if len(passed) == len(WRONG) else "wrong"
        picture.tell(f"Your test calls nearly every candidate {said}, so it tells nothing apart yet.")
        return
    picture.tell(f"Your test tells {told} of {len(verdicts)} candidates apart.")
    if rejected:
        picture.tell(f"It rejects a right one: {rejected[0]}. What does it ask for that a right answer need not give?")
    if passed:
        picture.tell(f"It lets {len(passed)} wrong one{'s' if len(passed) > 1 else ''} pass. Can it catch this one: {passed[0]}?")


def _verdict(check, f, right):
    torch.manual_seed(6)
    try:
        said = check(f)
    except AssertionError:
        return False
    except NotImplementedError:
        raise
    except Exception:
        if right:
            raise
        return False
    if said is None or said is ...:
        raise picture.Unfit("check_kl", "it returned nothing, and this needs True or False")
    return bool(said)
