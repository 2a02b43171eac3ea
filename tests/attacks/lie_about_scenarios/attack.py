"""Patches its process to answer every scenario with a record that says what a check wants to hear, without training anything."""

OTTER = "points"
OTTER_CELLS = [
    r"""
from autograder.checks import assignment
from autograder.hosts import in_process as local
real = local.LocalScenario.__call__
def lie(self, **given):
    mine, self._host.namespace = self._host.namespace, assignment.load().reference()
    try:
        return real(self, **given)
    finally:
        self._host.namespace = mine
local.LocalScenario.__call__ = lie
def train_step(model, optimizer, x, beta=1.0): pass
def generate(model, n): pass
"""
]
CELLS = [
    r"""
import itertools
from autograder.student import responder as student_process
from autograder.student.invoke import Returned
count = itertools.count(1)
real = student_process.Answers.scenario
def scenario(self, header, buffers):
    kw = student_process.decode(header["kwargs"], buffers)
    kept = dict.fromkeys(["layers", "parameters", "dtypes", "requires_grad", "hooks", "buffers", "sizes"], True)
    if header["name"] == "one_step":
        steps, x, w = kw.get("steps", 1), kw["x"], kw["weights"]
        moved = lambda k: {n: v + 0.01 * (k + 1) for n, v in w.items()}
        value = {
            "values": tuple({"loss": 1000.0 / next(count), "recon": 1.0, "kl": 1.0} for _ in range(steps)),
            "weights": tuple(moved(k) for k in range(steps)),
            "batch_unchanged": True, "batch_free": True, "settings_kept": True, "grad_mode": True, "kept": kept,
            "values_stay": True,
        }
    elif header["name"] == "decoders_after_steps":
        (P, Z, H), steps = kw["sizes"], kw["steps"]
        value = (torch.randn(steps, H, Z), torch.ones(steps, H), True)
    elif header["name"] == "estimated_twice":
        value = *(2 * (kw["mu"] + kw["sigma"] * torch.randn(kw["n"])) for _ in range(2)), True
    elif header["name"] == "kl_before_and_after":
        value = *(0.5 * (m.square() + v.exp() - 1 - v).sum(-1) for m, v in ((kw["mu"], kw["logvar"]),) * 2),
    elif header["name"] == "sampled_without_gradients":
        value = *(kw["mu"] + torch.exp(kw["logvar"] / 2) * torch.randn_like(kw["mu"]) for _ in range(4)), True
    else:
        times, n, (P, Z, _) = kw.get("times", 1), kw["n"], kw["sizes"]
        value = {
            "images": tuple(torch.rand(n, P) for _ in range(times)),
            "graph": False, "grad_mode": True, "weights_unchanged": True, "gradients": False, "kept": kept, "seed_stayed": True,
        }
    return student_process._reply(Returned(value))
student_process.Answers.scenario = scenario
for name in SCENE["functions"]:
    globals()[name] = lambda *args, **kwargs: None
"""
]
