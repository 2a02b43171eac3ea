"""The lesson's flashcards for Anki: a deck that it opens by itself, and the same as a table for other programs.

A card is a fold of one of the lesson's parts, so that what the notebook shows is what is learned by heart. The deck is a database in
a zip; its bytes depend on the cards and the assignment's date alone. A card is known by its front: one whose answer was mended since,
under a later date, takes the place of the old one and keeps what a student has learned.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import zipfile
from datetime import UTC, datetime, time

import genanki

from autograder.checks.assignment import Assignment
from autograder.pieces import archive

FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)
HEAD = "#separator:tab\n#html:true\n#deck:{deck}\n#columns:Front\tBack\n"
CSS = ".card { font-family: sans-serif; font-size: 20px; text-align: center; max-width: 40em; margin: auto; }"

# Where a database says how often it was changed, by whom for the last time, and when that was true: (offset, bytes). It is as good without.
HISTORY = ((24, 4), (92, 4), (96, 4))


def cards(assignment: Assignment) -> list[tuple[str, str]]:
    """Front and back of each card as HTML, formulas as Anki's MathJax has them. Raises ValueError where there are none, or two alike."""
    assert assignment.flashcards
    text = (assignment.root / "lesson" / f"{assignment.flashcards.part}.md").read_text(encoding="utf-8")
    found = [(_html(front), _html(back)) for front, back in FOLD.findall(text)]
    if not found or len({front for front, _ in found}) < len(found):
        raise ValueError(
            f"lesson/{assignment.flashcards.part}.md should have a fold for each flashcard, no two with the same question"
        )
    return found


def table(assignment: Assignment) -> bytes:
    """The cards as text that Anki imports, and others."""
    assert assignment.flashcards
    lines = [f"{front}\t{back}\n" for front, back in cards(assignment)]
    return (HEAD.format(deck=assignment.flashcards.deck) + "".join(lines)).encode()


def package(assignment: Assignment) -> bytes:
    """The cards as an .apkg: a double click, and Anki has them."""
    assert assignment.flashcards
    name = assignment.flashcards.deck
    model = genanki.Model(
        _number(f"{assignment.slug} card"),
        "Question and answer",
        fields=[{"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
        css=CSS,
    )
    deck = genanki.Deck(_number(f"{assignment.slug} {name}"), name)
    for place, (front, back) in enumerate(cards(assignment)):
        deck.add_note(genanki.Note(model, [front, back], guid=genanki.guid_for(assignment.slug, front), due=place))
    made = io.BytesIO()
    noon = datetime.combine(assignment.date, time(12), UTC)
    genanki.Package(deck).write_to_file(made, timestamp=noon.timestamp())
    with zipfile.ZipFile(made) as opened:
        files = {entry: opened.read(entry) for entry in opened.namelist()}
    files["collection.anki2"] = _timeless(files["collection.anki2"])
    return archive.zipped(files, when=assignment.date)


def _html(markdown: str) -> str:
    """One paragraph, in which only formulas are marked up. Raises ValueError where one is not closed."""
    text = re.sub(r"\$(.+?)\$", r"\\(\1\\)", html.escape(" ".join(markdown.split()), quote=False))
    if "$" in text or not text:
        raise ValueError(f"a flashcard's formula is not closed, or not between single dollars: {markdown!r}")
    return text


def _number(name: str) -> int:
    """A deck's or a model's identity, from 2^30 to 2^31: the same in every build."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % (1 << 30) + (1 << 30)


def _timeless(database: bytes) -> bytes:
    """The same database without SQLite's own version and count of changes in its header."""
    content = bytearray(database)
    for offset, size in HISTORY:
        content[offset : offset + size] = (1).to_bytes(size, "big")
    return bytes(content)
