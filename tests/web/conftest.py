"""A real server on loopback over a real push service on disk; time is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from tests.clock import Clock
from tests.web.serving import a_push_service, a_site
from tests.web.site import NOW, Site
from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService

_OVER_BOTH: Final = ("tests.web.test_console", "tests.web.pages.", "tests.web.ntfy.")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the console, readers' pages and ntfy's protocol be tested over both databases."""
    if metafunc.module.__name__.startswith(_OVER_BOTH) and "place" in metafunc.fixturenames:
        metafunc.parametrize("place", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> ClusterDatabase | None:
    """A PostgreSQL in the place of the file; None: the file, as of all but those tests."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    shared: ClusterDatabase = request.getfixturevalue("postgresql_place")
    return shared


@pytest.fixture
async def push(tmp_path: Path, place: ClusterDatabase | None) -> AsyncIterator[PushService]:
    async with a_push_service(tmp_path, place=place) as service:
        yield service


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        base_url="http://push.example",
        body_timeout=timedelta(seconds=30),
        comment_every=timedelta(seconds=0.1),
        poll_every=timedelta(seconds=0.05),
    )


@pytest.fixture
def channels() -> Channels:
    """None but the inbox."""
    return Channels()


@pytest.fixture
async def site(push: PushService, settings: Settings, channels: Channels) -> AsyncIterator[Site]:
    async with a_site(push, settings, channels) as served:
        yield served


@pytest.fixture
async def hasty_site(push: PushService, settings: Settings, channels: Channels) -> AsyncIterator[Site]:
    """One that soon gives up waiting for a body: for tests of bodies that do not come, and for no others."""
    async with a_site(push, replace(settings, body_timeout=timedelta(seconds=0.3)), channels) as served:
        yield served
