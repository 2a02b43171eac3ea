"""The loss against the student's own two parts, composed here; and identities that hold whatever those parts are.

Every input is random (from rng) but every check is exact: there is no probability of failing a right answer.

Who misses the idea gets a third at most: manners, weights and averages count only for a loss that is right and pulls.
"""

import math

import torch
from torch import Tensor

from autograder.authoring import LEANED_ON, expect, points

F64 = torch.float64
NAMES = ("loss", "recon", "kl")
SOME = slice(None), slice(1), slice(1, None)  # of a batch: all, its first example, the others
CONSTANTS = 1e-6  # a constant such as log 2, made in float32, is off by up to 6e-8: ordinary code, in float64 too


def _batch(rng, B: int, image: tuple[int, ...], Z: int, dtype: torch.dtype = F64) -> tuple[Tensor, ...]:
    """logits (B, P), x (B, *image), mu and logvar (B, Z); the first code costs two nats or more, the last one hardly anything."""
    P = math.prod(image)
    logits, x = 2 * torch.randn(B, P, generator=rng, dtype=F64), torch.rand(B, *image, generator=rng, dtype=F64)
    mu, logvar = torch.randn(B, Z, generator=rng, dtype=F64), torch.randn(B, Z, generator=rng, dtype=F64)
    # One code is dear in every batch and one is cheap, or a cap on the KL, or a floor under it, would be met by chance.
    mu[0] += 2 * mu[0].sign()
    mu[-1], logvar[-1] = 0.1 * mu[-1], 0.1 * logvar[-1]
    return logits.to(dtype), x.to(dtype), mu.to(dtype), logvar.to(dtype)


def _three(value: object, dtype: torch.dtype | None = None) -> tuple[Tensor, ...]:
    parts = expect.parts(value, 3, "loss, recon and kl")
    return tuple(
        expect.tensor(part, (), f"the {name} of the whole batch", dtype=dtype) for part, name in zip(parts, NAMES, strict=True)
    )


def _recon(bernoulli_nll, logits: Tensor, x: Tensor) -> Tensor:
    return expect.usable(bernoulli_nll(logits, x), logits.shape[:1], "bernoulli_nll").mean()


def _kl(gaussian_kl, mu: Tensor, logvar: Tensor) -> Tensor:
    return expect.usable(gaussian_kl(mu, logvar), mu.shape[:1], "gaussian_kl").mean()


def _right(vae_loss, gaussian_kl, bernoulli_nll, rng, dtype: torch.dtype = F64) -> None:
    """Fail unless the loss of a random batch is right, and so is its pull: nothing else earns points without that."""
    logits, x, mu, logvar = _batch(rng, 3, (6,), 2, dtype)
    inputs = {name: value.requires_grad_() for name, value in (("logits", logits), ("mu", mu), ("logvar", logvar))}
    want = _recon(bernoulli_nll, logits, x) + 2 * _kl(gaussian_kl, mu, logvar)
    wanted = _own_gradients(want, inputs)
    loss, _, _ = _three(vae_loss(logits, x, mu, logvar, beta=2.0))
    expect.close(loss, want, "the loss", rtol=1e-3)
    for name, grad in expect.gradients(loss, inputs, "the loss").items():
        expect.close(grad, wanted[name], f"the gradient of the loss with respect to {name}", rtol=1e-3, atol=1e-5)


def _kinds_of_codes(rng):
    """mu and logvar of usual codes; of a single latent; of codes next to the prior, whose KL no floor may raise; and of many extreme latents."""
    for Z, spread, shift in ((3, 1.0, 0.0), (1, 1.0, 0.0), (4, 1e-2, 0.0), (160, 1.0, 4.0), (160, 1.0, -6.0)):
        mu, logvar = torch.randn(2, 5, Z, generator=rng, dtype=F64)
        yield spread * mu, spread * logvar + shift
    yield torch.zeros(5, 3, dtype=F64), torch.tensor([-30.0, -12.0, 0.0, 6.0, 12.0], dtype=F64)[:, None].repeat(1, 3)


