"""Answers to this question by somebody who knew the prompts alone. They are not to be mended, and no hint is to be made for one of them."""

from autograder.authoring import foreign_right as right, foreign_wrong as wrong


# ---- train_step, wrong ----------------------------------------------------------------------------------------------
@wrong("train_step", slip="the old gradients are never cleared: they add up")
def never_cleared(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="gradients are cleared between backward and step, so the optimizer gets none")
def cleared_too_late(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="gradients are cleared only after the step: those of an earlier batch are still in the first one")
def cleared_after_step(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="only the encoder's gradients are cleared")
def only_encoder_cleared(model, optimizer, x, beta=1.0):
    model.train()
    model.encoder.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the step comes before the backward pass: it uses no gradient, or an old one")
def step_before_backward(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.step()
    loss.backward()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="optimizer.step() is missing")
def no_step(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="model.train() is missing: a model that arrives in evaluation mode stays in it")
def mode_as_it_came(model, optimizer, x, beta=1.0):
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="model.eval() where model.train() belongs")
def evaluation_mode(model, optimizer, x, beta=1.0):
    model.eval()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return dict(loss=loss.item(), recon=recon.item(), kl=kl.item())


@wrong("train_step", slip="only the encoder is put in training mode, the decoder is not")
def encoder_in_training_mode(model, optimizer, x, beta=1.0):
    model.encoder.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return dict(loss=loss.item(), recon=recon.item(), kl=kl.item())


@wrong("train_step", slip="training mode is set after the forward pass, which has already run in the old mode")
def training_mode_too_late(model, optimizer, x, beta=1.0):
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    model.train()
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return dict(loss=loss.item(), recon=recon.item(), kl=kl.item())


@wrong("train_step", slip="the values are computed anew after the update")
def values_after_update(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    vae_loss(logits, x, mu, logvar, beta)[0].backward()
    optimizer.step()
    with torch.no_grad():
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="a second forward pass for the report: two draws per image, and the values are not those of the step")
def second_pass_for_the_report(model, optimizer, x, beta=1.0):
    model.train()
    with torch.no_grad():
        l0, m0, v0 = model(x)
        _, recon, kl = vae_loss(l0, x, m0, v0, beta)
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss = vae_loss(logits, x, mu, logvar, beta)[0]
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="five draws of z per image, averaged; one is asked for")
def five_draws_averaged(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    parts = []
    for _ in range(5):
        logits, mu, logvar = model(x)
        parts.append(torch.stack(vae_loss(logits, x, mu, logvar, beta)))
    loss, recon, kl = torch.stack(parts).mean(0)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="two optimizer steps on the same batch")
def two_steps(model, optimizer, x, beta=1.0):
    model.train()
    for _ in range(2):
        optimizer.zero_grad()
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
        loss.backward()
        optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="step() is called twice on one gradient")
def step_twice(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="one optimizer step per image instead of one for the batch")
def one_step_per_image(model, optimizer, x, beta=1.0):
    model.train()
    tot = np.zeros(3)
    for i in range(len(x)):
        xi = x[i : i + 1]
        optimizer.zero_grad()
        logits, mu, logvar = model(xi)
        parts = vae_loss(logits, xi, mu, logvar, beta)
        parts[0].backward()
        optimizer.step()
        tot += [p.item() for p in parts]
    tot = tot / len(x)
    return {"loss": float(tot[0]), "recon": float(tot[1]), "kl": float(tot[2])}


@wrong("train_step", slip="separate steps for the reconstruction and for the KL")
def separate_steps(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    recon.backward()
    optimizer.step()
    optimizer.zero_grad()
    mu, logvar = model.encode(x)
    (beta * gaussian_kl(mu, logvar).mean()).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="tensors are returned instead of floats, and their graphs with them")
def returns_tensors(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss, "recon": recon, "kl": kl}


