"""How long a process that could have run was kept from it, by whatever else runs on the machine."""

from __future__ import annotations

from pathlib import Path


def kept_waiting(pid: int) -> float:
    """Seconds that its main thread has waited for a processor so far; 0 where the system does not tell. From proc(5), schedstat."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
