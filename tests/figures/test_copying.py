"""
What it takes to copy 100,000 watches with 10 changes each and 10,000 subscribers to a PostgreSQL and back: meant are
under 10 minutes there and back, a memory that does not grow with them, every row as it was, no watch that begins anew
and nothing that is told twice.

Each watch was checked well before, by the code that makes every check (`benchmarks/many.py`); its changes are written
as checks would have written them. What was told before, and what waits to be told, goes to all subscribers. Times are
those of the clock, so they are an upper bound on a busy machine; at full size it takes 20 minutes:

    FIGURES=full pytest -rP tests/figures/test_copying.py
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import pty
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from benchmarks.costs import LAUNCH, environment_for
from benchmarks.many import FIRST_PAGE, check_first, write_watches
from benchmarks.readiness import started
from benchmarks.tools.ours import watcher_command
from tests import postgresql
from tests.core.builders import message
from tests.figures.cluster_processes import LIMIT_SECONDS
from tests.figures.machine import Town, found_town
from tests.push.builders import a_declared_topic
from tests.sizes import FIGURES
from watcher.config import load
from watcher.core.check import Change, Decision, Verdict, WatchEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.values import SINGLE, Money, Rows
from watcher.core.watch import Watch
from watcher.push.opening import open_push_service
from watcher.store.backups import DAILY, keep_backup
from watcher.store.push.tables import commits, metadata
from watcher.store.watch_copying import Kind
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_side import DirectoryWatches
from watcher.store.watch_store import open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.page_pool import PagePool
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

_WATCHES, _SUBSCRIBERS = FIGURES.sized((1_000, 200), (100_000, 10_000))
_CHANGES: Final = 10
_TOLD, _WAITING = 10, 10
_HOSTS: Final = 5_000
_GROUP: Final = 200
_MOST_SECONDS: Final = 600
_MOST_BYTES: Final = 150_000_000
_NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy cost: seconds of the clock, bytes at the peak. `shown`: what it said on the terminal."""

    seconds: float
    memory_bytes: int
    shown: str


