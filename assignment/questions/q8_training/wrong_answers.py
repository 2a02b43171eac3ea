from autograder.authoring import wrong

# What is said of slips that do the same in all that a check can see.
STILL = (
    "The weights do not move: optimizer.step() is missing, or when it comes it finds no gradient on them "
    "(cleared after backward(), not there yet, or of something else)."
)
FLAGS = "requires_grad of some weights is not what it was: torch.no_grad() needs no such switch, and leaves none behind."
MODE = "The batch does not go through the whole model in training mode: that is set for all of it, before the forward pass."

# What becomes of the gradients


@wrong(
    "train_step",
    caught_by="test_old_gradients_are_forgotten",
    hint="backward() adds to the gradients it finds: the last batch's are still there.",
)
def no_zero_grad(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_old_gradients_are_forgotten",
    hint="Gradients are cleared only after the step: whatever was there before the call still takes part in it.",
)
def zero_grad_at_the_end(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_train_step_learns",
    hint="The optimizer finds no gradient: were they cleared after backward(), or was the loss a plain float before it?",
    idea=STILL,
)
def zero_grad_before_the_step(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The gradients are there, but the optimizer is never asked to use them.",
    idea=STILL,
)
def no_step(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_train_step_learns", hint="Nothing computes the gradients: the optimizer steps with none.")
def no_backward(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_old_gradients_are_forgotten",
    hint="The optimizer steps before this batch's gradients exist, so each step follows the batch before.",
)
def step_before_backward(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The gradient is doubled: backward() runs twice and adds up, or the loss was multiplied.",
)
def backward_twice(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward(retain_graph=True)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step", caught_by="test_one_step_of_sgd", hint="One call is one step, and the optimizer takes two with the same gradient."
)
def two_steps(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="One call is one step on one draw of z; this is a small training loop.")
def a_loop_of_three_steps(model, optimizer, x, beta=1.0):
    model.train()
    for _ in range(3):
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="Recomputing from zeroed gradients between the two terms leaves only the KL's share.",
)
def zero_grad_between_the_terms(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    recon.backward(retain_graph=True)
    optimizer.zero_grad()
    (beta * kl).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_large_gradients_are_left_alone",
    hint="The gradient's norm is clipped; this step should be the optimizer's own.",
)
def clipped_norm(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 150.0)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_large_gradients_are_left_alone",
    hint="Each number of the gradient is clipped; this step should be the optimizer's own.",
)
def clipped_values(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(model.parameters(), 50.0)
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_large_gradients_are_left_alone",
    hint="The loss is capped: where it is large, no gradient is left at all.",
)
def capped_loss(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.clamp(max=500.0).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="The gradient is scaled to norm 1, so every step is equally long.")
def normalized_gradient(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
    for p in model.parameters():
        p.grad /= norm
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="Only the decoder is trained: the encoder ran where no gradient is recorded.",
)
def encoder_without_gradient(model, optimizer, x, beta=1.0):
    model.train()
    with torch.no_grad():
        mu, logvar = model.encode(x)
        z = reparameterize(mu, logvar)
    loss, recon, kl = vae_loss(model.decode(z), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The forward pass ran where no gradient is recorded, so there is nothing to go back through.",
)
def everything_without_gradient(model, optimizer, x, beta=1.0):
    model.train()
    with torch.no_grad():
        logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="z was detached, so the reconstruction cannot teach the encoder: the trick is undone.",
)
def detached_latent(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    z = reparameterize(mu, logvar).detach()
    loss, recon, kl = vae_loss(model.decode(z), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="sigma was detached: the reconstruction can move the means but not the widths.",
)
def detached_sigma(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    logits = model.decode(reparameterize(mu, logvar.detach()))
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="A new Adam is made at each call: the optimizer passed in, and its memory, are ignored.",
)
def a_new_adam_each_time(model, optimizer, x, beta=1.0):
    optimizer = torch.optim.Adam(model.parameters(), lr=optimizer.param_groups[0]["lr"])
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="The update is written out by hand as plain SGD: momentum, Adam and weight decay are lost.",
)
def sgd_by_hand(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= optimizer.param_groups[0]["lr"] * p.grad
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The learning rate is a number of its own; the optimizer already knows one.",
)
def a_learning_rate_of_its_own(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 1e-3 * p.grad
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="The optimizer's memory is wiped at each call, so momentum never builds up.",
)
def optimizer_without_memory(model, optimizer, x, beta=1.0):
    optimizer.state.clear()
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="The learning rate shrinks with every call; a schedule is not this function's business.",
)
def a_decaying_learning_rate(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for group in optimizer.param_groups:
        group["lr"] *= 0.9
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


# Which loss goes down


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="Only the reconstruction is trained: the KL was left out of backward(), or was computed from detached numbers.",
)
def reconstruction_only(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    recon.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="Only the KL is trained: nothing asks the codes to carry the image.")
def kl_only(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    (beta * kl + 0 * recon).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The sign is turned twice: the loss is already the negative ELBO, and this step makes it larger.",
)
def ascent(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The loss is divided by the batch size once more: it is an average already.",
)
def divided_by_the_batch_again(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    (loss / x.shape[0]).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The loss is multiplied by the batch size: its unit here is nats per image.",
)
def summed_over_the_batch(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    (loss * x.shape[0]).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The loss is divided by the number of pixels; this step is on nats per image.",
)
def divided_by_the_pixels(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    (loss / model.num_pixels).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The loss is squared before backward(): its gradient is then 2 times the loss too long.",
)
def squared_loss(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.square().backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="A penalty on the weights has been added to the loss; nobody asked for one.",
)
def a_weight_penalty(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    (loss + 0.1 * sum(p.square().sum() for p in model.parameters())).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_beta_reaches_the_loss", hint="beta is accepted but never passed on to the loss.")
def beta_not_passed_on(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_beta_reaches_the_loss", hint="beta is applied twice: vae_loss has weighted the KL already.")
def beta_twice(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta**2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_beta_reaches_the_loss", hint="beta weighs the reconstruction here; it belongs to the KL.")
def beta_on_the_reconstruction(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    _, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss = beta * recon + kl
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_beta_reaches_the_loss",
    hint="beta multiplies the whole loss, so the balance of the two terms never changes.",
)
def beta_on_everything(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar)
    loss = beta * loss
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_beta_reaches_the_loss",
    hint="A beta of 0 counts as 'not given' here, because 0 is false; it should switch the KL off.",
)
def zero_beta_taken_for_none(model, optimizer, x, beta=None):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta or 1.0)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step", caught_by="test_beta_reaches_the_loss", hint="beta is kept at 1 or less; a larger one is allowed and has its use."
)
def beta_at_most_one(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, min(beta, 1.0))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step", caught_by="test_beta_reaches_the_loss", hint="The default of beta is not 1, so without it this is not the ELBO."
)
def another_default_beta(model, optimizer, x, beta=0.5):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


