"""
Whatever happens, in whatever order: nothing is lost, invented, told twice or out of order.

Hypothesis makes up stories of pages that change, err and come back, a receiver that is away or whose answers are lost,
a full disk, kills, clocks that jump, and files of watches that are edited. What becomes of them is compared with books
that any reader can check: a page that was seen as x and is seen as y is told as x → y.

The store is on a real disk and is opened again after each kill; check, judge, commit and dispatch are the real ones.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.faults.tally import IS_FULL, Tally, sized
from tests.outbox.recording import Clock
from tests.store.around import Around, AroundOutbox
from watcher.config import parse
from watcher.core.check import Decision, OutboxEntry, OutboxMessage, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.watch import Request, WatchFile
from watcher.errors import PassingPublishError, PublishError, StatusError, StoreError
from watcher.outbox.dispatch import Dispatcher
from watcher.store.records import write_state
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.page_pool import PagePool
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

STORIES = sized(quick=8, full=80)
STEPS = sized(quick=30, full=60)
ERRORS_UNTIL_TOLD: Final = 3
COUNTED_AFTER: Final = timedelta(minutes=5)
"""Half of the interval: what fails again sooner is no further failure."""
MOST_TRIES: Final = 15
"""Of publishing to a receiver that is away; after 20, and three days, a message is given up."""
_T = TypeVar("_T")

SINGLES = ("a", "b")
LIST = "l"
TOPICS = {"a": "t1", "b": "t1", "l": "t2"}
VALUES = ("x", "y", "z")
SEEN = st.sampled_from((0, 1, 1, 1, ERRORS_UNTIL_TOLD))
"""How often all pages are looked at, after one of them changed."""
CAPTCHA = b"<title>Just a moment...</title><form id=challenge-form action=/cdn-cgi/challenge>checking</form>"


@dataclass
class Page:
    """What a page shows, or how it errs."""

    value: str = "x"
    rows: list[str] = field(default_factory=lambda: ["r0"])
    error: str | None = None

    def body(self, watch: str) -> bytes:
        """Return the whole page."""
        if self.error == "captcha":
            return CAPTCHA
        if self.error == "missing":
            return b"<p>a page of another kind, without anything that the watch looks for, though with much text</p>"
        if watch == LIST:
            return ("<ul>" + "".join(f"<li><b>{row}</b></li>" for row in self.rows) + "</ul>").encode()
        return f"<h1>{self.value}</h1><h2>{self.value}</h2>".encode()


class Pages:
    """A fetcher of pages that stand in memory."""

    def __init__(self) -> None:
        self.by_watch: defaultdict[str, Page] = defaultdict(Page)

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        """Return the page, or that it is the one that these validators are of."""
        watch = request.url.rpartition("/")[2]
        page = self.by_watch[watch]
        if page.error == "500":
            raise StatusError("HTTP 500", status=500)
        body = page.body(watch)
        sent = Validators(etag=f'"{body.hex()}"')
        if validators == sent:
            return NotModified(validators=sent)
        return Response(
            url=request.url,
            wire=body,
            digest=body.hex(),
            content_encoding=(),
            media_type="text/html",
            charset="utf-8",
            validators=sent,
        )


class KilledError(Exception):
    """The process ends here."""


class Receiver:
    """A push service that knows a repeat: `is_up`, away, or `is_deaf`: it takes what comes and its answer is lost."""

    batch = 50

    def __init__(self) -> None:
        self.is_up = True
        self.is_deaf = False
        self.taken: dict[str, OutboxMessage] = {}
        self.acknowledged: set[str] = set()

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """Take each id once. Who has the answer must not ask again: not every push service knows a repeat."""
        assert self.acknowledged.isdisjoint(message.id for message in messages), "published again without need"
        if not self.is_up:
            return [PassingPublishError("away")] * len(messages)
        for message in messages:
            known = self.taken.setdefault(message.id, message)
            assert known.content == message.content, "one id, two messages"
        if self.is_deaf:
            return [PassingPublishError("the answer was lost")] * len(messages)
        self.acknowledged.update(message.id for message in messages)
        return [None] * len(messages)


class Disk(Around):
    """A store whose disk may be full, and whose process may be killed when it settles."""

    is_full = False

    def __init__(self, store: DiskWatchStore) -> None:
        super().__init__(store)
        self.outbox: Settling = Settling(self)

    async def commit(self, decisions: Sequence[Decision]) -> None:
        """Save, if there is room."""
        if self.is_full:
            raise StoreError("the disk is full")
        await super().commit(decisions)


class Settling(AroundOutbox):
    """The outbox on that disk."""

    is_last_moment = False

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.store.outbox)
        self._disk = disk

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        """Add, if there is room."""
        if self._disk.is_full:
            raise StoreError("the disk is full")
        await super().add(messages)

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """Settle, if there is room and time."""
        if self.is_last_moment:
            raise KilledError
        if self._disk.is_full:
            raise StoreError("the disk is full")
        await super().settle(settled, failed, new)


@dataclass
class Book:
    """What must be known of one watch."""

    shown: Page = field(default_factory=Page)
    seen: Page | None = None
    plan: str = ""
    failures: int = 0
    counted_at: datetime | None = None
    is_told: bool = False


class World:
    """The parts of a watcher, in one directory; a kill takes it into a copy of that as it is then."""

    def __init__(self, file: WatchFile, pages: Pages, receiver: Receiver, clock: Clock) -> None:
        self._file = file
        self._pages = pages
        self._receiver = receiver
        self._clock = clock
        self._pool = PagePool()
        self.directory = Path(tempfile.mkdtemp(prefix="watcher-story-"))

    async def open(self) -> None:
        """Start."""
        self.store, is_lost = await open_watch_store(self.directory)
        assert not is_lost
        self.disk = Disk(self.store)
        self.committer = Committer(self.disk, self.disk.outbox, on_messages=lambda: None)
        self.dispatcher = Dispatcher(self.disk.outbox, self._receiver, now=self._clock.now, chance=lambda: 0.5)
        tools = CheckTools(fetcher=self._pages, readers=self._pool, epoch=lambda: self.store.epoch)
        self.runner = Runner(
            self._file.watches,
            await self.store.states(),
            tools,
            self.committer,
            Clocks(
                now=self._clock.now,
                chance=lambda: 0.5,
                seconds=self._clock.seconds,
                awake_seconds=self._clock.seconds,
            ),
        )
        self._committing = asyncio.create_task(self.committer.run())

    async def kill(self) -> None:
        """End without a word, and start again with what is on the disk."""
        before = self.directory
        self.directory = Path(tempfile.mkdtemp(prefix="watcher-story-"))
        shutil.copytree(before, self.directory, dirs_exist_ok=True)
        await self._let_go(before)
        await self.open()

    async def close(self) -> None:
        """End for good."""
        async with self._pool:  # leaving it ends them
            await self._let_go(self.directory)

    def apply(self, file: WatchFile) -> None:
        """Take another file into use."""
        self._file = file
        self.runner.apply(file)

    async def _let_go(self, directory: Path) -> None:
        self._committing.cancel()
        await asyncio.wait([self._committing])
        await self.store.close()
        shutil.rmtree(directory)


class Story(RuleBasedStateMachine):
    """One life of a watcher, and the books of it."""

    steps = kills = told = 0

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock, self.pages, self.receiver = Clock(), Pages(), Receiver()
        self.books: dict[str, Book] = defaultdict(Book)
        self.expected: defaultdict[str, list[str]] = defaultdict(list)
        self.present = [*SINGLES, LIST]
        self.selectors = dict.fromkeys(SINGLES, "h1")
        self.names = dict.fromkeys((*SINGLES, LIST), 0)
        self.tries = 0
        self.world = World(self.file(), self.pages, self.receiver, self.clock)
        self.run(self.world.open())

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Do it to its end."""
        return self.loop.run_until_complete(asyncio.wait_for(work, 30))

    def teardown(self) -> None:
        """Let everything arrive, and look at the books."""
        try:
            self.all_arrives()
        finally:
            self.run(self.world.close())
            self.run(self.loop.shutdown_default_executor())
            self.loop.close()

    # The pages; most of what they show is seen

    @initialize()
    def begin(self) -> None:
        """What is shown at first is told to nobody."""
        self.check(1)

    @rule(watch=st.sampled_from(SINGLES), values=st.lists(st.sampled_from(VALUES), min_size=1, max_size=4), seen=SEEN)
    def change(self, watch: str, values: list[str], seen: int) -> None:
        """A page shows other values, the one that it had before among them: A → B → A."""
        for value in values:
            self.page(watch).value = value
            self.check(seen)

    @rule(row=st.integers(1, 20), seen=SEEN)
    def add_row(self, row: int, seen: int) -> None:
        """A row comes, or comes back."""
        rows = self.page(LIST).rows
        if f"r{row}" not in rows:
            rows.append(f"r{row}")
        self.check(seen)

    @precondition(lambda self: len(self.page(LIST).rows) > 1)
    @rule(seen=SEEN)
    def lose_row(self, seen: int) -> None:
        """A row goes."""
        self.page(LIST).rows.pop()
        self.check(seen)

    @rule(watch=st.sampled_from((*SINGLES, LIST)), error=st.sampled_from(("500", "captcha", "missing")), seen=SEEN)
    def err(self, watch: str, error: str, seen: int) -> None:
        """A page errs."""
        self.page(watch).error = error
        self.check(seen)

    @rule(seen=SEEN)
    def mend(self, seen: int) -> None:
        """All pages are well."""
        for page in self.pages.by_watch.values():
            page.error = None
        self.check(seen)

    # The watcher

    @rule(rounds=st.integers(1, ERRORS_UNTIL_TOLD))
    def check(self, rounds: int) -> None:
        """All pages are looked at; what was saved counts."""
        for _ in range(rounds):
            for watch in tuple(self.present):
                self.clock.turn(60)
                try:
                    decisions = self.run(self.checked(watch))
                except StoreError:
                    assert self.world.disk.is_full
                    continue
                assert len(decisions) == 1
                self.note(watch)

    @rule()
    def dispatch(self) -> None:
        """What is due is published."""
        self.clock.turn(5)
        try:
            while self.tries < MOST_TRIES and self.run(self.world.dispatcher.publish_due()):
                self.tries += not self.receiver.is_up or self.receiver.is_deaf
        except StoreError:
            assert self.world.disk.is_full

    @rule(seen=SEEN)
    def fill_while_publishing(self, seen: int) -> None:
        """The disk is full when the answer comes, and has room again."""
        self.check(seen)
        for is_full in (True, False):
            self.world.disk.is_full = is_full
            self.dispatch()

    @rule()
    def kill(self) -> None:
        """The process is killed between two steps."""
        self.end()

    @precondition(lambda self: self.tries < MOST_TRIES)
    @rule()
    def kill_after_publish(self) -> None:
        """The process is killed when it has published, and not settled yet."""
        self.world.disk.outbox.is_last_moment = True
        try:
            self.run(self.world.dispatcher.publish_due())
        except KilledError:
            self.tries += 1
        self.end()

    @rule(hours=st.sampled_from((-24 * 40, -24, -1, 1, 24, 24 * 40)))
    def set_clock(self, hours: int) -> None:
        """The clock jumps."""
        self.clock.turn(hours * 3600)

    @rule(is_full=st.sampled_from((False, False, True)))
    def fill(self, is_full: bool) -> None:
        """The disk is full, or has room again."""
        self.world.disk.is_full = is_full

    @rule(mood=st.sampled_from(("up", "up", "up", "away", "deaf")))
    def receive(self, mood: str) -> None:
        """The receiver is up, away, or its answers are lost."""
        self.receiver.is_up, self.receiver.is_deaf = mood != "away", mood == "deaf"

    def end(self) -> None:
        """End without a word, and start again."""
        type(self).kills += 1
        self.receiver.acknowledged.clear()  # the answers may have died with it
        self.run(self.world.kill())

    # The file of watches

    @rule(watch=st.sampled_from((*SINGLES, LIST)))
    def remove(self, watch: str) -> None:
        """A watch leaves the file."""
        self.present = [one for one in self.present if one != watch]
        self.world.apply(self.file())

    @rule()
    def bring_back(self) -> None:
        """All watches are in the file again."""
        self.present = [*SINGLES, LIST]
        self.world.apply(self.file())

    @rule(watch=st.sampled_from((*SINGLES, LIST)))
    def rename(self, watch: str) -> None:
        """A watch gets another name: nothing is new."""
        self.names[watch] += 1
        self.world.apply(self.file())

    @rule(watch=st.sampled_from(SINGLES), selector=st.sampled_from(("h1", "h2")))
    def select(self, watch: str, selector: str) -> None:
        """A watch reads another part of its page: a new beginning."""
        self.selectors[watch] = selector
        self.world.apply(self.file())

    # The books

    @invariant()
    def disk_and_memory_agree(self) -> None:
        """What is on the disk is what is known."""
        type(self).steps += 1
        reader = DiskWatchReader(self.world.directory)
        on_disk = {watch: _lasting(state) for watch, state in reader.states().items()}
        in_memory = {watch: _lasting(state) for watch, state in self.world.runner.states.known().items()}
        assert on_disk == in_memory
        assert [entry for entry in reader.outbox() if entry.dead is None] == self.run(self.world.store.outbox.waiting())

    @invariant()
    def nothing_is_invented_or_out_of_order(self) -> None:
        """What was received is the beginning of what must be."""
        for topic, told in self.received().items():
            assert told == self.expected[topic][: len(told)]

    def all_arrives(self) -> None:
        """With a receiver that is up and a disk that has room, everything is received."""
        self.world.disk.is_full = False
        self.receive("up")
        for _ in range(200):
            if not self.run(self.world.store.outbox.waiting()):
                break
            self.clock.turn(1000)
            while self.run(self.world.dispatcher.publish_due()):
                pass
        received = self.received()
        type(self).told += sum(map(len, received.values()))
        assert {topic: received[topic] for topic in self.expected} == self.expected
        assert not [entry.dead for entry in DiskWatchReader(self.world.directory).outbox()]

    def received(self) -> defaultdict[str, list[str]]:
        """What the receiver was told, in the words of the books, by topic."""
        told: defaultdict[str, list[str]] = defaultdict(list)
        for message in self.receiver.taken.values():
            told[message.topic].append(_short(message))
        return told

    def note(self, watch: str) -> None:
        """Write down what a check that was saved must have brought."""
        book, page = self.books[watch], self.page(watch)
        if page.error:
            self.note_failure(watch, page.error)
            return
        if book.seen is not None and book.plan == self.selectors.get(watch, ""):
            self.note_news(watch, book.seen, page)
        if book.is_told:
            self.expected["admin"].append(f"{watch} works")
        book.seen, book.plan = dataclasses.replace(page, rows=[*page.rows]), self.selectors.get(watch, "")
        book.failures, book.counted_at, book.is_told = 0, None, False

    def note_failure(self, watch: str, error: str) -> None:
        """Once for an incident: at the first wall, or after some other errors."""
        book, now = self.books[watch], self.clock.now()
        if book.counted_at is None or not timedelta(0) <= now - book.counted_at < COUNTED_AFTER:
            book.failures, book.counted_at = book.failures + 1, now
        if not book.is_told and (error == "captcha" or book.failures >= ERRORS_UNTIL_TOLD):
            book.is_told = True
            self.expected["admin"].append(f"{watch} broken")

    def note_news(self, watch: str, before: Page, now: Page) -> None:
        """What differs is told."""
        if watch == LIST:
            came = [row for row in now.rows if row not in before.rows]
            if came:
                self.expected[TOPICS[watch]].append(f"{watch} + {' '.join(came)}")
        elif before.value != now.value:
            self.expected[TOPICS[watch]].append(f"{watch} {before.value} → {now.value}")

    def page(self, watch: str) -> Page:
        """The page of this watch."""
        return self.pages.by_watch[watch]

    async def checked(self, watch: str) -> list[Decision]:
        """Check it once."""
        return [decision async for decision in self.world.runner.check_once([watch])]

    def file(self) -> WatchFile:
        """The file of watches as it is now."""
        head = f"defaults: {{on_error: {{after: {ERRORS_UNTIL_TOLD}}}, allow_private: true}}\nwatches:"
        lines = [f"  {watch}: {{{self.keys(watch)}}}" for watch in self.present]
        text = "\n".join([head, *lines]) if lines else f"{head} {{}}"
        return parse(text, file="watches.yaml", environ={})

    def keys(self, watch: str) -> str:
        """A watch as it stands in the file."""
        keys = f"name: {watch} {self.names[watch]}, url: http://127.0.0.1/{watch}, topic: {TOPICS[watch]}, "
        if watch == LIST:
            return keys + "items: {css: li, key: b}, notify_when: added, accept_after: 1"
        return keys + f"extract: {self.selectors[watch]}"


