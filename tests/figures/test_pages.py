"""
How long the server takes for each page of the console and of a subscriber, and how many bytes it sends, where there is
a lot of everything; meant: under 60 ms and 150 kB.

Counted is the time that the server's process had of a processor, all its threads together, and of some tries the least:
what else the machine does makes a page wait, and cost more, never less. How long the quickest answer took stands beside
it. `FIGURES=full pytest -rP tests/figures/test_pages.py` prints a line for each page.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Final

from aiohttp import ClientSession, DummyCookieJar
from msgspec import Struct

from tests.figures.crowd import Crowd, Visitor, found
from tests.figures.machine import UNLIMITED, Server, serving
from tests.sizes import FAULTS, FIGURES

_IS_FULL: Final = FIGURES.is_full or FAULTS.is_full
_FULL: Final = Crowd(subscribers=10_000, messages=100_000, topics=1_000, apps=1_000)
_PART: Final = Crowd(subscribers=1_000, messages=2_000, topics=100, apps=100)
_TRIES: Final = 7
_MOST_MS: Final = 60
_MOST_BYTES: Final = 150_000


class _Cost(Struct, frozen=True, kw_only=True, order=True):
    """What one page cost: milliseconds of a processor, milliseconds until the quickest answer was there, and bytes."""

    of_core_ms: float
    quickest_ms: float
    size: int
    who: str
    path: str


async def test_each_page_is_quick_and_small(tmp_path: Path) -> None:
    crowd = _FULL if _IS_FULL else _PART
    visitors = await found(tmp_path, crowd)
    async with (
        serving(tmp_path, UNLIMITED) as server,
        ClientSession(f"http://{server.host}:{server.port}", cookie_jar=DummyCookieJar()) as client,
    ):
        costs = [await _look(server, client, visitor, path) for visitor in visitors for path in visitor.paths]
    print(f"{crowd}: {len(costs)} pages, median {median(cost.of_core_ms for cost in costs):.0f} ms of a core")
    for cost in sorted(costs, reverse=True):
        told = f"{cost.of_core_ms:5.1f} ms of a core, {cost.quickest_ms:5.1f} ms at best, {cost.size / 1_000:5.0f} kB"
        print(f"{told}: {cost.path} ({cost.who})")
    assert [cost for cost in costs if cost.of_core_ms > _MOST_MS or cost.size > _MOST_BYTES] == []


async def _look(server: Server, client: ClientSession, visitor: Visitor, path: str) -> _Cost:
    """Ask for a page some times; the first one fills caches, and does not count."""
    spent, took, size = [], [], 0
    for _ in range(_TRIES + 1):
        had, begun = server.processor_seconds(), time.perf_counter()
        async with client.get(path, headers=visitor.headers, allow_redirects=False) as answer:
            size = len(await answer.read())
        took.append((time.perf_counter() - begun) * 1_000)
        spent.append((server.processor_seconds() - had) * 1_000)
        assert answer.status in (200, 303, 422), (visitor.name, path)
    return _Cost(of_core_ms=min(spent[1:]), quickest_ms=min(took[1:]), size=size, who=visitor.name, path=path)
