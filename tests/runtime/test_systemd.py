"""What systemd is told, on a real socket."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from watcher.runtime.process.systemd import Systemd, systemd


@contextmanager
def manager(address: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + address[1:] if address.startswith("@") else address)
        listening.settimeout(1)
        yield listening


def said(listening: socket.socket) -> list[str]:
    return listening.recv(4096).decode().split("\n")


@pytest.mark.parametrize("is_abstract", [False, True], ids=["a path", "an abstract name"])
def test_each_word_is_one_datagram(tmp_path: Path, is_abstract: bool) -> None:
    address = f"@watcher-test-{os.getpid()}" if is_abstract else str(tmp_path / "notify")
    with manager(address) as listening:
        to = Systemd(address, None)
        to.ready("watching\n2 pages")
        assert said(listening) == ["READY=1", "STATUS=watching 2 pages"]
        to.is_alive("well")
        assert said(listening) == ["WATCHDOG=1", "STATUS=well"]
        to.stopping()
        assert said(listening)[0] == "STOPPING=1"
        to.reloading()
        reloading, at = said(listening)
        assert reloading == "RELOADING=1"
        at_seconds = int(at.removeprefix("MONOTONIC_USEC=")) / 1_000_000
        assert 0 <= time.clock_gettime(time.CLOCK_MONOTONIC) - at_seconds < 5


def test_without_systemd_nothing_is_said_and_where_nobody_listens_nothing_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Systemd(None, None).ready("x")
    assert caplog.text == ""
    Systemd(str(tmp_path / "nobody"), None).ready("x")
    assert "systemd was not told READY=1" in caplog.text


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_ours_when_it_says_so(given: dict[str, str], seconds: float | None) -> None:
    assert systemd(dict(given)).watchdog_seconds == seconds


def test_what_we_start_is_not_told_whom_to_notify() -> None:
    environ = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1", "HOME": "/"}
    systemd(environ)
    assert environ == {"HOME": "/"}
