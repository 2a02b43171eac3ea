"""A class graded by a real Dask cluster of two workers: the same results, whoever dies, and nothing believed that has not the form."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from book import Book

from autograder import PACKAGE, REPO
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Limits
from autograder.cluster.parcel import Parcel, packed, unpacked
from autograder.cluster.reply import Malformed, Unbelieved, believed
from autograder.cluster.workers import Terms, Worker
from autograder.submissions.handed_in import MAX_NOTEBOOK, Refused, find

EXAMPLE = REPO / "examples" / "least_squares" / "assignment"
ASSIGNMENT = assignments.load(EXAMPLE)
SLIPS = [entry.source for question in ASSIGNMENT.questions.values() for entry in ASSIGNMENT.wrong_answers(question)]
SLOW = "import time\ntime.sleep(1)"
DEADLY = "what kills every worker that meets it"
# Loaded by each worker at its start. It stands for whatever a submission may do that ends its machine: the program itself has no such door.
HOOK = f"""
import os, signal
from autograder.cluster import task

def deadly(assignment, kind, name, files, seconds, grade=task.grade):
    if any({DEADLY.encode()!r} in content for _, content in files):
        os.kill(os.getpid(), signal.SIGKILL)
    return grade(assignment, kind, name, files, seconds)

if task.grade.__name__ != "deadly":
    task.grade = deadly
"""


@dataclass
class Cluster:
    """A scheduler and a nanny with its workers, each in a process of its own."""

    address: str
    nanny: int

    def workers(self) -> list[psutil.Process]:
        """Dask's own, not the graders beside them."""
        found = psutil.Process(self.nanny).children()
        return [one for one in found if "resource_tracker" not in " ".join(one.cmdline())]


def started(folder: Path, program: Path = REPO, workers: int = 2, hook: str = HOOK) -> Iterator[Cluster]:
    folder.mkdir(exist_ok=True)
    (folder / "hook.py").write_text(hook)
    said, environment = folder / "scheduler.json", os.environ | {"PYTHONPATH": str(program)}
    dask = [sys.executable, "-m"]
    scheduler = [
        *dask,
        "distributed.cli.dask_scheduler",
        "--host=127.0.0.1",
        "--port=0",
        f"--scheduler-file={said}",
        "--no-dashboard",
    ]
    worker = [
        *dask,
        "distributed.cli.dask_worker",
        f"--scheduler-file={said}",
        f"--nworkers={workers}",
        "--nthreads=1",
        "--no-dashboard",
    ]
    worker += [f"--preload={folder / 'hook.py'}", f"--local-directory={folder}", "--memory-limit=4GB"]
    with open(folder / "log", "w") as log:
        running = [subprocess.Popen(line, stdout=log, stderr=log, cwd=folder, env=environment) for line in (scheduler, worker)]
        try:
            while not said.exists() or not said.read_text():
                assert running[0].poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield Cluster(json.loads(said.read_text())["address"], running[1].pid)
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait(30)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from started(tmp_path_factory.mktemp("cluster"))


def write_class(folder: Path, count: int, *cells: str) -> Path:
    """Notebooks with and without slips."""
    folder.mkdir(parents=True)
    for number in range(count):
        book = Book(ASSIGNMENT)
        book.append(f"mine = {number}", *cells, *(SLIPS[number : number + 1] if number % 2 else []))
        book.save(folder / f"student {number}.ipynb")
    return folder


def command(folder: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "autograder", "grade", "--assignment", str(EXAMPLE), str(folder), "--out", str(out), *more]