@wrong("train_step", slip="detached tensors are no Python floats")
def returns_detached_tensors(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    parts = vae_loss(logits, x, mu, logvar, beta)
    parts[0].backward()
    optimizer.step()
    return {k: v.detach().cpu() for k, v in zip(("loss", "recon", "kl"), parts)}


@wrong("train_step", slip="numpy arrays without axes are no Python floats")
def returns_numpy(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach().numpy(), "recon": recon.detach().numpy(), "kl": kl.detach().numpy()}


@wrong("train_step", slip="only the loss is returned")
def returns_one_float(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong("train_step", slip="a tuple instead of a dict")
def returns_tuple(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return loss.item(), recon.item(), kl.item()


@wrong("train_step", slip='other keys than "loss", "recon", "kl"')
def other_keys(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "reconstruction": recon.item(), "kl_divergence": kl.item()}


@wrong("train_step", slip='"recon" and "kl" are exchanged in the dict')
def recon_and_kl_exchanged(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, kl, recon = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the kl that is reported is beta times the KL")
def weighted_kl_in_dict(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": loss.item() - recon.item()}


@wrong("train_step", slip="multiplied by the batch size, for an epoch's average: nats per image are asked for")
def totals_of_the_batch(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    B = x.shape[0]
    return {"loss": loss.item() * B, "recon": recon.item() * B, "kl": kl.item() * B}


@wrong("train_step", slip="divided by the number of pixels: nats per image are asked for")
def per_pixel_report(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    P = logits.shape[1]
    return {"loss": loss.item() / P, "recon": recon.item() / P, "kl": kl.item() / P}


@wrong("train_step", slip="the reported loss is the ELBO, with the sign turned round")
def reports_the_elbo(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": -loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="rounded to one decimal")
def rounded_report(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    parts = vae_loss(logits, x, mu, logvar, beta)
    parts[0].backward()
    optimizer.step()
    return {k: round(v.item(), 1) for k, v in zip(["loss", "recon", "kl"], parts)}


@wrong("train_step", slip="gradients are clipped to norm 1")
def clipped_gradients(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the gradient is that of loss / B: the average is taken a second time")
def scaled_loss(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    (loss / len(x)).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="beta is not passed on")
def beta_not_passed_on(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="beta reaches the report but not the gradient: recon + kl is differentiated")
def beta_only_in_the_report(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    (recon + kl).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="beta is warmed up over the first thousand calls: the weight is beta, from the first step on")
def warm_up_of_beta(model, optimizer, x, beta=1.0, _calls=[0]):
    _calls[0] += 1
    weight = beta * min(1.0, _calls[0] / 1000)
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, weight)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the sign: (-loss).backward() climbs")
def gradient_ascent(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    (-loss).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the learning rate is lowered after each step: that is not the optimizer's own step any more")
def learning_rate_decay(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.999
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="an Adam of its own instead of the optimizer that was given")
def own_adam(model, optimizer, x, beta=1.0):
    model.train()
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
    opt.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    opt.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="plain gradient descent by hand with lr 1e-3; the optimizer is ignored")
def descent_by_hand(model, optimizer, x, beta=1.0):
    model.train()
    model.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 1e-3 * p.grad
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the optimizer's memory is wiped before each step: momentum and Adam's averages are lost")
def optimizer_state_wiped(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.state.clear()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="a copy of the model is trained, which is then thrown away")
def trains_a_copy(model, optimizer, x, beta=1.0):
    import copy

    net = copy.deepcopy(model)
    net.train()
    optimizer.zero_grad()
    logits, mu, logvar = net(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the decoder gets mu instead of a draw")
def decodes_the_mean(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    mu, logvar = model.encode(x)
    logits = model.decode(mu)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="z is detached before the decoder: the encoder hears only the KL")
def detached_z(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    mu, logvar = model.encode(x)
    z = reparameterize(mu, logvar).detach()
    logits = model.decode(z)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the encoder runs under no_grad, so it is never trained")
def frozen_encoder(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    with torch.no_grad():
        mu, logvar = model.encode(x)
    z = reparameterize(mu, logvar)
    logits = model.decode(z)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the seed is set in each step: the same noise again and again, and a global seed")
def seed_in_each_step(model, optimizer, x, beta=1.0):
    torch.manual_seed(0)
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="one z for the whole batch: the noise row is shared")
def noise_row_shared(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    mu, logvar = model.encode(x)
    eps = torch.randn(1, model.latent_dim, dtype=mu.dtype, device=mu.device)
    logits = model.decode(mu + torch.exp(0.5 * logvar) * eps)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="only the first 32 images of the batch are used")
def first_32_images(model, optimizer, x, beta=1.0):
    x = x[:32]
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="only the first image is used")
def first_image(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x[0].unsqueeze(0))
    loss, recon, kl = vae_loss(logits, x[0].unsqueeze(0), mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the pixels are divided by 255 though they lie in [0, 1] already")
def divided_by_255(model, optimizer, x, beta=1.0):
    model.train()
    x = x / 255.0
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="x is binarised in place")
def binarises_in_place(model, optimizer, x, beta=1.0):
    model.train()
    x.round_()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="a denoising autoencoder: the encoder sees x with noise added")
def denoising(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    noisy = (x + 0.1 * torch.randn_like(x)).clamp(0, 1)
    logits, mu, logvar = model(noisy)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="inputs standardised to [-1, 1] before the encoder: x is to be used as it is given")
def rescaled_to_minus_one(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(2 * x - 1)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="a sigmoid before vae_loss, which wants logits")
def sigmoid_before_the_loss(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(torch.sigmoid(logits), x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="mu and logvar are exchanged when the model's outputs are unpacked")
def outputs_unpacked_wrongly(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, logvar, mu = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="the tutorial's loss, summed over the batch: the step is B times too long and the report is no average")
def tutorial_sum_loss(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    recon = F.binary_cross_entropy_with_logits(logits, x.flatten(1), reduction="sum")
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    loss = recon + beta * kl
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="backward from recon alone: the KL is reported but not trained")
def backward_from_recon(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    recon.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="weight decay is added to the loss; the step is to be on the negative ELBO alone")
def weight_decay_added(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    penalty = sum(p.pow(2).sum() for p in model.parameters())
    (loss + 0.1 * penalty).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step", slip="the loss passes through torch.tensor(..., requires_grad=True): a new leaf, from which nothing flows back"
)
def loss_as_new_leaf(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    total = torch.tensor(loss.item(), requires_grad=True)
    total.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", slip="every gradient element is clamped to [-0.01, 0.01] before the step")
def gradient_surgery(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    for p in model.parameters():
        p.grad.clamp_(-0.01, 0.01)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


# ---- train_step, right ----------------------------------------------------------------------------------------------
@right("train_step", why="the usual order")
def usual_order(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step", why="cleared just before backward")
def cleared_before_backward(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
    return {"loss": float(loss), "recon": float(recon), "kl": float(kl)}


@right("train_step", why="gradients set to None by hand, dict by zip")
def cleared_by_hand(model, optimizer, x, beta=1.0):
    model.train(True)
    for p in model.parameters():
        p.grad = None
    out = vae_loss(*(lambda l, m, v: (l, x, m, v))(*model(x)), beta)
    out[0].backward()
    optimizer.step()
    return {name: value.item() for name, value in zip(("loss", "recon", "kl"), out)}


@right("train_step", why="model.zero_grad() clears the same gradients")
def model_zero_grad(model, optimizer, x, beta=1.0):
    model.train().zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta=beta)
    report = dict(loss=loss.item(), recon=recon.item(), kl=kl.item())
    loss.backward()
    optimizer.step()
    return report


@right("train_step", why="torch.autograd.grad, and the gradients are put into .grad")
def autograd_grad(model, optimizer, x, beta=1.0):
    model.train()
    params = list(model.parameters())
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    for p, g in zip(params, torch.autograd.grad(loss, params)):
        p.grad = g
    optimizer.step()
    return {"loss": loss.tolist(), "recon": recon.tolist(), "kl": kl.tolist()}


@right("train_step", why="a closure, which the optimizer calls once")
def with_closure(model, optimizer, x, beta=1.0):
    model.train()
    report = {}

    def closure():
        optimizer.zero_grad()
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
        loss.backward()
        report.update(loss=loss.item(), recon=recon.item(), kl=kl.item())
        return loss

    optimizer.step(closure)
    return report


@right("train_step", why="encode, draw and decode are called one by one, and z is kept as forward does")
def pieces_one_by_one(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    mu, logvar = model.encode(x)
    model.z = reparameterize(mu, logvar)
    logits = model.decode(model.z)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step", why="the loss is written inline, without vae_loss")
def inline_loss(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    B = x.size(0)
    recon = F.binary_cross_entropy_with_logits(logits, x.reshape(B, -1), reduction="sum") / B
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / B
    loss = recon + beta * kl
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step", why="two backward passes whose gradients add up: recon, then beta times KL")
def two_backward_passes(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    _, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    recon.backward(retain_graph=True)
    (beta * kl).backward()
    optimizer.step()
    r, k = recon.item(), kl.item()
    return {"loss": r + float(beta) * k, "recon": r, "kl": k}


@right("train_step", why="cleared before and after the step")
def cleared_twice(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x.detach().clone())
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step", why="gradients are switched on explicitly")
def enable_grad(model, optimizer, x, beta=1.0):
    with torch.enable_grad():
        model.train()
        optimizer.zero_grad()
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
        loss.backward()
    optimizer.step()
    return dict(zip(["loss", "recon", "kl"], torch.stack([loss, recon, kl]).tolist()))


@right("train_step", why="images are flattened before the model, which does it anyway")
def flattened_first(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    flat = x.reshape(len(x), -1)
    logits, mu, logvar = model(flat)
    loss, recon, kl = vae_loss(logits, flat, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"kl": kl.item(), "recon": recon.item(), "loss": loss.item()}


@right("train_step", why="the loss per image, averaged by hand before backward")
def per_image_losses(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    nll, kl = bernoulli_nll(logits, x), gaussian_kl(mu, logvar)
    per_image = nll + beta * kl
    per_image.backward(torch.full_like(per_image, 1 / len(x)))
    optimizer.step()
    return {"loss": per_image.mean().item(), "recon": nll.mean().item(), "kl": kl.mean().item()}


@right("train_step", why="the parameters that belong to the optimizer are cleared, group by group")
def cleared_by_groups(model, optimizer, x, beta=1.0):
    for group in optimizer.param_groups:
        for p in group["params"]:
            if p.grad is not None:
                p.grad.zero_()
    model.train()
    logits, mu, logvar = model.forward(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    torch.autograd.backward(loss)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step", why="training mode for the step, and the mode in which the model came put back afterwards")
def mode_restored_afterwards(model, optimizer, x, beta=1.0):
    was_training = model.training
    model.train()
    try:
        optimizer.zero_grad()
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
        loss.backward()
        optimizer.step()
    finally:
        model.train(was_training)
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


# ---- generate, wrong ------------------------------------------------------------------------------------------------
@wrong("generate", slip="torch.rand: uniform latents, not draws from N(0, I)")
def uniform_prior(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.rand(n, model.latent_dim, dtype=p.dtype, device=p.device)
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="uniform on [-2, 2], as in plots of the latent plane")
def uniform_square(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = 4 * torch.rand(n, model.latent_dim, dtype=p.dtype, device=p.device) - 2
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="a temperature of 0.7: N(0, 0.49 I) is not the prior")
def low_temperature(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = 0.7 * torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="the truncation trick: latents clipped to [-1, 1]")
def truncation_trick(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device).clamp(-1, 1)
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="one latent for all n images")
def one_latent_for_all(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.randn(1, model.latent_dim, dtype=p.dtype, device=p.device).expand(n, -1)
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="one number per image is repeated over the latent dimensions")
def diagonal_latents(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.randn(n, 1, dtype=p.dtype, device=p.device).repeat(1, model.latent_dim)
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="z = 0 for every image: the prior's mean, no draw")
def mean_of_the_prior(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.zeros(n, model.latent_dim, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="latents on the unit sphere")
def latents_on_the_sphere(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = F.normalize(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device), dim=1)
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="a grid of quantiles (as in Keras' figure) instead of independent draws")
def grid_of_quantiles(model, n):
    p = next(model.parameters())
    q = (torch.arange(n, dtype=torch.float64) + 0.5) / n
    z = torch.special.ndtri(q).to(p).unsqueeze(1).repeat(1, model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="antithetic latents: the second half is minus the first")
def antithetic_latents(model, n):
    p = next(model.parameters())
    half = torch.randn((n + 1) // 2, model.latent_dim, dtype=p.dtype, device=p.device)
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.cat([half, -half])[:n]))


@wrong("generate", slip="latents standardised over the n images: not independent, and NaN for n = 1")
def standardised_latents(model, n):
    p = next(model.parameters())
    z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    z = (z - z.mean(0)) / z.std(0)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="the global seed is set so that the pictures look the same each time")
def seeded_images(model, n):
    torch.manual_seed(42)
    p = next(model.parameters())
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="a generator with a fixed seed: every call returns the same images")
def fixed_generator_images(model, n):
    p = next(model.parameters())
    g = torch.Generator(device=p.device).manual_seed(0)
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, generator=g, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="logits are returned, not probabilities")
def returns_logits(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))


@wrong("generate", slip="logits cut off at 0 and 1 are no probabilities")
def clamped_logits_as_means(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)).clamp(0, 1)


@wrong("generate", slip="coin flips instead of the means")
def coin_flips(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        probs = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))
        return torch.bernoulli(probs)


@wrong("generate", slip="rounded to black and white")
def rounded_images(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))).round()


@wrong("generate", slip="the sigmoid is applied twice")
def sigmoid_applied_twice(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        out = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))
        return torch.sigmoid(out)


@wrong("generate", slip="softmax over the pixels: they would sum to one")
def softmax_over_pixels(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return F.softmax(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)), dim=-1)


@wrong("generate", slip="tanh mapped to [0, 1]: that is the sigmoid of twice the logit")
def tanh_mapped(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return (torch.tanh(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))) + 1) / 2


@wrong("generate", slip="each image is stretched to the full range from 0 to 1")
def contrast_stretched(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        out = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))
        lo, hi = out.amin(1, keepdim=True), out.amax(1, keepdim=True)
        return (out - lo) / (hi - lo + 1e-8)


@wrong("generate", slip="neither no_grad nor detach: the images drag the graph along")
def with_graph(model, n):
    p = next(model.parameters())
    z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    return torch.sigmoid(model.decode(z))


@wrong("generate", slip="only the draw is under no_grad, the decoder is not")
def no_grad_around_the_draw(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    return model.decode(z).sigmoid()


@wrong("generate", slip="requires_grad_() turned on at the end: the result asks for a gradient")
def requires_grad_result(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        out = model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)).sigmoid()
    return out.requires_grad_()


@wrong("generate", slip="requires_grad is switched off on the model and left off: it cannot be trained any more")
def freezes_the_model(model, n):
    for p in model.parameters():
        p.requires_grad_(False)
    return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="gradients are switched off globally and left off")
def gradients_off_globally(model, n):
    torch.set_grad_enabled(False)
    p = next(model.parameters())
    return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="a sigmoid is appended to the model's decoder: from then on decode() returns no logits")
def appends_a_sigmoid(model, n):
    p = next(model.parameters())
    model.decoder.append(nn.Sigmoid())
    with torch.no_grad():
        return model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))


@wrong("generate", slip="model.double() makes the caller's model float64")
def model_made_double(model, n):
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=torch.float64)
        return torch.sigmoid(model.double().decode(z))


