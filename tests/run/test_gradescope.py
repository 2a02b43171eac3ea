"""The built autograder.zip in a local Gradescope: whatever is submitted, and whatever breaks, the platform gets results that stand.

Two situations are tried: an interpreter that other users can run, as setup.sh installs one, and ours, which may lie under a closed
/root. setup.sh itself is run by tests/fresh_system.py.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from book import Book
from filelock import FileLock

from autograder.authors import build
from autograder.checks import assignment as assignments
from autograder.checks.assignment import Limits
from autograder.pieces import archive
from autograder.proof.arena.situations import NotHere, python_for_others
from autograder.proof.local_gradescope import SECRETS, Gradescope, Posted
from autograder.run import gradescope
from autograder.run.session import Session

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="the platform runs as root on Linux"),
    pytest.mark.filterwarnings("ignore"),  # otter's own dependencies warn on import
]

SCHEMA = Path(__file__).parents[1] / "schemas" / "results.schema.json"
DEFAULT_CONTAINER = 768  # MB
ASSIGNMENT = assignments.load()
OUR_FAULT = "This is our fault, not yours"


# --- the platform and its situations ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """autograder.zip, built once for all workers."""
    folder = tmp_path_factory.getbasetemp()
    path = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "autograder.zip"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            made = build.make(ASSIGNMENT)
            path.write_bytes(archive.zipped(made.autograder, build.EXECUTABLE))
    return path


@pytest.fixture(scope="session")
def open_python() -> Iterator[Path]:
    """An environment whose interpreter any user can run, with the packages of ours."""
    try:
        with python_for_others() as python:
            yield python
    except NotHere as why:
        pytest.skip(str(why))


@pytest.fixture(params=["open", "closed"])
def python(request: pytest.FixtureRequest) -> Path:
    """The interpreter of each situation."""
    return request.getfixturevalue("open_python") if request.param == "open" else Path(sys.prefix)


Make = Callable[..., Gradescope]


@pytest.fixture
def image(package: Path) -> Iterator[Make]:
    """Makes images; they are where other users could reach what is not locked, unlike pytest's own folders."""
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        Path(folder).chmod(0o755)
        yield lambda venv=Path(sys.prefix), zip=package: Gradescope(zip, Path(folder) / "autograder", venv)


def submitted(*cells: str, solved: bool = True) -> dict[str, bytes]:
    book = Book(ASSIGNMENT, solved)
    book.append(*cells)
    return {"notebook.ipynb": book.text().encode()}


def valid(run: Posted) -> dict[str, Any]:
    """The results, which the platform took and which tell nothing of what is nobody's business."""
    assert run.results is not None and not run.lost, run
    assert not run.timed_out
    jsonschema.validate(run.results, json.loads(SCHEMA.read_text()))
    assert not [secret for secret in SECRETS if secret in run.everything]
    return run.results


def our_fault(run: Posted) -> dict[str, Any]:
    results = valid(run)
    assert OUR_FAULT in results["output"]
    assert results["score"] == 0 and results["extra_data"]["grader_error"] is True
    assert [test["visibility"] for test in results["tests"]] == ["hidden"]  # so the student sees no total
    return results


def judged(results: dict[str, Any]) -> list[tuple[str, float, str, str]]:
    return [(test["name"], test["score"], test["extra_data"]["status"], test["output"]) for test in results["tests"]]


def test_a_check_of_ours_that_raises_is_seen_by_the_staff_and_leaves_no_total(package: Path, image: Make, tmp_path: Path) -> None:
    """In a copy of the zip in which one hidden check is broken: all else is judged."""
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(package) as whole, zipfile.ZipFile(broken, "w") as spoiled:
        for entry in whole.infolist():
            content = whole.read(entry)
            if entry.filename.endswith("q5_kl/hidden_tests.py"):
                content = content.replace(
                    b"@points(",
                    b'@points(0.25)\ndef test_ours(gaussian_kl):\n    """It holds."""\n    raise KeyError(\'a fault of ours\')\n\n\n@points(',
                    1,
                )
            spoiled.writestr(entry, content)
    run = image(zip=broken).grade(submitted())
    results = valid(run)
    assert results["score"] > 90 and results["extra_data"]["grader_error"] is True
    hidden = [test for test in results["tests"] if test["visibility"] == "hidden"]
    assert [test["name"] for test in hidden] == ["For the staff"] and "a fault of ours" in hidden[0]["output"]
    assert "a fault of ours" in run.stdout and "test_ours" in run.stdout
    assert "a fault of ours" not in json.dumps([test for test in results["tests"] if test["visibility"] == "visible"])


