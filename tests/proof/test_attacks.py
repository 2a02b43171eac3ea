"""Some of the attacks, run as one class in the situation that this machine is; and the ears that hear them, tried on no defence.

`python -m autograder.proof.arena.situations` runs them in all the others, and through `run_autograder`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import REPO
from autograder.proof.arena import cells, classroom
from autograder.proof.arena.attack import AttackResult, load, summary
from autograder.run.session import Session

ATTACKS = load()
SAMPLE = ATTACKS[::4]  # `make verify` makes them all, in minutes
NAMES = [attack.name for attack in SAMPLE]
ALL_LAYERS = ["landlock", "seccomp", "user", "environment", "descriptors", "privileges", "capabilities", "limits"]


def test_there_are_enough_and_each_says_what_it_tries() -> None:
    assert len(ATTACKS) >= 60
    for attack in ATTACKS:
        assert attack.says.endswith(".")
        assert attack.cells or hasattr(attack.module, "build")


@pytest.fixture(scope="module")
def found(session: Session) -> dict[str, AttackResult]:
    outcome = classroom.attack_this_machine(session, SAMPLE)
    if not outcome:
        pytest.skip("nothing would keep the attacks from this machine")
    return {result.name: result for result in outcome.attacks}


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_gets_nothing(name: str, found: dict[str, AttackResult]) -> None:
    assert found[name].held, str(found[name])


def test_nothing_is_left_behind_or_heard(found: dict[str, AttackResult]) -> None:
    assert found.keys() == set(NAMES), found.get("(all together)")
    assert summary(list(found.values())) == f"{len(NAMES)} attacks: undeserved points 0, leaks 0, crashes 0"


LIARS = (
    "fuzzes_its_answers",
    "lie_about_scenarios",
    "many_names_that_are_near",
    "patch_the_calls",
    "patch_the_runner",
    "replies_as_big_as_may_be",
    "values_that_are_none",
)


@pytest.mark.parametrize("name", LIARS)
def test_an_attack_that_answers_for_the_program_speaks_its_language(name: str, session: Session, tmp_path: Path) -> None:
    """One that stumbled over the form of a request would hold for no reason: its lies would never be heard."""
    (attack,) = load([name])
    scene = {"functions": cells.function_names(session.assignment), "footprint": "", "breach": ""}
    sources = [*cells.assignment_cells(session.assignment, False), cells.TOOLS.format(scene=scene), *attack.cells]
    (tmp_path / "work.ipynb").write_text(cells.notebook(sources))
    report = session.grade(tmp_path / "work.ipynb")
    said = "\n".join((*report.notes, *(o.message for verdict in report.verdicts for o in verdict.outcomes)))
    for stumble in ("KeyError", "NameError", "unexpected keyword", "positional argument"):
        assert stumble not in said, said


# --- the attacks are attacks ------------------------------------------------------------------------------------------

# What gets through where no layer holds. Where the layers hold, these silences mean something.
SUCCEED = {
    "read_hidden_tests": "hidden_tests.py in its results",
    "import_the_tests": "hidden_tests.py in its results",
    "read_metadata": "the metadata in its results",
    "read_the_neighbour": "another submission in its results",
    "talk_to_the_network": "heard by TCP",
    "write_the_results": "left behind",
    "survive_by_hooks": "left behind",
}
# Own processes, network and messages, and a machine that can only be read but for its temporary folders.
QUARANTINE = """\
mount --bind / / && mount -o remount,ro,bind / || exit 9
for folder in /tmp /var/tmp /dev/shm /run; do mount -t tmpfs -o mode=1777 tmpfs $folder; done
ip link set lo up
cd "$0" && exec "$@"
"""
ALONE = """\
import sys
from autograder.checks import assignment
from autograder.proof.arena import attack, classroom, start
program = start.command(sys.executable, *(f"--without={{layer}}" for layer in {layers!r}))
for result in classroom.grade(assignment.load(), attack.load({only!r}), program).attacks:
    print(result)
"""


def quarantined(only: list[str], layers: list[str]) -> str:
    """What attacks do without some layers, told by a process that can harm nothing."""
    unshare = ["unshare", "--pid", "--fork", "--mount", "--ipc", "--net", "--mount-proc", "sh", "-c", QUARANTINE, str(REPO)]
    if os.geteuid() != 0 or not shutil.which("unshare") or subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("no quarantine can be made here")
    code = ALONE.format(only=only, layers=layers)
    done = subprocess.run([*unshare, sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert not done.returncode, done.stderr
    return done.stdout


def test_without_any_layer_attacks_succeed() -> None:
    told = quarantined(list(SUCCEED), ALL_LAYERS)
    for name, what in SUCCEED.items():
        line = next(line for line in told.splitlines() if line.startswith("(all" if what.startswith(("heard", "left")) else name))
        assert what in line, told


def test_attacks_are_not_run_where_nothing_holds_them(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "layers", lambda: dict.fromkeys(ALL_LAYERS, "unavailable: not here"))
    assert classroom.attack_this_machine(session, SAMPLE) is None