# What goes into the loss


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="The decoder is fed the mean instead of a draw of z: no noise, no trick, no VAE.",
)
def means_for_latents(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    loss, recon, kl = vae_loss(model.decode(mu), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="z is drawn from the prior, so it knows nothing about the image it should explain.",
)
def latents_from_the_prior(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    logits = model.decode(torch.randn_like(mu))
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="A seed is set inside the step, so every step sees the same noise.",
)
def seeded_step(model, optimizer, x, beta=1.0):
    torch.manual_seed(0)
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="z is drawn twice over, with fresh noise on top of a noisy latent: it scatters too widely.",
)
def noise_on_noise(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    z = reparameterize(reparameterize(mu, logvar), logvar)
    loss, recon, kl = vae_loss(model.decode(z), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The decoder's logits went through a sigmoid before the loss, which takes logits and squashes them again.",
)
def sigmoid_before_the_loss(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(torch.sigmoid(logits), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="mu and logvar change places on the way to the loss.")
def mu_and_logvar_swapped(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, logvar, mu, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The decoder's output and the image change places in the loss: the logits are what is predicted.",
)
def logits_and_image_swapped(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(x.reshape(logits.shape), logits, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The KL comes from a different pass than the reconstruction, on the model's own output.",
)
def kl_of_the_reconstruction(model, optimizer, x, beta=1.0):
    model.train()
    logits, _, _ = model(x)
    mu, logvar = model.encode(torch.sigmoid(logits))
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="Each image is compared with the reconstruction of another one.")
def compared_with_another_image(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x.roll(1, 0), mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="Only half of the batch is used.")
def half_of_the_batch(model, optimizer, x, beta=1.0):
    model.train()
    x = x[: (len(x) + 1) // 2]
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="The last image of the batch is left out.")
def without_the_last_image(model, optimizer, x, beta=1.0):
    model.train()
    x = x[:-1]
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The pixels are rounded to 0 and 1; the batch should be used as it is given.",
)
def rounded_pixels(model, optimizer, x, beta=1.0):
    model.train()
    x = x.round()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="The pixels are divided by 255 although they lie in [0, 1] already.")