async def test_everything_goes_there_and_back_within_minutes(
    tmp_path: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    town = await _made(tmp_path)
    before = _contents(town.data)
    there = await _copy(tmp_path, "--to", postgresql_url)
    assert _counted(postgresql_server, postgresql_url) == {name: rows for name, (rows, _) in before.items()}
    back = await _copy(tmp_path, "--database", postgresql_url, "--to", ".watcher")
    assert _contents(town.data) == before
    counts = {name: rows for name, (rows, _) in before.items() if rows}
    print(f"{sum(counts.values()):,} rows: {', '.join(f'{rows:,} {name}' for name, rows in counts.items())}")
    for where, copied in (("there", there), ("back", back)):
        print(f"{where}: {copied.seconds:.0f} s, {copied.memory_bytes / 1e6:.0f} MB at the peak")
        assert "copying" in copied.shown
        assert copied.memory_bytes < _MOST_BYTES
    assert there.seconds + back.seconds < _MOST_SECONDS
    assert await _checked_again(tmp_path) == {Verdict.UNCHANGED: _WATCHES}
    await _tell(town, _TOLD + _WAITING)
    assert _told(town.data) == {f"news {number}": 1 for number in range(_TOLD + _WAITING)}


# What is copied


async def _made(directory: Path) -> Town:
    """Make a data directory in which some messages were told, and some wait."""
    data = directory / ".watcher"
    await check_first(data, (), due_after=timedelta(hours=9))
    town = await found_town(data, _SUBSCRIBERS)
    await _have_all_follow(data)
    keep_backup(data, DAILY, now=datetime.now(UTC), holder="a figure")  # else one is made meanwhile
    places = [(f"shop-{number}.example", 443) for number in range(_HOSTS)]
    watches = load(write_watches(directory, places, _WATCHES, every="24h"), {}).watches.values()
    await check_first(data, watches, due_after=timedelta(hours=9))
    await _change(data, watches)
    await _note(data, range(_TOLD))
    await _tell(town, _TOLD)
    await _note(data, range(_TOLD, _TOLD + _WAITING))
    return town


async def _have_all_follow(data: Path) -> None:
    """Have all subscribers follow the topic of the watches."""
    service = await open_push_service(data / "push.db", now=lambda: datetime.now(UTC))
    topic = await a_declared_topic(service, "prices", "Prices")
    await service.close()
    with closing(sqlite3.connect(data / "push.db")) as connection, connection:
        connection.execute(
            "INSERT INTO subscriptions (subscriber_id, topic_id, created_at) SELECT id, ?, created_at FROM subscribers",
            (topic.id,),
        )


async def _change(data: Path, watches: Iterable[Watch]) -> None:
    """Let each watch have changed some times before it was checked last."""
    store, _ = await open_watch_store(data / "watches")
    states = await store.states()
    left = iter(watches)
    while group := list(islice(left, _GROUP)):
        await store.commit([decision for watch in group for decision in _changes(watch.id, states[watch.id])])
    await store.close()


def _changes(watch: str, state: WatchState) -> Iterator[Decision]:
    for number in range(1, _CHANGES + 1):
        sequence, at = state.sequence + number, _NOON + timedelta(days=number)
        told = (f"{sequence:016x}",)
        change = Change(
            watch=watch, sequence=sequence, changed_at=at, old=_rows(number - 1), new=_rows(number), messages=told
        )
        event = WatchEvent(kind=EventKind.CHANGED, at=at, watch=watch, sequence=sequence)
        newest = replace(state, sequence=sequence, changed_at=at)
        yield Decision(watch=watch, verdict=Verdict.CHANGED, state=newest, change=change, events=(event,))


def _rows(number: int) -> Rows:
    return {SINGLE: {"price": Money(amount=Decimal(100 - number), currency="€", code="EUR")}}


async def _note(data: Path, numbers: Sequence[int]) -> None:
    """Have messages wait to be told."""
    store, _ = await open_watch_store(data / "watches")
    await store.outbox.add([message(number, topic="prices") for number in numbers])
    await store.close()


async def _tell(town: Town, messages: int) -> None:
    """Run on the data directory until all subscribers have so many messages, and nothing waits any more."""
    command = watcher_command(town.data.parent, "run", "--port", "0")
    async with started(command, limit_seconds=LIMIT_SECONDS):
        await town.have_delivered(messages * _SUBSCRIBERS)
        reader = DiskWatchReader(town.data / "watches")
        async with asyncio.timeout(LIMIT_SECONDS):
            while reader.outbox():  # noqa: ASYNC110 another process tells
                await asyncio.sleep(0.1)


# The copies


async def _copy(directory: Path, *words: str) -> Copied:
    """Copy at a terminal."""
    command, report = watcher_command(directory, "database", "copy", *words), directory / "cost.json"
    ours, theirs = pty.openpty()
    core = str(max(os.sched_getaffinity(0)))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(LAUNCH), core, str(report), *command.line),
        cwd=directory,
        env={**environment_for(directory), **command.environment, "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = "".join([part async for part in _said(ours)])
    assert await process.wait() == 0
    cost = json.loads(report.read_text())
    assert cost["status"] == 0, shown[-1_000:]
    return Copied(seconds=cost["seconds"], memory_bytes=cost["memory_bytes"], shown=shown)


async def _said(terminal: int) -> AsyncIterator[str]:
    """Yield what comes at a terminal until its other end is closed."""
    try:
        while said := await asyncio.to_thread(os.read, terminal, 4_096):
            yield said.decode(errors="replace")
    except OSError:  # so its end is told
        return
    finally:
        os.close(terminal)


def _contents(data: Path) -> Mapping[str, tuple[int, str]]:
    """Return of each table of the data directory how many rows there are, and a digest of them in their order."""
    watches = DirectoryWatches(data)
    found = {kind.value: _digest(watches.rows(None, kind)) for kind in Kind}
    with closing(sqlite3.connect(f"file:{data}/push.db?mode=ro", uri=True)) as connection:
        return found | {
            name: _digest(connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2')) for name in _tables()
        }


def _tables() -> Sequence[str]:
    return [table.name for table in metadata.sorted_tables if table is not commits]


def _digest(rows: Iterable[tuple[object, ...]]) -> tuple[int, str]:
    number, digest = 0, hashlib.sha256()
    for row in rows:
        number += 1
        digest.update(repr(row).encode())
    return number, digest.hexdigest()


def _counted(server: postgresql.Server, url: str) -> Mapping[str, int]:
    """Return how many rows each table has in the database."""
    database = url.rpartition("/")[2]

    def count(table: str) -> int:
        [(number,)] = server.ask(f"SELECT count(*) FROM {table}", database=database)
        return int(number)

    of_watches = {kind.value: count(f"watcher.{kind.value}") for kind in Kind}
    return of_watches | {name: count(f"push.{name}") for name in _tables()}


# What goes on


async def _checked_again(directory: Path) -> Mapping[Verdict, int]:
    """Check each watch once more, on the page that it saw last; return what came of it."""
    store, is_lost = await open_watch_store(directory / ".watcher" / "watches")
    assert not is_lost
    committer = Committer(store, store.outbox, on_messages=lambda: None)
    clocks = Clocks(now=lambda: datetime.now(UTC), chance=lambda: 0.5)
    async with PagePool() as pool:
        tools = CheckTools(fetcher=FIRST_PAGE, readers=pool, epoch=lambda: store.epoch)
        watches = load(directory / "watches.yaml", {}).watches
        runner = Runner(watches, await store.states(), tools, committer, clocks)
        found = Counter([decision.verdict async for decision in runner.check_once(watches)])
        assert runner.failures == {}
        await committer.flush()
    await store.close()
    return found


def _told(data: Path) -> Mapping[str, int]:
    """Return how often each message was sent."""
    with closing(sqlite3.connect(f"file:{data}/push.db?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT summary, count(*) FROM messages GROUP BY summary").fetchall())
