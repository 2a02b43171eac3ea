"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_right_value as right_value, foreign_wrong as wrong, foreign_wrong_value as wrong_value


@wrong("split_params", slip="the order is turned round: the first half is mu, the second logvar")
def halves_swapped(h):
    logvar, mu = h.chunk(2, dim=-1)
    return mu, logvar


@wrong("split_params", slip="splits the batch axis, not the last one")
def chunk_without_dim(h):
    mu, logvar = torch.chunk(h, 2)
    return mu, logvar


@wrong(
    "split_params",
    slip="dim=1 is the last axis only for (B, 2Z): with more axes in front, or none, it is another one or does not exist",
)
def chunk_dim_one(h):
    mu, logvar = torch.chunk(h, 2, dim=1)
    return mu, logvar


@wrong("split_params", slip="indexing [:, :Z] cuts the second axis: wrong for (2Z,) and for more axes in front")
def slices_second_axis(h):
    Z = h.shape[-1] // 2
    return h[:, :Z], h[:, Z:]


@wrong("split_params", slip="even and odd columns are interleaved, not first and second half")
def even_and_odd(h):
    return h[..., 0::2], h[..., 1::2]


@wrong("split_params", slip="view(..., Z, 2) pairs neighbours: that interleaves the two halves")
def view_as_pairs(h):
    p = h.view(*h.shape[:-1], -1, 2)
    return p[..., 0], p[..., 1]


@wrong("split_params", slip="the log is taken of the second half, which is already log sigma^2 and may be negative")
def log_once_more(h):
    Z = h.shape[-1] // 2
    return h[..., :Z], torch.log(h[..., Z:])


@wrong("split_params", slip="the exponential is applied: the result is sigma^2, not its logarithm")
def exponentiated(h):
    mu, s = h.chunk(2, dim=-1)
    return mu, s.exp()


@wrong("split_params", slip="the logvar is halved: that would be log sigma")
def halved_logvar(h):
    mu, s = h.chunk(2, dim=-1)
    return mu, 0.5 * s


