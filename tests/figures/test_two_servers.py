"""
How soon what is sent at one server is shown at another one of its PostgreSQL; `pytest -rP tests/figures` prints it.

The limits are generous, for the machine may have other work. FIGURES=full opens 2,000 inboxes.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import pytest

from tests import postgresql
from tests.figures.machine import UNLIMITED, Server, Town, found_town, many_files, serving
from tests.figures.readers import Hall, Sender, reading, sending
from tests.sizes import FIGURES

_INBOXES, _SENDS = FIGURES.sized(500, 2_000), FIGURES.sized(100, 1_000)
_ROUNDS: Final = 5
_MORE_THAN_ONE_SEND_SERVES: Final = 2_200


@pytest.fixture(scope="module")
def durable_server() -> Iterator[postgresql.Server]:
    """A PostgreSQL that takes its commits to the disk."""
    try:
        with postgresql.running() as server:
            yield server
    except postgresql.NoPostgresqlError as error:
        pytest.skip(str(error))


@asynccontextmanager
async def two_servers(
    server: postgresql.Server, directory: Path, subscribers: int
) -> AsyncIterator[tuple[Town, Server, Server]]:
    """Run two servers on a database of that many subscribers."""
    for name in ("town", "one", "other"):
        (directory / name).mkdir()
    town = await found_town(directory / "town", subscribers)
    url = server.url(server.new_database())
    copy = (sys.executable, "-m", "watcher", "database", "copy", "--to", url, "--data", str(town.data))
    copying = await asyncio.create_subprocess_exec(*copy, stdout=asyncio.subprocess.DEVNULL)
    assert await copying.wait() == 0
    command = (*UNLIMITED[:-1], "--database", url, UNLIMITED[-1])
    with many_files():
        async with (
            serving(directory / "one", command, is_pinned=False) as one,
            serving(directory / "other", command, is_pinned=False) as other,
        ):
            yield town, one, other


async def test_a_message_to_one_reader_is_shown_at_the_other_server(
    durable_server: postgresql.Server, tmp_path: Path
) -> None:
    """Meant, of 2,000: p99 under 300 ms from the beginning of the send."""
    async with (
        two_servers(durable_server, tmp_path, _INBOXES) as (town, one, other),
        reading(other, town, _INBOXES) as hall,
        sending(one, town) as sender,
    ):
        await _told(hall, sender, "the first one loads what sends", town.uids[0])
        took = [await _told(hall, sender, f"{number}", town.uids[number % _INBOXES]) for number in range(_SENDS)]
    print(f"{_INBOXES:,} live inboxes at the other server, {_SENDS:,} messages to one each: {_described(took)}")
    assert median(took) < 1.0


@pytest.mark.parametrize("subscribers", [_INBOXES, _MORE_THAN_ONE_SEND_SERVES], ids=["in the send", "afterwards"])
async def test_a_message_to_a_topic_is_shown_at_the_other_server(
    durable_server: postgresql.Server, tmp_path: Path, subscribers: int
) -> None:
    """Meant, of 2,000: p99 under 300 ms from the beginning of the send, also where a fan-out brings it."""
    async with (
        two_servers(durable_server, tmp_path, subscribers) as (town, one, other),
        reading(other, town, _INBOXES) as hall,
        sending(one, town) as sender,
    ):
        await _all_told(hall, sender, "the first one loads what sends")
        before = one.processor_seconds() + other.processor_seconds()
        worst = [await _all_told(hall, sender, f"{number}") for number in range(_ROUNDS)]
        processor = (one.processor_seconds() + other.processor_seconds() - before) / _ROUNDS
    assert all(len(reader.ids) == _ROUNDS + 1 for reader in hall.readers)
    shown = f"median {median(worst) * 1000:.0f} ms, {min(worst) * 1000:.0f} to {max(worst) * 1000:.0f} ms"
    print(f"{_INBOXES:,} live inboxes at the other server, of {subscribers:,} of a topic: p99 of {_ROUNDS}: {shown}")
    print(f"processor time of both servers: {processor * 1000:.0f} ms a message")
    assert median(worst) < 2.0


async def _told(hall: Hall, sender: Sender, text: str, uid: str) -> float:
    """Send to one reader; return the seconds until it was shown."""
    hall.expect(1)
    began = time.perf_counter()
    await sender.to_user(text, uid)
    [at] = await hall.all_came()
    return at - began


async def _all_told(hall: Hall, sender: Sender, text: str) -> float:
    """Send to the topic; return the seconds until it was shown to 99 of 100."""
    hall.expect(len(hall.readers))
    began = time.perf_counter()
    await sender.to_topic(text)
    return quantiles([at - began for at in await hall.all_came()], n=100)[98]


def _described(took: Sequence[float]) -> str:
    cuts = quantiles(took, n=100)
    return f"median {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
