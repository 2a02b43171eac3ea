from autograder.authoring import wrong, wrong_value


@wrong(
    "latent_shape",
    caught_by="test_shapes_of_two_images",
    hint="The sides are multiplied by the factor; the encoder makes the image smaller.",
)
def times_the_factor(height, width, factor=8, channels=4):
    return channels, height * factor, width * factor


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="Three channels are the image's; the latent has its own number.")
def three_channels(height, width, factor=8, channels=4):
    return 3, height // factor, width // factor


@wrong(
    "latent_shape", caught_by="test_shapes_of_two_images", hint="The channels come last here; the order asked for has them first."
)
def channels_last(height, width, factor=8, channels=4):
    return height // factor, width // factor, channels


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="Only the height is divided; each side shrinks.")
def only_the_height(height, width, factor=8, channels=4):
    return channels, height // factor, width


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="Only the width is divided; each side shrinks.")
def only_the_width(height, width, factor=8, channels=4):
    return channels, height, width // factor


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="Height and width changed places.")
def width_first(height, width, factor=8, channels=4):
    return channels, width // factor, height // factor


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="The height is used for both sides; images need not be square.")
def always_square(height, width, factor=8, channels=4):
    return channels, height // factor, height // factor


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="This is one image's shape, whatever was asked.")
def a_constant_shape(height, width, factor=8, channels=4):
    return 4, 64, 64


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="True division gives floats; a shape is made of ints.")
def floats(height, width, factor=8, channels=4):
    return channels, height / factor, width / factor


@wrong(
    "latent_shape",
    caught_by="test_shapes_of_two_images",
    hint="The factor is squared: it holds for each side, the area shrinks by its square on its own.",
)
def factor_squared(height, width, factor=8, channels=4):
    return channels, height // factor**2, width // factor**2


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="The factor is taken for the number of halvings.")
def halved_factor_times(height, width, factor=8, channels=4):
    return channels, height // 2**factor, width // 2**factor


@wrong("latent_shape", caught_by="test_any_factor_any_channels", hint="The factor is hard-coded; it is an argument.")
def always_eight(height, width, factor=8, channels=4):
    return channels, height // 8, width // 8


@wrong("latent_shape", caught_by="test_any_factor_any_channels", hint="The number of channels is hard-coded; it is an argument.")
def always_four_channels(height, width, factor=8, channels=4):
    return 4, height // factor, width // factor


@wrong(
    "latent_shape",
    caught_by="test_any_factor_any_channels",
    hint="factor and channels changed places, in their defaults or in their order: factor comes first and is 8.",
)
def defaults_swapped(height, width, channels=4, factor=8):
    return channels, height // factor, width // factor


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="The channels are missing.")
def without_channels(height, width, factor=8, channels=4):
    return height // factor, width // factor


@wrong(
    "latent_shape",
    caught_by="test_shapes_of_two_images",
    hint="A batch axis has crept in; this is the shape of one image's latent.",
)
def with_a_batch_axis(height, width, factor=8, channels=4):
    return 1, channels, height // factor, width // factor


@wrong("latent_shape", caught_by="test_shapes_of_two_images", hint="This is the number of elements; the shape was asked for.")
def number_of_elements(height, width, factor=8, channels=4):
    return channels * (height // factor) * (width // factor)


@wrong(
    "latent_shape",
    caught_by="test_shapes_of_two_images",
    hint="The channels are multiplied up so that no element is lost: that would compress nothing.",
)
def nothing_lost(height, width, factor=8, channels=4):
    return channels * factor**2, height // factor, width // factor


@wrong(
    "latent_shape",
    caught_by="test_shapes_of_two_images",
    hint="The grid is one too large along each side: the sides divide evenly.",
)
def one_too_many(height, width, factor=8, channels=4):
    return channels, height // factor + 1, width // factor + 1


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="in_channels // channels loses what is behind the point (3 // 4 is 0): divide by / instead, or multiply first.",
)
def channels_divided_as_integers(height, width, factor=8, channels=4, in_channels=3):
    return in_channels // channels * float(factor**2)


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="The ratio is upside down: it says how many times larger the image is.",
)
def upside_down(height, width, factor=8, channels=4, in_channels=3):
    return channels / (in_channels * factor**2)


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="Only the grid is counted, or the channels cancel: the image has in_channels, and the latent channels.",
)
def without_channels_at_all(height, width, factor=8, channels=4, in_channels=3):
    return factor**2


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="The factor holds for each of two sides; here it is counted once.",
)
def one_side_only(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor / channels


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="This is the factor along one side, without channels.")
def the_factor_itself(height, width, factor=8, channels=4, in_channels=3):
    return float(factor)


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="The channels of image and latent changed places.")
def channels_swapped(height, width, factor=8, channels=4, in_channels=3):
    return factor**2 * channels / in_channels


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="This is one autoencoder's ratio, whatever was asked.")
def always_48(height, width, factor=8, channels=4, in_channels=3):
    return 48.0


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="Whole-number division cuts the fraction off.")
def cut_to_an_int(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor**2 // channels


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="The ratio is rounded; it need not be a whole number.")
def rounded(height, width, factor=8, channels=4, in_channels=3):
    return round(in_channels * factor**2 / channels)


