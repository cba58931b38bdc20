"""What the fixtures of the web side open: a push service on disk, and a server over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

from aiohttp import (
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TraceConfig,
    TraceRequestEndParams,
)

from tests.push.prepared import place_tables
from tests.web.places import note_place
from tests.web.site import NOW, PASSWORD, Site
from watcher.core.databases import ClusterDatabase
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.channels.offered import Channels
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server


@asynccontextmanager
async def a_push_service(
    directory: Path, now: Callable[[], datetime] = lambda: NOW, *, place: ClusterDatabase | None = None
) -> AsyncIterator[PushService]:
    """
    Keep one open that has the watcher's topic `demo`, and whose operator has the password PASSWORD.

    Args:
        place: a PostgreSQL in the place of the file `push.sqlite3`.
    """
    if place is not None:
        note_place(directory / "push.sqlite3", place)
        service = await open_push_service(place, now=now)
        await service.operator.set_password(PASSWORD)
    else:
        service = await open_push_service(await place_tables(directory / "push.sqlite3", password=PASSWORD), now=now)
    async with with_demo_topic(service):
        yield service


@asynccontextmanager
async def with_demo_topic(service: PushService) -> AsyncIterator[None]:
    """Declare the watcher's topic `demo`, and close the service at the end."""
    await service.topics.declare([Topic(key="demo", name="Price drops", description="Books that get cheaper")])
    yield
    await service.close()


@asynccontextmanager
async def a_site(push: PushService, settings: Settings, channels: Channels) -> AsyncIterator[Site]:
    """Keep a server running on loopback, with a client."""
    listening = open_socket("127.0.0.1", 0)
    server = await start_server(build_app(push, settings, DiskWatchReader(settings.watches), channels), listening)
    base = f"http://127.0.0.1:{server.port}"
    answers: WeakSet[ClientResponse] = WeakSet()
    async with ClientSession(
        base, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=30), trace_configs=[_noting(answers)]
    ) as client:
        yield Site(push=push, client=client, server=server, base=base)
        for answer in answers:  # of which a test looked at the status alone, while the body was still on its way
            answer.close()
    await server.stop()


def _noting(answers: WeakSet[ClientResponse]) -> TraceConfig:
    async def note(_session: object, _context: object, ended: TraceRequestEndParams) -> None:
        answers.add(ended.response)

    noting = TraceConfig()
    noting.on_request_end.append(note)
    return noting
