"""A submission is read in a throw-away child: whatever a file does to its reader costs that submission, in words, and nobody else."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from book import Book

from autograder.checks import assignment as assignments
from autograder.confine.reaper import descendants
from autograder.submissions import reading
from autograder.submissions.handed_in import Refused
from autograder.submissions.reading import Readers

ASSIGNMENT = assignments.load()
NAMES = tuple(name for question in ASSIGNMENT.questions.values() for name in question.answers)
MAIN = os.getpid()
GRADERS_OWN = 400 << 20  # bytes that the grader may hold, whatever is submitted


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    made = Readers()
    yield made
    made.close()


def read(readers: Readers, path: Path) -> reading.Submission:
    return readers.read(path, ASSIGNMENT.slug, ASSIGNMENT.version, NAMES)


def refusal(readers: Readers, path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read(readers, path)
    return str(caught.value)


def test_what_comes_back_is_what_the_notebook_holds(readers: Readers, tmp_path: Path) -> None:
    book = Book(ASSIGNMENT)
    book.append("note = 'Ünïcødé \\N{SNOWMAN} ☃ 𝒵'\n")
    book.save(tmp_path / "vae.ipynb")
    found = read(readers, tmp_path / "vae.ipynb")
    assert found.name == "vae.ipynb" and found.notes == ()
    assert found.cells[-1].source == "note = 'Ünïcødé \\N{SNOWMAN} ☃ 𝒵'\n" and found.cells[-1].number == len(book.cells)


def test_a_relative_path_means_what_it_means_to_who_asks(readers: Readers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Book(ASSIGNMENT).save(tmp_path / "mine.ipynb")
    monkeypatch.chdir(tmp_path)
    assert read(readers, Path("mine.ipynb")).name == "mine.ipynb"


def test_a_reader_that_runs_out_of_memory_time_or_life_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is played by a parser that does just that; the next submission is read as if nothing had been."""
    honest = reading.submissions.read

    def spoiled(path: Path, *rest: object) -> object:
        if path.name == "memory.ipynb":
            return [bytes(1 << 26) for _ in range(1000)]
        if path.name == "time.ipynb":
            while True:
                pass
        if path.name == "life.ipynb":
            os.kill(os.getpid(), 9)
        if path.name == "lies.ipynb":
            os.write(1, b"nothing to see")
            raise ValueError("a fault of ours")
        return honest(path, *rest)

    monkeypatch.setattr(reading.submissions, "read", spoiled)
    monkeypatch.setattr(reading, "CPU_SECONDS", 1)
    readers = Readers()
    try:
        for name in ("memory", "time", "life", "lies"):
            assert "too large or too tangled" in refusal(readers, tmp_path / f"{name}.ipynb")
        Book(ASSIGNMENT).save(tmp_path / "vae.ipynb")
        assert read(readers, tmp_path / "vae.ipynb").cells
    finally:
        readers.close()


def runs(pid: int) -> bool:
    """Whether there is such a process, and not only its remains, which wait for an init that may never ask."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_reader_outlives_neither_its_answer_nor_who_asked(tmp_path: Path) -> None:
    script = "import os, time; from autograder.submissions.reading import Readers; made = Readers(); print(made.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout
        pid = int(asking.stdout.readline())
        asking.kill()
    deadline = time.monotonic() + 5
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not runs(pid)


def test_a_server_that_was_killed_is_replaced(tmp_path: Path) -> None:
    Book(ASSIGNMENT).save(tmp_path / "vae.ipynb")
    readers = Readers()
    try:
        os.kill(readers.pid, 9)
        os.waitpid(readers.pid, 0)
        assert read(readers, tmp_path / "vae.ipynb").cells
    finally:
        readers.close()


def test_a_server_that_is_killed_while_it_is_asked_is_no_fault_of_the_submissions(tmp_path: Path) -> None:
    Book(ASSIGNMENT).save(tmp_path / "vae.ipynb")
    readers, found = Readers(), list[Any]()
    try:
        os.kill(readers.pid, signal.SIGSTOP)
        asking = threading.Thread(target=lambda: found.append(read(readers, tmp_path / "vae.ipynb")))
        asking.start()
        time.sleep(0.3)  # the request lies there
        os.kill(readers.pid, signal.SIGKILL)
        asking.join()
        assert found and found[0].cells
    finally:
        readers.close()


def test_that_a_server_is_gone_is_seen_while_readers_of_others_live_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are forks of it, and end a little later."""
    go_on = tmp_path / "go on"

    def waiting(server: int) -> None:
        if os.getppid() == server and server != MAIN:  # a reader, not the server itself
            while not go_on.exists():
                time.sleep(0.01)

    monkeypatch.setattr(reading, "die_with_parent", waiting)
    Book(ASSIGNMENT).save(tmp_path / "vae.ipynb")
    readers = Readers()
    try:
        asking = threading.Thread(target=lambda: readers._ask(json.dumps([str(tmp_path / "vae.ipynb"), "", "", []]).encode()))
        asking.start()
        time.sleep(0.3)
        assert not readers._is_gone()
        os.kill(readers.pid, signal.SIGKILL)
        os.waitpid(readers.pid, 0)
        assert readers._is_gone() and asking.is_alive()
        go_on.touch()
        asking.join()
    finally:
        readers.close()


