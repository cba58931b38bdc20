"""
What a server on one core sends; `pytest -rP tests/figures` prints the figures.

The limits are generous, for the machine may have other work. FIGURES=full sends 100,000 messages.
"""

from __future__ import annotations

import asyncio
import time
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from tests.figures.machine import UNLIMITED, Server, Town, found_town, serving
from tests.figures.readers import fan_out, sending
from tests.sizes import FIGURES

_MESSAGES, _WARM_UP = FIGURES.sized(400, 100_000), FIGURES.sized(100, 2_000)
_CONNECTIONS = 4
_MB = 1_000_000


async def test_a_topic_of_10000_subscribers(tmp_path: Path) -> None:
    """Meant: accepted under 100 ms, all delivery rows within 2 s."""
    town = await found_town(tmp_path, 10_000)
    async with serving(tmp_path) as server:
        accepted, written = await fan_out(server, town, 5)
    print(
        f"10,000 subscribers: accepted in {median(accepted) * 1000:.0f} ms, "
        f"all rows written after {median(written) * 1000:.0f} ms (medians of 5)"
    )
    assert median(accepted) < 1.0
    assert median(written) < 2.0


async def test_single_sends(tmp_path: Path) -> None:
    """Meant: 200 a second, and memory flat over 100,000."""
    town = await found_town(tmp_path, 200)
    async with serving(tmp_path, UNLIMITED) as server:
        await _send(server, town, _WARM_UP)
        warm = server.memory()
        began = time.perf_counter()
        took = await _send(server, town, _MESSAGES)
        rate = _MESSAGES / (time.perf_counter() - began)
        grown = server.memory() - warm
    print(f"single sends: {rate:.0f}/s over {_CONNECTIONS} connections, p99 {quantiles(took, n=100)[98] * 1000:.0f} ms")
    print(f"memory: {warm / _MB:.1f} MB, {grown / _MB:+.1f} MB over {_MESSAGES:,} messages")
    assert town.deliveries() == _MESSAGES + _WARM_UP
    assert rate > 50
    assert grown < 8 * _MB


async def _send(server: Server, town: Town, messages: int) -> list[float]:
    """Send so many messages, each to one user, and return how long each took."""
    numbers = count()

    async def one() -> list[float]:
        took = []
        async with sending(server, town) as sender:
            while (number := next(numbers)) < messages:
                took.append(await sender.to_user(f"message {number}", town.uids[number % len(town.uids)]))
        return took

    return [seconds for part in await asyncio.gather(*(one() for _ in range(_CONNECTIONS))) for seconds in part]
