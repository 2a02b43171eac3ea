"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_right_value as right_value, foreign_wrong as wrong, foreign_wrong_value as wrong_value


@wrong("latent_shape", slip="channels come last, as in Keras")
def channels_last(height, width, factor=8, channels=4):
    return height // factor, width // factor, channels


@wrong("latent_shape", slip="height and width are exchanged")
def width_first(height, width, factor=8, channels=4):
    return channels, width // factor, height // factor


@wrong("latent_shape", slip="true division gives floats; ints are asked for")
def floats(height, width, factor=8, channels=4):
    return channels, height / factor, width / factor


@wrong("latent_shape", slip="a batch axis of 1 is put in front")
def with_batch_axis(height, width, factor=8, channels=4):
    return 1, channels, height // factor, width // factor


@right("latent_shape", why="a list, not a tuple: the contract takes one")
def a_list(height, width, factor=8, channels=4):
    return [channels, height // factor, width // factor]


@wrong("latent_shape", slip="the defaults of Stable Diffusion are written into the code: factor and channels are ignored")
def ignores_arguments(height, width, factor=8, channels=4):
    return 4, height // 8, width // 8


@wrong("latent_shape", slip="each side is divided by factor squared, as if factor were a side's share of the area")
def factor_squared(height, width, factor=8, channels=4):
    return channels, height // factor**2, width // factor**2


@wrong("latent_shape", slip="the image's channels are multiplied: 3 * channels")
def three_times_channels(height, width, factor=8, channels=4):
    return 3 * channels, height // factor, width // factor


@wrong("latent_shape", slip="the area is divided by the factor: each side by its square root")
def area_divided(height, width, factor=8, channels=4):
    side = math.sqrt(factor)
    return channels, int(height / side), int(width / side)


@wrong("latent_shape", slip="the number of elements instead of the shape")
def number_of_elements(height, width, factor=8, channels=4):
    return channels * (height // factor) * (width // factor)


@wrong("latent_shape", slip="the grid is taken to be square")
def square_grid(height, width, factor=8, channels=4):
    s = min(height, width) // factor
    return channels, s, s


@wrong("latent_shape", slip="factor is taken for the number of halvings: each side is divided by 2 ** factor")
def halvings(height, width, factor=8, channels=4):
    return channels, height // 2**factor, width // 2**factor


@right("latent_shape", why="integer division")
def integer_division(height, width, factor=8, channels=4):
    return channels, height // factor, width // factor


@right("latent_shape", why="int() of the quotient, exact for multiples")
def int_of_quotient(height, width, factor=8, channels=4):
    return (channels, int(height / factor), int(width / factor))


@right("latent_shape", why="divmod")
def with_divmod(height, width, factor=8, channels=4):
    h, _ = divmod(height, factor)
    w, _ = divmod(width, factor)
    return channels, h, w


@right("latent_shape", why="a comprehension behind the channels")
def comprehension(height, width, factor=8, channels=4):
    return (channels, *(side // factor for side in (height, width)))


@right("latent_shape", why="torch.Size is a tuple of ints")
def torch_size(height, width, factor=8, channels=4):
    return torch.Size([channels, height // factor, width // factor])


@right("latent_shape", why="counted with ranges of stride factor")
def counted_ranges(height, width, factor=8, channels=4):
    return channels, len(range(0, height, factor)), len(range(0, width, factor))


# ---- compression ratio ----------------------------------------------------------------------------------------------
@wrong("compression_ratio", slip="upside down: latent over image")
def upside_down(height, width, factor=8, channels=4, in_channels=3):
    return channels * (height / factor) * (width / factor) / (in_channels * height * width)


@wrong("compression_ratio", slip="the channels are left out: 64")
def channels_left_out(height, width, factor=8, channels=4, in_channels=3):
    return factor**2


@wrong("compression_ratio", slip="factor is not squared")
def factor_once(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor / channels


@wrong("compression_ratio", slip="the channels' ratio is upside down: 85.3")
def channels_upside_down(height, width, factor=8, channels=4, in_channels=3):
    return factor**2 * channels / in_channels


@wrong("compression_ratio", slip="floor division: the ratio need not be whole")
def floor_ratio(height, width, factor=8, channels=4, in_channels=3):
    return (height * width * in_channels) // (channels * (height // factor) * (width // factor))


@wrong("compression_ratio", slip="counted in bits, 8 for a pixel's channel and 32 for a latent number: elements are asked for")
def in_bits_not_elements(height, width, factor=8, channels=4, in_channels=3):
    return (height * width * in_channels * 8) / (channels * (height // factor) * (width // factor) * 32)


@wrong("compression_ratio", slip="always 48")
def always_48(height, width, factor=8, channels=4, in_channels=3):
    return 48.0


@wrong("compression_ratio", slip="in_channels is ignored: 3 is written into the code")
def rgb_only(height, width, factor=8, channels=4, in_channels=3):
    return 3 * height * width / (channels * (height // factor) * (width // factor))


@wrong("compression_ratio", slip="rounded to a whole number")
def rounded_ratio(height, width, factor=8, channels=4, in_channels=3):
    return round(in_channels * factor**2 / channels)


@wrong("compression_ratio", slip="the share that is saved, 1 - 1/48")
def share_saved(height, width, factor=8, channels=4, in_channels=3):
    return 1 - channels / (in_channels * factor**2)


@wrong("compression_ratio", slip="one side only is shrunk in the count of the latent")
def one_side_only(height, width, factor=8, channels=4, in_channels=3):
    return (in_channels * height * width) / (channels * (height // factor) * width)


@right("compression_ratio", why="elements over elements")
def elements_over_elements(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * height * width / (channels * (height // factor) * (width // factor))


@right("compression_ratio", why="height and width cancel")
def sides_cancel(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor**2 / channels


@right("compression_ratio", why="through latent_shape and math.prod")
def through_latent_shape(height, width, factor=8, channels=4, in_channels=3):
    latent = latent_shape(height, width, factor, channels)
    return math.prod((in_channels, height, width)) / math.prod(latent)


@right("compression_ratio", why="an exact Fraction is a number too, made a float at the end")
def exact_fraction(height, width, factor=8, channels=4, in_channels=3):
    from fractions import Fraction

    return float(Fraction(in_channels * factor * factor, channels))


@right("compression_ratio", why="numel of two empty tensors on the meta device")
def numel_of_meta(height, width, factor=8, channels=4, in_channels=3):
    image = torch.empty(in_channels, height, width, device="meta")
    latent = torch.empty(channels, height // factor, width // factor, device="meta")
    return image.numel() / latent.numel()


@right("compression_ratio", why="step by step: the ratio of areas times that of channels")
def areas_times_channels(height, width, factor=8, channels=4, in_channels=3):
    area = (height / (height / factor)) * (width / (width / factor))
    return area * (in_channels / channels)


# ---- scaling factor -------------------------------------------------------------------------------------------------
@wrong("scaling_factor", slip="the standard deviation itself, not its reciprocal")
def std_not_reciprocal(latents):
    return latents.std()


@wrong("scaling_factor", slip="one over the variance")
def one_over_variance(latents):
    return 1 / latents.var()


@wrong("scaling_factor", slip="one number per channel instead of one for all")
def per_channel(latents):
    dims = [d for d in range(latents.dim()) if d != 1]
    return 1 / latents.std(dim=dims)


@wrong("scaling_factor", slip="the mean of the channels' standard deviations is not the standard deviation over all elements")
def mean_of_channel_stds(latents):
    if latents.dim() < 2:
        return 1 / latents.std()
    per = latents.transpose(0, 1).flatten(1).std(dim=1)
    return 1 / per.mean()


@wrong("scaling_factor", slip="the root mean square, which counts the mean as spread")
def root_mean_square(latents):
    return 1 / latents.pow(2).mean().sqrt()


@wrong("scaling_factor", slip="the mean absolute value")
def mean_absolute(latents):
    return 1 / latents.abs().mean()


@wrong("scaling_factor", slip="one over the largest absolute value")
def largest_value(latents):
    return 1 / latents.abs().max()


@wrong("scaling_factor", slip="Stable Diffusion's constant, whatever the latents are")
def stable_diffusion_constant(latents):
    return 0.18215


@wrong("scaling_factor", slip="the latents are centred in place")
def centred_in_place(latents):
    latents -= latents.mean()
    return 1 / latents.pow(2).mean().sqrt()


@wrong("scaling_factor", slip="returns the scaled latents, not the number")
def scaled_latents(latents):
    return latents / latents.std()


@wrong("scaling_factor", slip="the square root is taken twice: 1 / sqrt(std)")
def root_of_std(latents):
    return 1 / torch.sqrt(latents.std())


@right("scaling_factor", why="keepdim leaves a tensor with axes of length one, not a 0-d one: the contract takes one number in any form")
def keepdim_result(latents):
    return 1 / latents.std(dim=tuple(range(latents.dim())), keepdim=True)


@wrong("scaling_factor", slip="measured on the first image of the batch only")
def first_image_only(latents):
    return 1 / latents[0].std() if latents.dim() > 1 else 1 / latents[: len(latents) // 2].std()


@wrong("scaling_factor", slip="rounded to two digits")
def rounded_to_two(latents):
    return round(1 / latents.std().item(), 2)


@right("scaling_factor", why="one over std over all elements")
def reciprocal_std(latents):
    return 1 / latents.std()


@right("scaling_factor", why="a float, with N in the denominator")
def biased_float(latents):
    return 1.0 / latents.std(unbiased=False).item()


@right("scaling_factor", why="rsqrt of the variance")
def rsqrt_of_variance(latents):
    return torch.rsqrt(latents.var())


@right("scaling_factor", why="through numpy, made a float at the end")
def through_numpy_std(latents):
    return float(1 / np.std(latents.detach().cpu().numpy().astype(np.float64)))


@right("scaling_factor", why="two passes by hand: the mean, then the squared deviations")
def two_passes(latents):
    flat = latents.reshape(-1)
    m = flat.sum() / flat.numel()
    return (((flat - m) ** 2).sum() / (flat.numel() - 1)) ** -0.5


@right("scaling_factor", why="std_mean, of which the first part is used")
def with_std_mean(latents):
    s, _ = torch.std_mean(latents.double())
    return s.reciprocal().item()


@right("scaling_factor", why="Python's statistics module on a flat list")
def statistics_module(latents):
    import statistics

    return 1 / statistics.pstdev(latents.flatten().tolist())


wrong_value("q9_choice", "A", slip="so small a weight leaves the codes far from N(0, I): draws from the prior decode badly")
wrong_value("q9_choice", "B", slip="summed or not, 1e-6 is far from the weight of the ELBO")
wrong_value("q9_choice", "C", slip="48 is a ratio of elements, and the KL's weight does not fix it")
right_value("q9_choice", "D", why="a leash on the scale, no more")
