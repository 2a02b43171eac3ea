from autograder.authoring import right, right_value


@right("latent_shape")
def a_list_of_ints(height, width, factor=8, channels=4):
    return [int(channels), int(height / factor), int(width / factor)]


@right("latent_shape")
def by_a_pooling_layer(height, width, factor=8, channels=4):
    return F.avg_pool2d(torch.zeros(1, channels, height, width), factor).shape[1:]


@right("latent_shape")
def by_divmod(height, width, factor=8, channels=4):
    return tuple([channels] + [divmod(side, factor)[0] for side in (height, width)])


@right("latent_shape")
def a_named_tuple(height, width, factor=8, channels=4):
    from collections import namedtuple

    return namedtuple("Shape", "c h w")(channels, round(height / factor), round(width / factor))


@right("compression_ratio")
def by_area(height, width, factor=8, channels=4, in_channels=3):
    return factor**2 * in_channels / channels


@right("compression_ratio")
def as_a_tensor(height, width, factor=8, channels=4, in_channels=3):
    before = torch.tensor([in_channels, height, width]).prod()
    after = torch.tensor([channels, height // factor, width // factor]).prod()
    return before / after


@right("compression_ratio")
def numpy_products(height, width, factor=8, channels=4, in_channels=3):
    return np.prod([in_channels, height, width]) / np.prod(latent_shape(height, width, factor, channels))


@right("compression_ratio")
def an_exact_int_where_there_is_one(height, width, factor=8, channels=4, in_channels=3):
    whole, rest = divmod(in_channels * factor * factor, channels)
    return whole if rest == 0 else whole + rest / channels


@right("scaling_factor")
def population_standard_deviation(latents):
    return float(1 / latents.std(unbiased=False))


@right("scaling_factor")
def by_moments(latents):
    wide = latents.double()
    return (wide.square().mean() - wide.mean() ** 2).rsqrt()


@right("scaling_factor")
def by_numpy(latents):
    return 1 / np.std(latents.numpy())


@right("scaling_factor")
def by_the_norm(latents):
    centred = latents - latents.mean()
    return math.sqrt(latents.numel()) / centred.norm().item()


@right("scaling_factor")
def by_the_statistics_module(latents):
    import statistics

    return 1 / statistics.stdev(latents.flatten().tolist())


@right("scaling_factor")
def by_var_mean(latents):
    variance, _ = torch.var_mean(latents)
    return variance.pow(-0.5)


right_value("q9_choice", "d")
right_value("q9_choice", " D ")
