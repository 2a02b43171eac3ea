"""What stands between a student's functions and a picture: their form is looked at, and any trouble becomes one sentence."""

import html
import math
import traceback
import warnings
from contextlib import contextmanager

import numpy as np
import torch


class Unfit(Exception):
    """What an answer gave is not in the form that was asked for. `name`: the answer."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


class Interrupted(KeyboardInterrupt):
    """Stops a run of all cells, as an interrupt should, with one line in place of a traceback."""

    def _render_traceback_(self):
        return ["Interrupted."]


@contextmanager
def shown(what="picture"):
    """Draw (or train) in a `with` block: whatever goes wrong in there is told in one sentence, and the notebook goes on."""
    try:
        with warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"):
            yield
    except KeyboardInterrupt:
        raise Interrupted from None
    except BaseException as error:
        tell(f"This {what} {_trouble(error)}")
    finally:
        torch.set_grad_enabled(True)  # an answer may have left it off


def tell(sentence, line=None, drawing=""):
    """Show a sentence where pictures are shown, or in the place of an earlier one, a `line` that this returned.

    drawing: HTML to go under it, for those who see it; the sentence says the same.
    """
    from IPython.display import display

    style = "border-left: 4px solid #767676; padding: 0.2em 0 0.2em 1em; margin: 0"
    bundle = {"text/html": f'<p style="{style}">{html.escape(sentence)}</p>{drawing}', "text/plain": sentence}
    if line is None:
        return display(bundle, raw=True, display_id=True)
    line.update(bundle, raw=True)
    return line


def numbers(value, name, shape=(None,)):
    """What the answer `name` returned, as a float64 array of that shape (None: any length). Raises Unfit."""
    wanted = "(" + ", ".join("n" if size is None else str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
    try:
        array = torch.as_tensor(value).detach().to("cpu", torch.float64).numpy()
    except (TypeError, ValueError, RuntimeError):
        raise Unfit(name, f"it returned {_described(value)}, and this needs numbers in the shape {wanted}") from None
    fits = array.ndim == len(shape) and all(size in (None, found) for size, found in zip(shape, array.shape, strict=True))
    if not fits or array.size == 0:
        raise Unfit(name, f"it returned the shape {array.shape}, and this needs {wanted}")
    if not np.isfinite(array).all():
        raise Unfit(name, "some of what it returned is infinite or not a number")
    return array


def pair(value, name, shape):
    """The two tensors that the answer `name` returned, each of that shape. Raises Unfit."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise Unfit(name, f"it returned {_described(value)}, and this needs two tensors")
    for one in value:
        numbers(one, name, shape)
    return value


def losses(value, step):
    """What `train_step` returned at this step: a dict of three finite numbers. Raises Unfit."""
    keys = ("loss", "recon", "kl")
    if not isinstance(value, dict) or not set(keys) <= value.keys():
        raise Unfit("train_step", f'it returned {_described(value)}, and this needs a dict with "loss", "recon" and "kl"')
    for key in keys:
        try:
            number = float(value[key])
        except (TypeError, ValueError, RuntimeError):
            raise Unfit("train_step", f'its "{key}" is {_described(value[key])}, and this needs a number') from None
        if not math.isfinite(number):
            raise Unfit("train_step", f'its "{key}" became {number} in step {step}')


def _described(value):
    from autograder.authoring import describe

    return describe(value)


def _trouble(error):
    """What keeps a picture from being drawn, as the end of a sentence that names it, and what to do."""
    from autograder.authoring import NotAttempted, explain, load

    owners = {name: question.number for question in load().questions.values() for name in question.answers}
    told = explain(error)
    if isinstance(told, NotAttempted):
        return f"waits for question {told.question}. The notebook goes on without it."
    if isinstance(error, Unfit):
        where = f" of question {owners[error.name]}" if error.name in owners else ""
        return f"waits for `{error.name}`{where}: {error}."
    if isinstance(error, NameError) and error.name:
        if error.name in owners:
            return f"waits for question {owners[error.name]}: `{error.name}` does not exist yet. Run its cell, then this one again."
        if _in_the_lesson(error):
            return f"waits for `{error.name}`, which a cell further up makes. Run this cell again when that one has worked."
    if told.raised and told.raised.place and not _in_the_lesson(error):
        return f"cannot be made yet: {told}. The check of that question may say more."
    raised = f" ({told.raised.type}: {told.raised.text})" if told.raised else f" ({told})"
    return (
        f"could not be made with what your functions returned{raised}. Run the checks further up: they say what form is asked for."
    )


def _in_the_lesson(error):
    """Whether the last line of the notebook that ran is one of a cell itself, not of a function."""
    last = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "ipykernel_" in frame.f_code.co_filename or "ipython-input" in frame.f_code.co_filename:
            last = frame.f_code.co_name
    return last in ("<module>", "fit", "")