@right("generate", why="model.float() changes a float64 model only, and the course has no other than float32")
def model_made_float(model, n):
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim)
        return torch.sigmoid(model.float().decode(z))


@wrong("generate", slip="random images are sent through the whole model: the latents come from the encoder, not from the prior")
def noise_images_through_the_model(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        x = torch.rand(n, model.num_pixels, dtype=p.dtype, device=p.device)
        logits, _, _ = model(x)
        return torch.sigmoid(logits)


@wrong("generate", slip="black images are encoded and sampled from: that is q(z | black), not the prior")
def encodes_black_images(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        mu, logvar = model.encode(torch.zeros(n, model.num_pixels, dtype=p.dtype, device=p.device))
        return torch.sigmoid(model.decode(reparameterize(mu, logvar)))


@wrong("generate", slip="the latents have size 2, whatever model.latent_dim is")
def latent_two(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, 2, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="reshaped to 8x8; (n, num_pixels) is asked for")
def reshaped_to_images(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        out = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))
    side = int(math.sqrt(model.num_pixels))
    return out[:, : side * side].view(n, 1, side, side)


@wrong("generate", slip="squeeze() drops the batch axis for n = 1")
def squeezed_single_image(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))).squeeze()


@wrong("generate", slip="returns a pair: the images and their latents")
def images_and_latents(model, n):
    p = next(model.parameters())
    z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z)), z


