"""
systemd's watchdog is fed by what really gets on, on a real socket, by a real `watcher run`.

What hangs is made to hang for real: the whole process (SIGSTOP), and the thread of the watch store, by another
process that holds the lock of its database.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.command import SECONDS, Command, eventually
from tests.cli.test_kill import locked
from tests.faults.tally import IS_FULL, Tally, sized
from tests.site import serve_site

pytestmark = pytest.mark.faults

WATCHDOG_SECONDS = 1.0
SILENCE_SECONDS = sized(1.0, 4.0)
ROUNDS = sized(1, 5)
WATCHES = """
watches:
  page: {{url: "{site}/page", topic: news, allow_private: true, every: 1s, per_host: {{min_delay: 0s}}, extract: h1}}
"""


@dataclass
class Manager:
    """What systemd would hear."""

    words: list[str] = field(default_factory=list)

    @property
    def signs(self) -> int:
        return self.words.count("WATCHDOG=1")

    def hear(self, listening: socket.socket) -> None:
        self.words += listening.recv(4096).decode().split("\n")

    async def heard(self, word: str, *, more_than: int = 0) -> None:
        """Return when it was said so often."""

        async def look() -> bool:
            return sum(said.startswith(word) for said in self.words) > more_than

        await eventually(look)


@asynccontextmanager
async def managed(directory: Path, *flags: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Manager]]:
    """Start `watcher run` as systemd does, and yield it when it says that it is ready."""
    manager, address = Manager(), str(directory / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(address)
        listening.setblocking(False)
        asyncio.get_running_loop().add_reader(listening, manager.hear, listening)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "watcher", "run", "--port", "0", *flags),
            cwd=directory,
            env={**os.environ, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(int(WATCHDOG_SECONDS * 1_000_000))},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            await manager.heard("READY=1")
            yield process, manager
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()
            asyncio.get_running_loop().remove_reader(listening)


async def quiet_after(manager: Manager) -> int:
    """Return how many signs of life come in a while, after those that were on their way."""
    await asyncio.sleep(WATCHDOG_SECONDS)
    before = manager.signs
    await asyncio.sleep(SILENCE_SECONDS)
    return manager.signs - before


async def test_a_process_that_hangs_is_not_said_to_live(tmp_path: Path, tally: Tally) -> None:
    tally.what = "hangs of the process and of the store's thread under the watchdog"
    async with serve_site() as site:
        site.show("/page", "<h1>0</h1>")
        Command(tmp_path).write(WATCHES.format(site=site.url))
        async with managed(tmp_path) as (process, manager):
            for turn in range(ROUNDS):
                await manager.heard("WATCHDOG=1", more_than=manager.signs)
                if IS_FULL:
                    process.send_signal(signal.SIGSTOP)
                    tally.tried += 1
                    tally.failed += await quiet_after(manager) > 0
                    process.send_signal(signal.SIGCONT)
                    await manager.heard("WATCHDOG=1", more_than=manager.signs + 2)
                with locked(tmp_path / ".watcher" / "watches" / "cache.db"):
                    site.show("/page", f"<h1>{turn + 1}</h1>")  # is to be saved, and hangs there
                    asked = site.requests["/page"]

                    async def was_asked(asked: int = asked) -> bool:
                        return site.requests["/page"] > asked

                    await eventually(was_asked)
                    tally.tried += 1
                    tally.failed += await quiet_after(manager) > 0
            await manager.heard("WATCHDOG=1", more_than=manager.signs)
            process.send_signal(signal.SIGHUP)
            await manager.heard("RELOADING=1")
            await manager.heard("READY=1", more_than=manager.words.count("READY=1") - 1)
            process.terminate()
            async with asyncio.timeout(SECONDS):
                _, err = await process.communicate()
    assert tally.failed == 0
    assert process.returncode == 0, err.decode()
    assert "STOPPING=1" in manager.words
    assert "no sign of life for the watchdog: the watch store does not answer" in err.decode()
    assert any(word.startswith("STATUS=watching: 1 ok") for word in manager.words)


@pytest.mark.skipif(not IS_FULL, reason="only in `make faults`")
async def test_a_watcher_without_a_server_is_watched_too(tmp_path: Path) -> None:
    async with serve_site() as site:
        site.show("/page", "<h1>0</h1>")
        file = "topics: {news: {id: 1}, admin: {id: 2}}" + WATCHES.format(site=site.url)
        Command(tmp_path).write(file)
        async with managed(tmp_path, "--push", "http://127.0.0.1:1", "--app-token", "AT_x") as (_, manager):
            await manager.heard("WATCHDOG=1", more_than=1)
