"""
A change that was committed is delivered once, however the process dies.

The process is real and is killed with SIGKILL. What holds it at the right moment is a lock on one of its two
databases, taken by the test as any other process may.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command, eventually
from tests.site import Site

WATCHES = """
watches:
  page:
    url: {site}/page
    topic: news
    allow_private: true
    every: 1s
    per_host: {{min_delay: 0s}}
    extract: h1
"""


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the write lock of a SQLite database."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=20)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def outbox(watcher: Command) -> list[dict[str, Any]]:
    """What is in the outbox."""
    return (await watcher("outbox", "--json")).records


def published(watcher: Command) -> int:
    """How many messages the push service has."""
    with closing(sqlite3.connect(watcher.directory / ".watcher" / "push.db")) as connection:
        count: int = connection.execute("SELECT count(*) FROM messages").fetchone()[0]
        return count


async def prepare(watcher: Command, site: Site) -> None:
    """Take a baseline, and make the databases."""
    watcher.write(WATCHES.format(site=site.url))
    site.show("/page", "<h1>before</h1>")
    assert (await watcher("check")).status == 0
    assert (await watcher("topics")).status == 0
    site.show("/page", "<h1>after</h1>")


async def assert_delivered_once(watcher: Command) -> None:
    """Start again, and find the message delivered, once."""
    again = await watcher("check", "--json")
    assert again.status == 0, again.err
    assert await outbox(watcher) == []
    told = (await watcher("messages", "--json")).records
    assert [message["summary"] for message in told] == ["page: before → after"]


@pytest.mark.faults
async def test_killed_between_the_commit_of_a_change_and_its_delivery(watcher: Command, site: Site) -> None:
    await prepare(watcher, site)
    with locked(watcher.directory / ".watcher" / "push.db"):
        process = await watcher.start("check")
        await eventually(lambda: outbox(watcher))
        process.kill()
        await process.communicate()
    assert len(await outbox(watcher)) == 1
    assert published(watcher) == 0
    await assert_delivered_once(watcher)


@pytest.mark.faults
async def test_killed_between_the_delivery_and_its_settlement(watcher: Command, site: Site) -> None:
    await prepare(watcher, site)

    async def is_published() -> bool:
        return published(watcher) == 1

    with locked(watcher.directory / ".watcher" / "push.db"):
        process = await watcher.start("check")
        await eventually(lambda: outbox(watcher))
        holding = locked(watcher.directory / ".watcher" / "watches" / "cache.db")
        holding.__enter__()
    await eventually(is_published)
    process.kill()
    await process.communicate()
    holding.__exit__(None, None, None)
    assert len(await outbox(watcher)) == 1
    await assert_delivered_once(watcher)
