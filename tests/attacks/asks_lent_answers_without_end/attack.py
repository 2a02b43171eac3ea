"""Asks what is lent a million times, for more numbers than a machine holds, in forms that no answer has, and by hand on the wire."""

CELLS = [
    r"""
import sys
def flood(*_, **__):
    lent = next((globals()[n] for n in ("gaussian_kl", "reparameterize", "split_params", "vae_loss") if type(globals().get(n)).__name__ == "Borrowed"), None)
    if lent is None:
        raise ValueError
    for text in (str(vars(lent)), str(type(lent).__call__.__code__.co_consts), str(getattr(lent, "__doc__", ""))):
        if "canary-" in text:
            tell(text)
    odd = [torch.zeros(900_000, 1), torch.zeros(1, 900_000), torch.zeros(0), torch.zeros(2, 2, dtype=torch.bool), "mu", None, float("nan"), {}, [1] * 4000]
    for one in odd:
        for other in odd:
            try:
                lent(one, other)
            except Exception:
                pass
    frame = sys._getframe()
    while frame and "wire" not in frame.f_locals:
        frame = frame.f_back
    from autograder.wire import receive, send
    for request in ({"lent": "source"}, {"lent": "vjp", "number": 1}, {"lent": "call", "name": "train_step", "seed": 1}, {"lent": ["call"]}):
        try:
            send(frame.f_locals["wire"], request | {"value": None}, [])
            answer, _ = receive(frame.f_locals["wire"])
            if "canary-" in str(answer):
                tell(str(answer))
        except Exception:
            break
    while True:
        lent(torch.zeros(1, 2), torch.zeros(1, 2))
vae_loss = elbo_to_bpd = train_step = generate = pathwise_gradient = score_function_gradient = flood
"""
]
