import torch

from autograder.authoring import expect, points


@points(0.25)
def test_shapes_of_two_images(latent_shape):
    """A square and a wide image get a latent grid of the right shape."""
    for size, want in ((512, 512), (4, 64, 64)), ((512, 768), (4, 64, 96)):
        got = expect.parts(latent_shape(*size), 3, "channels, height and width of the latent grid")
        fed = f"fed height {size[0]} and width {size[1]}"
        expect.true(
            all(type(side) is int for side in got), "latent_shape: expected three ints", f"{fed}: a shape is made of whole numbers"
        )
        expect.true(got == want, "latent_shape: the shape is wrong", f"{fed}: expected {want}, but got {got}")


@points(0)
def test_ratio_of_two_images(compression_ratio):
    """The ratio of numbers before and after is right for two images, one of them grey."""
    calls = [
        ("512 x 512, with the defaults", compression_ratio(512, 512), 48.0),
        ("64 x 96, factor 4, 5 channels, 1 channel in", compression_ratio(64, 96, factor=4, channels=5, in_channels=1), 3.2),
    ]
    for fed, got, want in calls:
        number = expect.number(got, "the compression ratio")
        expect.close(number, want, "the compression ratio", detail=f"fed {fed}", rtol=1e-5, atol=0.0)


@points(0)
def test_factor_of_some_latents(scaling_factor):
    """Multiplied by the factor, some latents have standard deviation 1."""
    latents = torch.tensor([[[[5.0, -2.0], [3.0, 0.5]], [[4.0, 8.0], [1.0, 2.5]]]])
    s = expect.number(scaling_factor(latents), "the scaling factor")
    spreads = [(s * latents).std(correction=correction).item() for correction in (0, 1)]
    expect.true(
        any(abs(spread - 1) <= 1e-4 for spread in spreads),
        "multiplied by the factor, the latents do not have standard deviation 1",
        f"fed latents of shape (1, 2, 2, 2) with standard deviation {latents.std():.4g}: times {s:.4g} it is {spreads[1]:.4g}",
    )


@points(0)
def test_form_of_the_choice(q9_choice):
    """The choice is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q9_choice, "q9_choice")
