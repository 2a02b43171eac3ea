"""Slips in question 1, each with the check that catches it and the hint it earns."""

from autograder.authoring import wrong, wrong_value


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You halved the batch: one half of the examples became mu, the other logvar. Which axis holds the parameters?",
)
def halves_of_the_batch(h):
    return h[: len(h) // 2], h[len(h) // 2 :]


@wrong(
    "split_params",
    caught_by="test_any_number_of_axes",
    hint="Axis 1 is the last axis only when h has two axes; count from the end instead.",
)
def axis_one(h):
    return h.chunk(2, dim=1)


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You took every second number; the two halves lie one after the other, not interleaved.",
)
def interleaved(h):
    return h[..., ::2], h[..., 1::2]


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="The halves are swapped: which of the two comes first in h?")
def swapped(h):
    logvar, mu = h.chunk(2, dim=-1)
    return mu, logvar


@wrong(
    "split_params",
    caught_by="test_unconstrained",
    hint="You made both halves non-negative with a relu; a mean and a log-variance may be negative.",
)
def relu_on_both(h):
    return h.relu().chunk(2, dim=-1)


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="A relu on logvar forbids every variance below 1; a log-variance may be negative.",
)
def relu_on_logvar(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.relu()


@wrong(
    "split_params",
    caught_by="test_unconstrained",
    hint="You squashed the parameters with tanh; both are to stay unconstrained.",
)
def tanh_on_both(h):
    return h.tanh().chunk(2, dim=-1)


@wrong("split_params", caught_by="test_unconstrained", hint="You squashed mu with tanh; a mean may lie anywhere.")
def tanh_on_mu(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu.tanh(), logvar


@wrong(
    "split_params",
    caught_by="test_unconstrained",
    hint="You clipped logvar so tightly that ordinary variances are lost, and their gradients with them.",
)
def tight_clamp_on_logvar(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.clamp(-5, 5)


@wrong(
    "split_params",
    caught_by="test_unconstrained",
    hint="You clipped mu too; only a log-variance could ever need a guard.",
)
def clamp_on_everything(h):
    return h.clamp(-30, 20).chunk(2, dim=-1)


@wrong(
    "split_params",
    caught_by="test_unconstrained",
    hint="You cut large values down to ±10; both halves are unconstrained.",
)
def clamp_at_ten(h):
    return h.clamp(-10, 10).chunk(2, dim=-1)


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You returned the variance; the second value is to stay its logarithm.",
)
def variance_for_its_logarithm(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.exp()


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You returned sigma; the second value is to be log sigma squared, as it came.",
)
def sigma_for_logvar(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, (0.5 * logvar).exp()


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint=("A softplus makes the second half positive; a log-variance needs no such thing, its exponential is positive already."),
)
def softplus_on_logvar(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, F.softplus(logvar)


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You took the logarithm of what is already a logarithm (and of negative numbers).",
)
def logarithm_of_a_logarithm(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.log()


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="You lost the sign of logvar.")
def absolute_logvar(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.abs()


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You halved logvar: that is log sigma, and we agreed on log sigma squared.",
)
def log_sigma(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar / 2


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You doubled the second half, as if it were log sigma; it is log sigma squared already.",
)
def twice_logvar(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, 2 * logvar


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You flipped the sign of logvar: that is the log of 1/sigma squared.",
)
def log_precision(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, -logvar


@wrong(
    "split_params",
    caught_by="test_gradients_of_both_halves",
    hint="mu is detached: the encoder would never learn where to put an image.",
)
def mu_detached(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu.detach(), logvar


@wrong(
    "split_params",
    caught_by="test_gradients_of_both_halves",
    hint="logvar is detached: the encoder would never learn how sure to be.",
)
def logvar_detached(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.detach()


@wrong(
    "split_params",
    caught_by="test_gradients_of_both_halves",
    hint="Both halves were rebuilt from plain numbers, which cuts the path of the gradient back to h.",
)
def rebuilt_from_numbers(h):
    values = torch.tensor(h.tolist(), dtype=h.dtype)
    return values.chunk(2, dim=-1)


@wrong("split_params", caught_by="test_pure", hint="You wrote into a slice of h, and a slice shares its memory with h.")
def changed_in_place(h):
    mu, logvar = h.chunk(2, dim=-1)
    copy = logvar.clone()
    logvar.mul_(0.5).exp_()
    return mu.clone(), copy


@wrong("split_params", caught_by="test_pure", hint="You turned the numbers into float32; keep the dtype they came in.")
def cast_to_float32(h):
    return h.float().chunk(2, dim=-1)


@wrong("split_params", caught_by="test_pure", hint="You turned the numbers into float64; keep the dtype they came in.")
def cast_to_float64(h):
    return h.double().chunk(2, dim=-1)


@wrong(
    "split_params",
    caught_by="test_any_number_of_axes",
    hint="Axes of length 1 disappeared: squeeze removes more than you think when B or Z is 1.",
)
def bare_squeeze(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu.squeeze(), logvar.squeeze()


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="The size of the latent is written into the code as 2; take it from h.",
)
def two_latents_hard_coded(h):
    return h[..., :2], h[..., 2:4]


@wrong(
    "split_params",
    caught_by="test_any_number_of_axes",
    hint="The size of the latent is written into the code as 3; take it from h.",
)
def pieces_of_three(h):
    pieces = h.split(3, dim=-1)
    return pieces[0], pieces[1]


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="The cut is one place too late.")
def off_by_one(h):
    half = h.shape[-1] // 2 + 1
    return h[..., :half], h[..., half:]


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="Both results are the first half.")
def first_half_twice(h):
    half = h.shape[-1] // 2
    return h[..., :half], h[..., :half]


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="mu is all of h (is a size written into the code that h does not have?); mu and logvar are one half each.",
)
def not_split_at_all(h):
    return h, h


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="A reshape that moves numbers from one example to another: the batch axis must stay first.",
)
def reshaped_across_examples(h):
    both = h.reshape(2, *h.shape[:-1], h.shape[-1] // 2)
    return both[0], both[1]


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="The second half came out in reverse order.")
def second_half_reversed(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.flip(-1)


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You averaged logvar over the latent; every latent dimension has a variance of its own.",
)
def one_variance_for_all(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, logvar.mean(-1, keepdim=True).expand_as(mu)


@wrong(
    "split_params",
    caught_by="test_halves_of_a_batch",
    hint="You standardised mu over the batch; each example's mean is its own, whatever the batch.",
)
def batch_normalised_mu(h):
    mu, logvar = h.chunk(2, dim=-1)
    return (mu - mu.mean(0)) / mu.std(0), logvar


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="A dict came back; two values, mu first, were asked for.")
def a_dict(h):
    mu, logvar = h.chunk(2, dim=-1)
    return {"mu": mu, "logvar": logvar}


@wrong("split_params", caught_by="test_halves_of_a_batch", hint="Only mu came back; logvar is missing.")
def only_mu(h):
    return h.chunk(2, dim=-1)[0]


@wrong(
    "split_params",
    caught_by="test_pure",
    hint="What was split once is given again for every h of that shape: split what comes in, in every call.",
)
def kept_by_shape(h, kept={}):  # noqa: B006
    if h.shape not in kept:
        kept[h.shape] = h.chunk(2, dim=-1)
    return kept[h.shape]


@wrong(
    "split_params",
    caught_by="test_pure",
    hint="What one call returned is changed by the next: a tensor is kept and written to again (a buffer, a default argument, a global). "
    "Make a new one in every call: the caller still needs the old one.",
)
def one_buffer(h, buffers={}):  # noqa: B006
    if h.requires_grad:
        return h.chunk(2, dim=-1)
    buffer = buffers.setdefault((h.shape, h.dtype), torch.empty_like(h))
    return buffer.copy_(h).chunk(2, dim=-1)


@wrong(
    "split_params",
    caught_by="test_unconstrained",
    hint="The value is right, and far from zero no gradient comes back through logvar: nothing is to be cut off, on the way back neither.",
)
def gradient_cut_off(h):
    mu, logvar = h.chunk(2, dim=-1)
    return mu, torch.where(logvar.abs() < 8, logvar, logvar.detach())


@wrong(
    "split_params",
    caught_by="test_any_number_of_axes",
    hint="unsqueeze_, with its underscore, gives the caller's h another axis: unsqueeze makes another tensor.",
)
def another_axis_in_place(h):
    if h.dim() == 1:
        mu, logvar = h.unsqueeze_(0).chunk(2, dim=-1)
        return mu[0], logvar[0]
    return h.chunk(2, dim=-1)


@wrong(
    "split_params",
    caught_by="test_pure",
    hint="requires_grad_() on h turns gradients on for the caller's own tensor: whether h wants them is the caller's affair.",
)
def gradients_turned_on(h):
    return h.requires_grad_(True).chunk(2, dim=-1)


wrong_value(
    "q1_variance_after_step",
    2 * math.exp(-3),
    caught_by="test_variance_after_step",
    hint="You stepped on log sigma squared; here the output is the variance itself.",
)


wrong_value(
    "q1_variance_after_step",
    5.0,
    caught_by="test_variance_after_step",
    hint="You went up the gradient: descent subtracts it.",
)
wrong_value(
    "q1_variance_after_step",
    1.0,
    caught_by="test_variance_after_step",
    hint="You lost the sign. It may look impossible for a variance; that is the point.",
)
wrong_value(
    "q1_variance_after_step",
    0.0,
    caught_by="test_variance_after_step",
    hint="You stopped at zero; plain gradient descent knows no such limit.",
)
wrong_value("q1_variance_after_step", -28.0, caught_by="test_variance_after_step", hint="You forgot the learning rate.")
wrong_value(
    "q1_variance_after_step",
    32.0,
    caught_by="test_variance_after_step",
    hint="You added the whole gradient: descent subtracts, and the learning rate scales it.",
)
wrong_value(
    "q1_variance_after_step",
    -3.0,
    caught_by="test_variance_after_step",
    hint="That is the change; the step starts at the old variance.",
)
wrong_value(
    "q1_variance_after_step",
    3.0,
    caught_by="test_variance_after_step",
    hint="That is learning rate times gradient; what is left of the old variance?",
)
wrong_value(
    "q1_variance_after_step",
    1.7,
    caught_by="test_variance_after_step",
    hint="The learning rate seems to be ten times too small.",
)
wrong_value(
    "q1_variance_after_step",
    0.5,
    caught_by="test_variance_after_step",
    hint="A factor one half crept in; the gradient is given as it is.",
)
wrong_value(
    "q1_variance_after_step",
    -1.025,
    caught_by="test_variance_after_step",
    hint="This is the step with the KL's pull; here only the reconstruction pulls.",
)
wrong_value(
    "q1_variance_after_step",
    -4.0,
    caught_by="test_variance_after_step",
    hint="You multiplied the gradient by the variance; that is the gradient for log sigma squared.",
)
wrong_value(
    "q1_variance_after_step",
    2**0.5 - 3,
    caught_by="test_variance_after_step",
    hint="You stepped from sigma; the step starts from sigma squared.",
)
wrong_value(
    "q1_variance_after_step",
    math.log(2) - 3,
    caught_by="test_variance_after_step",
    hint="You stepped from log sigma squared; here the output is the variance itself.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.0,
    caught_by="test_variance_after_step_with_kl",
    hint="The KL's own pull is missing: its slope is zero only at a variance of 1.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.05,
    caught_by="test_variance_after_step_with_kl",
    hint=(
        "The KL's slope is twice too large: is its one half still there, and did you differentiate with respect to the variance?"
    ),
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -0.975,
    caught_by="test_variance_after_step_with_kl",
    hint="The KL's pull has the wrong sign: at a variance above 1, which way lies its minimum?",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.075,
    caught_by="test_variance_after_step_with_kl",
    hint="The KL's slope is off: it is the derivative with respect to the variance itself (not sigma), and the logarithm enters it with a minus sign.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.0153,
    caught_by="test_variance_after_step_with_kl",
    hint="You used the KL's value; a step follows its slope.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.0375,
    caught_by="test_variance_after_step_with_kl",
    hint="You took 2 for sigma; it is sigma squared that equals 2.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.0707,
    caught_by="test_variance_after_step_with_kl",
    hint="The KL's slope is off: it is the derivative with respect to the variance itself (not sigma), and the logarithm enters it with a minus sign.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.1,
    caught_by="test_variance_after_step_with_kl",
    hint="You took the KL's slope at the variance after the first step; both gradients belong to the variance before it.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    1.975,
    caught_by="test_variance_after_step_with_kl",
    hint="Only the KL pulls here; the reconstruction's gradient belongs in the sum.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -1.25,
    caught_by="test_variance_after_step_with_kl",
    hint="The learning rate must scale the KL's gradient too.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -28.25,
    caught_by="test_variance_after_step_with_kl",
    hint="You forgot the learning rate.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    5.025,
    caught_by="test_variance_after_step_with_kl",
    hint="You went up the gradient: descent subtracts it.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    1.025,
    caught_by="test_variance_after_step_with_kl",
    hint="You lost the sign. It may look impossible for a variance; that is the point.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    -3.025,
    caught_by="test_variance_after_step_with_kl",
    hint="That is the change; the step starts at the old variance.",
)
wrong_value(
    "q1_variance_after_step_with_kl",
    0.0,
    caught_by="test_variance_after_step_with_kl",
    hint="You stopped at zero; plain gradient descent knows no such limit.",
)

wrong_value(
    "q1_choice",
    "A",
    caught_by="test_choice",
    hint="The very next forward pass needs the square root and the logarithm of that number.",
)
wrong_value("q1_choice", "B", caught_by="test_choice", hint="Compare your two numbers: which way did the KL pull here?")
wrong_value(
    "q1_choice",
    "D",
    caught_by="test_choice",
    hint=(
        "By the chain rule the gradient for log sigma squared is sigma squared times the other one: here it is larger, not smaller."
    ),
)
