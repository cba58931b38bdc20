"""
What the ledger of hand-overs costs; `pytest -rP tests/figures` prints the figures.

The channel answers at once, so all that is measured is ours: to read what is due, and to save what became of it.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median

import pytest

from tests.push.builders import a_draft
from tests.push.relays import Relay, Room, a_room, until
from tests.sizes import FIGURES

_ADDRESSES = FIGURES.sized(4_000, 100_000)
_ROUNDS = 5


@pytest.mark.parametrize("at_once", [50, 200])
async def test_hand_overs_a_second(tmp_path: Path, at_once: int) -> None:
    """Meant: 5,000 a second, on a core that has nothing else to do."""
    relay = Relay(at_once=at_once)
    async with a_room(tmp_path) as room:
        topic_id = await _settle(room)
        await _queue(room, topic_id)
        began, cpu = time.perf_counter(), time.process_time()
        async with room.delivering(relay):
            await until(lambda: len(relay.got) >= _ADDRESSES, seconds=300)
            await until(lambda: room.waiting() == 0, seconds=300)
        rate = _ADDRESSES / (time.perf_counter() - began)
        each = (time.process_time() - cpu) / _ADDRESSES
    print(f"{_ADDRESSES:,} hand-overs, {at_once} under way: {rate:.0f}/s, {each * 1000:.2f} ms of CPU each")
    assert each < 0.001


async def test_what_queueing_adds_to_a_send(tmp_path: Path) -> None:
    """Meant: nearly nothing where nobody has an address."""
    async with a_room(tmp_path) as room:
        reader = await room.a_reader()
        other = await room.a_reader("phone@a")
        rates = {}
        for name, each in (("without an address", reader), ("with one", other)):
            took = []
            for _ in range(_ROUNDS):
                began = time.perf_counter()
                for number in range(100):
                    await room.send(f"message {number}", each)
                took.append((time.perf_counter() - began) / 100)
            rates[name] = median(took) * 1000
    print(", ".join(f"a send to one {name}: {ms:.2f} ms" for name, ms in rates.items()))
    assert all(ms < 100 for ms in rates.values())


async def _settle(room: Room) -> int:
    """Make a topic with so many followers, each with an address."""
    topic = await room.service.topics.add("News", app_id=room.app.id)
    await asyncio.to_thread(
        room.sql,
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {_ADDRESSES})"
        " INSERT INTO subscribers (id, uid, spt_hash, created_at) SELECT i, 'UID_' || i, i, 0 FROM n",
    )
    for statement in (
        f"INSERT INTO subscriptions (subscriber_id, topic_id, created_at) SELECT id, {topic.id}, 0 FROM subscribers",
        "INSERT INTO addresses (subscriber_id, channel, fingerprint, value, label, place, bound_to, created_at, lane)"
        " SELECT id, 'webpush', id, id || '@a', '', 0, '', 0, 'webpush a' FROM subscribers",
    ):
        await asyncio.to_thread(room.sql, statement)
    return topic.id


async def _queue(room: Room, topic_id: int) -> None:
    began = time.perf_counter()
    await room.service.messages.send(room.app, a_draft("news"), topic_ids=[topic_id])
    assert room.waiting() == _ADDRESSES
    print(f"sent and queued for {_ADDRESSES:,} addresses in {time.perf_counter() - began:.2f} s")