@wrong(
    "compression_ratio", caught_by="test_ratio_counts_elements", hint="Three input channels are hard-coded; they are an argument."
)
def always_three_input_channels(height, width, factor=8, channels=4, in_channels=3):
    return 3 * factor**2 / channels


@wrong(
    "compression_ratio", caught_by="test_ratio_counts_elements", hint="Four latent channels are hard-coded; they are an argument."
)
def always_four_latent_channels(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor**2 / 4


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="The factor is hard-coded; it is an argument.")
def always_factor_eight(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * 64 / channels


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="The image's channels are forgotten.")
def image_without_channels(height, width, factor=8, channels=4, in_channels=3):
    return factor**2 / channels


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="The latent's channels are forgotten.")
def latent_without_channels(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor**2


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="This counts bits, 8 for a pixel's channel and 32 for a float; elements were asked for.",
)
def in_bits(height, width, factor=8, channels=4, in_channels=3):
    return 8 * in_channels * factor**2 / (32 * channels)


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="This is how many numbers are saved; the ratio divides instead.",
)
def a_difference(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * height * width - channels * (height // factor) * (width // factor)


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="This is the share that is saved; the ratio says how many times larger the image is.",
)
def share_saved(height, width, factor=8, channels=4, in_channels=3):
    return 1 - channels / (in_channels * factor**2)


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="The channels shrink as well here, by the factor: they have their own numbers.",
)
def factor_cubed(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * factor**3 / channels


@wrong("compression_ratio", caught_by="test_ratio_counts_elements", hint="This is the size of the latent, not a ratio.")
def size_of_the_latent(height, width, factor=8, channels=4, in_channels=3):
    return channels * (height // factor) * (width // factor)


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="This is the standard deviation; multiplying by it makes the spread its square.",
)
def the_standard_deviation(latents):
    return latents.std()


@wrong(
    "scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="This divides by the variance; the spread is its root."
)
def one_over_the_variance(latents):
    return 1 / latents.var()


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="This is the variance.")
def the_variance(latents):
    return latents.var()


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="The root is taken twice.")
def a_root_too_many(latents):
    return 1 / latents.std().sqrt()


