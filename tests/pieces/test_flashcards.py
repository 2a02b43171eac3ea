"""The flashcards are the lesson's own folds, in a deck that Anki opens: a zip with a database of its form."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import assignment as assignments
from autograder.checks.assignment import Assignment
from autograder.pieces import archive, flashcards

SMALL = Path(__file__).parents[1] / "small_assignment"
FOLD = re.compile(r"<details>\n<summary>(.*?)</summary>\n\n(.*?)\n\n</details>", re.DOTALL)


def opened(package: bytes, folder: Path) -> sqlite3.Connection:
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        assert json.loads(files.read("media")) == {}
        (folder / "collection.anki2").write_bytes(files.read("collection.anki2"))
    return sqlite3.connect(folder / "collection.anki2")


def notes(package: bytes, folder: Path) -> list[tuple[str, ...]]:
    """The fields of each card's note, in the order in which new cards are shown."""
    rows = opened(package, folder).execute("select flds from notes join cards on nid = notes.id order by due, cards.id")
    return [tuple(fields.split("\x1f")) for (fields,) in rows]


@pytest.fixture
def small(tmp_path: Path) -> Assignment:
    return assignments.load(Path(shutil.copytree(SMALL, tmp_path / "assignment")))


def with_fold(assignment: Assignment, front: str, back: str) -> None:
    part = assignment.root / "lesson" / "middle.md"
    part.write_text(part.read_text() + f"\n<details>\n<summary>{front}</summary>\n\n{back}\n\n</details>\n")


def test_every_fold_of_the_lesson_is_a_card_with_its_formulas_for_mathjax(tmp_path: Path) -> None:
    assignment = assignments.load()
    text = (assignment.root / "lesson" / "flashcards.md").read_text("utf-8")
    found = notes(flashcards.package(assignment), tmp_path)
    assert len(found) >= 12
    assert [tuple(re.sub(r"\\[()]", "$", field) for field in fields) for fields in found] == FOLD.findall(text)
    assert sum(field.count(r"\(") for fields in found for field in fields) == text.count("$") / 2
    assert all(len(re.findall(r"\\\([^$]+?\\\)", field)) == field.count(r"\(") for fields in found for field in fields)


def test_the_table_has_the_same_cards_as_the_deck(tmp_path: Path) -> None:
    assignment = assignments.load()
    head, *lines = [line for line in flashcards.table(assignment).decode().splitlines() if not line.startswith("#")]
    assert [tuple(line.split("\t")) for line in (head, *lines)] == notes(flashcards.package(assignment), tmp_path)
    assert flashcards.table(assignment).startswith(b"#separator:tab\n#html:true\n#deck:Generative models::VAE\n")


def test_what_html_reads_otherwise_is_written_so_that_it_shows(small: Assignment, tmp_path: Path) -> None:
    assert notes(flashcards.package(small), tmp_path) == [
        (r"Is \(a &lt; b\) &amp; so on?", r"Yes: \(\tfrac12 &lt; 1\) and \(b &gt; a\).")
    ]


def test_the_deck_and_its_cards_have_their_name_and_the_assignments_date(small: Assignment, tmp_path: Path) -> None:
    database = opened(flashcards.package(small), tmp_path)
    [(decks, models)] = database.execute("select decks, models from col").fetchall()
    named = {deck["name"]: int(id) for id, deck in json.loads(decks).items()}
    assert named.keys() == {"Default", "Small::Cards"}
    [(deck, model, modified)] = database.execute("select did, mid, notes.mod from cards join notes on nid = notes.id").fetchall()
    assert deck == named["Small::Cards"] and str(model) in json.loads(models)
    assert datetime.fromtimestamp(modified, UTC).date() == small.date == date(2025, 3, 4)
    assert database.execute("pragma integrity_check").fetchall() == [("ok",)]


def test_the_deck_has_the_same_bytes_in_every_process(small: Assignment) -> None:
    script = (
        "import hashlib, sys; from pathlib import Path; from autograder.pieces import flashcards; from autograder.checks import assignment\n"
        "print(hashlib.sha256(flashcards.package(assignment.load(Path(sys.argv[1])))).hexdigest())"
    )
    command = [sys.executable, "-c", script, str(small.root)]
    digests = {
        subprocess.run(command, env={"PYTHONHASHSEED": seed, "TZ": zone}, capture_output=True, text=True, check=True).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu"))
    }
    assert len(digests) == 1
    with zipfile.ZipFile(io.BytesIO(flashcards.package(small))) as files:
        assert {entry.date_time[:3] for entry in files.infolist()} == {(2025, 3, 4)}
        header = files.read("collection.anki2")
    assert header[96:100] == header[24:28] == bytes([0, 0, 0, 1])  # neither SQLite's version nor how often it wrote


def test_a_mended_answer_is_the_same_card_and_a_new_question_is_another(small: Assignment, tmp_path: Path) -> None:
    def known(assignment: Assignment) -> dict[str, Any]:
        return dict(opened(flashcards.package(assignment), tmp_path).execute("select sfld, guid from notes"))

    before = known(small)
    with_fold(small, "Another?", "No.")
    with_another = known(small)
    part = small.root / "lesson" / "middle.md"
    part.write_text(part.read_text().replace("No.", "Yes."))
    assert before.items() < with_another.items()
    assert known(small) == with_another
    assert len(set(with_another.values())) == 2


@pytest.mark.parametrize(
    ("front", "back", "said"),
    [
        ("What is $x?", "A letter.", "not closed"),
        ("What is $$x$$?", "A letter.", "single dollars"),
        ("Is $a < b$ & so on?", "Again.", "no two with the same question"),
    ],
)
def test_a_card_that_would_not_show_is_refused(small: Assignment, front: str, back: str, said: str) -> None:
    with_fold(small, front, back)
    with pytest.raises(ValueError, match=said):
        flashcards.package(small)


def test_both_forms_come_with_the_students_folder_and_not_to_the_grader() -> None:
    from autograder.authors import handout

    files = handout.files(assignments.load(), "vae.ipynb")
    assert {"flashcards.apkg", "flashcards.tsv"} <= files.keys()
    assert b"`flashcards.apkg`" in files["README.md"]
    assert not [path for path in archive.read_folder(assignments.ROOT / "files") if "flashcards" in path]
