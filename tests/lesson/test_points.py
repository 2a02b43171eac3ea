"""Points follow what is understood: little without thought, and a third of a question at most without its idea."""

from __future__ import annotations

from pathlib import Path

import pytest
from book import Book

from autograder.checks import assignment as assignments
from autograder.run.session import Session

ASSIGNMENT = assignments.load()

# Constants where a number or a letter is asked for, and code as it stands in tutorials, put in unread.
THOUGHTLESS = {
    "split_params": "def split_params(h):\n    return h[:, :20], h[:, 20:]",
    "reparameterize": "def reparameterize(mu, logvar):\n    return mu + torch.randn(1) * torch.exp(logvar)",
    "pathwise_gradient": "def pathwise_gradient(mu, sigma, n):\n    return torch.full((n,), 2.0 * mu)",
    "score_function_gradient": "def score_function_gradient(mu, sigma, n):\n    return torch.full((n,), 2.0 * mu)",
    "gaussian_kl": "def gaussian_kl(mu, logvar):\n    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())",
    "vae_loss": """
def vae_loss(logits, x, mu, logvar, beta=1.0):
    BCE = F.binary_cross_entropy(torch.sigmoid(logits), x.view(-1, logits.shape[1]), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD, BCE, KLD""",
    "elbo_to_bpd": "def elbo_to_bpd(nelbo, num_dims):\n    return nelbo / num_dims",
    "train_step": """
def train_step(model, optimizer, x, beta=1.0):
    model.train()
    optimizer.zero_grad()
    recon_batch, mu, logvar = model(x)
    loss, recon, kl = vae_loss(recon_batch, x, mu, logvar)
    loss.backward()
    optimizer.step()
    return {"loss": loss.item(), "recon": recon.item(), "kl": kl.item()}""",
    "generate": "def generate(model, n):\n    return model.decode(torch.zeros(n, 2)).detach()",
    "latent_shape": "def latent_shape(height, width, factor=8, channels=4):\n    return (4, 64, 64)",
    "compression_ratio": "def compression_ratio(height, width, factor=8, channels=4, in_channels=3):\n    return 48.0",
    "scaling_factor": "def scaling_factor(latents):\n    return 0.18215",
}


def score(session: Session, book: Book, folder: Path) -> dict[str, float]:
    book.save(folder / "vae.ipynb")
    report = session.grade(folder)
    assert not report.failed_by_us and not report.refused
    return {verdict.question.id: verdict.earned for verdict in report.verdicts}


@pytest.mark.parametrize("number", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("letter", "AD")
def test_a_thoughtless_notebook_stays_under_a_quarter(session: Session, number: float, letter: str, tmp_path: Path) -> None:
    book = Book(ASSIGNMENT)
    for name, source in THOUGHTLESS.items():
        book.define(name, source)
    ours = ASSIGNMENT.reference()
    for name in sorted(ASSIGNMENT.answer_names - THOUGHTLESS.keys()):
        book.append(f"{name} = {letter!r}" if isinstance(ours[name], str) else f"{name} = {number!r}")
    earned = score(session, book, tmp_path)
    assert sum(earned.values()) < 25, earned
