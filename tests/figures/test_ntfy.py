"""
How fast a message reaches inboxes that apps of ntfy's follow; `pytest -rP tests/figures` prints the figures.

Each of them is handed over by the deliverer, as over every channel. The limits are generous, for the machine may have
other work. FIGURES=full holds 2,000 connections.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from tests.figures.machine import UNLIMITED, Town, found_town, many_files, serving
from tests.figures.readers import following, sending, tell_readers
from tests.sizes import FIGURES
from watcher.push.ids import hash_token

_APPS = FIGURES.sized(500, 2_000)
_ROUNDS = 5


async def test_a_topic_message_reaches_all_apps(tmp_path: Path) -> None:
    """Meant, of 2,000: p99 under 300 ms from the beginning of the send, 12 KB a connection at most."""
    town = await found_town(tmp_path, _APPS + 1)
    topics = _follow(town)
    with many_files() as files:
        assert files > _APPS + 100, f"only {files} files may be open"
        async with serving(tmp_path, UNLIMITED) as server:
            async with following(server, topics[:10]), sending(server, town) as sender:
                await sender.to_user("what sends is loaded by the first message", town.uids[-1])
                empty = server.memory()
            async with following(server, topics) as hall:
                held = (server.memory() - empty) / _APPS
                before = server.processor_seconds()
                _, worst = await tell_readers(hall, server, town, _ROUNDS)
                worked = (server.processor_seconds() - before) / _ROUNDS
    print(
        f"{_APPS:,} apps: p99 {median(worst) * 1000:.0f} ms (median of {_ROUNDS}), at worst {max(worst) * 1000:.0f} ms"
    )
    print(f"{worked * 1000:.0f} ms of CPU a message")
    print(f"memory: {held / 1000:.1f} KB a connection")
    assert median(worst) < 3.0
    assert held < 20_000


def _follow(town: Town) -> Sequence[str]:
    """Give each subscriber's inbox a topic, but the last's."""
    topics = [f"inbox_{number:028d}" for number in range(_APPS)]
    with closing(sqlite3.connect(town.data / "push.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO addresses (subscriber_id, channel, fingerprint, value, label, place, bound_to, created_at) "
            "VALUES (?, 'ntfy', ?, ?, '', 1, '', 1700000000000000)",
            [(number, hash_token(topic), topic) for number, topic in enumerate(topics, 1)],
        )
    return topics