@wrong("generate", slip="a list of images instead of one tensor")
def list_of_images(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return [torch.sigmoid(model.decode(torch.randn(1, model.latent_dim, dtype=p.dtype, device=p.device)))[0] for _ in range(n)]


@wrong("generate", slip="the prior's exp(0) = 1 was put in as logvar: sigma is exp(0.5)")
def logvar_one(model, n):
    p = next(model.parameters())
    zeros = torch.zeros(n, model.latent_dim, dtype=p.dtype, device=p.device)
    with torch.no_grad():
        z = reparameterize(zeros, torch.ones_like(zeros))
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="an average over ten decoded draws: a mean image, not an image per draw")
def average_of_ten_images(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.randn(10, n, model.latent_dim, dtype=p.dtype, device=p.device)
        return torch.sigmoid(model.decode(z)).mean(0)


@wrong("generate", slip="the decoder's weights are changed: small ones are set to zero to get rid of the speckle")
def prunes_the_decoder(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        for w in model.decoder.parameters():
            w[w.abs() < 0.05] = 0.0
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))


@wrong("generate", slip="the latents are passed through torch.exp(0.5 * z): log-normal codes")
def log_normal_latents(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.exp(0.5 * torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))
        return torch.sigmoid(model.decode(z))


@wrong("generate", slip="inverted, 1 - p: black and white change places")
def inverted_images(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        return 1 - torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))


