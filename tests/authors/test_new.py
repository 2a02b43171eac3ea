"""`new` starts an assignment that builds and verifies as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.authors import new

REPO = Path(__file__).resolve().parents[2]


def said(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, "-m", "autograder", *map(str, arguments)], cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_it_makes_builds_grades_and_verifies_at_once(tmp_path: Path) -> None:
    project = tmp_path / "My course, 2027"
    folder = project / "assignment"
    assert str(folder) in said("new", project)
    said("build", "--assignment", folder)
    notebooks = [project / name / "my_course_2027.ipynb" for name in ("reference", "student_template")]
    said("grade", "--assignment", folder, *notebooks, "--out", tmp_path / "out")
    scores = {path.parent.name: json.loads(path.read_text())["score"] for path in (tmp_path / "out").rglob("results.json")}
    assert scores == {"reference-my_course_2027": 2, "student_template-my_course_2027": 0}
    told = said("verify", "--assignment", folder)
    assert "MISS" not in told and "attacks: none" in told and "foreign" not in told


@pytest.mark.parametrize("there", ["a file in it", "a hidden file in it", "a file of that name"])
def test_what_is_there_is_left_alone(tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    if there == "a file of that name":
        folder.write_text("mine")
    else:
        folder.mkdir()
        (folder / (".hidden" if "hidden" in there else "notes.txt")).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert main(["new", str(folder)]) == 2
    assert f"{folder} is not empty. Name a folder that is" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path)]) == 0
    assert (tmp_path / "assignment" / "assignment.toml").exists()


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["new", str(tmp_path / "file" / "below")]) == 2
    assert "cannot be written: Not a directory." in capsys.readouterr().err


@pytest.mark.parametrize(("name", "slug"), [("Least squares", "least_squares"), ("ÜBUNG-3", "bung_3"), ("…", "assignment")])
def test_the_slug_is_made_of_the_folders_name(name: str, slug: str) -> None:
    assert new.slug(Path(name)) == slug
    assert f'slug = "{slug}"  #' in new.files(slug)["assignment.toml"].decode()
