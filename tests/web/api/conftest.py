"""The API over both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.push.prepared import place_tables
from tests.web.serving import with_demo_topic
from tests.web.site import NOW, PASSWORD
from watcher.core.databases import ClusterDatabase, DatabasePlace
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> DatabasePlace:
    """Where the push service keeps what it knows; the file stands where `a_push_service` puts it."""
    if request.param == "postgresql":
        shared: ClusterDatabase = request.getfixturevalue("postgresql_place")
        return shared
    return asyncio.run(place_tables(tmp_path / "push.sqlite3", password=PASSWORD))


@pytest.fixture
async def push(place: DatabasePlace) -> AsyncIterator[PushService]:
    service = await open_push_service(place, now=lambda: NOW)
    async with with_demo_topic(service):
        yield service
