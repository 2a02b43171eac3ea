"""How the pictures look: nothing falls off the page or covers anything else, whatever the notebook's style is."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib import colors
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
from matplotlib.text import Text

from tests.lesson.test_lesson import NAMES, every_plot

DRAWINGS = ["three_pieces", "trick", "two_stages"]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    return every_plot()


def written(plot: Any, monkeypatch: pytest.MonkeyPatch) -> list[Text]:
    """Every text that really gets on the page: ticks outside the axes are made, but not drawn."""
    found: dict[int, Text] = {}
    draw = Text.draw

    def recorded(text: Text, renderer: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            found[id(text)] = text
        draw(text, renderer)

    plot.png()  # settles the layout
    monkeypatch.setattr(Text, "draw", recorded)
    plot.figure.draw_without_rendering()
    monkeypatch.undo()
    return list(found.values())


@pytest.mark.parametrize("name", NAMES)
def test_all_words_are_on_the_page_and_none_covers_another(drawn: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = written(drawn[name], monkeypatch)
    page = drawn[name].figure.bbox
    places = {text: text.get_window_extent() for text in texts}
    assert texts
    for text, place in places.items():
        assert page.x0 <= place.x0 and place.x1 <= page.x1, text
        assert page.y0 <= place.y0 and place.y1 <= page.y1, text
    for one, other in combinations(texts, 2):
        covered = places[one].padded(-1).overlaps(places[other].padded(-1))
        assert not covered, (one, other)


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_line_runs_through_words(drawn: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words stand inside a shape or outside, and an arrow passes them, unless they have a ground of their own."""
    texts = written(drawn[name], monkeypatch)
    [axes] = drawn[name].figure.axes
    for artist in (*axes.patches, *axes.lines):
        place = axes.transData if isinstance(artist, FancyArrowPatch) else artist.get_transform()
        polygons = artist.get_path().transformed(place).to_polygons(closed_only=False)
        for text in texts:
            if text.get_bbox_patch() is None:
                inside = text.get_window_extent()
                assert not any(Path(polygon).intersects_bbox(inside, filled=False) for polygon in polygons), (artist, text)


@pytest.mark.parametrize("name", NAMES)
def test_words_can_be_read_on_white(drawn: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WCAG's contrast for text, 4.5 : 1."""
    for text in written(drawn[name], monkeypatch):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colors.to_rgb(text.get_color())]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5, (text, text.get_color())


@pytest.mark.filterwarnings("ignore")
def test_a_style_of_the_notebook_changes_no_picture() -> None:
    """An editor with a dark theme may set the dark style for every plot: white words on our white page."""
    as_they_are = {name: plot.png() for name, plot in every_plot().items()}
    with matplotlib.style.context(["dark_background", {"font.size": 24, "savefig.bbox": "tight", "axes.grid": True}]):
        again = {name: plot.png() for name, plot in every_plot().items()}
    assert [name for name in NAMES if again[name] != as_they_are[name]] == []


def test_the_landscape_of_the_kl_does_not_answer_question_4(drawn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No contour runs through a marked point, and no number near its KL is on the page or in the description."""
    plot = drawn["kl_surface"]
    said = " ".join(text.get_text() for text in written(plot, monkeypatch)) + plot.alt
    values = [0.5, 0.807, 0.818]  # b, c, d; that a is the prior is in the prompt
    contours = [level for drawn in plot.figure.axes[0].collections for level in getattr(drawn, "levels", ())]
    assert contours and min(abs(level - value) for level in contours for value in values) > 0.15
    assert not any(number in said for number in ("0.81", "0.82", "0.80", "nats: "))


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_arrow_has_a_shaft(drawn: Any, name: str) -> None:
    """On an axis in inches: a head alone points from nowhere."""
    for line in drawn[name].figure.axes[0].lines:
        assert abs(np.diff(line.get_xydata(), axis=0)).sum() >= 0.2, line.get_xydata()