@wrong("scaling_factor", caught_by="test_scale_and_shift", hint="The root mean square counts the mean as spread.")
def root_mean_square(latents):
    return 1 / latents.square().mean().sqrt()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="The mean size of the latents is not their standard deviation.",
)
def one_over_the_mean_size(latents):
    return 1 / latents.abs().mean()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="The mean absolute deviation is a spread, but not the standard deviation.",
)
def mean_absolute_deviation(latents):
    return 1 / (latents - latents.mean()).abs().mean()


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="This brings the largest latent to 1.")
def one_over_the_largest(latents):
    return 1 / latents.abs().max()


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="This brings the range to 1.")
def one_over_the_range(latents):
    return 1 / (latents.max() - latents.min())


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="This brings the sum of squares to 1.")
def one_over_the_norm(latents):
    return 1 / latents.norm()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="This is Stable Diffusion's constant; it was measured on its own latents.",
)
def always_018215(latents):
    return 0.18215


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="Each channel gets a factor of its own; one number was asked for.",
)
def one_for_each_channel(latents):
    return 1 / latents.flatten(2).std(dim=(0, 2)) if latents.dim() == 4 else 1 / latents.std()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="Spreads of single channels are averaged; take the spread over all elements together.",
)
def mean_of_the_channels_spreads(latents):
    return 1 / latents.std(dim=(0, 2, 3)).mean() if latents.dim() == 4 else 1 / latents.std()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="Spreads of single images are averaged; take the spread over all elements together.",
)
def mean_of_the_images_spreads(latents):
    return 1 / torch.stack([image.std() for image in latents]).mean() if latents.dim() == 4 else 1 / latents.std()


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="Only the first image is measured.")
def the_first_image_only(latents):
    return 1 / latents[0].std() if latents.dim() == 4 else 1 / latents.std()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="This is the spread of the images' means, not of the latents.",
)
def spread_of_the_means(latents):
    return 1 / latents.flatten(1).mean(1).std() if latents.dim() == 4 else 1 / latents.std()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="This is the standard error of the mean, far smaller than the spread.",
)
def the_standard_error(latents):
    return math.sqrt(latents.numel()) / latents.std()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="The scaled latents are returned; the factor was asked for.",
)
def the_scaled_latents(latents):
    return latents / latents.std()


@wrong(
    "scaling_factor",
    caught_by="test_scaled_latents_have_unit_spread",
    hint="The sum of squares was never divided by the number of elements.",
)
def sum_for_a_mean(latents):
    return 1 / (latents - latents.mean()).square().sum().sqrt()


@wrong(
    "scaling_factor",
    caught_by="test_scale_and_shift",
    hint="A constant is added to the spread against division by zero, and it shows where the latents are small.",
)
def a_padded_spread(latents):
    return 1 / (latents.std() + 1e-4)


@wrong(
    "scaling_factor", caught_by="test_scale_and_shift", hint="The factor is kept at 1 or below; small latents need to be enlarged."
)
def never_above_one(latents):
    return min(1.0, 1 / latents.std().item())


@wrong(
    "scaling_factor", caught_by="test_scale_and_shift", hint="The latents are centred in place: the caller's tensor is overwritten."
)
def centred_in_place(latents):
    latents -= latents.mean()
    return 1 / latents.square().mean().sqrt()


@wrong("scaling_factor", caught_by="test_scale_and_shift", hint="Four axes are taken for granted; the shape may be any.")
def four_axes(latents):
    return 1 / latents.permute(0, 2, 3, 1).std()


@wrong("scaling_factor", caught_by="test_scaled_latents_have_unit_spread", hint="This is a constant.")
def always_one(latents):
    return 1.0


@wrong(
    "latent_shape",
    caught_by="test_any_factor_any_channels",
    hint="The answer is kept by the image's size and given again for another factor or number of channels.",
)
def kept_by_size(height, width, factor=8, channels=4, kept={}):  # noqa: B006
    return kept.setdefault((height, width), (channels, height // factor, width // factor))


@wrong(
    "compression_ratio",
    caught_by="test_ratio_counts_elements",
    hint="The factor is taken for a power of two: for 3 or 6 the ratio is another.",
)
def whole_halvings(height, width, factor=8, channels=4, in_channels=3):
    return in_channels * 4 ** int(math.log2(factor)) / channels


@wrong(
    "scaling_factor",
    caught_by="test_scale_and_shift",
    hint="Only the first of the latents are measured: all of them count.",
)
def first_of_them(latents):
    return 1 / latents.flatten()[:2000].std()


wrong_value(
    "q9_choice",
    "A",
    caught_by="test_choice",
    hint="A pull this weak loses against the reconstruction: look at your samples at a small beta; and here nobody draws any.",
)
wrong_value(
    "q9_choice",
    "B",
    caught_by="test_choice",
    hint="An ELBO sums over dimensions too, with weight 1, and the perceptual and the adversarial loss have no place in it.",
)
wrong_value(
    "q9_choice",
    "C",
    caught_by="test_choice",
    hint="48 is a count of elements: each latent is a float, and no weight in the loss fixes how many bits it holds.",
)
