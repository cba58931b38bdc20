"""
The only place that builds things: it opens what a command needs, runs it under one TaskGroup, and closes it.

A data directory holds:

    watches/       watch states, history and outbox (diskcache), one writer: the holder of `watcher.lock`
    push.db        the push service's database (SQLite), many writers
    public_url     where people reach the server, as it was last started; commands make their links from it
    *.lock         who runs
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.core.check import Decision, OutboxMessage
from watcher.core.judge import message_id
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Publisher
from watcher.core.watch import ADMIN_TOPIC, Topic, Watch, WatchFile
from watcher.errors import ConfigError, UsageError
from watcher.store.lock import RoleLock
from watcher.store.watch_reader import WatchReader

if TYPE_CHECKING:
    from aiohttp import web

    # aiohttp costs 0.1 s to import, and commands that only look at the data directory never need it; SQLAlchemy 0.3 s,
    # and a pass in which nothing changes never needs it.
    from watcher.core.push import PushTopic
    from watcher.fetch import HttpFetcher
    from watcher.net.sessions import Sessions
    from watcher.outbox.dispatch import Dispatcher
    from watcher.push.service import PushService
    from watcher.store.watch_store import DiskWatchStore
    from watcher.watching.committer import Committer
    from watcher.watching.runner import Runner

STOP_SECONDS = 10.0
"""How long checks under way may take to finish after a signal."""
_READERS = 2
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    What a command is told by flags and environment.

    Attributes:
        data: the data directory, made when it is missing.
        base_url: where people reach the server; None: `http://{host}:{port}`.
        push: URL of a push server elsewhere; None: the one in this process.
        app_token: of an application there.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8400
    base_url: str | None = None
    push: str | None = None
    app_token: str | None = None

    @property
    def public_url(self) -> str:
        """Where links and QR codes lead, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    def topic_link(self, topic: PushTopic) -> str:
        """Return the link that a topic's QR code carries."""
        return f"{self.public_url}/t/{topic.slug}"


def utc_now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


def with_known_url(settings: Settings) -> Settings:
    """Return the settings with the URL that the data directory's server was last started with, if none is given."""
    known = settings.data / "public_url"
    if settings.base_url is not None or not known.exists():
        return settings
    return replace(settings, base_url=known.read_text(encoding="utf-8").strip())


def reader(settings: Settings) -> WatchReader:
    """Return what reads the watch states of the data directory, whoever writes them."""
    return WatchReader(settings.data / "watches")


# The push service alone


@asynccontextmanager
async def push_service(settings: Settings, topics: Iterable[Topic] = ()) -> AsyncIterator[PushService]:
    """Open the push service of the data directory, with these topics declared. Any number of processes may."""
    from watcher.push.service import open_push_service

    service = await open_push_service(settings.data / "push.db", now=utc_now)
    try:
        await service.declare_topics([topic for topic in topics if topic.id is None])
        yield service
    finally:
        await service.close()


async def unheard_topics(service: PushService, file: WatchFile) -> list[PushTopic]:
    """Return the topics that watches tell and nobody listens to."""
    told = {topic for watch in file.watches.values() for topic in watch.topics}
    return [topic for topic in await service.topics() if topic.key in told and not topic.subscribers]


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """
    Return a listening socket, and the settings with its real port.

    Raises:
        UsageError: the port is taken, or the address is not this machine's.
    """
    from watcher.web.server import open_socket

    listening = open_socket(settings.host, settings.port)
    return listening, replace(settings, port=listening.getsockname()[1])


@asynccontextmanager
async def serving(
    settings: Settings, service: PushService, listening: socket.socket, demo_site: web.Application | None = None
) -> AsyncIterator[None]:
    """Answer HTTP on the socket while the context lasts; the demo's pages, if given, below `/demo`."""
    from watcher.web.app import WebSettings, build_app
    from watcher.web.server import start_server

    app = build_app(service, WebSettings(base_url=settings.public_url))
    if demo_site is not None:
        app.add_subapp("/demo", demo_site)
    server = await start_server(app, listening)
    (settings.data / "public_url").write_text(settings.public_url + "\n", encoding="utf-8")
    try:
        yield
    finally:
        await server.stop()


async def serve(settings: Settings, *, on_ready: Callable[[Settings], None]) -> None:
    """Run the push service alone until a signal comes. Raises LockedError, UsageError."""
    stopped = _stop_event()
    with RoleLock(settings.data, "server", "watcher serve"):
        listening, settings = listen(settings)
        async with push_service(settings) as service, serving(settings, service, listening):
            on_ready(settings)
            await stopped.wait()


# The watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """The parts of a watcher at work."""

    store: DiskWatchStore
    runner: Runner
    committer: Committer
    dispatcher: Dispatcher