@wrong("split_params", slip="softplus makes the second half positive; logvar may be any real number")
def softplus_second_half(h):
    mu, s = torch.split(h, h.shape[-1] // 2, dim=-1)
    return mu, F.softplus(s)


@wrong("split_params", slip="ReLU on the second half: negative log-variances become 0, with no gradient")
def relu_second_half(h):
    mu, s = torch.split(h, h.shape[-1] // 2, dim=-1)
    return mu, F.relu(s)


@wrong("split_params", slip="log(softplus(h) + 1e-6) is a way to a variance, but here the numbers of h are log sigma^2 themselves")
def log_of_softplus(h):
    mu, s = h.chunk(2, -1)
    return mu, torch.log(F.softplus(s) + 1e-6)


@wrong("split_params", slip="tanh limits mu to (-1, 1); both outputs are unconstrained")
def tanh_mu(h):
    mu, s = h.chunk(2, -1)
    return torch.tanh(mu), s


@wrong("split_params", slip="clamping the log-variance to [-10, 10] changes values and stops gradients beyond")
def clamped_second_half(h):
    mu, s = h.chunk(2, dim=-1)
    return mu, s.clamp(-10, 10)


@wrong("split_params", slip="detach() keeps the gradient of logvar from h")
def detached_second_half(h):
    Z = h.size(-1) // 2
    return h[..., :Z], h[..., Z:].detach()


@wrong("split_params", slip="clone of .data: no gradient reaches h")
def data_clone(h):
    d = h.data.clone()
    Z = d.size(-1) // 2
    return d[..., :Z], d[..., Z:]


@wrong("split_params", slip="split(2, dim=-1) cuts pieces of size two instead of two pieces")
def pieces_of_two(h):
    parts = h.split(2, dim=-1)
    return parts[0], parts[1]


@wrong("split_params", slip="the latent size 2 is hard-coded")
def latent_two_only(h):
    return h[..., :2], h[..., 2:]


@wrong("split_params", slip="off by one: column Z is left out of the second half")
def off_by_one(h):
    Z = h.shape[-1] // 2
    return h[..., :Z], h[..., Z + 1 :]


@wrong("split_params", slip="squeeze() drops axes of length one (Z = 1 or B = 1)")
def squeezed_halves(h):
    mu, s = h.chunk(2, dim=-1)
    return mu.squeeze(), s.squeeze()


@wrong("split_params", slip="everything is flattened to two axes: further axes in front are lost, and none become one")
def flattened_to_two_axes(h):
    Z = h.shape[-1] // 2
    flat = h.reshape(-1, 2 * Z)
    return flat[:, :Z], flat[:, Z:]


@wrong("split_params", slip=".float() changes the dtype of float64 inputs")
def cast_to_float(h):
    mu, s = h.float().chunk(2, dim=-1)
    return mu, s


@wrong("split_params", slip="the in-place clamp_ on a view changes h")
def clamp_in_place(h):
    Z = h.shape[-1] // 2
    mu, s = h[..., :Z], h[..., Z:]
    s.clamp_(-10, 10)
    return mu, s


@wrong("split_params", slip="mu is all of h; only the first half is")
def mu_is_everything(h):
    return h, h[..., h.shape[-1] // 2 :]


@wrong("split_params", slip="counted from the front of the shape: shape[1] is no Z for (2Z,) and (B, T, 2Z)")
def shape_one(h):
    Z = h.shape[1] // 2
    return h[..., :Z], h[..., Z:]


@right("split_params", why="chunk in two along the last axis")
def chunk_last(h):
    return h.chunk(2, dim=-1)


@right("split_params", why="tensor_split")
def tensor_split_last(h):
    mu, logvar = torch.tensor_split(h, 2, dim=-1)
    return mu, logvar


@right("split_params", why="split with the sizes computed")
def split_sizes(h):
    Z = h.shape[-1] // 2
    return torch.split(h, [Z, Z], dim=-1)


@right("split_params", why="the second half by a negative index")
def negative_index(h):
    Z = h.size(-1) // 2
    return h[..., :Z], h[..., -Z:]


@right("split_params", why="narrow, with clones, so that the halves share no memory with h")
def narrow_and_clone(h):
    Z = h.shape[-1] // 2
    return h.narrow(-1, 0, Z).clone(), h.narrow(-1, Z, Z).clone()


@right("split_params", why="unflatten into (2, Z), then unbind")
def unflatten_unbind(h):
    return h.unflatten(-1, (2, h.shape[-1] // 2)).unbind(-2)


@right("split_params", why="index_select with two index tensors")
def index_select_halves(h):
    Z = h.shape[-1] // 2
    idx = torch.arange(Z, device=h.device)
    return torch.index_select(h, -1, idx), torch.index_select(h, -1, idx + Z)


@right("split_params", why="a loop over columns that are stacked again")
def column_loop(h):
    Z = h.shape[-1] // 2
    mu = torch.stack([h[..., j] for j in range(Z)], dim=-1)
    logvar = torch.stack([h[..., Z + j] for j in range(Z)], dim=-1)
    return mu, logvar


@right("split_params", why="the last axis is moved to the front, cut there, and moved back")
def gather_by_moveaxis(h):
    t = h.movedim(-1, 0)
    Z = len(t) // 2
    return t[:Z].movedim(0, -1), t[Z:].movedim(0, -1)


wrong_value("q1_variance_after_step", 5.0, slip="stepped along the gradient instead of against it: 2 + 0.1 * 30")
wrong_value("q1_variance_after_step", -28.0, slip="forgot the learning rate: 2 - 30")
wrong_value("q1_variance_after_step", 1.0, slip="the sign was dropped, because a variance cannot be negative")
wrong_value("q1_variance_after_step", 0.0, slip="clamped at 0, because a variance cannot be negative")
wrong_value("q1_variance_after_step", 2 * math.exp(-3), slip="took the step on log sigma^2: 2 exp(-3)")
wrong_value("q1_variance_after_step", -3.0, slip="gives the change, not the variance after it")
wrong_value("q1_variance_after_step", math.sqrt(2) - 3, slip="stepped from sigma = sqrt(2) instead of sigma^2 = 2")
wrong_value("q1_variance_after_step", 1.7, slip="learning rate 0.01: 2 - 0.3")
right_value("q1_variance_after_step", -1, why="an integer")
right_value("q1_variance_after_step", 2 - 0.1 * 30, why="an expression")
wrong_value("q1_variance_after_step_with_kl", -0.975, slip="the KL's pull has the wrong sign: 2 - 0.1 * (30 - 0.25)")
wrong_value("q1_variance_after_step_with_kl", -1.05, slip="forgot the half of the KL: gradient 1 - 1/2 instead of half of that")
wrong_value("q1_variance_after_step_with_kl", -1.0, slip="left the KL's gradient out")
wrong_value("q1_variance_after_step_with_kl", 1.975, slip="the KL's gradient alone, without the reconstruction's")
wrong_value(
    "q1_variance_after_step_with_kl",
    2 - 0.1 * (30 + 0.5 * (2 - 1)),
    slip="gradient in log sigma^2, half of (sigma^2 - 1), used for sigma^2",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    2 - 0.1 * (30 + 0.5 * (1 + 0.5)),
    slip="the logarithm's derivative has the wrong sign: half of (1 + 1/2)",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    2 - 0.1 * (30 + 0.5 * (2 - 1 - math.log(2))),
    slip="added the KL's value (at mu = 0) instead of its gradient",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    2 - 0.1 * (30 + math.sqrt(2) - 1 / math.sqrt(2)),
    slip="differentiated with respect to sigma: sigma - 1/sigma",
)
wrong_value(
    "q1_variance_after_step_with_kl", -1 - 0.1 * 0.5 * (1 + 1), slip="started from the variance of the first step, -1, instead of 2"
)
wrong_value("q1_variance_after_step_with_kl", 5.025, slip="stepped along the gradient: 2 + 3.025")
right_value("q1_variance_after_step_with_kl", 2 - 0.1 * (30 + 0.5 * (1 - 1 / 2)), why="an expression")
wrong_value("q1_choice", "A", slip="a negative sigma^2 is no variance: the very next forward pass fails")
wrong_value("q1_choice", "B", slip="the KL pulls towards 1 from both sides; here it pushes sigma^2 further down")
wrong_value("q1_choice", "D", slip="log sigma^2 makes every step allowed, not short")
right_value("q1_choice", "C", why="exp makes every real number a variance")
