"""
What sending costs the server of one checkout: `python -P benchmarks/sends.py KIND`, with that checkout on PYTHONPATH.

Prints seconds of the server's CPU and of the clock, as JSON: of `single`, a send to one subscriber each over four
connections; of `fan-out`, messages to a topic of 10,000. The first of each warm it up and do not count. `bare` is a
program without HTTP that writes the rows of as many single sends, each with a commit and its sync: what is left for us.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.figures.machine import UNLIMITED, Server, Town, found_town, serving
from tests.figures.readers import sending

_CONNECTIONS: Final = 4
_SINGLES: Final = 500
"""Over each connection."""
_MESSAGES: Final = 10
_SUBSCRIBERS: Final = {"single": 200, "fan-out": 10_000}


async def measure(kind: str) -> Mapping[str, float]:
    """Return what the sends of one kind cost."""
    if kind == "bare":
        return await _bare()
    send = {"single": _singles, "fan-out": _messages}[kind]
    with tempfile.TemporaryDirectory(prefix="watcher-sends-") as made:
        town = await found_town(Path(made), _SUBSCRIBERS[kind])
        async with serving(town.data, UNLIMITED) as server:
            await send(server, town)
            return await _cost(server, lambda: send(server, town))


async def _cost(server: Server, work: Callable[[], Awaitable[None]]) -> Mapping[str, float]:
    cpu, began = _cpu_seconds(server), time.perf_counter()
    await work()
    return {"cpu_seconds": _cpu_seconds(server) - cpu, "seconds": time.perf_counter() - began}


def _cpu_seconds(server: Server) -> float:
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


async def _singles(server: Server, town: Town) -> None:
    async def one(first: int) -> None:
        async with sending(server, town) as sender:
            for number in range(_SINGLES):
                await sender.to_user(f"message {number}", town.uids[(first + number) % len(town.uids)])

    await asyncio.gather(*(one(number) for number in range(_CONNECTIONS)))


async def _messages(server: Server, town: Town) -> None:
    there = town.deliveries()
    async with sending(server, town) as sender:
        for number in range(1, _MESSAGES + 1):
            await sender.to_topic(f"message {number}")
            await town.have_delivered(there + number * len(town.uids))


async def _bare() -> Mapping[str, float]:
    with tempfile.TemporaryDirectory(prefix="watcher-sends-") as made:
        town = await found_town(Path(made), _SUBSCRIBERS["single"])
        with closing(sqlite3.connect(town.data / "push.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            cpu, began = time.process_time(), time.perf_counter()
            for number in range(_CONNECTIONS * _SINGLES):
                _write_rows(connection, town, number)
            return {"cpu_seconds": time.process_time() - cpu, "seconds": time.perf_counter() - began}


def _write_rows(connection: sqlite3.Connection, town: Town, number: int) -> None:
    at, index = time.time_ns() // 1_000, number % len(town.uids)
    connection.execute("BEGIN IMMEDIATE")
    message = connection.execute(
        "INSERT INTO messages (slug, app_id, summary, content, content_type, created_at) VALUES (?, ?, ?, ?, 1, ?)",
        (secrets.token_urlsafe(), town.app.id, f"message {number}", f"message {number}", at),
    ).lastrowid
    connection.execute(
        "INSERT INTO targets (message_id, uid, code, status, record_id) VALUES (?, ?, 1000, ?, ?)",
        (message, town.uids[index], "创建发送任务成功", secrets.randbits(53)),
    )
    connection.execute(
        "INSERT INTO deliveries (message_id, subscriber_id, channel, state, sent_at) VALUES (?, ?, 'inbox', 'sent', ?)",
        (message, index + 1, at),
    )
    connection.execute("UPDATE commits SET number = number + 1")
    connection.execute("COMMIT")


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1]))))
