import torch

from autograder import expect
from autograder.checks import points


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
def test_ratio_is_a_number(compression_ratio):
    """The compression ratio is a positive number."""
    expect.true(expect.number(compression_ratio(512, 512), "the compression ratio") > 0, "a compression ratio is positive")


@points(0)
def test_factor_is_a_number(scaling_factor):
    """The scaling factor is a single positive number."""
    latents = torch.tensor([[[[1.0, -2.0], [3.0, 0.5]]]])
    expect.true(expect.number(scaling_factor(latents), "the scaling factor") > 0, "a scaling factor is positive")


@points(0)
def test_form_of_the_choice(q9_choice):
    """The choice is one of the letters on offer (which one is judged when you submit)."""
    expect.choice(q9_choice, "q9_choice")
