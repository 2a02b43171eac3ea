"""What known courses' public checks of the same functions assert, restated: inputs, seeds, tolerances, statistics.

Restated from the files named in each `source`, in our own code. Each check says how it is adapted to our conventions
(logvar = log sigma^2, a batch by latent dimensions, one KL per example); an adapter never makes a check stricter. `seed` is the
one that the course sets before its check, None where it sets none. `exact` marks a check whose expected numbers hold for that
seed, and one way of drawing the noise, alone. A check returns whether it accepts; an answer that raises is not accepted.
"""

from __future__ import annotations

import math
import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.distributions import Normal, kl_divergence

Answer = Callable[..., Any]
Run = Callable[[Answer, int], bool]


@dataclass(frozen=True)
class CourseCheck:
    """One course's public check of one function."""

    course: str
    target: str
    source: str  # repository: path, and the place in it
    run: Run
    seed: int | None = None
    exact: bool = False
    random: bool = True  # whether anything in it is drawn at all

    def accepts(self, answer: Answer, seed: int) -> bool:
        """Whether `answer` passes with this seed in place of the course's. The global random state is left as it was."""
        python, numpy = random.getstate(), np.random.get_state()
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return bool(self.run(answer, seed))
            except Exception:
                return False
            finally:
                random.setstate(python)
                np.random.set_state(numpy)


COURSE_CHECKS: list[CourseCheck] = []


def restated(course: str, target: str, source: str, **facts: Any) -> Callable[[Run], Run]:
    """List a function as what `course` checks of `target`."""

    def add(run: Run) -> Run:
        COURSE_CHECKS.append(CourseCheck(course, target, source, run, **facts))
        return run

    return add


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


# The sampler


@restated("Stanford XCS236", "reparameterize", "yxuanzh/XCS236-PS2: src/grader.py, Test_1a", seed=0, exact=True)
def stanford_sampler(reparameterize: Answer, seed: int) -> bool:
    """15 numbers, each within 1e-5 of a printed table, for 3 x 5 means and variances drawn from seed 0, set again before the call.

    Their function takes the variance: ours is fed its logarithm. Their table is what one `randn` after that seed gives, so it
    is recomputed here. They ask whether the largest error is above the tolerance, which NaN never is.
    """
    _seed(seed)
    mean = torch.randn(3, 5)
    variance = torch.exp(torch.randn(3, 5))
    _seed(seed)
    table = mean + variance.sqrt() * torch.randn(3, 5)
    _seed(seed)
    z = reparameterize(mean, variance.log())
    return not (z - table).abs().max().item() > 1e-5


@restated(
    "Michigan EECS 498",
    "reparameterize",
    "AbzalAidakhmetov/EECS-498-598-Deep-Learning-for-Computer-Vision-Solutions-2022: A6/variational_autoencoders.ipynb",
    seed=0,
    exact=True,
)
def umich_sampler(reparameterize: Answer, seed: int) -> bool:
    """From seed 0, mu = 0 and logvar = 1 of shape (1, 15): shape kept, mean -0.4363 and deviation 1.6860 to a relative 1e-4.

    Same convention as ours. The notebook prints the two errors and tells the student what they should be at most.
    """
    _seed(seed)
    z = reparameterize(torch.zeros(1, 15), torch.ones(1, 15))
    if z.size() != (1, 15):
        return False
    return all(
        _umich_error(got, torch.tensor([want])) <= 1e-4 for got, want in ((z.mean(dim=-1), -0.4363), (z.std(dim=-1), 1.6860))
    )


def _umich_error(one: torch.Tensor, other: torch.Tensor) -> float:
    """The largest difference over the largest sum of sizes (their eecs598/grad.py)."""
    return (one - other).abs().max().item() / (one.abs() + other.abs()).clamp(min=1e-10).max().item()