def test_a_third_submission_is_not_told_which_letter_was_right(image: Make) -> None:
    """The platform counts submissions; the score is right all the same."""
    seen = []
    platform = image()
    platform.metadata = {"previous_submissions": [{"id": number, "autograder_error": False} for number in range(2)]}
    for letter in "ABCD":
        run = platform.grade(submitted(f'q1_choice = "{letter}"'))
        results = valid(run)
        seen.append([test for test in results["tests"] if test["visibility"] == "visible"])
        assert {test["visibility"] for test in results["tests"]} == {"visible", "after_due_date"}
        assert results["score"] == ASSIGNMENT.total or letter != "C"
    assert seen[0] == seen[1] == seen[2] == seen[3]


# --- what students submit -----------------------------------------------------------------------------------------------


def test_the_reference_gets_everything_and_the_template_nothing(image: Make, python: Path, open_python: Path) -> None:
    """In the default container's memory, and the same in every situation."""
    platform = image(python)
    solved = platform.grade(submitted(), memory_mb=DEFAULT_CONTAINER)
    results = valid(solved)
    assert results["score"] == ASSIGNMENT.total, judged(results)
    assert {status for _, _, status, _ in judged(results)} == {"passed"}
    assert solved.peak_bytes is None or (solved.peak_bytes < 500 << 20 and solved.killed_for_memory == 0)
    confinement = results["extra_data"]["confinement"]
    assert "POSSIBLE" not in confinement.values()
    assert (confinement["user"] == "applied") == (python == open_python)
    modes = {name: (platform.root / name).stat().st_mode & 0o777 for name in ("source", "results", "submission_metadata.json")}
    assert modes == {"source": 0o700, "results": 0o700, "submission_metadata.json": 0o600}

    untouched = valid(platform.grade(submitted(solved=False), memory_mb=DEFAULT_CONTAINER))
    assert untouched["score"] == 0
    assert {status for _, _, status, _ in judged(untouched)} == {"not_attempted"}


@pytest.mark.parametrize("files", [{}, {"a.zip": b"PK nonsense"}])
def test_what_is_not_a_notebook_is_refused_in_words(image: Make, files: dict[str, bytes]) -> None:
    results = valid(image().grade(files))
    assert results["score"] == 0
    assert results["output"].startswith("Not graded. ")
    assert OUR_FAULT not in results["output"]


NOSY = """
found = []
for path in {paths!r}:
    try:
        found.append(open(path, errors="replace").read())
    except Exception as error:
        found.append(f"{{path}}: {{type(error).__name__}}")
import os
raise RuntimeError(" ".join(found) + str(dict(os.environ)))
"""


def test_nothing_of_the_platform_reaches_the_submission(image: Make, python: Path) -> None:
    """Metadata, environments, earlier results: the notebook puts all that it can find into a message that is shown."""
    platform = image(python)
    processes = [f"/proc/{name}/environ" for name in ("1", "self", os.getpid())]
    hidden = next((platform.root / "source").rglob("hidden_tests.py"))
    paths = [*map(str, (platform.root / "submission_metadata.json", hidden, platform.root / "results" / "stdout")), *processes]
    results = valid(platform.grade(submitted(NOSY.format(paths=paths))))
    assert "submission_metadata.json: PermissionError" in results["output"]
    assert "hidden_tests.py: PermissionError" in results["output"]
    assert results["score"] == ASSIGNMENT.total