class LazyService:
    """The push service of this process, opened by whoever first needs it."""

    def __init__(self, settings: Settings, file: WatchFile) -> None:
        self._settings = settings
        self._file = file
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._service: PushService | None = None

    async def __call__(self) -> PushService:
        """Return the service."""
        async with self._opening:
            if self._service is None:
                opened = push_service(self._settings, self._file.topics.values())
                self._service = await self._stack.enter_async_context(opened)
            return self._service

    async def aclose(self) -> None:
        """Close it, if it was ever opened."""
        await self._stack.aclose()


@asynccontextmanager
async def watching(settings: Settings, file: WatchFile, holder: str) -> AsyncIterator[tuple[Watching, LazyService]]:
    """
    Open everything a watcher needs, and close it; the caller holds no lock before and none after.

    Raises:
        ConfigError: a topic has no id, and the push server is elsewhere.
        LockedError: another watcher runs on the data directory.
        StoreError: the state cannot be read or written.
    """
    from watcher.net.sessions import Sessions
    from watcher.outbox.dispatch import Dispatcher
    from watcher.store.watch_store import open_watch_store
    from watcher.watching.check import Bench
    from watcher.watching.committer import Committer
    from watcher.watching.runner import Runner

    _refuse_topics_without_id(settings, file)
    async with AsyncExitStack() as stack:
        stack.enter_context(RoleLock(settings.data, "watcher", holder))
        store, is_lost = await open_watch_store(settings.data / "watches")
        stack.push_async_callback(store.close)
        if is_lost:
            await _tell_lost_state(store)
        sessions = await stack.enter_async_context(Sessions())
        executor = stack.enter_context(_readers())
        service = LazyService(settings, file)
        stack.push_async_callback(service.aclose)
        dispatcher = Dispatcher(store, _publisher(settings, file, sessions, service), now=utc_now, chance=random.random)
        committer = Committer(store, on_messages=dispatcher.wake)
        bench = Bench(fetcher=_fetcher(sessions, file.watches.values()), executor=executor, epoch=store.epoch)
        runner = Runner(file.watches, await store.states(), bench, committer, now=utc_now, chance=random.random)
        yield Watching(store=store, runner=runner, committer=committer, dispatcher=dispatcher), service


OnReady = Callable[[Settings, "Sequence[PushTopic]"], None]
"""Told the settings with the real port, and the topics that nobody listens to."""


async def run(settings: Settings, file: WatchFile, *, on_ready: OnReady) -> None:
    """
    Watch until a signal comes, with the push service in the process unless `settings.push` names one elsewhere.

    Raises:
        LockedError, UsageError, ConfigError, StoreError: nothing was started.
    """
    if settings.push is None:
        with RoleLock(settings.data, "server", "watcher run"):
            listening, settings = listen(settings)
            await _run_embedded(settings, file, listening, on_ready)
        return
    stopped = _stop_event()
    async with watching(settings, file, "watcher run") as (parts, _):
        on_ready(settings, ())
        await _watch_until(stopped, parts)


async def demo(settings: Settings, *, on_ready: OnReady) -> None:
    """
    Watch our own changing pages until a signal comes, in a temporary data directory.

    The watcher fetches them over loopback, whatever the public address is; messages link to that one.
    """
    from watcher.config import parse
    from watcher.web.demo.site import build_demo_site
    from watcher.web.demo.timetable import TICK
    from watcher.web.demo.watches import demo_watches

    started = time.monotonic()
    site = build_demo_site(lambda: int((time.monotonic() - started) / TICK.total_seconds()))
    with tempfile.TemporaryDirectory(prefix="watcher-demo-") as directory:
        listening, settings = listen(replace(settings, data=Path(directory)))
        local = f"http://127.0.0.1:{settings.port}/demo"
        file = parse(demo_watches(local, link_base=f"{settings.public_url}/demo"), file="the demo", environ={})
        await _run_embedded(settings, file, listening, on_ready, demo_site=site)


