"""
Starts the command as a new process without paying half a second of CPU for imports of others' packages each time.

A process that has imported those, and the command as well, waits here for requests (this module as a program) and
forks for each. What is forked is a process like any other: it has its own directory, environment and streams, and can
be killed. Its workers are forked from one server of the process here, which has imported what they need: that took a
third of a second each time. Another such process has imported nothing of ours (`is_warm` is false), for commands that
must do so themselves, and has no such server. `test_early_stop.py`, `test_budget.py` and `tests/runtime/test_loop.py`
start Python itself.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from io import TextIOWrapper
from itertools import pairwise
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Final, NoReturn

_IMPORTED: Final = (
    "bs4",
    "click",
    "cryptography.x509",
    "diskcache",
    "jinja2.sandbox",
    "markdown_it",
    "nh3",
    "pydantic",
    "regex",
    "rich.progress",
    "segno",
    "soupsieve",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "turbohtml",
    "watchfiles",
    "yaml",
    "yarl",
)
"""Not aiohttp, which reads SSL_CERT_FILE when it is imported."""
_FORKED_FROM: Final = ("watcher.watching.fork_server", "watcher.push.fork_server")
_MOST_BYTES: Final = 200_000
_MOST_FILES: Final = 1_024
_FILES: Final = 3
"""Sent with each request: output, errors, and what tells the process' id and how it ended."""


class Process:
    """A command that runs, as `asyncio.subprocess.Process` has it."""

    def __init__(
        self, pid: int, out: asyncio.StreamReader, err: asyncio.StreamReader, end: asyncio.StreamReader
    ) -> None:
        self.pid = pid
        self.stdout = out
        self.stderr = err
        self.returncode: int | None = None
        self._end = asyncio.ensure_future(self._ended(end))

    async def wait(self) -> int:
        """Return how it ended: its exit status, or the signal that killed it, negative."""
        return await asyncio.shield(self._end)

    async def communicate(self) -> tuple[bytes, bytes]:
        """Return all that it writes until its end."""
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    async def _ended(self, end: asyncio.StreamReader) -> int:
        self.returncode = int(await end.read())
        return self.returncode


async def start(
    arguments: Sequence[str], *, directory: Path, environment: Mapping[str, str], is_warm: bool = False
) -> Process:
    """Start the command."""
    ends = [os.pipe() for _ in range(3)]
    request = json.dumps([list(arguments), str(directory), dict(environment)]).encode()
    socket.send_fds(_press(is_warm=is_warm)[0], [request], [write for _, write in ends])
    for _, write in ends:
        os.close(write)
    out, err, end = [await _reader(read) for read, _ in ends]
    return Process(int(await end.readline()), out, err, end)


async def _reader(file: int) -> asyncio.StreamReader:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb"))
    return reader


@cache
def _press(*, is_warm: bool) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Return where requests go, and the process that takes them; it ends when this one does."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = [sys.executable, "-m", __name__, str(its.fileno()), *(["warm"] if is_warm else [])]
    with its:
        return ours, subprocess.Popen(program, pass_fds=[its.fileno()])


def _serve(requests: socket.socket, *, is_warm: bool) -> None:
    """Fork for each request, and tell how each ends, until nobody can ask any more."""
    for name in (*_IMPORTED, *(_our_modules() if is_warm else ())):
        importlib.import_module(name)
    if is_warm:
        _start_fork_server()
    gc.freeze()  # what all share is not looked through, and so not copied, by each that is forked
    under_way = selectors.DefaultSelector()
    under_way.register(requests, selectors.EVENT_READ)
    while True:
        for key, _ in under_way.select():
            if key.fileobj is not requests:
                under_way.unregister(key.fileobj)
                _tell_end(*key.data)
            elif not _take(requests, under_way):
                return


def _start_fork_server() -> None:
    """Start what the workers of all commands are forked from; whoever is forked believes that it runs."""
    forkserver.set_forkserver_preload([*_FORKED_FROM])
    forkserver.ensure_running()
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]  # it asks for a child of its own
    tempfile.tempdir = None  # each command looks for its own


def _our_modules() -> list[str]:
    """Return the modules of the command; alembic runs the migrations' own, and they are not to be imported."""
    found = pkgutil.walk_packages([str(Path(__file__).parents[2] / "watcher")], "watcher.")
    return [module.name for module in found if "migrations." not in module.name and module.name != "watcher.__main__"]


def _take(requests: socket.socket, under_way: selectors.BaseSelector) -> bool:
    request, files, _, _ = socket.recv_fds(requests, _MOST_BYTES, _FILES)
    if not request:
        return False
    pid = os.fork()
    if pid == 0:
        _become(request, files)
    *streams, end = files
    for file in streams:
        os.close(file)
    with suppress(BrokenPipeError):
        os.write(end, f"{pid}\n".encode())
    pidfd = os.pidfd_open(pid)
    under_way.register(pidfd, selectors.EVENT_READ, data=(pid, pidfd, end))
    return True


def _tell_end(pid: int, pidfd: int, end: int) -> None:
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        os.write(end, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os.close(pidfd)
    os.close(end)


def _become(request: bytes, files: Sequence[int]) -> NoReturn:
    """Be the command."""
    status = 1
    try:
        arguments, directory, environment = json.loads(request)
        out, err, _ = files
        for file, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(file, number)
        for last, first in pairwise([2, *sorted(_kept_files()), _MOST_FILES]):
            os.closerange(last + 1, first)
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(environment)
        _open_streams(environment.get("PYTHONIOENCODING", "utf-8"))
        status = _run(arguments)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _kept_files() -> Iterator[int]:
    """Name those by which the server that workers are forked from, and what looks after their memory, are asked."""
    for owner, name in ((forkserver._forkserver, "_forkserver_alive_fd"), (resource_tracker._resource_tracker, "_fd")):
        file: int | None = getattr(owner, name)
        if file is not None:
            yield file


def _open_streams(encoding: str) -> None:
    """Open what Python opens at its start; output without a buffer, for tests read the first line of what runs on."""
    sys.stdin = os.fdopen(0, encoding=encoding)
    sys.stdout = TextIOWrapper(os.fdopen(1, "wb", buffering=0), encoding, write_through=True)
    sys.stderr = TextIOWrapper(os.fdopen(2, "wb", buffering=0), encoding, "backslashreplace", write_through=True)


def _run(arguments: Sequence[str]) -> int:
    # Who opens closes: what a command leaves open is said on its stderr, which the tests look at.
    warnings.simplefilter("always", ResourceWarning)
    sys.argv = ["watcher", *arguments]
    try:
        runpy.run_module("watcher", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), is_warm="warm" in sys.argv[2:])