@points(1.25, kept="a right recon earns its points where kl is wrong; the public check asks for both, and only for flat x")
def test_recon(vae_loss, bernoulli_nll, rng):
    """recon is summed over the pixels and averaged over the batch, for flat and for image-shaped x, whatever beta is."""
    for image in ((12,), (3, 2, 4), (1, 5, 7), (1,), (1, 1, 1)):
        logits, x, mu, logvar = _batch(rng, 5, image, 2)
        want = _recon(bernoulli_nll, logits, x)
        _, recon, _ = _three(vae_loss(logits, x, mu, logvar, beta=0.5))
        expect.close(recon, want, "recon, for flat x" if len(image) == 1 else "recon, for image-shaped x")


@points(1.25, kept="a right kl earns its points where recon is wrong; the public check asks for both, and only at beta = 1")
def test_kl(vae_loss, gaussian_kl, rng):
    """kl is the batch average of gaussian_kl, with its own sign and without the weight, whatever beta is."""
    logits, x, _, _ = _batch(rng, 5, (7,), 3)
    for mu, logvar in _kinds_of_codes(rng):
        for beta, dtype in ((1.0, F64), (4.0, torch.float32), (0.0, F64)):
            codes = mu.to(dtype), logvar.to(dtype)
            _, _, kl = _three(vae_loss(logits.to(dtype), x.to(dtype), *codes, beta=beta))
            what = "kl, whatever its weight" if beta == 1 else "kl, where its weight is not the default"
            expect.close(kl, _kl(gaussian_kl, *codes), what)


@points(1)
def test_weight(vae_loss, gaussian_kl, bernoulli_nll, rng):
    """The loss is recon + beta · kl, for every beta that can be asked for and for the default of 1."""
    _right(vae_loss, gaussian_kl, bernoulli_nll, rng)
    logits, x, mu, logvar = _batch(rng, 3, (8,), 2)
    default, recon, kl = _three(vae_loss(logits, x, mu, logvar))
    expect.true(recon.item() != 0 and kl.item() != 0, "recon or kl is zero for a random batch")
    other = _three(vae_loss(*_batch(rng, 3, (8,), 2)))
    expect.true(other[1].item() != recon.item() and other[2].item() != kl.item(), "recon or kl does not depend on the batch")
    expect.close(default, recon + kl, "the loss at the default beta")
    for beta in (0.0, 0.5, 1.0, 4.0):
        loss, recon, kl = _three(vae_loss(logits, x, mu, logvar, beta=beta))
        expect.close(loss, recon + beta * kl, "the loss where the KL has weight" if beta else "the loss where the KL has no weight")
    by_position = _three(vae_loss(logits, x, mu, logvar, 4.0))
    expect.close(by_position[0], loss, "the loss with beta as the fifth argument")
    logits, x, mu, logvar = _batch(rng, 3, (400,), 2)
    loss, recon, kl = _three(vae_loss(4 * logits, x, 90 * mu.sign(), logvar, beta=2.0))
    expect.close(loss, recon + 2 * kl, "a loss of many thousand nats")


@points(2, kept=LEANED_ON)
def test_gradients(vae_loss, gaussian_kl, bernoulli_nll, rng):
    """The loss pulls the decoder's logits and the encoder's mu and logvar, each as strongly as its part and beta say."""
    names = ("logits", "mu", "logvar")
    for beta, spread in ((0.5, 1.0), (4.0, 1.0), (1.0, 1e-2)):  # next to the prior the KL pulls gently, but it pulls
        logits, x, mu, logvar = _batch(rng, 4, (9,), 3)
        mu, logvar = spread * mu, spread * logvar
        inputs = {name: value.requires_grad_() for name, value in zip(names, (logits, mu, logvar), strict=True)}
        want = _recon(bernoulli_nll, logits, x) + beta * _kl(gaussian_kl, mu, logvar)
        wanted = _own_gradients(want, inputs)
        loss = expect.parts(vae_loss(logits, x, mu, logvar, beta=beta), 3, "loss, recon and kl")[0]
        loss = expect.tensor(loss, (), "the loss of the whole batch")
        grads = expect.gradients(loss, inputs, "the loss")
        rtol = expect.RTOL.get(loss.dtype)  # a float32 loss is the dtype check's business
        for name in names:
            expect.close(grads[name], wanted[name], f"the gradient of the loss with respect to {name}", rtol=rtol)


