"""
The only place that builds things: it opens what a command needs, runs it under one TaskGroup, and closes it.

A data directory holds:

    watches/       watch states, history and outbox (diskcache), one writer: the holder of `watcher.lock`
    push.db        the push service's database (SQLite), many writers
    public_url     where people reach the server, as it was last started; commands make their links from it
    requests/      what commands ask of the watcher that runs: `accept-…`, one file each, gone when carried out
    *.lock         who runs
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.core.check import Decision, OutboxMessage, WatchState
from watcher.core.judge import accepted, message_id
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher, Publisher
from watcher.core.push import WATCHER_APP_KEY
from watcher.core.watch import ADMIN_TOPIC, Request, Topic, Watch, WatchFile
from watcher.errors import ConfigError, LockedError, UsageError
from watcher.store.lock import RoleLock
from watcher.store.watch_reader import WatchReader

if TYPE_CHECKING:
    from aiohttp import web

    # aiohttp costs 0.1 s to import, and commands that only look at the data directory never need it; SQLAlchemy 0.3 s,
    # and a pass in which nothing changes never needs it.
    from watcher.core.push import PushTopic
    from watcher.fetch import HttpFetcher, Lanes
    from watcher.net.sessions import Sessions
    from watcher.outbox.dispatch import Dispatcher
    from watcher.push.service import PushService
    from watcher.store.watch_store import DiskWatchStore
    from watcher.watching.committer import Committer
    from watcher.watching.reload import Files
    from watcher.watching.runner import Applied, Runner

STOP_SECONDS = 10.0
"""How long checks under way may take to finish after a signal."""
ACCEPT_SECONDS = 30.0
"""How long `accept` waits for the watcher that runs."""
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
    """Return the topics that watches, or single entries of theirs, tell and nobody listens to."""
    rules = [(watch, rule) for watch in file.watches.values() if watch.is_enabled for rule in watch.rules]
    told = {topic for watch, rule in rules for topic in rule.topics or watch.topics}
    return [topic for topic in await service.topics() if topic.key in told and not topic.subscribers]


async def untold_topics(service: PushService, file: WatchFile) -> list[PushTopic]:
    """Return the watcher's own topics that people follow and no watch tells."""
    told = {ADMIN_TOPIC, *(file.all_well.topics if file.all_well else ())}
    for watch in file.watches.values():
        told.update(watch.topics, watch.on_error.topics, *(rule.topics for rule in watch.rules))
    own = {app.id for app in await service.apps() if app.key == WATCHER_APP_KEY}
    followed = [topic for topic in await service.topics() if topic.app_id in own and topic.subscribers]
    return [topic for topic in followed if topic.key is not None and topic.key not in told]


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
    """
    The parts of a watcher at work.

    Attributes:
        lanes: the fetcher's.
        topics: by key; the publisher looks topics up here, so that a reload can change them.
    """

    store: DiskWatchStore
    runner: Runner
    committer: Committer
    dispatcher: Dispatcher
    lanes: Lanes
    topics: dict[str, Topic]


class LazyService:
    """The push service of this process, opened by whoever first needs it."""

    def __init__(self, settings: Settings, topics: Mapping[str, Topic]) -> None:
        self._settings = settings
        self._topics = topics
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._service: PushService | None = None

    async def __call__(self) -> PushService:
        """Return the service."""
        async with self._opening:
            if self._service is None:
                opened = push_service(self._settings, self._topics.values())
                self._service = await self._stack.enter_async_context(opened)
            return self._service

    async def declare(self, topics: Iterable[Topic]) -> None:
        """Declare other topics, if it was ever opened. Raises ConfigError, PushError, StoreError."""
        if self._service is not None:
            await self._service.declare_topics([topic for topic in topics if topic.id is None])

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
        topics = dict(file.topics)
        service = LazyService(settings, topics)
        stack.push_async_callback(service.aclose)
        publisher = _publisher(settings, topics, sessions, service)
        dispatcher = Dispatcher(store, publisher, now=utc_now, chance=random.random)
        committer = Committer(store, on_messages=dispatcher.wake)
        lanes = _lanes(file.watches.values())
        bench = Bench(fetcher=_fetcher(sessions, lanes), executor=executor, epoch=store.epoch)
        runner = Runner(
            file.watches,
            await store.states(),
            bench,
            committer,
            now=utc_now,
            chance=random.random,
            all_well=file.all_well,
        )
        yield (
            Watching(
                store=store, runner=runner, committer=committer, dispatcher=dispatcher, lanes=lanes, topics=topics
            ),
            service,
        )