def divided_by_255(model, optimizer, x, beta=1.0):
    model.train()
    x = x / 255
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The image is normalized before the encoder sees it; the batch should be used as it is given.",
)
def normalized_input(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model((x - x.mean()) / x.std())
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_train_step_learns",
    hint="The caller's batch is overwritten: an operation that ends in an underscore works in place.",
)
def batch_changed_in_place(model, optimizer, x, beta=1.0):
    model.train()
    x.mul_(0.5)
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The caller's images are flattened in place: they come back in another shape.",
)
def batch_flattened_in_place(model, optimizer, x, beta=1.0):
    x.resize_(x.shape[0], x[0].numel())
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="The image is cast to float32, and a float64 model cannot take it.")
def cast_to_float32(model, optimizer, x, beta=1.0):
    model.train()
    x = x.float()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="The number of pixels is hard-coded; the model knows its own.")
def sixty_four_pixels(model, optimizer, x, beta=1.0):
    model.train()
    x = x.reshape(-1, 64)
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


# The mode


@wrong(
    "train_step",
    caught_by="test_training_mode",
    hint="The mode is never set, so a model that was last evaluated is trained in evaluation mode.",
    idea=MODE,
)
def mode_never_set(model, optimizer, x, beta=1.0):
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_training_mode",
    hint="Training mode is switched on only after the batch has gone through the model.",
    idea=MODE,
)
def mode_set_too_late(model, optimizer, x, beta=1.0):
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    model.train()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


# What is reported


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="The dict holds tensors or arrays where plain floats belong: .item() takes the number out, and leaves the graph behind.",
)
def tensors_in_the_dict(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss, "recon": recon, "kl": kl}


@wrong(
    "train_step", caught_by="test_reported_values", hint="Detached tensors are still tensors; the dict should hold plain floats."
)
def detached_tensors_in_the_dict(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.detach().float(), "recon": recon.detach().float(), "kl": kl.detach().float()}


