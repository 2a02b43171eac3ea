"""Sockets that nobody should reach."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path


class Ears:
    """Listening by TCP, UDP and two kinds of Unix sockets."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._udp.bind(("127.0.0.1", 0))
        self._unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        path, abstract = str(folder / "socket"), f"\0{secrets.token_hex(8)}"
        self._unix.bind(path)
        os.chmod(path, 0o777)
        self._abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self._abstract.bind(abstract)
        for ear in (self._tcp, self._udp, self._unix, self._abstract):
            ear.setblocking(False)
        self._unix.listen()
        self._abstract.listen()
        self.addresses = {
            "tcp": self._tcp.getsockname()[1], "udp": self._udp.getsockname()[1], "unix": path, "abstract": abstract,
        }  # fmt: skip

    def heard(self) -> Iterator[tuple[str, bytes]]:
        """By which way something came, and what."""
        with_callers = {"TCP": self._tcp, "a Unix socket": self._unix, "an abstract one": self._abstract}
        for name, ear in with_callers.items():
            try:
                with ear.accept()[0] as caller:
                    caller.setblocking(False)
                    yield name, _said(caller)
            except OSError:
                continue
        try:
            yield "UDP", self._udp.recv(1000)
        except OSError:
            return


def _said(caller: socket.socket) -> bytes:
    try:
        return caller.recv(1000)
    except BlockingIOError:
        return b""
