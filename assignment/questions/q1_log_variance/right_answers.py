"""Other right ways to answer question 1."""

from autograder.authoring import right, right_value


@right("split_params")
def by_slices(h):
    half = h.shape[-1] // 2
    return h[..., :half], h[..., half:]


@right("split_params")
def by_split_into_a_list(h):
    return list(h.split(h.size(-1) // 2, dim=-1))


@right("split_params")
def by_unflattening_the_last_axis(h):
    both = h.unflatten(-1, (2, -1))
    return both.select(-2, 0), both.select(-2, 1)


@right("split_params")
def as_one_tensor_that_unpacks(h):
    return h.unflatten(-1, (2, -1)).movedim(-2, 0)


@right("split_params")
def as_a_named_tuple(h):
    from collections import namedtuple

    return namedtuple("Params", "mu logvar")(*h.tensor_split(2, dim=-1))


@right("split_params")
def with_the_wide_guard_of_latent_diffusion(h):
    mu, logvar = torch.chunk(h, 2, dim=-1)
    return mu, logvar.clamp(-30, 20)


@right("split_params")
def by_narrow(h):
    size = h.shape[-1] // 2
    return h.narrow(-1, 0, size).clone(), h.narrow(-1, size, size).clone()


@right("split_params")
def by_index_select(h):
    index = torch.arange(h.shape[-1])
    return tuple(h.index_select(-1, part) for part in index.chunk(2))


@right("split_params")
def by_two_selector_matrices(h):
    eye = torch.eye(h.shape[-1], dtype=h.dtype)
    first, second = eye.chunk(2, dim=1)
    return h @ first, h @ second


@right("split_params")
def halves_of_a_masked_copy(h):
    return (h * torch.ones_like(h).requires_grad_()).chunk(2, dim=-1)


@right("split_params")
def row_by_row(h):
    half = h.shape[-1] // 2
    rows = h.reshape(-1, 2 * half)
    mu = torch.stack([row[:half] for row in rows])
    logvar = torch.stack([row[half:] for row in rows])
    return mu.reshape(*h.shape[:-1], half), logvar.reshape(*h.shape[:-1], half)


right_value("q1_variance_after_step", -1)
right_value("q1_variance_after_step", torch.tensor(-1.0))
right_value("q1_variance_after_step_with_kl", torch.tensor([-1.025]))
right_value("q1_variance_after_step_with_kl", -1.0252)
right_value("q1_choice", " c")
right_value("q1_choice", "(c)")
right_value("q1_choice", "C.")
right_value("q1_variance_after_step", "−1.0")