@wrong(
    "train_step", caught_by="test_reported_values", hint="These are the values after the step; the ones before it were asked for."
)
def values_from_after_the_step(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    optimizer.zero_grad()
    vae_loss(logits, x, mu, logvar, beta)[0].backward()
    optimizer.step()
    with torch.no_grad():
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_reported_values", hint="Reconstruction and KL change places in the dict.")
def reported_the_wrong_way_round(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, kl, recon = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step", caught_by="test_reported_values", hint="The KL is reported with beta in it; it should be the KL itself, in nats."
)
def weighted_kl_reported(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": beta * kl.item()}


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="The loss is reported without beta; it should be the number that was minimized.",
)
def loss_reported_without_beta(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": recon.item() + kl.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_reported_values", hint="The ELBO itself is reported; the loss is its negative.")
def elbo_reported(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": -loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step", caught_by="test_reported_values", hint="The values are reported for the whole batch; the unit is nats per image."
)
def batch_totals_reported(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    n = len(x)
    return {"loss": n * loss.item(), "recon": n * recon.item(), "kl": n * kl.item()}


@wrong("train_step", caught_by="test_reported_values", hint="The values are reported per pixel; the unit is nats per image.")
def values_per_pixel(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    pixels = logits.shape[1]
    return {"loss": loss.item() / pixels, "recon": recon.item() / pixels, "kl": kl.item() / pixels}


@wrong("train_step", caught_by="test_reported_values", hint="The values are reported in bits; everything here is in nats.")
def bits_reported(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item() / math.log(2), "recon": recon.item() / math.log(2), "kl": kl.item() / math.log(2)}


@wrong("train_step", caught_by="test_reported_values", hint="The values are rounded away; keep all their digits.")
def rounded_values(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": round(loss.item(), 1), "recon": round(recon.item(), 1), "kl": round(kl.item(), 1)}


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="What is reported is the loss at z = mu; the step was taken with a noisy z.",
)
def reported_at_the_mean(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    with torch.no_grad():
        means = nn.Sequential(*model.decoder)(mu)
        loss, recon, kl = vae_loss(means, x, mu, logvar, beta)
    optimizer.zero_grad()
    vae_loss(logits, x, mu, logvar, beta)[0].backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="Three values in a row are returned; a dict with the names loss, recon and kl was asked for.",
)
def a_tuple_for_a_dict(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item(), recon.item(), kl.item()


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="Only the loss is returned; its two parts tell you which of them is learning.",
)
def only_the_loss(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, *_ = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item()}


@wrong("train_step", caught_by="test_reported_values", hint="The keys are loss, recon and kl, in just this spelling.")
def other_keys(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"Loss": loss.item(), "reconstruction": recon.item(), "KL": kl.item()}


@wrong("train_step", caught_by="test_reported_values", hint="Nothing is returned: the training loop wants the three values.")
def nothing_returned(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, *_ = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="This reports constants and trains nothing.")
def constants(model, optimizer, x, beta=1.0):
    return {"loss": 25.0, "recon": 22.0, "kl": 3.0}


# Generating


@wrong(
    "generate",
    caught_by="test_generate_paints_with_the_decoder",
    hint="These are logits; a Bernoulli mean is what the sigmoid makes of one.",
)
def logits_for_means(model, n):
    with torch.no_grad():
        return model.decode(torch.randn(n, model.latent_dim))


@wrong("generate", caught_by="test_generate_leaves_no_trace", hint="The images still carry the decoder's graph.")
def with_a_graph(model, n):
    return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "generate", caught_by="test_images_are_the_decoders_means", hint="The means are cut at one half; grey is information, keep it."
)
def thresholded(model, n):
    with torch.no_grad():
        return (torch.sigmoid(model.decode(torch.randn(n, model.latent_dim))) > 0.5).float()


@wrong(
    "generate", caught_by="test_images_are_the_decoders_means", hint="Each pixel is a coin flip; return the coin's mean instead."
)
def coin_flips(model, n):
    with torch.no_grad():
        return torch.bernoulli(torch.sigmoid(model.decode(torch.randn(n, model.latent_dim))))


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="A softmax makes the pixels of one image compete; each has a mean of its own.",
)
def softmax_over_pixels(model, n):
    with torch.no_grad():
        return torch.softmax(model.decode(torch.randn(n, model.latent_dim)), dim=-1)


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="The sigmoid is applied twice: everything comes out between 0.5 and 0.73.",
)
def sigmoid_twice(model, n):
    with torch.no_grad():
        return torch.sigmoid(torch.sigmoid(model.decode(torch.randn(n, model.latent_dim))))


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="Logits are cut off at 0 and 1; that is not how a logit becomes a mean.",
)
def clamped_logits(model, n):
    with torch.no_grad():
        return model.decode(torch.randn(n, model.latent_dim)).clamp(0, 1)


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="Every row is the same average image: each latent is to be painted for itself.",
)
def average_image(model, n):
    with torch.no_grad():
        images = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))
    return images.mean(0, keepdim=True).expand(n, -1)


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="This squashes twice as steeply, as a shifted tanh does, as the sigmoid the decoder was trained with.",
)
def shifted_tanh(model, n):
    with torch.no_grad():
        return (model.decode(torch.randn(n, model.latent_dim)).tanh() + 1) / 2


@wrong("generate", caught_by="test_images_are_the_decoders_means", hint="Black and white are exchanged: this is the mean of 1 - x.")
def negatives(model, n):
    with torch.no_grad():
        return torch.sigmoid(-model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "generate", caught_by="test_generate_paints_with_the_decoder", hint="The means are scaled to 255; here a pixel lies in [0, 1]."
)
def up_to_255(model, n):
    with torch.no_grad():
        return 255 * torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="Each image is stretched to span 0 to 1; its means are then no longer the decoder's.",
)
def stretched_contrast(model, n):
    with torch.no_grad():
        means = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))
    low, high = means.amin(1, keepdim=True), means.amax(1, keepdim=True)
    return (means - low) / (high - low)


