from autograder.authoring import right


@right("train_step")
def a_manual_forward(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    mu, logvar = model.encode(x)
    logits = model.decode(reparameterize(mu, logvar))
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta=beta)
    loss.backward()
    optimizer.step()
    return {"loss": float(loss.detach()), "recon": float(recon.detach()), "kl": float(kl.detach())}


@right("train_step")
def autograd_grad(model, optimizer, x, beta=1.0):
    model.train(True)
    logits, mu, logvar = model(x)
    terms = vae_loss(logits, x, mu, logvar, beta)
    parameters = list(model.parameters())
    for parameter, gradient in zip(parameters, torch.autograd.grad(terms[0], parameters), strict=True):
        parameter.grad = gradient
    optimizer.step()
    return {name: term.item() for name, term in zip(("loss", "recon", "kl"), terms, strict=True)}


@right("train_step")
def a_closure(model, optimizer, x, beta=1.0):
    model.train()
    values = {}

    def closure():
        optimizer.zero_grad(set_to_none=False)
        logits, mu, logvar = model(x)
        loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
        loss.backward()
        values.update(loss=loss.item(), recon=recon.item(), kl=kl.item())
        return loss

    optimizer.step(closure)
    return values


@right("train_step")
def model_zero_grad_and_extra_keys(model, optimizer, x, beta=1.0):
    model.zero_grad()
    model.train()
    logits, mu, logvar = model(x.clone())
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    loss.backward()
    norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
    optimizer.step()
    optimizer.zero_grad()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item(), "beta": beta, "gradient_norm": norm.item()}


