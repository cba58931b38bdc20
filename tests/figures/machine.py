"""A real server on one core of this machine, and a town of subscribers in its database."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile, PushTopic
from watcher.push.ids import hash_token
from watcher.push.opening import open_push_service

_SECONDS: Final = 60
_LOOK_SECONDS: Final = 0.005
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SERVE: Final = ("-m", "watcher", "serve", "--port", "0", "--max-connections-per-address", "10000")
PLAIN: Final = (*_SERVE, "--data")
UNLIMITED: Final = (*_SERVE, "--call-limit", "1000000", "--data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A push database with an application, its topic, and subscribers who follow both."""

    data: Path
    app: App
    app_token: str
    topic: PushTopic
    uids: Sequence[str]
    devices: Sequence[str]

    def deliveries(self) -> int:
        """How many delivery rows are committed."""
        with closing(sqlite3.connect(f"file:{self.data}/push.db?mode=ro", uri=True)) as connection:
            (number,) = connection.execute("SELECT count(*) FROM deliveries").fetchone()
        return int(number)

    async def have_delivered(self, number: int) -> None:
        """Wait until so many delivery rows are committed. Raises TimeoutError."""
        async with asyncio.timeout(_SECONDS):
            while self.deliveries() < number:  # noqa: ASYNC110 another process writes them
                await asyncio.sleep(_LOOK_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server process."""

    pid: int
    host: str
    port: int

    def memory(self) -> int:
        """Return its resident memory, in bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * _PAGE

    def processor_seconds(self) -> float:
        """Return how long its threads ran so far, all together, to the nanosecond (clock_getcpuclockid(3))."""
        return time.clock_gettime(~self.pid << 3 | 2)


async def found_town(data: Path, subscribers: int) -> Town:
    """Make a database with so many subscribers; through the store it would take a transaction for each."""
    app, token, topic = await founded(data / "push.db")
    uids, devices = names_of(subscribers)
    _settle(data / "push.db", app, topic, uids, devices)
    return Town(data=data, app=app, app_token=token, topic=topic, uids=uids, devices=devices)


async def founded(database: DatabasePlace) -> tuple[App, str, PushTopic]:
    """Make an application there, whose token is returned too, and its topic."""
    service = await open_push_service(database, now=lambda: datetime.now(UTC))
    try:
        app, token = await service.apps.add(AppProfile(name="Town"))
        return app, token, await service.topics.add("News", app_id=app.id)
    finally:
        await service.close()


def names_of(subscribers: int) -> tuple[Sequence[str], Sequence[str]]:
    """Return the UIDs of so many subscribers, and the tokens of their devices."""
    numbers = range(subscribers)
    return [f"UID_{number:028d}" for number in numbers], [f"{number:032d}" for number in numbers]


def _settle(path: Path, app: App, topic: PushTopic, uids: Sequence[str], devices: Sequence[str]) -> None:
    at = 1_700_000_000_000_000
    numbers = range(1, len(uids) + 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO subscribers (id, uid, spt_hash, created_at) VALUES (?, ?, ?, ?)",
            [(number, uid, hash_token(f"SPT_{uid}"), at) for number, uid in zip(numbers, uids, strict=True)],
        )
        connection.executemany(
            "INSERT INTO devices (subscriber_id, token_hash, created_at) VALUES (?, ?, ?)",
            [(number, hash_token(device), at) for number, device in zip(numbers, devices, strict=True)],
        )
        connection.executemany(
            "INSERT INTO subscriptions (subscriber_id, topic_id, app_id, created_at) VALUES (?, ?, ?, ?)",
            [(number, *place, at) for number in numbers for place in ((topic.id, None), (None, app.id))],
        )


@asynccontextmanager
async def serving(
    data: Path, command: Sequence[str] = PLAIN, *, is_pinned: bool = True, **environment: str
) -> AsyncIterator[Server]:
    """Run a server, on one core where that is wanted and can be told; it is killed at the end."""
    can_be = is_pinned and shutil.which("taskset")
    pinned = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if can_be else []
    process = await asyncio.create_subprocess_exec(
        *pinned,
        sys.executable,
        *command,
        str(data),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_SECONDS):
            line = (await process.stdout.readline()).decode()
        address = urlsplit(line.split()[1].rstrip(";"))
        assert address.hostname is not None
        assert address.port is not None
        # taskset becomes the server, so its id is the server's.
        yield Server(pid=process.pid, host=address.hostname, port=address.port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@contextmanager
def many_files() -> Iterator[int]:
    """Let this process, and those that it starts, open as many files as the system allows; yield how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