OnReady = Callable[[Settings, "Sequence[PushTopic]"], None]
"""Told the settings with the real port, and the topics that nobody listens to."""


async def run(settings: Settings, file: WatchFile, *, on_ready: OnReady, read: Callable[[], WatchFile]) -> None:
    """
    Watch until a signal comes, with the push service in the process unless `settings.push` names one elsewhere.

    The files of watches are read again when they are saved, and on SIGHUP; what is wrong in them changes nothing.

    Args:
        read: reads the file again. Raises ConfigError.

    Raises:
        LockedError, UsageError, ConfigError, StoreError: nothing was started.
    """
    live = _live(file, read)
    if settings.push is None:
        with RoleLock(settings.data, "server", "watcher run"):
            listening, settings = listen(settings)
            await _run_embedded(settings, file, listening, on_ready, live=live)
        return
    stopped = _stop_event(live)
    async with watching(settings, file, "watcher run") as (parts, service):
        on_ready(settings, ())
        await _watch_until(stopped, parts, _errands(settings, parts, service, live))


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
    live: _Live | None = None,
) -> None:
    stopped = _stop_event(live)
    with closing(listening):
        async with AsyncExitStack() as stack:
            parts, open_service = await stack.enter_async_context(watching(settings, file, "watcher run"))
            service = await open_service()
            await stack.enter_async_context(serving(settings, service, listening, demo_site))
            on_ready(settings, await unheard_topics(service, file))
            await _watch_until(stopped, parts, _errands(settings, parts, open_service, live))


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
            await _accept_what_is_asked(settings, parts)
            async for decision in parts.runner.check_once(ids):
                failed += decision.state.failure is not None
                on_decision(decision)
            for task in background:
                task.cancel()
        undelivered = await _drain(parts, drain_timeout)
    return PassReport(failed=failed, undelivered=undelivered)


def accept(settings: Settings, file: WatchFile, watch: str, *, limit_seconds: float = ACCEPT_SECONDS) -> str:
    """
    Take what is suspicious of a watch as true, check it now, and return one line of what came of it.

    The watcher that runs is asked to do it, for it alone writes states; where none runs, it is done here. Messages wait
    in the outbox for the next `run` or `check`.

    Raises:
        UsageError: nothing of it is suspicious.
        StoreError: the state cannot be read or written.
    """
    return asyncio.run(_accept(settings, file, watch, limit_seconds))


async def _accept(settings: Settings, file: WatchFile, watch: str, limit_seconds: float) -> str:
    state = reader(settings).state(watch)
    if state is None or accepted(state) is None:
        raise UsageError(f"{watch}: there is nothing to accept; its last check saw nothing suspicious")
    try:
        async with watching(settings, file, "watcher accept") as (parts, _):
            await _accept_here(parts, watch)
    except LockedError:
        return await _ask_to_accept(settings, watch, limit_seconds)
    return _accepted_line(watch, reader(settings).state(watch))


async def _accept_here(parts: Watching, watch: str) -> None:
    committing = asyncio.create_task(parts.committer.run())
    try:
        await parts.runner.mark_accepted(watch)
        async for _ in parts.runner.check_once([watch]):
            pass
    finally:
        committing.cancel()
        await asyncio.wait([committing])


