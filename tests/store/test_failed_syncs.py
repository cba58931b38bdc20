"""
A disk whose syncs fail while it can be written: a commit that was refused is told whole or not at all, and never twice.

What is acknowledged afterwards outlives the power, although what was written before a failed sync does not.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.core.builders import play, price, watch
from tests.faults.failing_disk import FailingDisk, Ill, Orders, a_failing_disk
from watcher.core.check import Decision
from watcher.errors import StaleDecisionError, StoreError
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.settings import utc_now
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store

_NAMES = ("one", "two", "three")
_CHILD = """
import sys
from pathlib import Path
from tests.store import test_failed_syncs

test_failed_syncs.act(*map(Path, sys.argv[1:3]), sys.argv[3])
"""


@pytest.fixture
def disk(tmp_path: Path) -> FailingDisk:
    (tmp_path / "disk").mkdir()
    return a_failing_disk(tmp_path / "data", tmp_path / "disk")


def die(disk: FailingDisk, tmp_path: Path, what: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Let a process with this disk do what it does, and kill itself amid."""
    arguments = [str(tmp_path / "data"), str(tmp_path / "disk" / "orders"), what.__name__]
    environment = {**os.environ, **disk.environment}
    ended = subprocess.run([sys.executable, "-c", _CHILD, *arguments], env=environment, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL


def act(data: Path, orders: Path, what: str) -> None:
    """Do it, in the process that is killed."""
    asyncio.run(globals()[what](data, Orders(orders)))
    os.kill(os.getpid(), signal.SIGKILL)


def story(name: str) -> list[Decision]:
    """A baseline, and two changes with a message each."""
    return play(replace(watch(), id=name), price(1), price(2), price(3))


async def begun(data: Path) -> DiskWatchStore:
    """Return a store that has a baseline of each watch."""
    store, _ = await open_watch_store(data / "watches")
    await store.commit([story(name)[0] for name in _NAMES])
    return store


async def commit_while_syncs_fail(data: Path, disk: Orders) -> None:
    store = await begun(data)
    disk.fail(Ill.SYNC)
    for name in _NAMES:
        with pytest.raises(StoreError):
            await store.commit([story(name)[1]])


@pytest.mark.faults
def test_a_change_whose_commit_was_refused_is_saved_with_its_message_or_not_at_all(
    disk: FailingDisk, tmp_path: Path
) -> None:
    die(disk, tmp_path, commit_while_syncs_fail)
    assert disk.orders.refused >= len(_NAMES)
    reader = DiskWatchReader(tmp_path / "data" / "watches")
    advanced = {name for name, state in reader.states().items() if state.sequence == story(name)[1].state.sequence}
    assert advanced == {entry.message.watch for entry in reader.outbox()}
    assert advanced == {noted.event.watch for noted in reader.events() if noted.event.sequence > 1}


async def commit_again_when_the_disk_is_well(data: Path, disk: Orders) -> None:
    store, reader = await begun(data), DiskWatchReader(data / "watches")
    disk.fail(Ill.SYNC)
    with pytest.raises(StoreError):
        await store.commit([story("one")[1]])
    seen = reader.events()  # as who tells webhooks
    disk.heal()
    for name in ("two", "one"):
        with suppress(StoreError):
            await store.commit([story(name)[1]])
    assert reader.events()[: len(seen)] == seen
    assert [entry.message.watch for entry in await store.outbox.waiting()] == ["two", "one"]


def test_what_others_read_of_a_commit_that_was_refused_stays_so(disk: FailingDisk, tmp_path: Path) -> None:
    die(disk, tmp_path, commit_again_when_the_disk_is_well)


async def commit_after_the_database_was_opened_anew(data: Path, disk: Orders) -> None:
    store = await begun(data)
    disk.fail(Ill.SYNC)
    with pytest.raises(StoreError):
        await store.commit([story("one")[1]])
    await store._database.on_thread(lambda cache: cache.close())
    disk.heal()
    await store.commit([story("two")[1]])
    with pytest.raises(StaleDecisionError):
        await store.commit([story("one")[1]])
    assert [entry.message.watch for entry in await store.outbox.waiting()] == ["one", "two"]
    assert [each.event.watch for each in DiskWatchReader(data / "watches").events()[-2:]] == ["one", "two"]


def test_a_commit_that_was_refused_and_is_there_after_all_is_not_made_again(disk: FailingDisk, tmp_path: Path) -> None:
    die(disk, tmp_path, commit_after_the_database_was_opened_anew)


async def write_to_both_while_syncs_fail(data: Path, disk: Orders) -> None:
    service = await opened(data)
    await service.topics.add("first")
    await commit_while_syncs_fail(data, disk)
    for name in _NAMES:
        with pytest.raises(StoreError):
            await service.topics.add(name)


async def write_to_both_once_syncs_succeed(data: Path, disk: Orders) -> None:
    for open_one in (open_watch_store(data / "watches"), opened(data)):
        with suppress(StoreError):
            held.append(await open_one)
    disk.heal()
    store, _ = await open_watch_store(data / "watches")
    await store.commit([story("last")[0]])
    await (await opened(data)).topics.add("last")


held: list[object] = []
"""What a killed process had open: nothing closes it."""


async def test_what_is_saved_after_failed_syncs_and_a_kill_outlives_the_power(
    disk: FailingDisk, tmp_path: Path
) -> None:
    die(disk, tmp_path, write_to_both_while_syncs_fail)
    die(disk, tmp_path, write_to_both_once_syncs_succeed)
    disk.cut_power()
    states = DiskWatchReader(tmp_path / "data" / "watches").states()
    service = await opened(tmp_path / "data")
    topics = {topic.name for topic in await service.topics.all()}
    await service.close()
    assert ({*_NAMES, "last"} <= states.keys(), {"first", "last"} <= topics) == (True, True)


async def opened(data: Path) -> PushService:
    return await open_push_service(data / "push.db", now=utc_now)