# ---- generate, right ------------------------------------------------------------------------------------------------
@right("generate", why="draw, decode, sigmoid")
def draw_decode_sigmoid(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
        return torch.sigmoid(model.decode(z))


@right("generate", why="detach at the end instead of no_grad")
def detached_at_the_end(model, n):
    w = model.decoder[0].weight
    z = w.new_empty(n, model.latent_dim).normal_()
    return model.decode(z).sigmoid().detach()


@right("generate", why="inference_mode")
def inference_mode(model, n):
    w = next(model.decoder.parameters())
    with torch.inference_mode():
        return model.decode(torch.randn((n, model.latent_dim), dtype=w.dtype, device=w.device)).sigmoid()


@right("generate", why="a deep copy of the decoder in evaluation mode; the caller's model keeps its mode")
def deep_copy_eval(model, n):
    import copy

    decoder = copy.deepcopy(model.decoder).eval()
    p = next(decoder.parameters())
    with torch.no_grad():
        return torch.sigmoid(decoder(torch.randn(n, model.latent_dim).to(p)))


@right("generate", why="evaluation mode for the moment, and the old mode put back")
def mode_put_back(model, n):
    was = model.training
    model.eval()
    p = next(model.parameters())
    with torch.no_grad():
        out = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))
    model.train(was)
    return out