async def _ask_to_accept(settings: Settings, watch: str, limit_seconds: float) -> str:
    from watcher.watching.mailbox import Mailbox

    request = Mailbox(settings.data).post(watch)
    deadline = time.monotonic() + limit_seconds
    while request.exists():
        if time.monotonic() > deadline:
            return f"{watch}: the watcher that runs was asked to accept it, and will when it can; see `watcher status`"
        await asyncio.sleep(0.1)
    return _accepted_line(watch, reader(settings).state(watch))


def _accepted_line(watch: str, state: WatchState | None) -> str:
    failure = state.failure if state else None
    if failure:
        return f"{watch}: accepted, but its check failed ({failure.kind}: {failure.text}); the next good one takes it"
    return f"{watch}: accepted; what its page shows now is believed"


async def _accept_what_is_asked(settings: Settings, parts: Watching) -> None:
    """Let this pass believe what commands have asked a watcher to believe that has ended since."""
    from watcher.watching.mailbox import Mailbox

    mailbox = Mailbox(settings.data)
    for watch in mailbox.requests():
        await parts.runner.mark_accepted(watch)
        mailbox.done(watch)


async def look_once(watch: Watch) -> tuple[Response | None, Decision]:
    """
    Check a watch as for the first time, on all pages of its list, and keep nothing.

    Returns:
        The first page, unless none came, and the decision: its state holds what was seen, or the failure.
    """
    from watcher.extract.plan import plan
    from watcher.net.sessions import Sessions
    from watcher.watching.check import Bench, check

    async with Sessions() as sessions:
        fetcher = _FirstKept(_fetcher(sessions, _lanes([watch])))
        with _readers() as executor:
            bench = Bench(fetcher=fetcher, executor=executor, epoch="")
            fingerprint = plan(watch.extraction, watch.link)
            checked = await check(bench, watch, fingerprint, WatchState(), now=utc_now())
    return fetcher.first, checked.decision