@restated(
    "Amsterdam DL1",
    "reparameterize",
    "uvadlc/uvadlc_practicals_2023: assignment3/part1/unittests.py, TestReparameterization",
    seed=42,
)
def uva_sampler(reparameterize: Answer, seed: int) -> bool:
    """Both gradients exist; and ten times, of 20,000 samples with one mean and deviation, both are met within 0.1.

    Their function takes the standard deviation: ours is fed twice its logarithm. Their flat vector of 20,000 is one column here.
    """
    _seed(seed)
    mean, log_std = torch.randn(16, 4, requires_grad=True), torch.randn(16, 4, requires_grad=True)
    reparameterize(mean, 2 * log_std).sum().backward()
    if mean.grad is None or log_std.grad is None:
        return False
    _seed(seed)
    with torch.no_grad():
        for _ in range(10):
            mean, std = torch.randn(1), torch.randn(1).exp()
            z = reparameterize(mean.expand(20_000, 1), 2 * std.log().expand(20_000, 1))
            if not ((z.mean() - mean).abs() < 0.1 and (z.std() - std).abs() < 0.1):
                return False
    return True


@restated(
    "UBC CPEN 455",
    "reparameterize",
    "ssxnt/Deep-Learning: variational_autoencoder.ipynb, Q1.4 (2024 W2)",
    seed=2025,
)
def ubc_sampler(reparameterize: Answer, seed: int) -> bool:
    """100,000 samples of two dimensions beside 100,000 of torch's own: mean and deviation differ by less than 0.01 together.

    The signed differences are averaged over the two dimensions before their sizes are taken and added. Means are 10 times
    normal; one log sigma, uniform in 0 to 1, serves both dimensions. Theirs draws N samples for each row of parameters: ours
    is fed that row N times. With the course's own seed the plain answer misses by 0.0132 (torch 2.13, CPU).
    """
    _seed(seed)
    n = 100_000
    mean, log_std = 10 * torch.randn(1, 2), torch.rand(1)
    z = reparameterize(mean.expand(n, 2), 2 * log_std.expand(n, 2)).reshape(1, n, 2)
    theirs = Normal(mean, log_std[:, None].exp()).sample((n,)).permute(1, 0, 2)
    off_mean = (z.mean(dim=1) - theirs.mean(dim=1)).mean(dim=-1)
    off_std = (z.std(dim=1, unbiased=False) - theirs.std(dim=1, unbiased=False)).mean(dim=-1)
    return off_mean.abs().mean().item() + off_std.abs().mean().item() < 0.01


@restated(
    "DeepBayes 2018",
    "reparameterize",
    "bayesgroup/deepbayes-2018: day2_vae/vae_blank.ipynb, test_MultivariateNormalDiag",
)
def deepbayes_sampler(reparameterize: Answer, seed: int) -> bool:
    """The shape; and the average of 1,024 calls is within 0.1 of each of six means, whatever their deviations (up to 1.97).

    Theirs is a method of a class with mean and deviation: ours is fed twice the deviation's logarithm. No seed is set.
    """
    _seed(seed)
    mean = torch.tensor([[0.0619, 1.9728, 0.2092], [0.3971, -0.1817, 1.1508]])
    std = torch.tensor([[0.0619, 1.9728, 0.2092], [0.3971, 0.1817, 1.1508]])
    logvar = 2 * std.log()
    if reparameterize(mean, logvar).shape != mean.shape:
        return False
    average = torch.zeros_like(mean)
    for _ in range(1024):
        average += reparameterize(mean, logvar) / 1024
    return bool(((average - mean).abs() <= 0.1 + 1e-7 * mean.abs()).all())


@restated(
    "Neuromatch DL",
    "reparameterize",
    "NeuromatchAcademy/course-content-dl: tutorials/W2D5_GenerativeModels/solutions/W2D5_Tutorial1_Solution_22e6c1d0.py",
    seed=2021,
)
def neuromatch_sampler(reparameterize: Answer, seed: int) -> bool:
    """100 samples for each of four rows of two dimensions have the right shape, and are on the right device.

    One log sigma serves a row. Theirs draws the 100 itself: ours is fed each row 100 times.
    """
    _seed(seed)
    parameters = torch.randn(4, 3).repeat_interleave(100, dim=0)
    z = reparameterize(parameters[:, :2], 2 * parameters[:, 2:].expand(400, 2))
    return z.size() == (400, 2) and z.device == parameters.device


