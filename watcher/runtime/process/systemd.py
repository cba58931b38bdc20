"""
Tells systemd the state of the process: sd_notify(3), a datagram to the socket that `NOTIFY_SOCKET` names.

Nothing here fails: without systemd nothing is said, and what cannot be said is logged.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Mapping, MutableMapping

_log = logging.getLogger(__name__)


class Systemd:
    """The service manager that started this process, if there is one that wants to know."""

    def __init__(self, address: str | None, watchdog_seconds: float | None) -> None:
        """
        Args:
            address: a path, or `@` and a name in the abstract namespace; None: nobody wants to know.
            watchdog_seconds: after so long without a sign of life the process is killed; None: never.
        """
        self._address = address
        self.watchdog_seconds = watchdog_seconds

    def ready(self, status: str) -> None:
        """Say that everything is up, after the start or a reload."""
        self._tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Say that the file of watches is read again; `ready` follows."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """Say that the process ends in order."""
        self._tell("STOPPING=1", "STATUS=stopping")

    def is_alive(self, status: str) -> None:
        """Give a sign of life."""
        self._tell("WATCHDOG=1", f"STATUS={status}")

    def _tell(self, *lines: str) -> None:
        if self._address is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        said = "\n".join(line.replace("\n", " ") for line in lines)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.setblocking(False)
                to.sendto(said.encode(), address)
        except OSError as error:
            _log.warning("systemd was not told %s: %s", lines[0], error)


def systemd(environ: MutableMapping[str, str] = os.environ) -> Systemd:
    """Return who started us; the processes that we start are not told."""
    found = Systemd(environ.get("NOTIFY_SOCKET") or None, _watchdog_seconds(environ))
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        environ.pop(name, None)
    return found


def _watchdog_seconds(environ: Mapping[str, str]) -> float | None:
    """Return the time in seconds; None where there is none, or it is another process' (sd_watchdog_enabled(3))."""
    text, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID")
    is_ours = pid is None or pid == str(os.getpid())
    return int(text) / 1_000_000 if is_ours and text.isascii() and text.isdigit() and int(text) else None
