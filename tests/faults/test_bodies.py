"""Bodies of every size from the programs that people send with, and more of them at once than there is memory for."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.faults.tally import Tally, sized
from tests.figures.machine import UNLIMITED, Server, Town, found_town, serving
from tests.web.senders import SENDERS, answers

_LIMIT: Final = 1_000_000
_SIZES: Final[Sequence[int]] = sized(
    (470_000, 1_200_000), (*range(400_000, 1_200_001, 25_000), _LIMIT - 1, _LIMIT, _LIMIT + 1, 20_000_000)
)
_AT_ONCE: Final = sized(96, 768)
_OF_ONE_ADDRESS: Final = 48
_LARGE: Final = 999_000
_SMALL: Final = 8_000
_SECONDS: Final = 120
_MOST_PEAK_MB: Final = 192
"""The budget; who waits, 64 at most; and of everybody what one look at a socket brings: 64 KiB, and as much again."""
_MOST_LEFT_MB: Final = 32
_RETRY_SECONDS: Final = 5
"""As Retry-After says."""


def _message(town: Town, size: int, *, token: str | None = None) -> bytes:
    """Return a send of so many bytes: what is unknown in it is passed over."""
    fields = {"appToken": token or town.app_token, "content": "x", "uids": [town.uids[0]], "more": ""}
    fields["more"] = "m" * (size - len(json.dumps(fields)))
    return json.dumps(fields).encode()


@pytest.mark.faults
async def test_no_body_of_any_sender_is_cut(tmp_path: Path, tally: Tally) -> None:
    town = await found_town(tmp_path, 1)
    bodies = [tmp_path / f"{size}.json" for size in _SIZES]
    for body, size in zip(bodies, _SIZES, strict=True):
        body.write_bytes(_message(town, size))
    tally.what = "bodies of 0.4 to 20 MB, from `requests`, node's `fetch` and six ways of curl"
    wrong = []
    async with serving(tmp_path, UNLIMITED, is_pinned=False) as server:
        for sender in SENDERS:
            answered = await answers(sender, f"http://{server.host}:{server.port}/api/send/message", bodies)
            found = [answer["code"] for answer in answered]
            tally.tried += len(_SIZES)
            wrong += [
                f"{sender}, {size}: {code}"
                for size, code in zip(_SIZES, found, strict=True)
                if code != (1000 if size <= _LIMIT else 1001)
            ]
    tally.failed = len(wrong)
    assert not wrong, wrong[:20]


@dataclass(slots=True)
class Flood:
    """Large bodies from many addresses at once, each sent again for as long as it is told to come again."""

    server: Server
    body: bytes
    statuses: Counter[str] = field(default_factory=Counter)
    cut: int = 0

    async def send(self, source: str) -> None:
        """Send it until it is taken."""
        while True:
            try:
                status = await self._ask(source)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.cut += 1
                return
            self.statuses[status] += 1
            if status != "503":
                return
            await asyncio.sleep(_RETRY_SECONDS * (1 + random.random()))

    async def _ask(self, source: str) -> str:
        return (await _ask(self.server, self.body, source)).split()[1].decode()


async def _ask(server: Server, body: bytes, source: str) -> bytes:
    """Return the head of the answer."""
    reader, writer = await asyncio.open_connection(server.host, server.port, local_addr=(source, 0))
    try:
        writer.write(
            b"POST /api/send/message HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        )
        writer.write(body)
        await writer.drain()
        return await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


@dataclass(slots=True)
class Watched:
    """What was seen meanwhile: the most memory in use, and how long small sends of somebody else took."""

    peak: int = 0
    waits: list[float] = field(default_factory=list)
    refused: int = 0


@asynccontextmanager
async def _watched(server: Server, small: bytes) -> AsyncIterator[Watched]:
    seen = Watched()

    async def look() -> None:
        while True:
            seen.peak = max(seen.peak, server.memory())
            await asyncio.sleep(0.02)

    async def send() -> None:
        while True:
            began = time.perf_counter()
            seen.refused += b" 200 " not in await _ask(server, small, "127.99.0.1")
            seen.waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(look()), asyncio.create_task(send())]
    try:
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@pytest.mark.faults
@pytest.mark.alone
async def test_more_bodies_than_there_is_memory_for_wait_and_the_memory_comes_back(
    tmp_path: Path, tally: Tally
) -> None:
    town = await found_town(tmp_path, 1)
    tally.what = f"bodies of 1 MB at once, from {_AT_ONCE // _OF_ONE_ADDRESS} addresses"
    async with serving(tmp_path, UNLIMITED, is_pinned=False) as server:
        # Nobody's token, so that what is measured is not the disk.
        flood = Flood(server, _message(town, _LARGE, token="AT_nobody"))
        await _ask(server, _message(town, _LARGE), "127.0.0.1")  # what is loaded once
        before = server.memory()
        async with _watched(server, _message(town, _SMALL)) as seen, asyncio.timeout(_SECONDS):
            await asyncio.gather(*(flood.send(f"127.1.0.{nth // _OF_ONE_ADDRESS + 1}") for nth in range(_AT_ONCE)))
        left = await _settled(server, before)
    tally.tried, tally.failed = _AT_ONCE, _AT_ONCE - flood.statuses["200"]
    tally.figures = {
        "told to come again": f"{flood.statuses['503']:,} times",
        "memory": f"+{(seen.peak - before) / 2**20:.0f} MiB, afterwards +{left / 2**20:.0f} MiB",
        "small sends of somebody else": f"{len(seen.waits)}, refused {seen.refused}, slowest {max(seen.waits):.2f} s",
    }
    assert (tally.failed, flood.cut, seen.refused) == (0, 0, 0)
    assert (seen.peak - before) / 2**20 < _MOST_PEAK_MB
    assert left / 2**20 < _MOST_LEFT_MB


async def _settled(server: Server, before: int) -> int:
    """Return how much more memory is in use than before, once that is little, or five seconds later."""
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while server.memory() - before > _MOST_LEFT_MB * 2**20 / 2:  # noqa: ASYNC110 another process frees it
                await asyncio.sleep(0.1)
    return server.memory() - before