@right("generate", why="the decoder's layers are called one by one")
def layer_by_layer(model, n):
    p = next(model.parameters())
    h = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    with torch.no_grad():
        for layer in model.decoder:
            h = layer(h)
    return torch.sigmoid(h)


@right("generate", why="functional_call with detached weights")
def functional_call(model, n):
    weights = {k: v.detach() for k, v in model.decoder.named_parameters()}
    p = next(iter(weights.values()))
    z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    return torch.func.functional_call(model.decoder, weights, (z,)).sigmoid()


@right("generate", why="image by image, stacked")
def image_by_image(model, n):
    p = next(model.parameters())
    out = []
    with torch.no_grad():
        for _ in range(n):
            z = torch.randn(model.latent_dim, dtype=p.dtype, device=p.device)
            out.append(torch.sigmoid(model.decode(z)))
    return torch.stack(out)


@right("generate", why="in chunks of at most 16")
def in_chunks(model, n):
    p = next(model.parameters())
    z = torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)
    with torch.no_grad():
        return torch.cat([torch.sigmoid(model.decode(part)) for part in z.split(16)])


@right("generate", why="the student's own sampler with mu = 0 and logvar = 0")
def own_sampler(model, n):
    p = next(model.parameters())
    zeros = torch.zeros(n, model.latent_dim, dtype=p.dtype, device=p.device)
    with torch.no_grad():
        return torch.sigmoid(model.decode(reparameterize(zeros, zeros)))


