"""`watcher database copy` to a PostgreSQL and back, killed at random times: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest

from tests import postgresql
from tests.cli.command import Command, eventually
from tests.faults.tally import Tally
from tests.push.prepared import place_tables
from tests.store.test_watch_copying import fill, here, there

SEED = 20261125
KILLS = 24
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.mark.faults
async def test_a_copy_killed_at_random_times_is_ended_by_the_next_one(
    postgresql_server: postgresql.Server, postgresql_url: str, tmp_path: Path, tally: Tally
) -> None:
    tally.what = "`watcher database copy`, there and back, killed at random times and said again: every row of watches"
    watcher, chance, late = Command(tmp_path), random.Random(SEED), 0
    shared, name = {"WATCHER_DATABASE": postgresql_url}, postgresql_url.rpartition("/")[2]
    data = watcher.directory / ".watcher"
    data.mkdir(mode=0o700)
    await place_tables(data / "push.db")
    await fill(data)
    before = here(data)

    async def has_ended() -> bool:
        return postgresql_server.ask(_OTHERS.format(name=name)) == [(0,)]

    async def copies(*to: str, **environment: str) -> bool:
        copied = await watcher("database", "copy", "--to", *to, **environment)
        assert copied.status == 0 or "nothing is left to copy" in copied.err, copied.err
        return copied.status == 0

    assert await copies(postgresql_url)
    began = time.monotonic()
    assert await copies(".watcher", **shared)
    seconds = time.monotonic() - began
    for number in range(KILLS):
        is_back = number % 2 == 1
        to, environment = (".watcher", shared) if is_back else (postgresql_url, {})
        process = await watcher.start("database", "copy", "--to", to, **environment)
        await asyncio.wait([asyncio.ensure_future(process.wait())], timeout=chance.uniform(0.2, 1) * seconds)
        if process.returncode is None:
            process.kill()
        await process.communicate()
        await eventually(has_ended)
        tally.tried += 1
        was_done = process.returncode == 0 or not await copies(to, **environment)  # killed once all was moved
        late += was_done
        assert (here(data) if is_back else there(postgresql_url)) == before
    tally.figures["after its end"] = str(late)