def test_a_memory_bomb_costs_its_own_process(image: Make, python: Path) -> None:
    """Students' processes get so little memory that the container has enough, which else would be killed as a whole."""
    bomb = (
        "def bomb(pieces):\n    while True:\n        pieces.append(bytearray(b'x' * (16 << 20)))\n\nbomb([])"  # let go at the end
    )
    run = image(python).grade(submitted(bomb, "hold = torch.ones(1 << 34)"), memory_mb=DEFAULT_CONTAINER)
    assert valid(run)["score"] == ASSIGNMENT.total
    assert run.killed_for_memory == 0


def test_many_processes_with_much_memory_end_first(image: Make, open_python: Path) -> None:
    """When they fill the container together, it is they that the kernel ends, and the grader goes on."""
    bombs = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        hold = bytearray(b"x" * (150 << 20))
        time.sleep(60)
time.sleep(2)
"""
    run = image(open_python).grade(submitted(bombs), memory_mb=DEFAULT_CONTAINER)
    if run.peak_bytes is None:
        pytest.skip("no memory cgroup to be had")
    assert valid(run)["score"] == ASSIGNMENT.total


SURVIVOR = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        end = time.time() + 20
        while time.time() < end:
            for path in {paths!r}:
                try:
                    with open(path, "w") as file:
                        file.write('{{"score": 1000}}')
                except OSError:
                    pass
            time.sleep(0.01)
    os._exit(0)
"""


def test_no_process_of_the_students_outlives_the_run(image: Make, open_python: Path) -> None:
    """A daemon with the results file in a loop is gone before they are read."""
    platform = image(open_python)
    paths = [str(platform.root / "results" / name) for name in ("results.json", ".judged.json")]
    results = valid(platform.grade(submitted(SURVIVOR.format(paths=paths), solved=False)))
    assert results["score"] == 0
    assert not processes_in(platform.root)


def processes_in(root: Path) -> list[str]:
    """The living processes that were started for the image at `root`, students' ones included: they are forks of ours."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            if str(root).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


# --- time ---------------------------------------------------------------------------------------------------------------


def test_an_endless_loop_leaves_time_for_the_rest(image: Make) -> None:
    """However short the platform's patience: what was judged counts, and the results are there in time."""
    book = Book(ASSIGNMENT)
    looping = next(name for question in ASSIGNMENT.questions.values() for name in question.answers if f"def {name}(" in book.code)
    book.define(looping, f"def {looping}(*args, **kwargs):\n    while True:\n        pass")
    book.append("while True:\n    pass")
    run = image().grade({"notebook.ipynb": book.text().encode()}, timeout=30)
    results = valid(run)
    statuses = {test["extra_data"]["status"] for test in results["tests"]}
    assert "timed_out" in statuses
    assert "grader_error" not in statuses
    assert 0 < results["score"] < ASSIGNMENT.total, judged(results)


def test_a_submission_that_takes_all_the_time_is_judged_by_what_was_reached(image: Make) -> None:
    """Each cell sleeps as long as it may; the run still ends by itself."""
    run = image().grade(submitted(*["import time\ntime.sleep(60)"] * 8), timeout=16)
    assert valid(run)["extra_data"]["grader_error"] is False
    assert run.seconds < 16


# --- what breaks on our side ----------------------------------------------------------------------------------------------


def spoil(platform: Gradescope, name: str, text: str) -> None:
    path = next((platform.root / "source").rglob(name))
    path.write_text(text)


def test_a_broken_hidden_test_is_our_fault(image: Make) -> None:
    platform = image()
    spoil(platform, "hidden_tests.py", "this is no Python\n")
    results = our_fault(platform.grade(submitted()))
    assert "SyntaxError" in results["tests"][0]["output"]
    assert "SyntaxError" not in results["output"]


def test_a_grader_that_hangs_is_ended_in_time(image: Make) -> None:
    platform = image()
    spoil(platform, "hidden_tests.py", "while True:\n    pass\n")
    run = platform.grade(submitted(), timeout=10)
    our_fault(run)
    assert run.seconds < 10


