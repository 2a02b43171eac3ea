"""The attacks, run as one class in each situation that this machine offers; and the ears that hear them, tried on no defence."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from autograder import attacks
from autograder.attacks import AttackResult, run_attacks, summary
from autograder.session import Session

NAMES = attacks.names()
# Starts the program with layers of the confinement left out.
WITHOUT = """\
import sys
sys.path.insert(0, {repo!r})
from autograder import launch
patch = "import autograder.session as s; w = s.Session.workplace; "
patch += "s.Session.workplace = lambda self, limits=None, disable=frozenset(): w(self, limits, frozenset({layers!r})); "
launch.BOOT = launch.BOOT.replace("from autograder.launch import run;", patch + "from autograder.launch import run;")
launch.relaunch(sys.argv[1:])
"""
ALL_LAYERS = ["landlock", "seccomp", "user", "environment", "descriptors", "privileges", "capabilities", "limits"]


def without(*layers: str) -> list[str]:
    return [sys.executable, "-P", "-c", WITHOUT.format(repo=str(attacks.REPO), layers=list(layers))]


def test_there_are_enough_and_each_says_what_it_tries() -> None:
    assert len(NAMES) >= 60
    for name in NAMES:
        attack = attacks.load(attacks.FOLDER / name)
        assert attack.__doc__ and attack.__doc__.strip().endswith(".")
        assert attack.CELLS or hasattr(attack, "build")


@pytest.fixture(scope="module")
def found(session: Session) -> dict[str, AttackResult]:
    results = run_attacks(session)
    if not results:
        pytest.skip("nothing would keep the attacks from this machine")
    return {result.name: result for result in results}


@pytest.mark.parametrize("name", NAMES)
def test_an_attack_gets_nothing(name: str, found: dict[str, AttackResult]) -> None:
    assert found[name].held, found[name]


def test_nothing_is_left_behind_or_heard(found: dict[str, AttackResult]) -> None:
    assert found.keys() == set(NAMES), found.get("(all together)")
    assert summary(list(found.values())) == f"{len(NAMES)} attacks: undeserved points 0, leaks 0, crashes 0"


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
sys.path.insert(0, {repo!r})
from autograder.attacks import run_attacks
from autograder.session import Session
with Session() as session:
    for result in run_attacks(session, only={only!r}, program={program!r}):
        print(result)
"""


def quarantined(tmp_path: Path, only: list[str], *layers: str) -> str:
    """What attacks do without some layers, told by a process that can harm nothing."""
    import subprocess

    unshare = ["unshare", "--pid", "--fork", "--mount", "--ipc", "--net", "--mount-proc", "sh", "-c", QUARANTINE, str(attacks.REPO)]
    if os.geteuid() != 0 or not shutil.which("unshare") or subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("no quarantine can be made here")
    code = ALONE.format(repo=str(attacks.REPO), only=only, program=without(*layers))
    done = subprocess.run([*unshare, sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=300)
    assert not done.returncode, done.stderr
    return done.stdout


def test_without_any_layer_attacks_succeed(tmp_path: Path) -> None:
    told = quarantined(tmp_path, list(SUCCEED), *ALL_LAYERS)
    for name, what in SUCCEED.items():
        line = next(line for line in told.splitlines() if line.startswith("(all" if what.startswith(("heard", "left")) else name))
        assert what in line, told


def test_attacks_are_not_run_where_nothing_holds_them(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attacks, "protects_secrets", lambda report: False)
    assert run_attacks(session, only=NAMES[:1]) == []
