"""The patients of the bug clinic: wrong answers of the catalogue, trained as the lesson trains, and what became of them.

python -m tests.benchmarks.clinic        writes assignment/data/clinic.npz, in about a minute
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "assignment" / "files"))

from vae_lesson import digits  # noqa: E402
from vae_lesson.clinic import EVERY, HELD_OUT  # noqa: E402

FILE = ROOT / "assignment" / "data" / "clinic.npz"
PATIENTS = {  # in the order in which they are shown: the wrong answer, and the letter of its cause
    "means_for_latents": "D",
    "mean_over_pixels": "B",
    "uniform_latents": "F",
    "no_zero_grad": "A",
    "reconstruction_only": "C",
    "sample_method": "E",
}
EPOCHS = 300


def namespace_with(assignment: Assignment, name: str) -> dict[str, Any]:
    """The reference's functions, with this wrong answer in place of one of them."""
    [entry] = [e for q in assignment.questions.values() for e in assignment.wrong_answers(q) if e.name == name]
    namespace = assignment.reference()
    exec(compile(entry.source, "<cell>", "exec"), namespace)
    return namespace


def run(namespace: dict[str, Any], images: torch.Tensor, epochs: int = EPOCHS) -> dict[str, np.ndarray[Any, Any]]:
    """Train as the lesson does, and keep what the clinic shows. images: (N, 64), the last of them held out"""
    train, held_out = images[:-HELD_OUT], images[-HELD_OUT:]
    torch.set_num_threads(1)
    torch.manual_seed(6)
    model = namespace["VAE"](num_pixels=64, latent_dim=2)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    history = []
    for _ in range(epochs):
        order = torch.randperm(len(train))
        for i in range(len(train) // 128):
            history.append(namespace["train_step"](model, optimizer, train[order[i * 128 : (i + 1) * 128]], 1.0))
    torch.manual_seed(6)
    with torch.no_grad():
        mean, logvar = model.encode(held_out)
        samples = namespace["generate"](model, 30)
    curves = {key: np.array([float(step[key]) for step in history]) for key in ("recon", "kl")}
    whole = len(history) // EVERY * EVERY
    return {
        **{key: values[:whole].reshape(-1, EVERY).mean(1).astype(np.float32) for key, values in curves.items()},
        "mean": mean.numpy().astype(np.float16),
        "sigma": (0.5 * logvar).exp().numpy().astype(np.float16),
        "samples": (255 * samples.clamp(0, 1)).round().numpy().astype(np.uint8),
    }


def main() -> int:
    assignment = assignments.load()
    images, _ = digits.load(ROOT / "assignment" / "data" / "digits.csv.gz")
    records = []
    for name in PATIENTS:
        records.append(run(namespace_with(assignment, name), images))
        print(f"{name}: reconstruction {records[-1]['recon'][-10:].mean():.2f}, KL {records[-1]['kl'][-10:].mean():.2f}")
    arrays = {key: np.stack([record[key] for record in records]) for key in records[0]}
    np.savez_compressed(FILE, cause=np.array(list(PATIENTS.values())), **arrays)
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
