"""A real server on loopback over a real push service on disk; time is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from tests.push.prepared import place_tables
from tests.web.site import NOW, Site
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.channels.offered import Channels
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server


@pytest.fixture
async def push(tmp_path: Path) -> AsyncIterator[PushService]:
    service = await open_push_service(await place_tables(tmp_path / "push.sqlite3"), now=lambda: NOW)
    await service.topics.declare([Topic(key="demo", name="Price drops", description="Books that get cheaper")])
    yield service
    await service.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        base_url="http://push.example",
        body_timeout=timedelta(seconds=0.3),
        comment_every=timedelta(seconds=0.1),
        poll_every=timedelta(seconds=0.05),
    )


@pytest.fixture
def channels() -> Channels:
    """None but the inbox."""
    return Channels()


@pytest.fixture
async def site(push: PushService, settings: Settings, channels: Channels) -> AsyncIterator[Site]:
    listening = open_socket("127.0.0.1", 0)
    server = await start_server(build_app(push, settings, channels), listening)
    base = f"http://127.0.0.1:{server.port}"
    async with ClientSession(base, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=30)) as client:
        yield Site(push=push, client=client, server=server, base=base)
    await server.stop()
