"""The floor does what it is held to have done: asks, commits what changed, and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.costs import Running, running
from benchmarks.floor import DATABASE
from benchmarks.pages import Layout, Phase
from benchmarks.serving import Counted, SiteProcess, serving
from benchmarks.tools.floor import Floor
from benchmarks.tools.tool import Place

PAGES = 200
SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Floored:
    """The floor, running over a site."""

    site: SiteProcess
    floor: Floor
    process: Running

    async def settled_in(self, phase: Phase) -> None:
        """Begin a phase, and to count anew once every page was seen in it."""
        await self.site.show(phase)
        await self.asked(3 * PAGES)
        await self.site.show(phase)

    async def asked(self, requests: int) -> Counted:
        return await self.process.during(self.site.was_asked(requests, limit_seconds=SECONDS))

    async def committed(self, changes: int) -> None:
        async with asyncio.timeout(SECONDS):
            while self.floor.delivered() < changes:  # noqa: ASYNC110 another process commits
                await asyncio.sleep(0.02)

    def texts(self) -> list[str]:
        with closing(sqlite3.connect(self.floor.place.directory / DATABASE)) as database:
            return [text for (text,) in database.execute("SELECT text FROM changes")]


@pytest.fixture(params=[Layout.EARLY, pytest.param(Layout.ROWS, marks=pytest.mark.faults)])
async def floored(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Floored]:
    async with serving() as site:
        place = Place(directory=tmp_path, urls=site.pages(PAGES, request.param), layout=request.param)
        floor = Floor(place=place, every_seconds=0.2)
        await floor.prepare()
        await site.show(Phase.NOT_MODIFIED)
        async with running(floor.long_run(), limit_seconds=SECONDS) as process:
            yield Floored(site=site, floor=floor, process=process)


@pytest.mark.faults
async def test_the_floor_asks_on_condition_and_commits_what_changed_alone(floored: Floored) -> None:
    await floored.settled_in(Phase.NOT_MODIFIED)
    counted = await floored.asked(PAGES)
    assert counted.not_modified == counted.requests
    for unchanged in (Phase.SAME, Phase.PARSED):
        await floored.settled_in(unchanged)
        assert (await floored.asked(PAGES)).not_modified == 0
        assert floored.floor.delivered() == 0
    await floored.site.show(Phase.CHANGED)
    changes = (await floored.asked(PAGES)).requests
    await floored.committed(changes)
    texts = floored.texts()
    assert len(set(texts)) >= changes  # what was under way as the phase began may have a number of the one before
    assert all("€" in text for text in texts)


@pytest.mark.faults
async def test_the_floor_asks_no_sooner_than_it_is_told(tmp_path: Path) -> None:
    async with serving() as site:
        floor = Floor(place=Place(directory=tmp_path, urls=site.pages(3_600)), every_seconds=3_600)
        await floor.prepare()
        await site.show(Phase.NOT_MODIFIED)
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with running(floor.long_run(), limit_seconds=SECONDS) as process:
            counted = await process.during(site.was_asked(2, limit_seconds=SECONDS))
        assert counted.requests <= 1 + (loop.time() - began)
