"""
The process under test: the real parts of a watcher, from the page to the inbox, run to a known end.

Pages show `step 0`, then 1, … up to a last one; the next step is shown only when every page was checked, and every
change delivered. So whatever dies on the way, the whole story is what its subscriber must have got: each step, once.
What the process was told to be safe it notes in a file beside the data directory, at once and unbuffered.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import selectors
import traceback
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tests.store.around import Around, AroundOutbox
from watcher.core.check import Decision, OutboxEntry, OutboxMessage, WatchState
from watcher.core.protocols import Outbox, Publisher, WatchStore
from watcher.core.settings import Settings
from watcher.core.values import SINGLE, show
from watcher.core.watch import Condition, Lane, Operator, Query, Request, Rule, Selector, Topic, Values, Watch
from watcher.errors import StoreError
from watcher.fetch import HttpFetcher, Lanes
from watcher.net import Sessions
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.embedded import EmbeddedPublisher
from watcher.outbox.remote import RemotePublisher
from watcher.push.service import PushService
from watcher.runtime.serving.service import LazyService
from watcher.store.lock import RoleLock
from watcher.store.push.file_database import FileDatabase
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.page_pool import PagePool
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

DONE: Final = 0
NOT_STARTED: Final = 3
"""The disk refused at the start, and the process said so and ended, as `watcher run` does."""
DEFECT: Final = 4
TOPIC: Final = Topic(key="steps", name="Steps")
_HURRY: Final = 50
"""The clocks of the process run so much faster: what waits for seconds need not be waited for."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """
    What one process is to do.

    Attributes:
        home: holds the data directory `data` and the notes, `notes`.
        outside: URL of the pages, and of the push server elsewhere.
        is_remote: what is told goes to that push server, and not to the push service in the process.
        watches: how many pages there are.
        steps: the last step.
        is_long_running: check for ever, as `watcher run` does, instead of pass by pass.
        is_careless: sync as diskcache would, and not as we do; for the proof that a test sees the loss.
    """

    home: Path = Path()
    outside: str = ""
    is_remote: bool = False
    watches: int = 3
    steps: int = 3
    is_long_running: bool = False
    is_careless: bool = False

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home / "data"

    @property
    def notes(self) -> Path:
        """The file of what was safe: lines `step N`, `saved WATCH N`, `taken ID`."""
        return self.home / "notes"

    @property
    def names(self) -> list[str]:
        """The ids of the watches."""
        return [f"page{number}" for number in range(self.watches)]


def shown_step(notes: Path) -> int:
    """Return the step that the pages show."""
    lines = notes.read_text().splitlines() if notes.exists() else []
    return max((int(line.split()[1]) for line in lines if line.startswith("step ")), default=0)


def step_of(state: WatchState) -> str | None:
    """Return the step that a watch saw last, as its page shows it."""
    return None if state.snapshot is None else show(state.snapshot.observation.rows[SINGLE]["value"])


async def steps_in(store: WatchStore) -> dict[str, str]:
    """Return the step that each watch saw last, as it was when the store was opened."""
    found = {name: step_of(state) for name, state in (await store.states()).items()}
    return {name: step for name, step in found.items() if step is not None}


class Notes:
    """What is safe, noted the moment it is known."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, line: str) -> None:
        """Note a line."""
        os.write(self.descriptor, f"{line}\n".encode())


class NotedStore(Around):
    """The real store; what it has saved is noted."""

    def __init__(self, store: DiskWatchStore, notes: Notes, steps: Mapping[str, str]) -> None:
        """
        Args:
            steps: what is saved already, by watch.
        """
        super().__init__(store)
        self._notes = notes
        self.steps = dict(steps)
        self.moved = asyncio.Event()
        self.outbox = NotedOutbox(store.outbox, notes, self.moved)

    async def commit(self, decisions: Sequence[Decision]) -> None:
        await super().commit(decisions)
        for decision in decisions:
            if (step := step_of(decision.state)) is not None:
                self.steps[decision.watch] = step
                self._notes.add(f"saved {decision.watch} {step}")
        self.moved.set()


class NotedOutbox(AroundOutbox):
    """The real outbox; what was taken is noted before it is settled."""

    def __init__(self, outbox: Outbox, notes: Notes, moved: asyncio.Event) -> None:
        super().__init__(outbox)
        self._notes = notes
        self._moved = moved

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        for message_id in settled:
            self._notes.add(f"taken {message_id}")
        await super().settle(settled, failed, new)
        self._moved.set()


class _HurriedSelector(selectors.DefaultSelector):  # type: ignore[misc, valid-type, unused-ignore]
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout and timeout / _HURRY)


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop whose seconds are short."""

    def __init__(self) -> None:
        super().__init__(_HurriedSelector())

    def time(self) -> float:
        return super().time() * _HURRY


class _Clock:
    """A wall clock that goes with the hurried loop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._started_at = datetime.now(UTC)
        self._seconds = loop.time()

    def now(self) -> datetime:
        return self._started_at + timedelta(seconds=self._loop.time() - self._seconds)


