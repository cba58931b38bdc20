"""
What is queued reaches the relay though the deliverer is killed among a thousand.

The deliverer is a real process, killed with SIGKILL while fifty wait for an answer. Whoever was told then may be told
again, with the same item; whoever was settled is not.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.push.relays import Room, a_room, until

pytestmark = pytest.mark.faults

READERS = 100
MESSAGES = 10
KILLED_AFTER = 400


@dataclass(slots=True)
class Receiver:
    """A relay that takes everything, and is not killed. `got` has items and addresses in the order of their coming."""

    port: int = 0
    got: list[tuple[int, str]] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        item, _, address = (await reader.readline()).decode().strip().partition(" ")
        self.got.append((int(item), address))
        writer.write(b"taken\n")
        writer.close()


@asynccontextmanager
async def a_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver


@asynccontextmanager
async def a_deliverer(room: Room, receiver: Receiver) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.push.handing", str(room.path), str(receiver.port)
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def settled_items(room: Room) -> set[object]:
    """Return the items of which it is saved that the relay took them."""
    query = (
        "SELECT item.id FROM deliveries AS item JOIN deliveries AS sent USING (message_id, subscriber_id)"
        " WHERE item.channel = 'inbox' AND sent.channel = 'webpush' AND sent.state = 'sent'"
    )
    return {item for (item,) in room.sql(query)}


async def test_a_kill_among_a_thousand_loses_nothing_and_doubles_nothing_that_was_settled(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, a_receiver() as receiver:
        readers = [await room.a_reader(f"{number}@a") for number in range(READERS)]
        for number in range(MESSAGES):
            await room.send(f"message {number}", *readers)
        assert room.waiting() == READERS * MESSAGES

        async with a_deliverer(room, receiver) as process:
            await until(lambda: len(receiver.got) >= KILLED_AFTER)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        before, settled = list(receiver.got), settled_items(room)
        assert 0 < len(settled) <= len(before) < READERS * MESSAGES

        async with a_deliverer(room, receiver):
            await room.quiet()
        after = receiver.got[len(before) :]

    assert len({item for item, _ in receiver.got}) == READERS * MESSAGES, "each came"
    assert settled.isdisjoint(item for item, _ in after), "none that was settled came again"
    assert len(receiver.got) - READERS * MESSAGES <= 50, "at most what was under way came twice"
    for number in range(READERS):
        firsts = list(dict.fromkeys(item for item, address in receiver.got if address == f"{number}@a"))
        assert firsts == sorted(firsts), "an address gets its messages in order"