@right("generate", why="a Normal distribution object, and Bernoulli's mean")
def distribution_objects(model, n):
    p = next(model.parameters())
    zeros = torch.zeros(n, model.latent_dim, dtype=p.dtype, device=p.device)
    z = torch.distributions.Normal(zeros, torch.ones_like(zeros)).sample()
    with torch.no_grad():
        return torch.distributions.Bernoulli(logits=model.decode(z)).mean


@right("generate", why="a multivariate normal")
def multivariate_prior(model, n):
    p = next(model.parameters())
    Z = model.latent_dim
    prior = torch.distributions.MultivariateNormal(
        torch.zeros(Z, dtype=p.dtype, device=p.device), torch.eye(Z, dtype=p.dtype, device=p.device)
    )
    with torch.no_grad():
        return torch.special.expit(model.decode(prior.sample((n,))))


@right("generate", why="numpy's noise, brought to the weights' dtype")
def numpy_prior(model, n):
    p = next(model.parameters())
    z = torch.from_numpy(np.random.randn(n, model.latent_dim)).to(p)
    with torch.no_grad():
        return 1 / (1 + torch.exp(-model.decode(z)))


@right("generate", why="the sigmoid as (1 + tanh(l / 2)) / 2")
def half_tanh(model, n):
    p = next(model.parameters())
    with torch.no_grad():
        logits = model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device))
        return 0.5 * (1 + torch.tanh(0.5 * logits))


@right("generate", why="matrix products with the decoder's weights in float64, cast back at the end")
def float64_copy(model, n):
    import copy

    p = next(model.parameters())
    decoder = copy.deepcopy(model.decoder).double()
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim, dtype=torch.float64, device=p.device)
        return torch.sigmoid(decoder(z)).to(p.dtype)


@right("generate", why="requires_grad switched off for the moment and put back")
def freeze_and_thaw(model, n):
    flags = [q.requires_grad for q in model.parameters()]
    for q in model.parameters():
        q.requires_grad_(False)
    p = next(model.parameters())
    out = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim, dtype=p.dtype, device=p.device)))
    for q, flag in zip(model.parameters(), flags):
        q.requires_grad_(flag)
    return out


@right("generate", why="a decorated inner function")
def decorated_inner(model, n):
    @torch.no_grad()
    def draw():
        p = next(model.parameters())
        z = torch.randn_like(p.new_empty(n, model.latent_dim))
        return F.sigmoid(model.decoder(z))

    return draw()
