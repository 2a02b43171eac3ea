import math
from itertools import product

import torch

from autograder.authoring import expect, points

# Factors, channels and grids: of a dozen answers it can be told how they go with the right ones.
MANY = list(product((1, 2, 5), (1, 3), ((2, 7), (6, 4))))


@points(0.75)
def test_any_factor_any_channels(latent_shape):
    """The latent grid has the right shape for other factors and channels too, by name or by default."""
    calls = [
        ((latent_shape(96, 160, 16, 5)), (5, 6, 10)),
        ((latent_shape(256, 64, factor=4, channels=16)), (16, 64, 16)),
        ((latent_shape(height=30, width=60, channels=2, factor=1)), (2, 30, 60)),
        ((latent_shape(7, 21, 7)), (4, 1, 3)),
        ((latent_shape(256, 64)), (4, 32, 8)),
        ((latent_shape(8, 40, channels=1)), (1, 1, 5)),
    ]
    for factor, channels, (rows, columns) in MANY:
        calls.append((latent_shape(rows * factor, columns * factor, factor, channels), (channels, rows, columns)))
    for got, want in calls:
        got = expect.parts(got, 3, "channels, height and width of the latent grid")
        expect.true(all(type(side) is int for side in got), "the shape is not made of ints")
        expect.true(got == want, "the shape is wrong for some image size, factor or number of channels")


@points(1, kept="the public check says the ratios that it wants, which can be written into an answer")
def test_ratio_counts_elements(compression_ratio):
    """The ratio counts the numbers on both sides, for any image, factor and channels, also where it is no whole number."""
    calls = [
        (compression_ratio(512, 512), 48.0),
        (compression_ratio(96, 160, 16, 5, 1), 51.2),
        (compression_ratio(64, 256, factor=4, channels=16), 3.0),
        (compression_ratio(height=60, width=30, factor=2, channels=6, in_channels=4), 8 / 3),
        (compression_ratio(768, 512, channels=7), 192 / 7),
        (compression_ratio(16, 16, 1, 8, 2), 0.25),
        (compression_ratio(96, 48, factor=6), 27.0),
        (compression_ratio(96, 48, factor=3), 6.75),
    ]
    for factor, channels, (rows, columns) in MANY:
        got = compression_ratio(rows * factor, columns * factor, factor, channels, in_channels=rows)
        calls.append((got, rows * factor**2 / channels))
    for got, want in calls:
        expect.close(
            expect.number(got, "the compression ratio"),
            want,
            "the ratio for some image size, factor or channels",
            rtol=1e-5,
            atol=0.0,
        )


def latents_with_structure(rng, dtype=torch.float32):
    """Channels and images that differ in mean and spread: one number for each of them, or a second moment, is another number."""
    channels = torch.tensor([1.0, 6.0, 2.0, 4.0], dtype=dtype).reshape(4, 1, 1)
    images = torch.tensor([-2.0, 1.0, 4.0], dtype=dtype).reshape(3, 1, 1, 1)
    return channels * torch.randn(3, 4, 5, 6, generator=rng, dtype=dtype) + images + 0.5 * channels


def judge(scaling_factor, several, summary):
    """s is 1 over the root of the mean squared deviation, over N or N - 1; rtol 1e-4: a float32 sum loses about N 6e-8 = 2e-5.

    All are asked for before any is judged: of several it can be told how they go with the right ones.
    """
    answers = [scaling_factor(latents) for latents in several]
    for latents, answer in zip(several, answers, strict=True):
        s = expect.number(answer, "the scaling factor")
        numbers = latents.double()
        squares, n = (numbers - numbers.mean()).square().sum().item(), numbers.numel()
        fits = [abs(s * math.sqrt(squares / count) - 1) <= 1e-4 for count in (n, n - 1)]
        expect.true(any(fits), summary)


@points(1, kept="a factor that is right for ordinary latents earns this point where a guard or a fixed shape costs it the next")
def test_scaled_latents_have_unit_spread(scaling_factor, rng):
    """Multiplied by the factor, all the latents together have standard deviation 1."""
    several = [latents_with_structure(rng, dtype) for dtype in (torch.float32, torch.float64)]
    judge(scaling_factor, several, "the scaled latents do not have standard deviation 1 over all their elements")


@points(1)
def test_scale_and_shift(scaling_factor, rng):
    """The factor follows the latents' scale and ignores their mean, for any shape, and the latents stay as they are."""
    latents = latents_with_structure(rng)
    many = torch.linspace(1, 5, 120).reshape(-1, 1, 1, 1) * latents.repeat(40, 1, 1, 1)
    shapes = latents[0, 0], latents.flatten()[:7], latents[:1].transpose(1, 3), many
    scaled = [scale * latents + shift for scale, shift in product((20, 5, 0.3, 0.01), (0, -0.7, 2))]
    for several in (scaled, [latents + 30], *([other] for other in shapes)):
        judge(scaling_factor, several, "wrong for latents of some other scale, mean or shape")
    expect.pure(scaling_factor.report(latents).changed)


@points(1)
def test_choice(q9_choice):
    """What the small KL weight does."""
    expect.true(
        expect.choice(q9_choice, "q9_choice") == "D",
        "q9_choice is another letter: who draws from the prior, and what else is in the loss?",
    )