async def _run_embedded(
    settings: Settings,
    file: WatchFile,
    listening: socket.socket,
    on_ready: OnReady,
    *,
    demo_site: web.Application | None = None,
) -> None:
    stopped = _stop_event()
    with closing(listening):
        async with AsyncExitStack() as stack:
            parts, open_service = await stack.enter_async_context(watching(settings, file, "watcher run"))
            service = await open_service()
            await stack.enter_async_context(serving(settings, service, listening, demo_site))
            on_ready(settings, await unheard_topics(service, file))
            await _watch_until(stopped, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """What one pass over watches came to: failed checks, and messages still in the outbox."""

    failed: int
    undelivered: int


async def check(
    settings: Settings,
    file: WatchFile,
    ids: Sequence[str],
    *,
    drain_timeout: timedelta,
    on_decision: Callable[[Decision], None],
) -> PassReport:
    """Check these watches once, and deliver what the outbox holds within the time given."""
    failed = 0
    async with watching(settings, file, "watcher check") as (parts, _):
        async with asyncio.TaskGroup() as tasks:
            background = [tasks.create_task(parts.committer.run()), tasks.create_task(parts.dispatcher.run())]
            async for decision in parts.runner.check_once(ids):
                failed += decision.state.failure is not None
                on_decision(decision)
            for task in background:
                task.cancel()
        undelivered = await _drain(parts, drain_timeout)
    return PassReport(failed=failed, undelivered=undelivered)


async def fetch_once(watch: Watch) -> Response:
    """Fetch a watch's page, once and unconditionally. Raises FetchError."""
    from watcher.net.sessions import Sessions

    async with Sessions() as sessions:
        answer = await _fetcher(sessions, [watch]).fetch(watch.request, Validators())
        if isinstance(answer, NotModified):
            raise UsageError(f"{watch.request.url} says `not modified` to a question that was not asked")
        return answer


def _fetcher(sessions: Sessions, watches: Iterable[Watch]) -> HttpFetcher:
    from watcher.fetch import HttpFetcher, Lanes

    lanes = Lanes(monotonic=time.monotonic, random=random.random)
    lanes.declare(watch.request for watch in watches)
    return HttpFetcher(sessions, lanes, now=utc_now)


def _publisher(settings: Settings, file: WatchFile, sessions: Sessions, service: LazyService) -> Publisher:
    if settings.push is None:
        from watcher.outbox.embedded import EmbeddedPublisher

        return EmbeddedPublisher(service, file.topics)
    from watcher.outbox.remote import RemotePublisher

    # The operator named this server, so it may stand on a private address.
    session = sessions.of(allow_private=True)
    return RemotePublisher(session, settings.push, settings.app_token or "", file.topics, seconds=time.monotonic)


def _refuse_topics_without_id(settings: Settings, file: WatchFile) -> None:
    if settings.push is None:
        return
    if not settings.app_token:
        raise ConfigError("--push needs --app-token (or WATCHER_APP_TOKEN): the token of an application there")
    told = dict.fromkeys(topic for watch in file.watches.values() for topic in watch.topics)
    missing = [key for key in told if file.topics[key].id is None]
    if missing:
        raise ConfigError(
            f"with --push each topic needs its number there; write `{missing[0]}: {{id: 103}}` under `topics:`"
            + (f" (missing: {', '.join(missing)})" if len(missing) > 1 else "")
        )


def _readers() -> ThreadPoolExecutor:
    """Return the threads that read pages which are too big for the loop."""
    return ThreadPoolExecutor(max_workers=_READERS, thread_name_prefix="reader")


async def _tell_lost_state(store: DiskWatchStore) -> None:
    text = (
        "The state of all watches was lost: the database is not the one that was here before. "
        "Each watch takes a new baseline."
    )
    _log.error(text)
    now = utc_now()
    notice = OutboxMessage(
        id=message_id(store.epoch, "", 0, ADMIN_TOPIC),
        watch="",
        topic=ADMIN_TOPIC,
        summary="The state of all watches was lost",
        content=text,
        url=None,
        created_at=now,
    )
    await store.settle([], [], [notice])


async def _watch_until(stopped: asyncio.Event, parts: Watching) -> None:
    """Run all tasks until then; then start no more checks, let those under way finish within a bound, and save."""
    async with asyncio.TaskGroup() as tasks:
        committing = tasks.create_task(parts.committer.run(), name="committer")
        dispatching = tasks.create_task(parts.dispatcher.run(), name="dispatcher")
        running = tasks.create_task(parts.runner.run(), name="runner")
        await stopped.wait()
        _log.info("stopping: checks under way may finish within %d s", STOP_SECONDS)
        parts.runner.stop()
        await asyncio.wait([running], timeout=STOP_SECONDS)
        for task in (running, dispatching, committing):
            task.cancel()
            await asyncio.wait([task])


async def _drain(parts: Watching, limit: timedelta) -> int:
    """Deliver what the outbox holds; return how many messages are left after the time given."""
    try:
        async with asyncio.timeout(limit.total_seconds()):
            await parts.dispatcher.drain()
    except TimeoutError:
        _log.warning("not everything was delivered within %g s", limit.total_seconds())
    return len(await parts.store.outbox())


def _stop_event() -> asyncio.Event:
    """
    Return what SIGTERM and SIGINT set from now on; taken before anything says that it is ready.

    SIGHUP too, when the terminal closes; not under nohup, which has it ignored.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stopped.set)
    return stopped