def graded(folder: Path, out: Path, *more: str, status: int = 0) -> str:
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    done = subprocess.run(command(folder, out, *more), cwd=REPO, env=environment, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def without_times(out: Path) -> dict[str, list[str]]:
    """The lines of each file of results."""
    files = {path.parent.name: path.read_text() for path in out.glob("*/results.json")}
    return {name: [line for line in text.splitlines() if '"execution_time"' not in line] for name, text in files.items()}


def scores(out: Path) -> dict[str, float]:
    return {path.parent.name: json.loads(path.read_text())["score"] for path in sorted(out.glob("*/results.json"))}


# --- a class ------------------------------------------------------------------------------------------------------------


def test_a_cluster_comes_to_the_same_byte_for_byte_as_one_job_and_as_two(cluster: Cluster, tmp_path: Path) -> None:
    """Of notebooks, of folders, of what is none, and of what is called as no text can be."""
    lot = write_class(tmp_path / "class", 4)
    (lot / "a folder" / "down").mkdir(parents=True)
    shutil.copy(lot / "student 1.ipynb", lot / "a folder" / "down")
    (lot / "a folder" / "data.csv").write_text("1")
    (lot / "empty folder").mkdir()
    (lot / "no notebook.ipynb").write_bytes(b"PK\x03\x04")
    (lot / "not text.zip").write_bytes(b"x")
    shutil.copy(lot / "student 0.ipynb", os.fsdecode(os.fsencode(lot) + b"/\xff\xfe.ipynb"))
    (lot / "elsewhere.ipynb").symlink_to(lot / "student 0.ipynb")
    for out, more in {"one": ["--jobs", "1"], "two": ["--jobs", "2"], "far": ["--scheduler", cluster.address]}.items():
        graded(lot, tmp_path / out, *more)
    found = {out: without_times(tmp_path / out) for out in ("one", "two", "far")}
    assert found["far"] == found["one"] == found["two"] and len(found["far"]) >= 8
    assert (tmp_path / "far" / "scores.csv").read_bytes() == (tmp_path / "one" / "scores.csv").read_bytes()
    assert "were graded before" in graded(lot, tmp_path / "far", "--jobs", "1")  # one folder of results, whoever made them


def test_a_worker_that_is_killed_amid_a_class_costs_nobody_a_point_and_leaves_no_process(cluster: Cluster, tmp_path: Path) -> None:
    lot, out = write_class(tmp_path / "class", 10, SLOW), tmp_path / "out"
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    line = command(lot, out, "--scheduler", cluster.address)
    with subprocess.Popen(line, cwd=REPO, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        while len(list(out.glob("*/results.json"))) < 2:
            assert running.poll() is None
            time.sleep(0.05)
        victim = max(cluster.workers(), key=lambda one: len(one.children(recursive=True)))
        below = victim.children(recursive=True)
        assert below, "a grader stands beside it"
        victim.kill()
        said = running.communicate()[0]
    assert running.returncode == 0, said
    assert len(scores(out)) == 10
    _, alive = psutil.wait_procs(below, timeout=20)
    assert alive == []
    graded(lot, tmp_path / "here", "--jobs", "2")
    assert without_times(out) == without_times(tmp_path / "here")


def test_a_submission_that_kills_every_worker_it_meets_is_named_and_all_others_are_graded(cluster: Cluster, tmp_path: Path) -> None:
    lot, out = write_class(tmp_path / "class", 5), tmp_path / "out"
    book = Book(ASSIGNMENT)
    book.append(f"'{DEADLY}'")
    book.save(lot / "a deadly one.ipynb")
    said = graded(lot, out, "--scheduler", cluster.address, status=1)
    assert "a deadly one: the grader itself failed" in said and "Nobody else's grade is affected" in said and "was lost" in said
    found = scores(out)
    assert found.pop("a deadly one") == 0 and len(found) == 5 and min(found.values()) > 15
    results = json.loads((out / "a deadly one" / "results.json").read_text())
    assert results["extra_data"]["grader_error"] and "our fault" in results["output"]


def test_a_killed_coordinator_loses_nothing_and_the_cluster_serves_the_next(cluster: Cluster, tmp_path: Path) -> None:
    lot, out = write_class(tmp_path / "class", 6, SLOW), tmp_path / "out"
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    with subprocess.Popen(
        command(lot, out, "--scheduler", cluster.address), cwd=REPO, env=environment, stdout=subprocess.DEVNULL
    ) as one:
        while len(list(out.glob("*/results.json"))) < 2 and one.poll() is None:
            time.sleep(0.02)
        one.send_signal(signal.SIGKILL)
    before = len(scores(out))
    assert f"{before} of 6 were graded before" in graded(lot, out, "--scheduler", cluster.address)
    assert len(scores(out)) == 6 and not (out / ".earlier").exists()


# --- who may grade ------------------------------------------------------------------------------------------------------


def test_a_worker_with_another_version_is_refused_in_words(tmp_path: Path) -> None:
    other = tmp_path / "program"
    shutil.copytree(PACKAGE, other / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(EXAMPLE, other / EXAMPLE.relative_to(REPO))
    with (other / "autograder" / "checks" / "judge.py").open("a") as file:
        file.write("\n# another day's\n")
    lot = write_class(tmp_path / "class", 2)
    for cluster in started(tmp_path / "cluster", program=other, workers=1):
        said = graded(lot, tmp_path / "out", "--scheduler", cluster.address, status=1)
    assert f"The worker {'tcp://'}" in said and "its program or assignment is of another version than here" in said
    assert "None of the workers can be used" in said and not scores(tmp_path / "out")


class Answer:
    """A future that is done."""

    def __init__(self, said: object, status: str = "finished") -> None:
        self.said, self.status = said, status

    def result(self) -> object:
        return self.said

    def exception(self) -> object:
        return self.said


TERMS = Terms("ours", "torch 2", Limits(memory_mb=1000))
FITTING: dict[str, Any] = {"grader": "ours", "libraries": "torch 2", "exposed": "", "memory": 0}


def greeted(answer: Answer, threads: int = 4) -> tuple[Worker, list[str]]:
    worker, warnings = Worker("tcp://w", threads, answer), list[str]()
    TERMS.settle(worker, warnings.append)
    return worker, warnings


def greeting(**facts: object) -> Answer:
    return Answer(json.dumps(FITTING | facts).encode())


def test_a_worker_has_a_place_for_each_thread_as_far_as_students_limits_lie_below_its_memory() -> None:
    """Each takes 1,000 MB and the grader's 200, beside 500 for all: within 95 % of what Dask lets it have."""
    for memory, lanes in ((0, 4), (64 << 30, 4), (3100 << 20, 2), (1800 << 20, 1)):
        worker, _ = greeted(greeting(memory=memory))
        assert (worker.lanes, worker.refused) == (lanes, "")
    worker, _ = greeted(greeting(memory=1700 << 20))
    assert worker.lanes == 0 and "lets it have 1700 MB, and one submission may take 1700" in worker.refused


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (greeting(libraries="torch 1"), "expected torch 2, as here; it has torch 1"),
        (greeting(grader="theirs"), "another version"),
        (Answer(b'{"lost": "no room"}'), "no grader could be started there: no room"),
        (Answer(b"\xff"), "cannot be read"),
        (Answer(b"[1]"), "cannot be read"),
        (Answer("text"), "cannot be read"),
        (Answer(ModuleNotFoundError("No module named 'autograder'"), "error"), "Give every worker the coordinator's program"),
        (Answer(None, "lost"), "gone before"),
    ],
)
def test_why_a_worker_is_refused_is_said(answer: Answer, why: str) -> None:
    worker, _ = greeted(answer)
    assert why in worker.refused and worker.lanes == 0


def test_a_worker_that_keeps_no_secrets_is_told_of() -> None:
    worker, warnings = greeted(greeting(exposed="landlock is unavailable"))
    assert worker.lanes and "tcp://w students' code can read hidden tests" in warnings[0]


def test_no_scheduler_is_said_before_anything_is_graded(tmp_path: Path) -> None:
    lot = write_class(tmp_path / "class", 2)
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        said = graded(lot, tmp_path / "out", "--scheduler", address, status=2)
        assert "There is no Dask scheduler at" in said and "Traceback" not in said


def test_nothing_of_dask_is_imported_where_no_scheduler_is_named() -> None:
    users = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in getattr(node, "names", ())])
        if isinstance(node, ast.Import | ast.ImportFrom) and name.split(".")[0] in ("dask", "distributed")
    }
    assert users == {"cluster"}
    seen = "import sys; print(sorted({'dask', 'distributed', 'jsonschema'} & {name.split('.')[0] for name in sys.modules}))"
    grading = f"from autograder.course import terminal; from autograder.run import launch; {seen}"
    environment = os.environ | {"PYTHONPATH": str(REPO)}
    done = subprocess.run([sys.executable, "-c", grading], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- what travels -------------------------------------------------------------------------------------------------------


def read(path: Path) -> tuple[str, bytes] | str:
    try:
        return find(path)
    except Refused as refusal:
        return str(refusal)


def test_a_submission_is_read_there_as_it_is_here(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    write_class(here, 1)
    notebook = (here / "student 0.ipynb").read_bytes()
    for name, content in {
        "two/a.ipynb": b"{}",
        "two/b.ipynb": b"{}",
        "one/deep/a.ipynb": notebook,
        "one/other.zip": b"PK",
        "one/picture.png": b"x" * 100,
        "disguised/a.ipynb (1).json": notebook,
        "none/essay.pdf": b"%PDF",
        "work.pdf": b"%PDF",
    }.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content)
    (here / "nothing").mkdir()
    (here / "link.ipynb").symlink_to("student 0.ipynb")
    with (here / "big.ipynb").open("wb") as file:
        file.truncate(MAX_NOTEBOOK + 7)
    for path in [*here.iterdir(), here / "absent.ipynb"]:
        there.mkdir()
        assert read(unpacked(packed(path), there)) == read(path), path
        shutil.rmtree(there)


def test_only_what_a_reader_would_open_travels(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(b"{}")
    (tmp_path / "data.bin").write_bytes(b"x" * 1000)
    assert packed(tmp_path).files == ((b"a.ipynb", b"{}"), (b"data.bin", b""))


@pytest.mark.parametrize("name", [b"../x", b"/x", b"a/../../x", b""])
def test_no_name_leads_out_of_the_folder_it_is_unpacked_in(name: bytes, tmp_path: Path) -> None:
    for parcel in (Parcel("file", name, ((b"", b"x"),)), Parcel("folder", b"f", ((name, b"x"),))):
        with pytest.raises(ValueError, match="not a name within"):
            unpacked(parcel, tmp_path)


# --- what is believed ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Results as they come from a worker."""
    folder = tmp_path_factory.mktemp("honest")
    graded(write_class(folder / "class", 2), folder / "out", "--jobs", "1")
    found = json.loads((folder / "out" / "student 1" / "results.json").read_text())
    del found["extra_data"]["key"]
    return dict(found)


def told(results: object) -> bytes:
    return json.dumps(results).encode()


def test_what_has_the_form_is_believed(honest: dict[str, Any]) -> None:
    assert believed(told(honest), ASSIGNMENT) == honest


def test_a_worker_that_says_why_there_is_no_result_is_quoted() -> None:
    with pytest.raises(Unbelieved, match="the disk is full"):
        believed(b'{"lost": "the disk is full"}', ASSIGNMENT)


@pytest.mark.parametrize("reply", [b"", b"\xff", b"[" * 100_000, b"null", b"[]", b'{"score": NaN}', "text", None, b"x" * (9 << 20)])
def test_no_reply_that_is_no_results_is_believed(reply: object) -> None:
    with pytest.raises(Malformed, match="what came is no result of ours"):
        believed(reply, ASSIGNMENT)


SPOILED = {
    "a score too high": lambda found: found.update(score=21),
    "a question's score": lambda found: found["tests"][1].update(score=found["tests"][1]["score"] + 1),
    "points of a check": lambda found: found["tests"][0]["extra_data"]["checks"][0].update(points=9),
    "a check that passed": lambda found: (
        [one.update(status="passed") for one in found["tests"][0]["extra_data"]["checks"]]
        + [one.update(status="passed") for test in found["tests"] for one in test["extra_data"]["checks"]]
    ),
    "a status unknown": lambda found: found["tests"][0]["extra_data"]["checks"][0].update(status="perfect"),
    "a question missing": lambda found: found["tests"].pop(),
    "a question twice": lambda found: found["tests"].append(found["tests"][0]),
    "infinity": lambda found: found.update(execution_time=float("1e308") * 10),
    "a number for a text": lambda found: found.update(output=3),
    "a null": lambda found: found.update(output=None),
    "something more": lambda found: found.update(leaderboard=[]),
    "something less": lambda found: found.pop("score"),
    "a text without end": lambda found: found.update(output="x" * 100_000),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_results_that_are_not_of_the_form_or_do_not_add_up_are_not_believed(honest: dict[str, Any], spoiled: str) -> None:
    found = json.loads(told(honest))
    SPOILED[spoiled](found)
    with pytest.raises(Malformed):
        believed(told(found).replace(b"Infinity", b"1e999"), ASSIGNMENT)
