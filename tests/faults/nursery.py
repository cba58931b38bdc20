"""
Starts `watcher` commands in a tenth of the time: a process that has imported everything forks one for each.

The child is what `python -m watcher …` is after its imports, a process of its own that SIGKILL ends like any other.
Requests and answers are lines of JSON; when the requests end, all children are killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tests.faults.altered import alter
from tests.faults.gate import die_with_parent

SECONDS = 60
"""How long any answer may take."""
PAUSE_SECONDS = 0.05
"""Between two looks."""


class Nursery:
    """Starts and kills commands."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def start(self, arguments: Sequence[str], *, cwd: Path, log: Path, **environment: str) -> int:
        """Start `watcher` with these arguments; what it says goes into `log`, which is emptied before."""
        return await self._ask(start=list(arguments), cwd=str(cwd), log=str(log), environment=environment)

    async def kill(self, pid: int) -> int:
        """End it with SIGKILL; return -9, or the exit status of one that had ended by itself."""
        return await self._ask(kill=pid)

    async def end_of(self, pid: int) -> int:
        """Return its exit status when it has ended by itself; `kill` returns that, too."""
        while not await self.has_ended(pid):  # noqa: ASYNC110 - another process cannot set our event
            await asyncio.sleep(PAUSE_SECONDS)
        return await self._ask(status=pid)

    async def has_ended(self, pid: int) -> bool:
        """Return whether it has ended by itself; `kill` returns how."""
        return bool(await self._ask(look=pid))

    async def _ask(self, **request: Any) -> int:
        # One who is cancelled must not leave the answer to the next.
        return await asyncio.shield(asyncio.create_task(self._answer(request)))

    async def _answer(self, request: Mapping[str, Any]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn, asyncio.timeout(SECONDS):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            return int(await self._process.stdout.readline())


@asynccontextmanager
async def open_nursery() -> AsyncIterator[Nursery]:
    """Open one; at the end every command that it started is dead."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Nursery(process)
    finally:
        async with asyncio.timeout(SECONDS):
            await process.communicate(b"")


def _main() -> None:
    _import_everything()
    ended: dict[int, int] = {}
    children: set[int] = set()
    try:
        for line in sys.stdin:
            match json.loads(line):
                case {"start": arguments, "cwd": cwd, "log": log, "environment": environment}:
                    pid = _fork(arguments, cwd, log, environment)
                    children.add(pid)
                    answer = pid
                case {"kill": pid}:
                    answer = ended.pop(pid) if pid in ended else _kill(pid)
                    children.discard(pid)
                case {"status": pid}:
                    answer = ended[pid]
                case {"look": pid}:
                    if pid not in ended and (status := _status_now(pid)) is not None:
                        ended[pid] = status
                    answer = int(pid in ended)
            print(answer, flush=True)
    finally:
        for pid in children - ended.keys():
            _kill(pid)


def _import_everything() -> None:
    """Import what a command imports when it needs it."""
    import watcher.cli.app
    import watcher.cluster.duties
    import watcher.outbox.embedded
    import watcher.outbox.remote
    import watcher.push.service
    import watcher.runtime.running
    import watcher.runtime.workers.working
    import watcher.store.push.server_database
    import watcher.store.watch_store
    import watcher.watching.control_requests
    import watcher.watching.runner
    import watcher.web.app
    import watcher.web.transport.server  # noqa: F401


def _fork(arguments: Sequence[str], cwd: str, log: str, environment: Mapping[str, str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        _become(arguments, cwd, log, environment)
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(70)
    os._exit(0)


def _become(arguments: Sequence[str], cwd: str, log: str, environment: Mapping[str, str]) -> None:
    from watcher.cli.app import main

    if sys.platform == "linux":
        die_with_parent()  # which may be killed itself, with whoever runs the tests
    os.chdir(cwd)
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, said), (2, said)):
        os.dup2(file, stream)
    random.seed()  # else all would throw the same dice
    sys.argv = ["watcher", *arguments]
    alter(environment)
    main()


def _kill(pid: int) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _status_now(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


if __name__ == "__main__":
    _main()