@pytest.mark.parametrize(
    "text",
    [
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
        "import os\nos._exit(0)\n",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n",
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(60)\n",
    ],
    ids=["killed", "exits", "kills its parent", "stops its parent"],
)
def test_a_grader_that_dies_leaves_results(image: Make, text: str) -> None:
    platform = image()
    spoil(platform, "hidden_tests.py", text)
    our_fault(platform.grade(submitted(), timeout=12))
    assert not processes_in(platform.root)


@pytest.mark.parametrize("missing", ["source/files/autograder/run/gradescope.py", "source/files", "venv"])
def test_a_broken_image_leaves_results(image: Make, missing: str) -> None:
    """Even where nothing of the grader can be started."""
    platform = image()
    gone = platform.root / missing
    gone.unlink() if gone.is_file() or gone.is_symlink() else shutil.rmtree(gone)
    our_fault(platform.grade(submitted()))


def test_appending_to_run_autograder_while_it_runs_does_nothing(image: Make) -> None:
    """Bash reads a script as it goes; whoever can write to it would have root."""
    platform = image()
    script = platform.root / "run_autograder"

    def append() -> None:
        until = time.monotonic() + 30
        while not (platform.root / "results" / "results.json").exists() and time.monotonic() < until:
            time.sleep(0.005)
        with script.open("a") as file:
            file.write(f'\necho appended; echo \'{{"score": 1000}}\' >"{platform.root}/results/results.json"\n')

    writer = threading.Thread(target=append)
    writer.start()
    run = platform.grade(submitted(solved=False))
    writer.join()
    assert "score" in script.read_text().splitlines()[-1]
    assert valid(run)["score"] == 0
    assert "appended" not in run.stdout


def test_results_of_an_earlier_run_are_not_taken_for_this_one(image: Make) -> None:
    platform = image()
    assert valid(platform.grade(submitted()))["score"] == ASSIGNMENT.total
    shutil.rmtree(platform.root / "source" / "files")
    our_fault(platform.grade(submitted()))


