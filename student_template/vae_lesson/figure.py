"""A picture that carries its description: colours that survive colour blindness, mosaics of digits, alt text."""

import base64
import html
import io
from contextlib import contextmanager

import numpy as np

# Okabe and Ito's palette: told apart under the common kinds of colour blindness, and in grey by the line styles we add.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, RED, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#767676"
MARGIN = 0.1  # inches of white around it all, so that it stands on a dark page as on a card
# Ten digits are more than any palette can hold apart for everybody, so each is also drawn as its own glyph.
DIGITS = [BLACK, BLUE, RED, GREEN, PURPLE, "#A6761D", "#882255", "#3C9CD7", "#5D3A9B", "#8A8D00"]


@contextmanager
def style():
    """Matplotlib as it comes, whatever the notebook (or an editor's dark theme) has set: we draw on white, in dark ink.

    Goes before each function that draws, too.
    """
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield


class Plot:
    """A figure and its alt text. `show` shows it; so does a cell that ends with it.

    Notebooks get an <img> with its alt attribute, anything that shows text only gets the description.
    """

    def __init__(self, figure, alt):
        self.figure = figure
        self.alt = alt

    def __repr__(self):
        return self.alt

    def show(self):
        """Show it now: all of it is drawn here, where trouble can still be told in a sentence."""
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)

    @style()
    def png(self):
        """The picture as PNG bytes, the same for the same figure: laid out until that has settled, and then for good."""
        for _ in range(3):
            self.figure.get_layout_engine().execute(self.figure)
        self.figure.set_layout_engine("none")
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=110, facecolor="white", metadata={"Software": None})
        return buffer.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = base64.b64encode(self.png()).decode("ascii")
        width = round(self.figure.get_figwidth() * 100)
        image = f'<img alt="{html.escape(self.alt)}" width="{width}" style="max-width: 100%; border-radius: 6px" src="data:image/png;base64,{data}">'
        return {"text/html": image, "text/plain": self.alt}


def new(width, height):
    """An empty figure, in inches. Without pyplot: nothing is shown twice, and no window is ever opened."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    x, y = MARGIN / width, MARGIN / height
    return Figure(figsize=(width, height), layout=ConstrainedLayoutEngine(rect=(x, y, 1 - 2 * x, 1 - 2 * y)))


def tidy(axes):
    """Less ink around the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)


def digit_sheet(axes, images, columns, cell=1.0, origin=(0.0, 0.0)):
    """Draw images (n, 64) as a sheet of digits, row by row from the top, each `cell` wide on the axes.

    `origin` is the centre of the bottom-left digit, so an axis can carry real coordinates.
    """
    images = np.asarray(images, dtype=np.float64).reshape(-1, 8, 8)
    rows = -(-len(images) // columns)
    sheet = np.full((rows * 9, columns * 9), np.nan)  # one pixel of gap between digits
    for i, image in enumerate(images):
        top, left = i // columns * 9, i % columns * 9
        sheet[top : top + 8, left : left + 8] = image
    x, y = origin[0] - cell / 2, origin[1] - cell / 2
    extent = (x, x + columns * cell, y, y + rows * cell)
    shown = axes.imshow(sheet, cmap="gray_r", vmin=0, vmax=1, extent=extent, interpolation="nearest", aspect="equal")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return shown


def ink_bar(figure, shown, axes):
    """What the greys mean."""
    figure.colorbar(shown, ax=axes, label="ink (0 = paper, 1 = full)", ticks=[0, 0.5, 1], fraction=0.025, pad=0.02, shrink=0.8)
