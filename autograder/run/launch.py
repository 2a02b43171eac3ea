"""Start again with nothing worth stealing in memory: no environment, no arguments; those follow through a file.

A student process inherits a copy of the clean parent's memory, and that includes the block in which the kernel puts a program's
environment and arguments: tokens, and the names of other students' files. So the program replaces itself by one that has
neither, forks the clean parent, and only then reads what it was asked to do.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from typing import TYPE_CHECKING, Any, NoReturn

from autograder import REPO

if TYPE_CHECKING:
    from autograder.run.session import Session

KEPT = ("PATH", "LANG", "LC_ALL", "TERM", "COLUMNS", "NO_COLOR", "TMPDIR", "TZ", "AUTOGRADER_ASSIGNMENT")
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from autograder.run.launch import run; sys.exit(run(int(sys.argv[2])))"


def relaunch(command: str, **arguments: Any) -> NoReturn:
    """Replace this process by a clean one that calls `command`, a "module:function" of ours, with its session and `arguments`."""
    orders = os.memfd_create("orders") if hasattr(os, "memfd_create") else os.dup(tempfile.TemporaryFile().fileno())  # noqa: SIM115
    os.write(orders, json.dumps({"command": command, "arguments": arguments, "folder": os.getcwd()}).encode())
    os.lseek(orders, 0, os.SEEK_SET)
    os.set_inheritable(orders, True)
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    root = str(REPO)
    # -P keeps the current folder, which may be a student's, off the path of imports.
    os.execve(sys.executable, [sys.executable, "-P", "-c", BOOT, root, str(orders)], environment)


def run(descriptor: int) -> int:
    """The clean process: fork the clean parent, then read the orders and carry them out."""
    from autograder.submissions.reading import Readers

    readers = Readers()  # before torch is imported: a small process forks quickly
    from autograder.run.session import Session

    try:
        session = Session(readers=readers)
    except OSError as error:
        print(f"Grading needs room for files of its own: {error}. Make some, or name another folder in TMPDIR.", file=sys.stderr)
        return 2
    with session:
        try:
            return _carry_out(session, descriptor)
        except KeyboardInterrupt:
            print("Stopped. The results written so far are complete: the same command goes on from there.", file=sys.stderr)
            return 130


def _carry_out(session: Session, descriptor: int) -> int:
    with os.fdopen(descriptor, "rb") as file:
        orders = json.loads(file.read())
    os.chdir(orders["folder"])
    module, _, function = orders["command"].partition(":")
    return int(getattr(importlib.import_module(module), function)(session, **orders["arguments"]))