def test_a_machine_that_cannot_confine_runs_nothing(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused loudly, as our fault, with every test hidden; the staff reads what was possible."""
    for name in ("source", "results", "submission"):
        (tmp_path / name).mkdir(mode=0o700)
    ran = tmp_path / "ran"
    (tmp_path / "submission" / "a.ipynb").write_bytes(submitted(f"open({str(ran)!r}, 'w')")["notebook.ipynb"])
    make = session.workplace
    monkeypatch.setattr(session, "workplace", lambda limits: make(limits, frozenset({"user", "landlock"})))
    monkeypatch.setenv("AUTOGRADER_ROOT", str(tmp_path))
    assert gradescope.run(session, time.monotonic(), tmp_path / "results" / "results.json") == 0
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    assert results["output"] == gradescope.UNCONFINED
    assert results["score"] == 0 and results["extra_data"]["grader_error"] is True
    assert {test["visibility"] for test in results["tests"]} == {"hidden"}
    assert "read a source: POSSIBLE" in results["tests"][0]["output"]
    assert not ran.exists()


# --- the room there is ----------------------------------------------------------------------------------------------------


def test_limits_fit_the_time_and_the_container() -> None:
    usual = Limits(call_seconds=5, cell_seconds=20, submission_seconds=240, memory_mb=1024)
    assert gradescope.fitted(usual, 400, None) == usual
    assert gradescope.fitted(usual, 400, 6 << 30) == usual
    small = gradescope.fitted(usual, 40, DEFAULT_CONTAINER << 20)
    assert small == replace(
        usual, submission_seconds=40, cell_seconds=10, memory_mb=DEFAULT_CONTAINER - (gradescope.GRADERS_OWN >> 20)
    )
    assert gradescope.fitted(usual, -3, 64 << 20).submission_seconds == 1
    assert gradescope.fitted(usual, -3, 64 << 20).memory_mb == gradescope.LEAST_FOR_STUDENTS >> 20


@pytest.mark.parametrize(
    ("own", "files", "found"),
    [
        ("0::/\n", {"memory.max": "805306368\n"}, 805306368),
        ("0::/docker/a\n", {"docker/memory.max": "500\n", "docker/a/memory.max": "max\n"}, 500),
        ("4:memory:/docker/a\n", {"memory/memory.limit_in_bytes": "805306368\n"}, 805306368),
        ("4:memory:/docker/a\n", {"memory/docker/a/memory.limit_in_bytes": "9223372036854771712\n"}, None),
        ("0::/\n", {"memory.max": "max\n"}, None),
        ("", {}, None),
    ],
)
def test_the_container_says_how_much_memory_it_has(tmp_path: Path, own: str, files: dict[str, str], found: int | None) -> None:
    for name, content in files.items():
        (tmp_path / "cgroup" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "cgroup" / name).write_text(content)
    (tmp_path / "own").write_text(own)
    assert gradescope.container_memory(tmp_path / "cgroup", tmp_path / "own") == found


@pytest.mark.parametrize(("said", "seconds"), [("600", 600), ("2400.0", 2400), ("", 600), ("soon", 600), ("0", 1)])
def test_the_time_limit_is_the_platforms(said: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEOUT_SECONDS", said)
    assert gradescope.time_limit() == seconds


def test_the_images_own_test_sees_what_is_wrong() -> None:
    """setup.sh ends with it: an image that cannot grade fails when it is built, not on the evening of the deadline."""
    test = {"name": "Question 1", "output": "", "extra_data": {"status": "not_attempted"}}
    good = {"score": 0, "output": "", "tests": [test], "extra_data": {"grader_error": False}}
    assert gradescope.problems(good) == []
    assert gradescope.problems(good | {"score": 3})
    assert gradescope.problems(good | {"output": "Cell 2 (`import`) stopped with an error: ImportError"})
    assert gradescope.problems(good | {"tests": [test | {"extra_data": {"status": "crashed"}}]})
    assert "tmp is closed" in "".join(gradescope.problems(gradescope.not_graded(gradescope.UNCONFINED, "tmp is closed")))


# --- the local platform itself --------------------------------------------------------------------------------------------


def scripted(image: Make, tmp_path: Path, script: str) -> Gradescope:
    """An image whose run_autograder is `script`."""
    files = {"run_autograder": f"#!/bin/bash\n{script}\n".encode(), "setup.sh": b""}
    (tmp_path / "scripted.zip").write_bytes(archive.zipped(files, ("run_autograder",)))
    return image(zip=tmp_path / "scripted.zip")


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ('{"score": NaN}', "results.score is nan"),
        ('{"score": 1, "output": null}', "results.output is null"),
        ('{"score": 1, "output": ["a"]}', "output is not a string"),
        ('{"tests": [{"score": 1, "number": 1}]}', "number is not a string"),
        ("[]", "not an object"),
        ("{", "not JSON"),
    ],
)
def test_the_platform_refuses_what_gradescope_refuses(image: Make, tmp_path: Path, text: str, lost: str) -> None:
    assert lost in scripted(image, tmp_path, f"echo '{text}' >results/results.json").grade({}).lost


def test_the_platform_throws_late_results_away(image: Make, tmp_path: Path) -> None:
    run = scripted(image, tmp_path, "echo '{\"score\": 5}' >results/results.json; sleep 5").grade({}, timeout=0.5)
    assert run.timed_out and run.score == 0


def test_the_platform_reads_what_a_survivor_wrote(image: Make, tmp_path: Path) -> None:
    """The race that is lost unless everything is killed: the tests above would see it."""
    late = "echo '{\"score\": 5}' >results/results.json\n(sleep 0.1; echo '{\"score\": 1000}' >results/results.json) &"
    assert scripted(image, tmp_path, late).grade({}).score == 1000


def test_the_platform_gives_its_token_and_cuts_long_texts(image: Make, tmp_path: Path) -> None:
    platform = scripted(image, tmp_path, "env; cat submission_metadata.json; head -c 300000 /dev/zero | tr '\\0' x")
    run = platform.grade({})
    assert run.results is None and len(run.stdout) < 100_000
    assert all(secret in run.stdout for secret in SECRETS)