def _own_gradients(want: Tensor, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """The gradients of the composed loss; an earlier function that passes none on cannot be leaned on."""
    grads: dict[str, Tensor | None] = {}
    if want.requires_grad:
        try:
            grads = dict(zip(inputs, torch.autograd.grad(want, list(inputs.values()), allow_unused=True), strict=True))
        except RuntimeError:  # in a notebook the backward pass of their function runs here
            raise expect.Unusable("gaussian_kl", "cannot be differentiated") from None
    for name in inputs:
        if grads.get(name) is None or not torch.isfinite(grads[name]).all():
            owner = "bernoulli_nll" if name == "logits" else "gaussian_kl"
            raise expect.Unusable(owner, f"passes no usable gradient on to {name}")
    return grads


@points(1)
def test_very_sure_decoder(vae_loss, bernoulli_nll, rng):
    """A decoder that is very sure, rightly or wrongly, gets the right finite recon and gradient, also in float32."""
    _, x, mu, logvar = _batch(rng, 4, (6,), 2, torch.float32)
    logits = 200 * torch.tensor([1.0, -1.0, 1.0, -1.0])[:, None].expand(4, 6).contiguous()
    x[0], x[1], x[2], x[3] = 1, 0, 0, 1  # surely right, twice; surely wrong, twice
    x[:, 3:] = torch.rand(4, 3, generator=rng)  # and grey pixels
    logits[:, 5] = 30 * logits[:, 5].sign()
    logits.requires_grad_()
    want = _recon(bernoulli_nll, logits, x)
    wanted = _own_gradients(want, {"logits": logits})["logits"]
    loss, recon, _ = _three(vae_loss(logits, x, mu, logvar))
    expect.close(recon, want, "recon, when the decoder is very sure")
    expect.close(
        expect.gradients(loss, {"logits": logits}, "the loss")["logits"], wanted, "the gradient, when the decoder is very sure"
    )


@points(0.75)
def test_averages_over_the_batch(vae_loss, gaussian_kl, bernoulli_nll, rng):
    """A batch with every example twice has the same loss, and the loss of a batch is the mean of its examples' losses."""
    _right(vae_loss, gaussian_kl, bernoulli_nll, rng)
    batch = _batch(rng, 3, (12,), 4)
    values = _three(vae_loss(*batch))
    twice = _three(vae_loss(*(torch.cat([value, value]) for value in batch)))
    alone = [_three(vae_loss(*(value[i : i + 1] for value in batch))) for i in range(3)]
    logits, x, mu, logvar = _batch(rng, 40, (12,), 4)
    logits[0], mu[0], x[3], x[5] = 25 * logits[0].sign(), 10 * mu[0], 0, 1  # far from the others; and a blank image and a full one
    x[0] = (logits[0] < 0).double()  # 25 nats for each pixel
    whole, odd, rest = (_three(vae_loss(*(value[some] for value in (logits, x, mu, logvar)))) for some in SOME)
    for i, name in enumerate(NAMES):
        together = (odd[i].double() + 39 * rest[i].double()) / 40
        expect.close(whole[i].double(), together, f"the {name} of a batch in which one example is unlike the others", rtol=1e-6)
    for i, name in enumerate(NAMES):
        expect.close(twice[i], values[i], f"the {name} of a batch with every example twice")
        single = torch.stack([one[i] for one in alone])
        expect.true((single != single[0]).any(), f"the {name} does not depend on the example")
        expect.close(
            single.double().mean(), values[i], f"the mean of the {name} of single examples", rtol=expect.RTOL.get(single.dtype)
        )


@points(0.75)
def test_keeps_dtype_and_inputs(vae_loss, gaussian_kl, bernoulli_nll, rng):
    """float32 in, float32 out, float64 likewise; the inputs come back as they were, and the same inputs give the same loss."""
    for dtype in (torch.float32, F64):
        _right(vae_loss, gaussian_kl, bernoulli_nll, rng, dtype)
        batch = _batch(rng, 4, (10,), 3, dtype)
        reports = [vae_loss.report(*inputs, beta=2.0) for inputs in (batch, batch, _batch(rng, 4, (10,), 3, dtype))]
        logits, x, mu, logvar = _batch(rng, 4, (10,), 3, dtype)
        codes = (20 * mu).requires_grad_(), (12 * logvar).requires_grad_()  # beyond what anybody's guard lets pass
        far_out = vae_loss.report((40 * logits).requires_grad_(), x.round(), *codes, beta=2.0)
        for report in (*reports, far_out):
            expect.pure(report.changed)
        first, again, other = (_three(report.value, dtype) for report in reports)
        sums = torch.stack([first[1] + weight * first[2] for weight in (1, 2)])  # another check asks which of them
        expect.true(torch.isclose(sums, first[0], rtol=1e-4).any(), "the loss has nothing to do with recon and kl")
        expect.close(again[0], first[0], "a second call with the same inputs")
        looked_at = _three(vae_loss.without_gradients(*batch, 2.0), dtype)
        for name, value, want in zip(NAMES, looked_at, first, strict=True):
            expect.close(value, want, f"the {name} where no gradient is recorded")
        # Two random losses may well be equal in float32, but not in float64.
        expect.true(dtype != F64 or other[0].item() != first[0].item(), "the loss does not depend on the batch")


@points(1.5, kept=LEANED_ON)
def test_bits_per_dimension(elbo_to_bpd, rng):
    """A negative ELBO in nats becomes bits, spread over any number of dimensions.

    The truth is a coding argument: n nats tell e^n things apart, and b bits per dimension tell 2^(b·D) apart.
    """
    for dims in (1, 12, 64, 784, 3072):
        bits = 8 * torch.rand(5, generator=rng, dtype=F64)
        nelbo = dims * torch.log(2**bits)
        value = expect.tensor(elbo_to_bpd(nelbo, dims), (5,), "one number for each example")
        expect.close(value, bits, "bits per dimension", rtol=CONSTANTS)


def _right_bits(elbo_to_bpd, rng):
    nelbo = 10 + 90 * torch.rand(3, generator=rng, dtype=F64)
    value = expect.tensor(elbo_to_bpd(nelbo, 20), (3,), "one number for each example")
    expect.close(value, torch.log2(nelbo.exp()) / 20, "bits per dimension", rtol=1e-3)


@points(1)
def test_bpd_of_any_batch(elbo_to_bpd, rng):
    """Each example has bits per dimension of its own: in a batch of one, below zero, in float32, in the gradient."""
    _right_bits(elbo_to_bpd, rng)
    nelbo = 100 * torch.randn(6, generator=rng, dtype=F64)
    nelbo[0] = -nelbo[0].abs()  # the ELBO of a density may be positive
    report, other = elbo_to_bpd.report(nelbo, 10), elbo_to_bpd.report(nelbo.flip(0), 10)
    for each in (report, other):
        expect.pure(each.changed)
    value = expect.tensor(report.value, (6,), "one number for each example")
    looked_at = expect.tensor(elbo_to_bpd.without_gradients(nelbo, 10), (6,), "one number for each example")
    expect.close(looked_at, value, "bits per dimension where no gradient is recorded")
    expect.true((value.sign() == nelbo.sign()).all(), "the sign of an example got lost")
    expect.true((value != value[0]).any(), "the result does not depend on the example")
    expect.true((value.abs() < nelbo.abs() / 2).all(), "the nats were not spread over the dimensions")
    one = expect.tensor(elbo_to_bpd(nelbo[:1], 10), (1,), "one number for a batch of one")
    expect.close(one, value[:1], "the bits per dimension of an example on its own")
    expect.tensor(elbo_to_bpd(nelbo.float(), 10), (6,), "one number for each example", dtype=torch.float32)
    nelbo.requires_grad_()
    value = expect.tensor(elbo_to_bpd(nelbo, 10), (6,), "one number for each example", dtype=F64)
    grad = expect.gradients(value, {"nelbo": nelbo}, "the bits per dimension")["nelbo"]
    expect.close(grad, (value / nelbo).detach(), "the gradient with respect to nelbo", rtol=CONSTANTS)
