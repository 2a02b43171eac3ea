class VAE(nn.Module):
    """A variational autoencoder: two small networks that meet in a latent space of `latent_dim` numbers.

    encoder   q(z | x) = N(mu(x), diag sigma(x)^2)    what z may have been, given this image
    decoder   p(x | z) = Bernoulli(sigmoid(logits))   what the image may be, given this code
    prior     p(z)     = N(0, I)                      fixed: it has no parameters, and no network
    """

    def __init__(self, num_pixels=64, latent_dim=2, hidden=128):
        super().__init__()
        self.num_pixels = num_pixels  # P
        self.latent_dim = latent_dim  # Z
        # The encoder ends in 2 Z numbers per image: Z means and Z log-variances, both free to be any real number.
        self.encoder = nn.Sequential(nn.Linear(num_pixels, hidden), nn.Tanh(), nn.Linear(hidden, 2 * latent_dim))
        # The decoder ends in logits: the sigmoid waits for the loss (which is safer) or for the picture.
        self.decoder = nn.Sequential(nn.Linear(latent_dim, hidden), nn.Tanh(), nn.Linear(hidden, num_pixels))

    def encode(self, x):
        """x: (B, P), or images (B, C, H, W) with C * H * W = P   ->   mu, logvar: (B, Z) each"""
        h = self.encoder(x.flatten(start_dim=1))  # (B, 2 Z)
        mu, logvar = split_params(h)  # yours, from question 1
        return mu, logvar

    def decode(self, z):
        """z: (B, Z)   ->   logits: (B, P)"""
        return self.decoder(z)

    def forward(self, x):
        """One pass, image to image. x: (B, P) or (B, C, H, W)   ->   logits (B, P), mu (B, Z), logvar (B, Z)"""
        mu, logvar = self.encode(x)
        z = reparameterize(mu, logvar)  # (B, Z), yours, from question 2
        self.z = z.detach()  # kept so that it can be looked at; without its graph, so that copy.deepcopy(model) works
        return self.decode(z), mu, logvar