def _short(message: OutboxMessage) -> str:
    """Return a message in the words of the books."""
    watch = message.watch
    if message.topic == "admin":
        return f"{watch} {'works' if 'works again' in message.summary else 'broken'}"
    if watch == LIST:  # a single row stands in the summary, several in the content
        came = re.findall(r"^\+ (.*)$", message.content, re.MULTILINE) or re.findall(r"\+ (.*)$", message.summary)
        return f"{watch} + {' '.join(came)}"
    return f"{watch} {' '.join(message.summary.split()[-3:])}"


def _lasting(state: WatchState) -> str:
    """Return what of a state must be on the disk at once: all but the times of its last check."""
    snapshot = state.snapshot
    return write_state(replace(state, snapshot=replace(snapshot, fetched_at=NOON) if snapshot else None))


def test_whatever_happens_nothing_is_lost_invented_told_twice_or_out_of_order(tally: Tally) -> None:
    tally.what = (
        "steps of made-up stories: changes, errors, kills, clocks, full disks, a receiver that is away, reloads"
    )
    number = random.randrange(2**32)
    Story.steps = Story.kills = Story.told = 0
    story = seed(number)(Story) if IS_FULL else Story
    try:
        run_state_machine_as_test(
            story,
            settings=settings(
                max_examples=STORIES,
                stateful_step_count=STEPS,
                phases=(Phase.generate,),  # a story is short enough to read, and making it shorter takes minutes
                deadline=None,
                derandomize=not IS_FULL,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except BaseException:
        tally.failed = 1
        raise
    finally:
        tally.tried = Story.steps
        tally.figures = {
            "stories": f"{STORIES}",
            "kills": f"{Story.kills:,}",
            "messages": f"{Story.told:,}",
            "seed": str(number) if IS_FULL else "fixed",
        }
