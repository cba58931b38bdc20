"""
What a server sends on PostgreSQL, beside a file, and beside a bare program that writes the same rows with the same
syncs; `FIGURES=full pytest -rP tests/figures/test_sending_on_postgresql.py` prints the figures.

Each is tried several times in turn, and the best counts, for the machine may have other work; the limits are generous.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from tests import postgresql
from tests.figures.cluster_town import ClusterTown, found_cluster_town, write_barely
from tests.figures.machine import UNLIMITED, Server, Town, found_town, serving
from tests.figures.readers import sending
from tests.sizes import FIGURES

_TRIES: Final = FIGURES.sized(2, 10)
_MESSAGES: Final = FIGURES.sized(60, 300)
"""In one try, of all its senders together."""
_SENDERS: Final = 8
_MANY: Final = FIGURES.sized(10_000, 100_000)
_SUBSCRIBERS: Final = 200


async def test_single_sends_on_postgresql(tmp_path: Path) -> None:
    """
    Meant: 110 a second from one sender, and 60 % of the bare program's.

    Where a sync takes 8 ms that is so; where it takes a fraction of one, what a send computes counts alone.
    """
    bare, one, eight, file_one, file_eight = [], [], [], [], []
    for name in ("shared", "file"):
        (tmp_path / name).mkdir()
    file_town = await found_town(tmp_path / "file", _SUBSCRIBERS)
    async with (
        a_cluster_town(tmp_path / "shared", _SUBSCRIBERS) as town,
        serving(town.data, UNLIMITED, is_pinned=False, **town.environment) as server,
        serving(file_town.data, UNLIMITED, is_pinned=False) as file_server,
    ):
        for _ in range(_TRIES):
            bare.append(await asyncio.to_thread(write_barely, town, _MESSAGES))
            one.append(await _rate(server, town, 1))
            file_one.append(await _rate(file_server, file_town, 1))
            eight.append(await _rate(server, town, _SENDERS))
            file_eight.append(await _rate(file_server, file_town, _SENDERS))
    shares = [now / most for now, most in zip(one, bare, strict=True)]
    print(f"one sender: {max(one):.0f}/s on PostgreSQL, {max(file_one):.0f}/s on SQLite (best of {_TRIES})")
    print(f"the bare program: {min(bare):.0f} to {max(bare):.0f}/s, as the disk syncs")
    print(f"one sender is {median(shares):.0%} of it, of the pairs {min(shares):.0%} to {max(shares):.0%}")
    print(f"{_SENDERS} senders: {max(eight):.0f}/s on PostgreSQL, {max(file_eight):.0f}/s on SQLite")
    assert max(one) > 10


async def test_a_message_to_a_topic_of_many_is_accepted_at_once_on_postgresql(tmp_path: Path) -> None:
    """Meant, of 100,000: accepted under 200 ms."""
    async with (
        a_cluster_town(tmp_path, _MANY) as town,
        serving(town.data, UNLIMITED, is_pinned=False, **town.environment) as server,
        sending(server, town) as sender,
    ):
        accepted, written = [], []
        for number in range(1, 4):
            began = time.perf_counter()
            accepted.append(await sender.to_topic(f"message {number}"))
            await town.have_delivered(number * _MANY)
            written.append(time.perf_counter() - began)
    print(
        f"{_MANY:,} subscribers: accepted in {min(accepted) * 1000:.0f} ms, "
        f"all rows written after {median(written):.1f} s (best, and median, of {len(accepted)})"
    )
    assert min(accepted) < 0.2


@asynccontextmanager
async def a_cluster_town(data: Path, subscribers: int) -> AsyncIterator[ClusterTown]:
    """Make one in a PostgreSQL that takes its commits to the disk; skip the test where there is none."""
    try:
        with postgresql.running() as server:
            yield await found_cluster_town(server.url(server.new_database()), data, subscribers)
    except postgresql.NoPostgresqlError as error:
        pytest.skip(str(error))


async def _rate(server: Server, town: Town, senders: int) -> float:
    """Send; return how many a second."""
    numbers = count()

    async def one() -> None:
        async with sending(server, town) as sender:
            while (number := next(numbers)) < _MESSAGES:
                await sender.to_user(f"message {number}", town.uids[number % len(town.uids)])

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(senders)))
    return _MESSAGES / (time.perf_counter() - began)
