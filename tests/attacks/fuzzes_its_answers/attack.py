"""Answers every request with random but well-formed data, to find a reply that the checks cannot stomach."""

CELLS = [
    r"""
import os, random
from autograder.student import responder as student_process
from autograder.wire.values import Foreign
dice = random.Random(os.urandom(8))
def number():
    return dice.choice([0.0, 1.0, -1.0, float("nan"), float("inf"), 1e308, 5e-324, 0.5])
def tensor():
    shape = dice.choice([(), (1,), (0,), (5,), (5, 3), (0, 3), (1, 1, 1), (7, 12), (3, 2), (2, 2, 2, 2)])
    dtype = dice.choice([torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool, torch.uint8])
    t = (torch.randn(shape) * dice.choice([1, 1e30, 0])).to(dtype)
    if t.is_floating_point() and dice.random() < 0.2: t = t / 0
    return t.requires_grad_(t.is_floating_point() and dice.random() < 0.5)
keys = ["values", "weights", "kept", "settings_kept", "batch_free", "batch_unchanged", "images", "graph", "grad_mode", "weights_unchanged",
        "values_stay", "seed_stayed", "loss", "recon", "kl", "encoder.0.weight", "encoder.0.bias"]
def thing(depth=0):
    kind = dice.randrange(11 if depth < 4 else 8)
    return [lambda: None, lambda: True, lambda: dice.choice([0, -1, 2**62, 3]), number, lambda: dice.choice(["AB", "", "x" * 4000, "\u202e"]),
            tensor, tensor, lambda: Foreign("F\n<b>"), lambda: tuple(thing(depth + 1) for _ in range(dice.randrange(6))),
            lambda: {k: thing(depth + 1) for k in dice.sample(keys, dice.randrange(len(keys)))},
            lambda: {k: thing(depth + 1) for k in keys}][kind]()
def answer(self, header, _):
    out = []
    value = student_process.encode(thing(), out)
    return {"value": value, "changed": dice.choice([[], ["mu"], ["x\ny"]]), "rng_after": number().hex()}, out
for op in ("call", "scenario"):
    setattr(student_process.Answers, op, answer)
def vjp(self, header, buffers):
    outputs, inputs = self.graphs.get(header["call"], ([], []))
    return answer(self, header, buffers)
student_process.Answers.vjp = vjp
def get(self, header, _):
    out = []
    def held(name):
        if name in SCENE["functions"]:
            return {"kind": "function"}
        value = thing()
        while isinstance(value, (int, float)) or isinstance(value, torch.Tensor) and value.numel() == 1:
            value = thing()  # a number may be right by luck
        return {"kind": "value", "value": student_process.encode(value, out)}
    return {"held": {name: held(name) for name in header["names"]}}, out
student_process.Answers.get = get
"""
]
