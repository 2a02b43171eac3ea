"""`grade --scheduler`: the same command, table and folder of results as on one machine; only who grades is another."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from autograder import REPO
from autograder.cluster.house import libraries
from autograder.cluster.workers import Terms
from autograder.course import terminal
from autograder.course.records import grader
from autograder.run.session import Session

CONNECT = 15  # seconds
MISSING = "To grade on a cluster, install what that needs: python -m pip install '.[cluster]' ({error})."
NO_SCHEDULER = """\
There is no Dask scheduler at {address} ({error}).
Expected an address as tcp://host:8786, or tls://host:8786 with your certificates in Dask's own settings."""


def main(
    session: Session,
    paths: list[str],
    out: str | None,
    dry_run: bool,
    roster: str | None,
    scheduler: str,
    settings: dict[str, str],
) -> int:
    """`settings`: of the environment what Dask reads, kept from the clean parent until now."""
    os.environ.update(settings)
    try:
        import dask
        import jsonschema  # noqa: F401 (missing, it would be missed at the first reply)
        from distributed import Client
    except ImportError as error:
        print(MISSING.format(error=error), file=sys.stderr)
        return 2
    from autograder.cluster.coordinator import Coordinator

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})  # a notebook is no graph
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what of its troubles matters, is said in our words
    try:
        asyncio.run(_knock(scheduler))
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        print(NO_SCHEDULER.format(address=scheduler, error=f"{type(error).__name__}: {error}"[:300]), file=sys.stderr)
        return 2
    with Client(scheduler, timeout=CONNECT, set_as_default=False) as client:
        terms = Terms(grader(session.assignment), libraries(), session.assignment.limits)
        coordinator = Coordinator(client, session, _found_by_workers(session.assignment.root), terms)
        folder = Path(out) if out else None
        return terminal.grade(session, list(map(Path, paths)), folder, 1, dry_run, coordinator.results, roster)


async def _knock(scheduler: str) -> None:
    """See that somebody answers there: a client that finds nobody takes a minute to give up, and says so in tracebacks."""
    from distributed.comm import connect
    from distributed.security import Security

    comm = await connect(scheduler, timeout=CONNECT, **Security().get_connection_args("client"))
    await comm.close()


def _found_by_workers(assignment: Path) -> str:
    """Beside the program, wherever that lies there; else under the same path as here."""
    root = assignment.resolve()
    return root.relative_to(REPO).as_posix() if root.is_relative_to(REPO) else str(root)
