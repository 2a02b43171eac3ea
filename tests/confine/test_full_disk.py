"""A full disk costs a moment: results are kept until there is room, and whoever filled it pays alone. Tried on real, small disks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from book import Book

from autograder.authors import build
from autograder.checks import assignment as assignments
from autograder.course import shelf
from autograder.course.shelf import Shelf
from autograder.pieces import archive
from autograder.proof import local_gradescope
from autograder.run import gradescope
from tests.submissions.test_submissions import in_a_hurry

REPO = Path(__file__).parents[2]
ASSIGNMENT = assignments.load()
RESULTS = {"score": 1, "output": "x" * 5000}
FILLER = """\
n = 0
while True:
    try:
        with open(f"f{n}", "wb") as file:
            while True:
                file.write(bytes(1 << 20))
                file.flush()
    except OSError:
        n += 1
"""
MANY = """\
n = 0
while True:
    try:
        open(f"f{n}", "w").close()
        n += 1
    except OSError:
        pass
"""


class Disk:
    """A small file system of its own."""

    def __init__(self, folder: Path, options: str) -> None:
        self.folder = folder
        folder.mkdir()
        self._mount("tmpfs", "-t", "tmpfs", "-o", f"mode=1777,{options}")

    def resize(self, options: str) -> None:
        self._mount("-o", f"remount,{options}")

    def fill(self) -> Path:
        """Take all that is left."""
        path = self.folder / "filler"
        with open(path, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 12))
            except OSError:
                return path

    def _mount(self, *words: str) -> None:
        if subprocess.run(["mount", *words, self.folder], capture_output=True).returncode:
            pytest.skip("no file system can be mounted here")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every uid can pass, on which disks are mounted."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root can mount a disk")
    folder = Path(tempfile.mkdtemp(prefix="disks-", dir="/var/tmp"))  # over /tmp itself one may be mounted
    folder.chmod(0o755)
    yield folder
    for path in folder.iterdir():
        subprocess.run(["umount", "--lazy", path], capture_output=True)
    shutil.rmtree(folder)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name != "filler")


def test_results_without_room_are_kept_and_written_when_there_is_some(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    disk = Disk(place / "disk", "size=32k")
    written, filler = Shelf(disk.folder), disk.fill()
    for name in ("ana", "ben"):
        written.put(name, RESULTS)
    assert files(disk.folder) == []
    assert capsys.readouterr().err.count("No space left on device") == 1
    filler.unlink()
    written.put("cai", RESULTS)
    assert files(disk.folder) == [f"{name}{rest}" for name in ("ana", "ben", "cai") for rest in ("", "/results.json")]
    assert written.finish() == ""


def test_results_that_never_find_room_are_named_and_nothing_half_is_left(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "PATIENCE", 0.3)
    disk = Disk(place / "disk", "size=20k")
    written = Shelf(disk.folder)
    for name in ("ana", "ben", "cai"):
        written.put(name, RESULTS)
    said = written.finish()
    assert "The results of 1 submission could not be written (No space left on device): cai" in said and "again" in said
    assert files(disk.folder) == ["ana", "ana/results.json", "ben", "ben/results.json"]


def test_results_of_before_stand_where_new_ones_find_no_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "PATIENCE", 0.1)
    disk = Disk(place / "disk", "size=32k")
    Shelf(disk.folder).put("ana", {"score": 0})
    disk.fill()
    written = Shelf(disk.folder)
    written.put("ana", RESULTS)
    assert written.finish() and json.loads((disk.folder / "ana" / "results.json").read_text()) == {"score": 0}
    assert files(disk.folder) == ["ana", "ana/results.json"]


def grade(place: Path, cells: dict[str, str], tmp: Path | None = None) -> subprocess.CompletedProcess[str]:
    for name, cell in cells.items():
        (place / "class" / name).mkdir(parents=True, exist_ok=True)
        book = Book(ASSIGNMENT)
        book.insert(cell or "pass")
        book.save(place / "class" / name / "vae.ipynb")
    if not (place / "assignment").exists():
        in_a_hurry(place / "assignment")
    environment = os.environ | {"AUTOGRADER_ASSIGNMENT": str(place / "assignment"), "TMPDIR": str(tmp or tempfile.gettempdir())}
    command = [sys.executable, "-m", "autograder", "grade", place / "class", "--out", place / "out", "--jobs", "2"]
    return subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True)


def score(place: Path, name: str) -> float:
    return float(json.loads((place / "out" / name / "results.json").read_text())["score"])


def test_a_run_without_room_for_its_results_says_so_and_can_be_run_again(place: Path) -> None:
    disk = Disk(place / "out", "size=1m")
    assert grade(place, {"ana": ""}).returncode == 0
    (one,) = disk.folder.rglob("results.json")
    room = 2.5 * one.stat().st_size
    shutil.rmtree(one.parent)
    disk.resize(f"size={room:.0f}")
    done = grade(place, dict.fromkeys(("ana", "ben", "cai"), ""))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "could not be written (No space left on device)" in done.stderr and "100 / 100" in done.stdout
    found = [path for path in disk.folder.rglob("*") if path.is_file()]
    assert 0 < len(found) < 3 and all(json.loads(path.read_text())["score"] == 100 for path in found)
    disk.resize("size=4m")
    assert grade(place, dict.fromkeys(("ana", "ben", "cai"), "")).returncode == 0
    assert [score(place, name) for name in ("ana", "ben", "cai")] == [100] * 3
    assert {path.name for path in disk.folder.rglob("*") if path.is_file()} == {
        "results.json",
        "index.html",
        "scores.csv",
        "report.html",
    }


@pytest.mark.parametrize(("bomb", "options"), [(FILLER, "size=64m"), (MANY, "size=64m,nr_inodes=20k")], ids=["bytes", "files"])
def test_who_fills_the_disk_pays_alone(bomb: str, options: str, place: Path) -> None:
    disk = Disk(place / "tmp", options)
    cells = {"ana": "", "ben": bomb, "cai": "", "dee": bomb, "eva": "", "fay": ""}
    done = grade(place, cells, disk.folder)
    assert done.returncode == 0 and not done.stderr
    assert [score(place, name) for name in ("ana", "cai", "eva", "fay")] == [100] * 4
    for name in ("ben", "dee"):
        assert "it filled the disk" in (place / "out" / name / "results.json").read_text()
    assert not list(disk.folder.iterdir())


def test_no_room_for_the_first_folder_is_said(place: Path) -> None:
    disk = Disk(place / "tmp", "size=64k")
    done = grade(place, {"ana": "", "ben": ""}, disk.folder)
    assert done.returncode == 2 and "Traceback" not in done.stderr and "name another folder in TMPDIR" in done.stderr
    assert not list(disk.folder.iterdir())


def test_the_platforms_results_have_their_room_before_a_student_can_take_it(place: Path) -> None:
    disk = Disk(place / "disk", "size=2m")
    judged = disk.folder / ".judged.json"
    gradescope.reserve(judged)
    disk.fill()
    found = {"score": 100, "output": "é" * 100_000}
    gradescope.write(found, judged)
    os.replace(judged, disk.folder / "results.json")
    assert json.loads((disk.folder / "results.json").read_text(encoding="utf-8")) == found


def test_the_platforms_results_come_from_a_disk_that_the_student_filled(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary files and the results lie on one disk, as in a container."""
    if Path(tempfile.gettempdir()).resolve() in Path(sys.executable).absolute().parents:
        pytest.skip("this Python lies where that disk would be mounted")
    disk = Disk(place / "disk", "size=96m")
    (disk.folder / "tmp").mkdir(mode=0o1777)
    (disk.folder / "tmp").chmod(0o1777)
    package = place / "autograder.zip"
    package.write_bytes(archive.zipped(build.make(ASSIGNMENT).autograder, build.EXECUTABLE))
    over_tmp = ["unshare", "--mount", "sh", "-c", f'mount --bind {disk.folder}/tmp /tmp && exec "$@"', "sh"]
    container = [*over_tmp, *local_gradescope.as_docker()]
    monkeypatch.setattr(local_gradescope, "as_docker", lambda: container)
    platform = local_gradescope.Gradescope(package, disk.folder / "autograder", Path(sys.prefix))
    book = Book(ASSIGNMENT)
    book.insert(FILLER)
    run = platform.grade({"vae.ipynb": book.text().encode()}, timeout=120)
    assert run.results is not None and not run.lost and run.score == 100, run
    assert "it filled the disk" in run.results["output"]
    assert sorted(path.name for path in (disk.folder / "autograder" / "results").iterdir()) == ["results.json", "stdout"]
    assert not list((disk.folder / "tmp").iterdir())
