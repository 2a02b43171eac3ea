"""A board to draw on with boxes and arrows, measured in inches. What is random has a dashed, round outline, whatever the colours."""

import numpy as np

from . import figure

INK = "#222222"
NEAR = 0.1  # of an arrow, what its head covers
FORWARD = {"color": INK, "linewidth": 1.4}
BACKWARD = {"color": figure.BLUE, "linewidth": 1.8, "linestyle": (0, (4, 2))}


class Board:
    """A figure of that many inches, in which (x, y) are inches from the bottom left corner."""

    def __init__(self, width, height):
        self.figure = figure.new(width, height)
        self.figure.set_layout_engine("none")
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.axis("off")

    def words(self, x, y, text, **style):
        return self.axes.text(x, y, text, **({"ha": "center", "va": "center", "color": INK, "fontsize": 11} | style))

    def box(self, x, y, text, width, height=0.6, colour="#F2F2F2", **style):
        """What is computed, around its centre."""
        from matplotlib.patches import FancyBboxPatch

        corner = (x - width / 2, y - height / 2)
        rounded = "round,pad=0,rounding_size=0.08"
        self.axes.add_patch(FancyBboxPatch(corner, width, height, rounded, facecolor=colour, edgecolor=INK, linewidth=1.2))
        self.words(x, y, text, **style)

    def oval(self, x, y, text, width, height=0.8):
        """What is drawn at random."""
        from matplotlib.patches import Ellipse

        self.axes.add_patch(
            Ellipse((x, y), width, height, facecolor="#FFF4DC", edgecolor=INK, linewidth=1.4, linestyle=(0, (3, 2)))
        )
        self.words(x, y, text)

    def network(self, x, y, text, width, left, right):
        """A network whose sides are as high as what goes in and what comes out is large."""
        from matplotlib.patches import Polygon

        west, east = x - width / 2, x + width / 2
        corners = [(west, y - left / 2), (west, y + left / 2), (east, y + right / 2), (east, y - right / 2)]
        self.axes.add_patch(Polygon(corners, facecolor="#DCEBF7", edgecolor=INK, linewidth=1.2, joinstyle="round"))
        self.words(x, y, text)

    def arrow(self, *corners, heads="-|>", linestyle="-", **style):
        """Through all corners, straight, with its head at the last. Heads are solid, however the line is broken."""
        from matplotlib.patches import FancyArrowPatch

        style = {**FORWARD, **style}
        self.axes.plot(*zip(*corners, strict=True), linestyle=linestyle, solid_capstyle="butt", **style)
        ends = [(corners[-2], corners[-1])] + [(corners[1], corners[0])] * heads.startswith("<")
        for (x0, y0), (x1, y1) in ends:
            near = NEAR / max(abs(x1 - x0), abs(y1 - y0))
            tail = (x1 - near * (x1 - x0), y1 - near * (y1 - y0))
            point = style | {"shrinkA": 0, "shrinkB": 0, "mutation_scale": 14}
            self.axes.add_patch(FancyArrowPatch(tail, (x1, y1), arrowstyle="-|>", **point))

    def cross(self, x, y, size=0.11):
        """Here it goes no further."""
        for slope in (1, -1):
            self.axes.plot([x - size, x + size], [y - slope * size, y + slope * size], color=figure.RED, linewidth=3.2)

    def image(self, pixels, x, y, side, **style):
        """Pixels, (h, w) or (h, w, 3), as a square around its centre."""
        extent = (x - side / 2, x + side / 2, y - side / 2, y + side / 2)
        limits = self.axes.axis()
        self.axes.imshow(
            np.asarray(pixels),
            extent=extent,
            interpolation="nearest",
            zorder=1,
            **({"cmap": "gray_r", "vmin": 0, "vmax": 1} | style),
        )
        self.axes.axis(limits)
        self.axes.set_aspect("auto")
        self.frame(x, y, side)

    def frame(self, x, y, side, **style):
        from matplotlib.patches import Rectangle

        style = {"facecolor": "none", "edgecolor": INK, "linewidth": 0.8} | style
        self.axes.add_patch(Rectangle((x - side / 2, y - side / 2), side, side, **style))
