"""Lets the first function that is called spoil torch, numpy and the seeds for the questions that follow."""

BASE = "solved"
MAX_SCORE = 100
CELLS = [
    r"""
def split_params(h):
    import random
    torch.manual_seed(0), np.random.seed(0), random.seed(0)
    torch.Tensor.sum = torch.Tensor.mean = lambda self, *a, **k: torch.zeros(())
    torch.randn = torch.randn_like = torch.zeros_like
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float16)
    return h, h
"""
]
