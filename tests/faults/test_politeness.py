"""How often a host is asked by processes that follow each other: never sooner than its `min_delay`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web

from tests.cli.command import Command
from tests.faults.tally import Tally, sized
from tests.running import serving

DELAY_SECONDS: Final = 6.0
_TOLERANCE_SECONDS: Final = 0.2
"""A request is noted when it has come; the delay counts from when it was sent."""
_BOUND_SECONDS: Final = 30
_WATCH: Final = """
  page-{number}:
    url: {url}/{number}
    topic: news
    every: 1s
    allow_private: true
    per_host: {{min_delay: 6s}}
"""


class Asked:
    """When a site was asked, on the monotonic clock."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self._changed = asyncio.Condition()

    async def answer(self, _: web.Request) -> web.Response:
        async with self._changed:
            self.at.append(time.monotonic())
            self._changed.notify_all()
        return web.Response(text=f"<h1>{len(self.at)}</h1>", content_type="text/html")

    async def more(self, number: int) -> None:
        """Return when it was asked so many times more."""
        wanted = len(self.at) + number
        async with asyncio.timeout(_BOUND_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.at) >= wanted)

    @property
    def early(self) -> list[float]:
        """The times between two requests that are shorter than the delay."""
        return [later - one for one, later in pairwise(self.at) if later - one < DELAY_SECONDS - _TOLERANCE_SECONDS]


@asynccontextmanager
async def asked_site(directory: Path) -> AsyncIterator[tuple[Asked, Command]]:
    """Serve a site with six watches, and a command that checks them."""
    asked, app = Asked(), web.Application()
    app.router.add_get("/{number}", asked.answer)
    async with serving(app) as url:
        command = Command(directory, is_warm=False)
        command.write("watches:" + "".join(_WATCH.format(number=number, url=url) for number in range(6)))
        yield asked, command


@pytest.mark.faults
async def test_a_host_is_not_asked_sooner_by_the_process_after(tmp_path: Path, tally: Tally) -> None:
    tally.what = "starts after a stop, and after a kill -9, of a watcher whose host may be asked every six seconds"
    async with asked_site(tmp_path) as (asked, command):
        for turn in range(sized(4, 12)):
            process = await command.start("run", "--port", "0")
            await asked.more(1)
            if turn % 2:
                process.kill()
            else:
                process.terminate()
            await process.communicate()
            tally.tried += 1
    tally.failed = len(asked.early)
    gaps = sorted(later - one for one, later in pairwise(asked.at))
    tally.figures = {"requests": f"{len(asked.at)}", "shortest time between two": f"{gaps[0] * 1000:.0f} ms"}
    assert not asked.early
