"""A data directory with something in it, what is in it in few words, and processes that are killed at a given step."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.core.builders import event_rule, play, price, watch
from watcher.core.watch import Operator
from watcher.push.opening import open_push_service
from watcher.runtime import utc_now
from watcher.store.moves import finish_moves
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import open_watch_store


@dataclass(frozen=True)
class Content:
    """What is in a data directory: sequence of its watch, outbox entries, topics, subscribers, messages."""

    sequence: int
    outbox: int
    topics: int
    subscribers: int
    messages: int


async def fill(data: Path, *, more: int) -> None:
    """Add to a data directory: some changes of a watch, and as many topics with a subscriber each."""
    store, _ = await open_watch_store(data / "watches")
    prices = [price(str(number)) for number in range(more + 1)]
    states = await store.states()
    if not states:
        await store.commit(list(play(watch(event_rule(Operator.CHANGES)), *prices)))
    await store.close()
    service = await open_push_service(data / "push.db", now=utc_now)
    for number in range(more):
        topic = await service.topics.add(f"topic {number} {'x' * 100}")
        await service.subscribers.add(topic_ids=[topic.id])
    await service.close()


def made(data: Path, *, more: int) -> None:
    """Do the same from a thread without a loop."""
    asyncio.run(fill(data, more=more))


def content_of(data: Path) -> Content:
    """Return what is in it, after what a kill broke off is finished; each database must agree with its epoch."""
    finish_moves(data)
    reader = DiskWatchReader(data / "watches")
    state = reader.state("dune")
    assert reader.meta()["epoch"] == (data / "watches" / "epoch").read_text().strip()
    with closing(sqlite3.connect(data / "push.db")) as connection:
        numbers = [
            int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("topics", "subscribers", "messages")
        ]
        assert connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        epoch = connection.execute("PRAGMA user_version").fetchone()[0]
    assert int((data / "push.epoch").read_text()) == epoch
    return Content(state.sequence if state else 0, len(reader.outbox()), *numbers)


_STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.listdir", "os.scandir", "sqlite3.connect"}
_STEPS |= {"fcntl.flock", "os.utime", "tempfile.mkdtemp", "shutil.rmtree", "os.truncate"}


def run_forked(work: Callable[[], Any], *, kill_at: int | None = None, kill_after: float | None = None) -> int | None:
    """
    Run a command in a process of its own, and kill that with SIGKILL.

    Args:
        kill_at: before this step of it that touches the disk, by Python's audit events.
        kill_after: after so many seconds.

    Returns:
        How many steps it made; None when it was killed.
    """
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(read_end)
            seen = 0

            def count(event: str, _: tuple[Any, ...]) -> None:
                nonlocal seen
                if event in _STEPS:
                    seen += 1
                    if seen == kill_at:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            work()
            os.write(write_end, str(seen).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(write_end)
    timer = threading.Timer(kill_after, os.kill, (child, signal.SIGKILL)) if kill_after is not None else None
    if timer:
        timer.start()
    with os.fdopen(read_end) as pipe:
        said = pipe.read()
    if timer:  # before the child is waited for: until then its number is nobody else's
        timer.cancel()
        timer.join()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return None
    assert os.WEXITSTATUS(status) == 0, "the command failed"
    return int(said)