# The KL


@restated(
    "Amsterdam DL1",
    "gaussian_kl",
    "uvadlc/uvadlc_practicals_2023: assignment3/part1/unittests.py, TestKLD",
    seed=42,
)
def uva_kl(gaussian_kl: Answer, seed: int) -> bool:
    """Exactly 0 at the prior; 2 at mean 2 and 2.194528 at log sigma 1 (to 1e-5); and, bit for bit, even in the mean and a sum.

    Even: five times, 16 x 4 means and their negatives. A sum: five times, the KL of 2 x 4 is that of its columns, added from
    the left. Without gradients. Their function takes log sigma: ours is fed twice that.
    """
    with torch.no_grad():
        one, zero = torch.ones(1, 1), torch.zeros(1, 1)

        def kl(mean: torch.Tensor, log_std: torch.Tensor) -> Any:
            return gaussian_kl(mean, 2 * log_std)

        if not (kl(zero, zero).numpy() == 0).all():
            return False
        for mean, log_std, want in ((2 * one, zero, 2.0), (zero, one, 2.194528)):
            if not abs(kl(mean, log_std).squeeze().item() - want) < 1e-5:
                return False
        _seed(seed)
        for _ in range(5):
            mean, log_std = torch.randn(16, 4), torch.randn(16, 4)
            if not (kl(mean, log_std).numpy() == kl(-mean, log_std).numpy()).all():
                return False
        _seed(seed)
        for _ in range(5):
            mean, log_std = torch.randn(2, 4), torch.randn(2, 4)
            whole = kl(mean, log_std).numpy()
            columns = sum(kl(mean[:, i : i + 1], log_std[:, i : i + 1]).numpy() for i in range(4))
            if not (whole.ndim == 1 and (whole == columns).all()):
                return False
    return True


@restated(
    "UBC CPEN 455",
    "gaussian_kl",
    "ssxnt/Deep-Learning: variational_autoencoder.ipynb, Q1.3 (2024 W2)",
    seed=2025,
)
def ubc_kl(gaussian_kl: Answer, seed: int) -> bool:
    """For 1 to 31 rows of 1 to 7 dimensions, the root of the mean squared difference from torch's own KL is below 1e-5.

    Theirs is between two Gaussians, each with one sigma for its row. A KL stays the same when both are shifted and scaled
    until the second is the prior: ours is fed the first, so treated, and compared with torch's KL of just that.
    """
    _seed(seed)
    rows, dimensions = int(torch.randint(1, 32, (1,))), int(torch.randint(1, 8, (1,)))
    mean_q, log_std_q = torch.randn(rows, dimensions), torch.rand(rows, 1)
    mean_p, log_std_p = torch.randn(rows, dimensions), torch.rand(rows, 1)
    mean, log_std = (mean_q - mean_p) / log_std_p.exp(), (log_std_q - log_std_p).expand(rows, dimensions)
    want = kl_divergence(Normal(mean, log_std.exp()), Normal(torch.zeros(()), torch.ones(()))).sum(dim=-1)
    return (want - gaussian_kl(mean, 2 * log_std)).square().mean().sqrt().item() < 1e-5


@restated("Georgia Tech 6740", "gaussian_kl", "tianyyiii/6740-hw4-test: q2.py", random=False)
def georgia_tech_kl(gaussian_kl: Answer, seed: int) -> bool:
    """One number, 2.9696 to a relative 1e-5, for one batch of 3 x 5.

    Their function, of (logvar, mu), adds the batch up: what ours returns is added up here, so that an answer that adds it up
    by itself passes too.
    """
    logvar = torch.tensor(
        [
            [0.3164, 0.9965, 0.5840, 0.2150, 0.7718],
            [0.2923, 0.3308, 0.0867, 0.3817, 0.3926],
            [0.6635, 0.5653, 0.6097, 0.0394, 0.8974],
        ]
    )
    mu = torch.tensor(
        [
            [0.1780, 0.2826, 0.8356, 0.1315, 0.5268],
            [0.0396, 0.4332, 0.4000, 0.3398, 0.2645],
            [0.4005, 0.2803, 0.0625, 0.4183, 0.9721],
        ]
    )
    return torch.isclose(gaussian_kl(mu, logvar).sum(), torch.tensor(2.9696)).item()