def test_a_server_that_was_replaced_keeps_nothing_of_who_asked(tmp_path: Path) -> None:
    """Else a channel that whoever asked closes stays open, and nobody at its other end ever hears that it was closed."""
    readers = Readers()
    ours, theirs = socket.socketpair()
    try:
        Book(ASSIGNMENT).save(tmp_path / "vae.ipynb")
        os.kill(readers.pid, signal.SIGKILL)
        os.waitpid(readers.pid, 0)
        assert read(readers, tmp_path / "vae.ipynb").cells
        theirs.close()
        ours.settimeout(5)
        assert ours.recv(1) == b""
    finally:
        ours.close()
        readers.close()


def test_something_that_is_no_file_does_not_hold_the_reader_up(readers: Readers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "vae.ipynb")
    started = time.monotonic()
    assert "no file" in refusal(readers, tmp_path / "vae.ipynb")
    assert "empty" in refusal(readers, tmp_path)
    assert time.monotonic() - started < 2


BOMBS: dict[str, Callable[[Path], object]] = {
    "quotes": lambda path: path.write_bytes(b'{"nbformat": 4, "cells": ["' + b'\\"' * (2 << 20)),
    "empty lists": lambda path: path.write_bytes(b'{"nbformat": 4, "cells": [' + b"[]," * (20 << 20) + b"[]]}"),
    "keys": lambda path: path.write_text('{"a": [' + ",".join(f'{{"{n}":0}}' for n in range(4_500_000)) + "]}"),
    "emoji": lambda path: path.write_text('{"a": "' + "x" * (60 << 20) + '☃𝒵"}', encoding="utf-8"),
    "escapes": lambda path: path.write_bytes(b'{"a": "' + b"\\ud83d\\ude00" * (5 << 20) + b'"}'),
    "one long number": lambda path: path.write_bytes(b"[" + b"9" * (60 << 20) + b"]"),
    "deep": lambda path: path.write_bytes(b'{"a":' * (10 << 20)),
    "blanks": lambda path: path.write_bytes(b" " * (60 << 20)),
    "merge marks": lambda path: path.write_bytes(b"<<<<<<<\n" * (7 << 20)),
    "markers": lambda path: path.write_text(
        json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "# Assignment: " + "x" * 200_000 + "\n" * 50_000}]})
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("zipped", [False, True])
def test_no_file_costs_the_grader_time_or_memory(bomb: str, zipped: bool, tmp_path: Path) -> None:
    """Measured over the grading process and all below it, from outside, as the system counts them."""
    path = tmp_path / "vae.ipynb"
    BOMBS[bomb](path)
    if zipped:
        with zipfile.ZipFile(tmp_path / "vae.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(path, "vae.ipynb")
        path.unlink()
        path = tmp_path / "vae.zip"
    script = (
        "import sys; from pathlib import Path; from autograder.submissions.reading import Readers; from autograder.submissions.handed_in import Refused\n"
        "try: Readers().read(Path(sys.argv[1]), 'vae', '1', ('gaussian_kl',))\n"
        "except Refused as refusal: print(refusal)"
    )
    started = time.monotonic()
    most: dict[int, int] = {}
    with subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True) as asking:
        while asking.poll() is None:
            for pid in (asking.pid, *descendants(asking.pid)):
                most[pid] = max(most.get(pid, 0), peak(pid))
            time.sleep(0.005)
        assert asking.stdout and asking.stdout.read().strip() and asking.returncode == 0
    assert time.monotonic() - started < 30
    assert most[asking.pid] < 64 << 20
    assert max(most.values()) < GRADERS_OWN


def peak(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)