@right("train_step")
def the_two_terms_backward_one_by_one(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    recon.backward(retain_graph=True)
    (beta * kl).backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step")
def from_the_pieces(model, optimizer, x, beta=1.0):
    model.train()
    logits, mu, logvar = model(x)
    recon = bernoulli_nll(logits, x).mean()
    kl = gaussian_kl(mu, logvar).mean()
    loss = recon + beta * kl
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": loss.tolist(), "recon": recon.tolist(), "kl": kl.tolist()}


@right("train_step")
def a_look_in_evaluation_mode_first(model, optimizer, x, beta=1.0):
    model.eval()
    with torch.no_grad():
        logits, mu, logvar = model(x)
        shown = vae_loss(logits, x, mu, logvar, beta)
    model.train()
    logits, mu, logvar = model(x)
    loss, _, _ = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return {"loss": shown[0].item(), "recon": shown[1].item(), "kl": shown[2].item()}


@right("train_step")
def image_by_image(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    sums = np.zeros(3)
    for image in x.split(1):
        logits, mu, logvar = model(image)
        loss, recon, kl = vae_loss(logits, image, mu, logvar, beta)
        (loss / len(x)).backward()
        sums += [loss.item(), recon.item(), kl.item()]
    optimizer.step()
    return dict(zip(["loss", "recon", "kl"], sums / len(x), strict=True))


@right("train_step")
def the_decoder_called_directly(model, optimizer, x, beta=1.0):
    model.train()
    mu, logvar = model.encode(x)
    logits = model.decoder(reparameterize(mu, logvar))
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.eval()
    return {"kl": kl.item(), "recon": recon.item(), "loss": loss.item()}


@right("train_step")
def gradients_set_to_zero_by_hand(model, optimizer, x, beta=1.0):
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.grad.zero_()
    model.requires_grad_(True).train()
    with torch.enable_grad():
        logits, *parameters = model.forward(x)
        loss, recon, kl = vae_loss(logits, x, *parameters, beta)
        torch.autograd.backward(loss)
    optimizer.step()
    with torch.no_grad():
        return {"loss": loss.numpy().item(), "recon": recon.numpy().item(), "kl": kl.numpy().item()}


@right("generate")
def as_a_decorator(model, n):
    @torch.no_grad()
    def decoded(z):
        return model.decode(z).sigmoid()

    return decoded(torch.randn(n, model.latent_dim))


@right("generate")
def detached_at_the_end(model, n):
    z = torch.normal(torch.zeros(n, model.latent_dim), 1.0)
    return (1 / (1 + torch.exp(-model.decode(z)))).detach()


@right("generate")
def in_inference_mode(model, n):
    with torch.inference_mode():
        return F.sigmoid(model.decoder(torch.empty(n, model.latent_dim).normal_()))


@right("generate")
def a_distribution_object(model, n):
    prior = torch.distributions.Normal(torch.zeros(model.latent_dim), torch.ones(model.latent_dim))
    model.eval()
    with torch.no_grad():
        return torch.distributions.Bernoulli(logits=model.decode(prior.sample((n,)))).mean


@right("generate")
def one_at_a_time(model, n):
    rows = []
    with torch.no_grad():
        for _ in range(n):
            rows.append(torch.special.expit(model.decode(torch.randn(model.latent_dim))))
    return torch.stack(rows)


@right("generate")
def numpy_noise(model, n):
    z = torch.from_numpy(np.random.randn(n, model.latent_dim)).to(torch.float32)
    with torch.no_grad():
        return torch.exp(-F.softplus(-model.decode(z)))


@right("generate")
def a_transposed_draw(model, n):
    with torch.no_grad():
        logits = model.decode(torch.randn(model.latent_dim, n).T)
        return 0.5 * (1 + torch.tanh(logits / 2))


@right("generate")
def in_two_batches(model, n):
    with torch.no_grad():
        parts = [torch.sigmoid(model.decode(torch.randn(k, model.latent_dim))) for k in (n // 2, n - n // 2)]
    return torch.cat(parts)


@right("generate")
def box_muller(model, n):
    u, v = torch.rand(2, n, model.latent_dim, dtype=torch.float64)
    z = torch.sqrt(-2 * torch.log1p(-u)) * torch.cos(2 * math.pi * v)
    with torch.no_grad():
        return torch.sigmoid(model.decode(z.float()))


@right("generate")
def a_copy_of_the_model(model, n):
    import copy

    twin = copy.deepcopy(model).eval()
    with torch.no_grad():
        return torch.sigmoid(twin.decode(torch.randn(n, twin.latent_dim)))


@right("generate")
def a_copy_in_float64(model, n):
    import copy

    twin = copy.deepcopy(model).double()
    with torch.no_grad():
        return torch.sigmoid(twin.decode(torch.randn(n, model.latent_dim, dtype=torch.float64)))


@right("generate")
def float64_and_back(model, n):
    model.double()
    with torch.no_grad():
        images = torch.sigmoid(model.decode(torch.randn(n, model.latent_dim).double()))
    model.float()
    return images.float()


@right("generate")
def a_longer_decoder(model, n):
    with torch.no_grad():
        return nn.Sequential(*model.decoder, nn.Sigmoid())(torch.randn(n, model.latent_dim))


@right("generate")
def layer_by_layer(model, n):
    h = torch.randn(n, model.latent_dim)
    with torch.no_grad():
        for layer in model.decoder:
            h = layer(h)
    return torch.sigmoid(h)


@right("generate")
def by_the_weights(model, n):
    first, _, last = model.decoder
    with torch.no_grad():
        h = torch.tanh(F.linear(torch.randn(n, model.latent_dim), first.weight, first.bias))
        return torch.sigmoid(h @ last.weight.T + last.bias)


@right("generate")
def mapped_over_the_latents(model, n):
    with torch.no_grad():
        return torch.func.vmap(lambda z: torch.sigmoid(model.decode(z)))(torch.randn(n, model.latent_dim))


@right("train_step")
def layer_by_layer_with_its_own_noise(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    h = x.flatten(1)
    for layer in model.encoder:
        h = layer(h)
    mu, logvar = h.chunk(2, dim=-1)
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    for layer in model.decoder:
        z = layer(z)
    loss, recon, kl = vae_loss(z, x, mu, logvar, beta)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}


@right("train_step")
def mode_put_back(model, optimizer, x, beta=1.0):
    was = model.training
    model.train()
    logits, mu, logvar = model(x)
    loss, recon, kl = vae_loss(logits, x, mu, logvar, beta)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.train(was)
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}
