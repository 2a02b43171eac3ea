def latent_shape(height, width, factor=8, channels=4):
    """Shape of the latent of one image, without a batch axis.

    height, width: pixels, multiples of factor   ->   (channels, height of the grid, width of the grid), ints
    """
    # BEGIN SOLUTION
    return channels, height // factor, width // factor
    # END SOLUTION


# %%
def compression_ratio(height, width, factor=8, channels=4, in_channels=3):
    """Numbers in the image divided by numbers in its latent (elements, not bits)."""
    # BEGIN SOLUTION
    latent = channels * (height // factor) * (width // factor)
    return in_channels * height * width / latent
    # END SOLUTION


# %%
def scaling_factor(latents):
    """The number s for which s * latents has standard deviation 1 over all elements.

    latents: a tensor of any shape, such as (B, C, H, W)   ->   a float or a 0-d tensor
    """
    # BEGIN SOLUTION
    return 1 / latents.std()
    # END SOLUTION


# %%
q9_choice = "D"  # SOLUTION