# The loss


@restated(
    "Michigan EECS 498",
    "vae_loss",
    "AbzalAidakhmetov/EECS-498-598-Deep-Learning-for-Computer-Vision-Solutions-2022: A6/variational_autoencoders.ipynb",
    random=False,
)
def umich_loss(vae_loss: Answer, seed: int) -> bool:
    """One number, 8.5079 to a relative 1e-5, for one image of 2 x 2 and a latent of 15 with mu = 1 and logvar = 0.

    Their function takes probabilities and returns the loss alone: ours is fed their logits, and the first of its three is read.
    """
    image = torch.sigmoid(torch.tensor([[[[1.0, 10.0], [9.0, 3.0]]]]))
    loss = vae_loss(torch.tensor([[2.0, 5.0, 6.0, 7.0]]), image, torch.ones(1, 15), torch.zeros(1, 15))[0]
    return _umich_error(torch.tensor(8.5079), loss) <= 1e-5


@restated("Stanford XCS236", "vae_loss", "yxuanzh/XCS236-PS2: src/grader.py, Test_1b", seed=0)
def stanford_loss(vae_loss: Answer, seed: int) -> bool:
    """The loss, the KL and the reconstruction of 97 black-and-white images of 784 pixels are three 0-d tensors, without gradients.

    Theirs is a method of the model, which draws z of 10 dimensions itself: ours is fed random logits, means and log-variances.
    """
    _seed(seed)
    x = torch.randint(0, 2, (97, 784)).float()
    with torch.no_grad():
        loss, recon, kl = vae_loss(torch.randn(97, 784), x, torch.randn(97, 10), torch.randn(97, 10))
    return all(part.shape == torch.Size([]) for part in (loss, recon, kl))


@restated("Amsterdam DL1", "vae_loss", "uvadlc/uvadlc_practicals_2023: assignment3/part1/unittests.py, TestVAE", seed=42)
def uva_loss(vae_loss: Answer, seed: int) -> bool:
    """What a model whose weights are all 0 gives for 4 images of 28 x 28: log K a pixel (sum to 0.01), KL 0, log2 K bits (1e-5).

    Three single numbers, without gradients. Their pixels have K = 16 levels, ours K = 2; their bits per dimension are ours of
    the returned loss.
    """
    _seed(seed)
    x = torch.randint(0, 2, (4, 1, 28, 28)).float()
    with torch.no_grad():
        loss, recon, kl = vae_loss(torch.zeros(4, 784), x, torch.zeros(4, 20), torch.zeros(4, 20))
    if any(part.squeeze().ndim for part in (loss, recon, kl)):
        return False
    bits = loss.item() / (784 * math.log(2))
    return abs(recon.item() - 784 * math.log(2)) <= 1e-2 and abs(kl.item()) <= 1e-5 and abs(bits - 1) <= 1e-5


# Bits per dimension


@restated("Amsterdam DL1", "elbo_to_bpd", "uvadlc/uvadlc_practicals_2023: assignment3/part1/unittests.py, TestBPD", seed=42)
def uva_bpd(elbo_to_bpd: Answer, seed: int) -> bool:
    """Ten times, 8 images of random size whose pixels all have probability one half cost one bit per dimension, to 1e-5.

    Their function takes the batch's shape: ours is fed the number of its dimensions.
    """
    _seed(seed)
    with torch.no_grad():
        for _ in range(10):
            dimensions = math.prod(np.random.randint(10, 20) for _ in range(3))
            nelbo = torch.full((8, dimensions), 0.5).log().neg().sum(dim=1)
            if not ((elbo_to_bpd(nelbo, dimensions) - 1.0).abs() < 1e-5).all():
                return False
    return True
