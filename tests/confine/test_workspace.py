"""Nothing of a run outlives it, however it ends: no process, no folder; and no run touches another that lives."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from book import Book
from forks import UID, in_child, needs_root

from autograder.checks import assignment as assignments
from autograder.confine import workspace
from autograder.confine.reaper import become_subreaper, descendants
from autograder.confine.workspace import Workspace, sweep
from autograder.proof.arena.situations import NotHere, python_for_others
from autograder.proof.arena.start import become

REPO = Path(__file__).parents[2]
ASSIGNMENT = assignments.load()
PATIENCE = 10  # seconds; a worker that lived on would be at work for longer
DAEMON = """\
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("mine", "w").write("x" * 1000)
        time.sleep(600)
    os._exit(0)
time.sleep(3)
"""
CLASS = {"ana": "", "ben": "while True: pass", "cai": DAEMON, "dee": "import time; time.sleep(600)", "eva": ""}


@pytest.fixture(scope="module")
def python() -> Iterator[Path]:
    """An interpreter with which students get uids of their own, under which they can leave processes."""
    try:
        with python_for_others() as found:
            yield found / "bin" / "python"
    except NotHere as why:
        pytest.skip(str(why))


@pytest.fixture
def scene() -> Iterator[Path]:
    """A folder that every uid can pass, with a temporary one of its own and a class of five."""
    folder = Path(tempfile.mkdtemp(prefix="scene-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    for name, cell in CLASS.items():
        (folder / "class" / name).mkdir(parents=True)
        book = Book(ASSIGNMENT)
        book.insert(cell or "pass")
        book.save(folder / "class" / name / "vae.ipynb")
    yield folder
    shutil.rmtree(folder)


class Run:
    """The real program, at work on the class, in a process group of its own as a terminal gives it."""

    def __init__(self, scene: Path, python: Path) -> None:
        become_subreaper()
        self.scene, self.before = scene, set(descendants(os.getpid()))
        with (scene / "said").open("wb") as said:  # no pipe, at whose end we would wait for whoever lives on
            self.process = subprocess.Popen(
                [python, "-m", "autograder", "grade", scene / "class", "--out", scene / "out", "--jobs", "3"],
                cwd=REPO,
                env=os.environ | {"TMPDIR": str(scene / "tmp")},
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
                preexec_fn=_heed_signals,
            )

    def processes(self) -> set[int]:
        return set(descendants(os.getpid())) - self.before

    def until(self, what: str) -> None:
        """Wait for something to lie in the run's folder."""
        deadline = time.monotonic() + 60
        while not list((self.scene / "tmp").glob(what)) and time.monotonic() < deadline:
            time.sleep(0.02)

    def survivors(self) -> tuple[set[int], list[Path]]:
        """The processes and the files that are left when there was time to go."""
        self.process.wait()
        end = time.monotonic() + PATIENCE
        while (left := (self.processes(), sorted((self.scene / "tmp").iterdir()))) != (set(), []) and time.monotonic() < end:
            time.sleep(0.05)
            for pid in left[0]:
                with suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
        return left


def _heed_signals() -> None:
    """Under nohup, or started in the background by a shell, it would ignore one of these, and rightly."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


MOMENTS = ["", "*", "*/public", "*/worker-*/student-*", "*/worker-*/student-*/mine"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda how: how.name)
def test_nothing_outlives_a_grader_that_is_killed(how: signal.Signals, scene: Path, python: Path) -> None:
    """At some moment: that a run is at work says nothing about what it is at."""
    for moment in MOMENTS if how == signal.SIGKILL else MOMENTS[-1:]:
        run = Run(scene, python)
        if moment:
            run.until(moment)
        time.sleep(random.random())
        if how == signal.SIGINT:
            os.killpg(run.process.pid, how)  # as a terminal does
        else:
            run.process.send_signal(how)
        assert run.survivors() == (set(), [])
        assert run.process.returncode == (130 if how == signal.SIGINT else -how), (scene / "said").read_text()
        assert not list(scene.rglob("*.part"))


@needs_root
def test_a_start_sweeps_what_a_run_left_whose_every_process_was_killed(
    scene: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(scene, python)
    run.until("*/worker-*/student-*/mine")
    ours = {pid for pid in run.processes() if os.stat(f"/proc/{pid}").st_uid == 0}
    for pid in ours:
        os.kill(pid, signal.SIGSTOP)  # at one blow: nobody finds another dead and tidies up
    for pid in ours:
        os.kill(pid, signal.SIGKILL)
    run.process.wait()
    for pid in ours - {run.process.pid}:
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
    assert run.processes() and list((scene / "tmp").iterdir())  # a daemon of a student's, and its folder
    monkeypatch.setattr(tempfile, "tempdir", str(scene / "tmp"))
    sweep()
    assert run.survivors() == (set(), [])


@needs_root
def test_a_living_runs_folder_and_students_are_not_touched(scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even where a dead run had a student under the same uid."""
    monkeypatch.setattr(tempfile, "tempdir", str(scene / "tmp"))
    living = Workspace()
    (living.folder / "worker-a" / f"student-{UID}-x").mkdir(parents=True)
    dead = scene / "tmp" / f"{workspace.RUN}1-dead"
    (dead / "worker-b" / f"student-{UID}-y").mkdir(parents=True)
    strangers = [scene / "tmp" / "autograde", scene / "tmp" / "student-1-x", scene / "tmp" / f"{workspace.RUN}link"]
    strangers[0].mkdir()
    strangers[1].mkdir()
    strangers[2].symlink_to(scene / "class")
    theirs = scene / "tmp" / f"{workspace.RUN}theirs"
    in_child(lambda: [become(UID), theirs.mkdir()])
    student = subprocess.Popen(["sleep", "60"], user=UID)
    try:
        sweep()
        assert not dead.exists() and student.poll() is None
        assert all(path.exists() for path in (*strangers, living.folder / "worker-a", theirs))
        living.close()
        assert student.wait(10) == -signal.SIGKILL and not living.folder.exists()
    finally:
        student.kill()


def test_a_full_disk_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace, "PATIENCE", 0.5)
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", full)
        for least, most in ((0.5, 5), (0, 0.4)):
            started = time.monotonic()
            with pytest.raises(OSError, match="No space"):
                workspace.make_folder(tmp_path, "student-")
            assert least <= time.monotonic() - started < most
    assert workspace.make_folder(tmp_path, "student-").is_dir()
