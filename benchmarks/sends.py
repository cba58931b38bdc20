"""
What sending costs the server of one checkout: `python -P benchmarks/sends.py KIND`, with that checkout on PYTHONPATH.

Prints seconds of the server's CPU and of the clock, as JSON: of `single`, a send to one subscriber each over four
connections; of `fan-out`, messages to a topic of 10,000. The first of each warm it up and do not count.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
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


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1]))))