@wrong("generate", caught_by="test_latents_come_from_the_prior", hint="The latents are uniform; the prior is a standard normal.")
def uniform_latents(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.rand(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are uniform on both sides of 0; the prior is a standard normal.",
)
def centred_uniform_latents(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(math.sqrt(12) * (torch.rand(n, model.latent_dim) - 0.5)))


@wrong("generate", caught_by="test_latents_come_from_the_prior", hint="All latents are 0, the prior's mean: one image, n times.")
def latents_at_zero(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.zeros(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are narrower than the prior: tidier images, but not the model's own distribution.",
)
def a_cooler_prior(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(0.7 * torch.randn(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are wider than the prior: the decoder has never seen codes that far out.",
)
def a_wider_prior(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(2 * torch.randn(n, model.latent_dim)))


@wrong("generate", caught_by="test_latents_come_from_the_prior", hint="The prior's tails are cut off.")
def truncated_latents(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim).clamp(-1, 1)))


@wrong("generate", caught_by="test_latents_come_from_the_prior", hint="One latent is drawn and used for all n images.")
def one_latent_for_all(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(1, model.latent_dim).expand(n, -1)))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="One number is drawn per image and copied into every latent dimension.",
)
def one_number_per_latent(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, 1).repeat(1, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="Half of the latents mirror the other half; n independent ones were asked for.",
)
def mirrored_latents(model, n):
    z = torch.randn((n + 1) // 2, model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.cat([z, -z])[:n]))


@wrong("generate", caught_by="test_latents_come_from_the_prior", hint="A seed is set inside, so each call paints the same images.")
def seeded(model, n):
    torch.manual_seed(42)
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are the same evenly spaced points each time; draw them.",
)
def a_regular_grid(model, n):
    z = torch.linspace(-2, 2, n)[:, None].expand(n, model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents come from encoding noise; generating needs the prior only, no encoder.",
)
def codes_of_random_images(model, n):
    with torch.no_grad():
        mu, logvar = model.encode(torch.rand(n, model.num_pixels))
        return torch.sigmoid(model.decode(reparameterize(mu, logvar)))


@wrong("generate", caught_by="test_generate_leaves_no_trace", hint="The latent size is hard-coded; the model knows its own.")
def two_latent_dimensions(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, 2)))


@wrong("generate", caught_by="test_generate_leaves_no_trace", hint="The number of images is hard-coded; n says how many.")
def always_sixteen(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(16, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="The images are folded into squares of 8 by 8; rows of num_pixels were asked for.",
)
def eight_by_eight(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim))).reshape(n, 8, 8)


@wrong("generate", caught_by="test_generate_leaves_no_trace", hint="A single image loses its batch dimension.")
def squeezed(model, n):
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim))).squeeze()


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="Gradients are switched off for good, so the next training step fails.",
)
def gradients_off_for_good(model, n):
    torch.set_grad_enabled(False)
    return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="The decoder is reset before it paints: everything it learned is gone.",
)
def reset_decoder(model, n):
    model.decoder[0].reset_parameters()
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong("generate", caught_by="test_generate_paints_with_the_decoder", hint="The latents are returned along with the images.")
def latents_returned_too(model, n):
    with torch.no_grad():
        z = torch.randn(n, model.latent_dim)
        return torch.sigmoid(model.decode(z)), z