class _FirstKept:
    """A Fetcher that keeps the first page that came."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.first: Response | None = None

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        answer = await self._fetcher.fetch(request, validators)
        if self.first is None and isinstance(answer, Response):
            self.first = answer
        return answer


def _fetcher(sessions: Sessions, lanes: Lanes) -> HttpFetcher:
    from watcher.fetch import HttpFetcher

    return HttpFetcher(sessions, lanes, now=utc_now)


def _lanes(watches: Iterable[Watch]) -> Lanes:
    from watcher.fetch import Lanes

    lanes = Lanes(monotonic=time.monotonic, random=random.random)
    lanes.declare(watch.request for watch in watches if watch.is_enabled)
    return lanes


def _publisher(settings: Settings, topics: Mapping[str, Topic], sessions: Sessions, service: LazyService) -> Publisher:
    if settings.push is None:
        from watcher.outbox.embedded import EmbeddedPublisher

        return EmbeddedPublisher(service, topics)
    from watcher.outbox.remote import RemotePublisher

    # The operator named this server, so it may stand on a private address.
    session = sessions.of(allow_private=True)
    return RemotePublisher(session, settings.push, settings.app_token or "", topics, seconds=time.monotonic)


def _refuse_topics_without_id(settings: Settings, file: WatchFile) -> None:
    if settings.push is None:
        return
    if not settings.app_token:
        raise ConfigError("--push needs --app-token (or WATCHER_APP_TOKEN): the token of an application there")
    rules = [(watch, rule) for watch in file.watches.values() for rule in watch.rules]
    told = dict.fromkeys(topic for watch, rule in rules for topic in rule.topics or watch.topics)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Live:
    """
    How the file of watches is read again.

    Attributes:
        asked: set to have it read at once.
        is_hangup_a_request: SIGHUP asks for that; else it ends the process.
    """

    read: Callable[[], WatchFile]
    files: Files
    asked: asyncio.Event
    is_hangup_a_request: bool


def _live(file: WatchFile, read: Callable[[], WatchFile]) -> _Live:
    from watcher.watching.reload import Files

    return _Live(
        read=read,
        files=Files(file.files),
        asked=asyncio.Event(),
        is_hangup_a_request=not _has_terminal(),
    )


def _has_terminal() -> bool:
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _errands(
    settings: Settings, parts: Watching, service: LazyService, live: _Live | None
) -> list[Coroutine[None, None, None]]:
    """Return what a watcher that runs for long does besides checking."""
    from watcher.watching.mailbox import Mailbox, answer_requests

    errands = [answer_requests(Mailbox(settings.data), parts.runner)]
    return errands if live is None else [*errands, _reload_for_ever(settings, parts, service, live)]


async def _reload_for_ever(settings: Settings, parts: Watching, service: LazyService, live: _Live) -> None:
    from watcher.watching.reload import Reloader

    reloader = Reloader(
        partial(asyncio.to_thread, live.read),
        partial(_use, settings, parts, service),
        parts.committer.tell,
        epoch=parts.store.epoch,
        now=utc_now,
    )
    while True:
        await live.files.saved(live.asked)
        live.asked.clear()
        try:
            file = await reloader.reload()
            if file is not None:
                live.files.follow(file.files)
                await _warn_of_topics(settings, service, file)
        except Exception:
            _log.exception("a defect in watcher: the file of watches was not reloaded")


async def _warn_of_topics(settings: Settings, service: LazyService, file: WatchFile) -> None:
    if settings.push is not None:
        return
    for topic in await unheard_topics(await service(), file):
        _log.warning(
            "nobody listens to %s; scan `watcher qr %s`: %s", topic.name, topic.key, settings.topic_link(topic)
        )
    for topic in await untold_topics(await service(), file):
        _log.warning("no watch tells %s, which has %d subscribers; was it renamed?", topic.key, topic.subscribers)


async def _use(settings: Settings, parts: Watching, service: LazyService, file: WatchFile) -> Applied:
    """Watch what this file says from now on. Raises ConfigError, PushError, StoreError: nothing has changed."""
    _refuse_topics_without_id(settings, file)
    await service.declare(file.topics.values())
    parts.topics.clear()
    parts.topics.update(file.topics)
    parts.lanes.declare(watch.request for watch in file.watches.values() if watch.is_enabled)
    return parts.runner.apply(file)


async def _watch_until(
    stopped: asyncio.Event, parts: Watching, errands: Iterable[Coroutine[None, None, None]] = ()
) -> None:
    """Run all tasks until then; then start no more checks, let those under way finish within a bound, and save."""
    async with asyncio.TaskGroup() as tasks:
        committing = tasks.create_task(parts.committer.run(), name="committer")
        dispatching = tasks.create_task(parts.dispatcher.run(), name="dispatcher")
        running = tasks.create_task(parts.runner.run(), name="runner")
        errands_running = [tasks.create_task(errand) for errand in errands]
        await stopped.wait()
        _log.info("stopping: checks under way may finish within %d s", STOP_SECONDS)
        parts.runner.stop()
        await asyncio.wait([running], timeout=STOP_SECONDS)
        for task in (*errands_running, running, dispatching, committing):
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


def _stop_event(live: _Live | None = None) -> asyncio.Event:
    """
    Return what SIGTERM and SIGINT set from now on; taken before anything says that it is ready.

    SIGHUP says two things. To a process at a terminal: the terminal closes; it stops. To a daemon, whose input and
    output are no terminal: read your files again. Where nohup has it ignored, it stays ignored.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    on_hangup = live.asked if live and live.is_hangup_a_request else stopped
    for number, event in ((signal.SIGTERM, stopped), (signal.SIGINT, stopped), (signal.SIGHUP, on_hangup)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, event.set)
    return stopped