def watch_of(errand: Errand, name: str) -> Watch:
    """Return the watch of one page: any change of its heading."""
    return Watch(
        id=name,
        name=name,
        request=Request(
            url=f"{errand.outside}/{name}",
            timeout=timedelta(minutes=10),
            allow_private=True,
            lane=Lane(concurrency=100, min_delay=timedelta(0)),
        ),
        topics=(TOPIC.key,),
        extraction=Values(selectors={"value": Selector(query=Query.css("h1"))}),
        rules=(Rule(conditions=(Condition(operator=Operator.CHANGES),)),),
        every=timedelta(seconds=1),
        jitter=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    store: NotedStore
    runner: Runner
    committer: Committer
    dispatcher: Dispatcher


@asynccontextmanager
async def _opened(errand: Errand, notes: Notes) -> AsyncIterator[_Parts]:
    """Open the parts as `runtime.watching` does, with a hurried clock and a store that notes."""
    loop = asyncio.get_running_loop()
    clock = _Clock(loop)
    topics = {TOPIC.key: replace(TOPIC, id=1) if errand.is_remote else TOPIC}
    async with AsyncExitStack() as stack:
        stack.enter_context(RoleLock(errand.data, "watcher", "driver"))
        store, is_lost = await open_watch_store(errand.data / "watches")
        stack.push_async_callback(store.close)
        if is_lost:
            raise AssertionError("the state of all watches was lost")
        sessions = await stack.enter_async_context(Sessions())
        lazy = LazyService(Settings(data=errand.data), topics, is_served=True)
        stack.push_async_callback(lazy.aclose)
        publisher: Publisher
        if not errand.is_remote:
            service = await lazy()
            await _subscribe(service)
            publisher = EmbeddedPublisher(lazy, topics)
            if errand.is_careless:
                await _be_careless(store, service)
        else:
            session = sessions.of(allow_private=True)
            publisher = RemotePublisher(session, errand.outside, "AT_token", topics, now=clock.now, seconds=loop.time)
        noted = NotedStore(store, notes, await steps_in(store))
        dispatcher = Dispatcher(noted.outbox, publisher, now=clock.now, chance=random.random)
        committer = Committer(noted, noted.outbox, on_messages=dispatcher.loop.wake)
        fetcher = HttpFetcher(sessions, Lanes(monotonic=loop.time, random=random.random), now=clock.now)
        tools = CheckTools(fetcher=fetcher, readers=PagePool(), epoch=lambda: store.epoch)
        runner = Runner(
            {name: watch_of(errand, name) for name in errand.names},
            await store.states(),
            tools,
            committer,
            Clocks(now=clock.now, chance=random.random, seconds=loop.time, awake_seconds=loop.time),
        )
        yield _Parts(store=noted, runner=runner, committer=committer, dispatcher=dispatcher)


async def _subscribe(service: PushService) -> None:
    """Let one person follow the topic, unless somebody does already."""
    if not await service.subscribers.all():
        topic = next(topic for topic in await service.topics.all() if topic.key == TOPIC.key)
        await service.subscribers.add(topic_ids=[topic.id])


async def _be_careless(store: DiskWatchStore, service: PushService) -> None:
    """Sync as SQLite does by itself: at checkpoints, not at commits."""
    await store._database.on_thread(lambda cache: cache.reset("sqlite_synchronous", 1))
    database = service._store._database
    assert isinstance(database, FileDatabase)
    with database._writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA synchronous = NORMAL")


async def _go(errand: Errand) -> None:
    notes = Notes(errand.notes)
    async with _opened(errand, notes) as parts, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(parts.committer.run()), tasks.create_task(parts.dispatcher.run())]
        if errand.is_long_running:
            running.append(tasks.create_task(parts.runner.run()))
        for step in range(shown_step(errand.notes), errand.steps + 1):
            notes.add(f"step {step}")
            await _tell_all(errand, parts, f"step {step}")
        for task in running:
            task.cancel()


async def _tell_all(errand: Errand, parts: _Parts, wanted: str) -> None:
    """Return when every page's step is saved, and the outbox is empty."""
    store = parts.store
    while True:
        store.moved.clear()
        behind = [name for name in errand.names if store.steps.get(name) != wanted]
        if not behind and not await store.outbox.waiting():
            return
        if errand.is_long_running or not behind:
            await store.moved.wait()
        else:
            async for _ in parts.runner.check_once(behind):
                pass


class _Defects(logging.Handler):
    """What was logged with a traceback: nothing that a disk does may be a surprise."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.found.append(logging.Formatter().format(record))


def run(errand: Errand) -> tuple[int, str]:
    """Do the errand in this process; return its exit status and what there is to say."""
    defects = _Defects()
    logging.basicConfig(handlers=[defects], level=logging.INFO, force=True)
    try:
        with asyncio.Runner(loop_factory=HurriedLoop) as runner:
            runner.run(_go(errand))
    except StoreError as error:
        return NOT_STARTED, str(error)
    except BaseException:
        return DEFECT, traceback.format_exc()
    return (DEFECT if defects.found else DONE), "\n".join(defects.found)