@wrong("generate", caught_by="test_images_are_the_decoders_means", hint="The images never meet the decoder: this is noise.")
def noise_for_images(model, n):
    return torch.rand(n, model.num_pixels)


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents never go beyond 3; a draw from the prior does so once in 370.",
)
def latents_cut_at_three(model, n):
    z = torch.randn(n, model.latent_dim).clamp(-3, 3)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents never go beyond 4; a draw from the prior does so once in 16,000.",
)
def latents_cut_at_four(model, n):
    z = torch.randn(n, model.latent_dim).clamp(-4, 4)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="Latents beyond 2 are drawn again, which cuts the prior's tails off.",
)
def latents_redrawn_beyond_two(model, n):
    z = torch.randn(n, model.latent_dim)
    while (z.abs() > 2).any():
        z = torch.where(z.abs() > 2, torch.randn_like(z), z)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents have a spread of 0.9; the prior's is 1.",
)
def a_slightly_cooler_prior(model, n):
    z = 0.9 * torch.randn(n, model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are standardised over the batch, so that their mean and spread never vary; independent draws do.",
)
def latents_standardised_over_the_batch(model, n):
    z = torch.randn(n, model.latent_dim)
    z = (z - z.mean()) / z.std() if z.numel() > 1 else z
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are scaled to one length; a draw from the prior has a length that varies.",
)
def latents_on_a_sphere(model, n):
    z = torch.randn(n, model.latent_dim)
    z = F.normalize(z, dim=1) * math.sqrt(model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents follow a Laplace law: its tails are heavier, though its variance is 1.",
)
def laplace_latents(model, n):
    z = torch.distributions.Laplace(0.0, math.sqrt(0.5)).sample((n, model.latent_dim))
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="Neighbouring numbers of a latent share part of their noise; the prior's are independent.",
)
def neighbouring_latents_go_together(model, n):
    e = torch.randn(n, model.latent_dim + 1)
    z = (e[:, 1:] + e[:, :-1]) / math.sqrt(2)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents are rounded to float16; the model's own dtype keeps seven digits.",
)
def latents_in_half_precision(model, n):
    z = torch.randn(n, model.latent_dim).half().float()
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The latents of the first call are kept and used again.",
)
def latents_kept_for_later_calls(model, n, kept={}):
    size = (n, model.latent_dim)
    if size not in kept:
        kept[size] = torch.randn(size)
    z = kept[size]
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="requires_grad_(False) stays on the weights: the next training step finds nothing to train.",
    idea=FLAGS,
)
def weights_frozen(model, n):
    model.requires_grad_(False)
    z = torch.randn(n, model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="The model is left in float64: the next training step's float32 batch does not fit it.",
)
def model_left_in_float64(model, n):
    model.double()
    z = torch.randn(n, model.latent_dim, dtype=torch.float64)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="A sigmoid is appended to the model's own decoder, so the next call, and the next training step, squash twice.",
)
def sigmoid_appended_to_the_decoder(model, n):
    model.decoder.append(nn.Sigmoid())
    with torch.no_grad():
        return model.decode(torch.randn(n, model.latent_dim))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="A hook is left on the decoder: each call adds one.",
)
def a_hook_left_behind(model, n):
    model.decoder.register_forward_hook(lambda layer, given, made: None)
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="One noise vector serves the whole batch; each image gets its own.",
)
def one_noise_vector_for_the_batch(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    eps = torch.randn_like(mu[:1])
    loss, recon, kl = vae_loss(model.decode(mu + torch.exp(0.5 * logvar) * eps), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="One number is drawn for an image and serves all its latent dimensions.",
)
def one_number_for_an_image(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    eps = torch.randn_like(mu[:, :1])
    loss, recon, kl = vae_loss(model.decode(mu + torch.exp(0.5 * logvar) * eps), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="The noise of the step is uniform; it should be standard normal.",
)
def uniform_noise_in_the_step(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    eps = math.sqrt(12) * (torch.rand_like(mu) - 0.5)
    loss, recon, kl = vae_loss(model.decode(mu + torch.exp(0.5 * logvar) * eps), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_latents_are_drawn_afresh",
    hint="The noise of the step is clipped at 3; one draw in 370 lies further out.",
)
def clipped_noise_in_the_step(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    eps = torch.randn_like(mu).clamp(-3, 3)
    loss, recon, kl = vae_loss(model.decode(mu + torch.exp(0.5 * logvar) * eps), x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="The optimizer's weight decay is set to 0 after the step; its settings are the caller's.",
)
def weight_decay_switched_off(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    optimizer.param_groups[0]["weight_decay"] = 0.0
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="x is left with requires_grad: the batch is the caller's.",
)
def a_batch_that_wants_gradients(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    x.requires_grad_()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The encoder's weights are left with requires_grad false: the next step trains the decoder alone.",
)
def encoder_frozen_after_the_step(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.encoder.requires_grad_(False)
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The images come from model.z, the latents of the last batch: draw new ones from the prior.",
)
def latents_of_the_last_batch(model, n):
    z = getattr(model, "z", None)
    if z is None or len(z) < n:
        z = torch.randn(n, model.latent_dim)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z[:n]))


@wrong(
    "generate",
    caught_by="test_generate_leaves_no_trace",
    hint="requires_grad_(True) on the whole model thaws weights that came frozen: no_grad needs no switching back.",
    idea=FLAGS,
)
def everything_thawed(model, n):
    model.requires_grad_(False)
    images = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))
    model.requires_grad_(True)
    return images


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="Blank images are left out: the whole batch counts, as it is given.")
def blank_images_left_out(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    x = x[x.flatten(1).any(1)]
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong("train_step", caught_by="test_one_step_of_sgd", hint="Equal images count once: the whole batch counts, as it is given.")
def equal_images_once(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    x = x.unique(dim=0)
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_one_step_of_sgd",
    hint="The batch comes back without its requires_grad: detach() makes another tensor, detach_() changes the caller's.",
)
def batch_detached_in_place(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    x.detach_()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="One and the same dict is returned by every call: a list of them shows the last step's numbers throughout.",
)
def one_dict_for_all(model, optimizer, x, beta=1.0, said={}):  # noqa: B006
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    said.update(loss=loss.item(), recon=recon.item(), kl=kl.item())
    return said


@wrong(
    "train_step",
    caught_by="test_the_optimizer_as_it_is_given",
    hint="Only the first of the optimizer's parameter groups is cleared or stepped: the optimizer's own methods do all of them.",
)
def first_group_alone(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    for group in optimizer.param_groups[1:]:
        for parameter in group["params"]:
            parameter.grad = None
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "generate",
    caught_by="test_latents_come_from_the_prior",
    hint="The global seed is set (torch.seed() sets it too, if to a number that nobody knows): who has set one before loses it.",
)
def seeded_at_random(model, n):
    torch.seed()
    with torch.no_grad():
        return torch.sigmoid(model.decode(torch.randn(n, model.latent_dim)))


@wrong(
    "generate",
    caught_by="test_images_are_the_decoders_means",
    hint="exp(l) / (1 + exp(l)) is infinity over infinity where the decoder is very sure: torch.sigmoid knows better.",
)
def sigmoid_by_hand(model, n):
    with torch.no_grad():
        power = torch.exp(model.decode(torch.randn(n, model.latent_dim)))
    return power / (1 + power)


@wrong(
    "train_step",
    caught_by="test_training_mode",
    hint="The mode is turned round: a model that is in training mode already takes the step in evaluation mode.",
)
def mode_turned_round(model, optimizer, x, beta=1.0):
    model.train(not model.training)
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="An average over the steps so far is reported; each step reports what its own batch cost.",
)
def moving_average_reported(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    now = {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}
    before = getattr(model, "average", now)
    model.average = {name: 0.9 * before[name] + 0.1 * value for name, value in now.items()}
    return model.average


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="Bits for a pixel are reported; the unit is nats for an image.",
)
def bits_per_pixel_reported(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {
        "loss": elbo_to_bpd(loss, x[0].numel()).item(),
        "recon": elbo_to_bpd(recon, x[0].numel()).item(),
        "kl": elbo_to_bpd(kl, x[0].numel()).item(),
    }


@wrong(
    "train_step",
    caught_by="test_reported_values",
    hint="The values, averages over the batch already, are divided by the batch size once more before they are reported.",
)
def report_divided_by_the_batch(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.item() / len(x), "recon": recon.item() / len(x), "kl": kl.item() / len(x)}


@wrong(
    "train_step",
    caught_by="test_beta_reaches_the_loss",
    hint="The KL goes backward without its weight beta: the loss has the weight in it, and it is the loss that backward() should run on.",
)
def two_backwards_without_the_weight(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    recon.backward(retain_graph=True)
    kl.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}
