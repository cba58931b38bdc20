"""
Publishes what the outbox holds.

A message leaves the outbox only when it was positively understood as taken. A topic's order is kept from the first
attempt to the settlement: when one is to be tried again, those behind it wait, and lose no attempt. A message that is
held for others of its topic (`held`) is not attempted before it is released, and nothing waits behind it.
A message alone is published at once; after a batch the next one gathers for GATHER_SECONDS, so that a burst of news
costs a few transactions.
What cannot be published at all is dead: it stays in the outbox for the operator to see, and the admin topic is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from msgspec import Struct

from watcher.background.loop import LONGEST_WAIT_SECONDS, BackgroundLoop
from watcher.core.backoff import Chance
from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.outgoing import message_id
from watcher.core.phrases import fill, phrases_in
from watcher.core.protocols import Outbox, Publisher
from watcher.core.retry import after_failure, due_entries, next_due_at
from watcher.core.watch import ADMIN_TOPIC, NO_LANGUAGES, TopicLanguages
from watcher.core.words import SUMMARY_CHARACTERS, cut
from watcher.errors import PassingPublishError, PublishError
from watcher.outbox.held import is_held, next_release_at, release

GRACE_SECONDS = 3.0
"""A message that is being sent is most likely taken, and a push service that knows no repeat would tell it twice."""
GATHER_SECONDS = 0.1
_log = logging.getLogger(__name__)


class _Settlement(Struct, frozen=True, kw_only=True):
    """The result of a batch of this size: ids that were taken, entries that were not."""

    size: int
    taken: Sequence[str]
    failed: Sequence[OutboxEntry]


class Dispatcher:
    """Publishes the outbox: for ever (`run`), or until it is empty (`drain`)."""

    def __init__(
        self,
        outbox: Outbox,
        publisher: Publisher,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], Chance],
        grace_seconds: float = GRACE_SECONDS,
        gather_seconds: float = GATHER_SECONDS,
        language_of: TopicLanguages = NO_LANGUAGES,
    ) -> None:
        """
        Args:
            now: the wall clock.
            grace_seconds: how long one who is cancelled waits for the answers to what is being published.
            gather_seconds: how long the loop waits after a batch that was not full.
        """
        self._outbox = outbox
        self._publisher = publisher
        self._now = now
        self._chance = chance
        self._grace_seconds = grace_seconds
        self._gather_seconds = gather_seconds
        self._language_of = language_of
        self.loop = BackgroundLoop("delivers the outbox")
        self._unsaved: _Settlement | None = None
        self._turn = asyncio.Lock()
        self.published: Counter[str] = Counter()
        """attempts by how they went: `taken`, `passing`, `permanent`"""

    async def run(self) -> None:
        """Publish whatever is due, until cancelled."""
        await self.loop.run(self._publish_all_due)

    async def drain(self) -> None:
        """
        Publish until the outbox has no living entry; the caller bounds the time. Raises StoreError.

        Held messages go at once, those of a topic as one: a process that drains ends, and nobody comes later.
        """
        while await self._outbox.waiting():
            if not await self.publish_due(is_last_chance=True):
                await asyncio.sleep(min(await self._seconds_until_due(), LONGEST_WAIT_SECONDS))

    async def publish_due(self, *, is_last_chance: bool = False) -> int:
        """
        Publish one batch of what is due and save how it went; return how many messages it had.

        Args:
            is_last_chance: held messages are due now, whatever they wait for.

        Raises StoreError when that cannot be saved. It is remembered, and the next call saves it before it publishes
        anything: a full disk must not make a message come again and again. A cancelled caller waits a little for the
        answers that are on their way, and saves them.
        """
        batch = asyncio.create_task(self._publish_due(is_last_chance=is_last_chance))
        try:
            return await asyncio.shield(batch)
        except asyncio.CancelledError:
            await self._end(batch)
            raise

    async def _end(self, batch: asyncio.Task[int]) -> None:
        """Let a batch end within the grace, or cut it off."""
        await asyncio.wait([batch], timeout=self._grace_seconds)
        batch.cancel()
        await asyncio.wait([batch])
        if not batch.cancelled() and (error := batch.exception()):
            _log.error("how the last messages went was not saved: %s", error)

    @asynccontextmanager
    async def between_batches(self) -> AsyncIterator[None]:
        """Publish nothing while the context lasts; all that was published before is settled. Raises StoreError."""
        async with self._turn:
            await self._save()
            yield

    async def _publish_due(self, *, is_last_chance: bool) -> int:
        self.loop.beat()
        async with self._turn:
            if self._unsaved is None:
                self._unsaved = await self._publish_batch(await self._released(is_last_chance=is_last_chance))
            return await self._save()

    async def _save(self) -> int:
        """Save how the last batch went, if that is not saved yet; return how many messages it had."""
        batch = self._unsaved
        if batch is None:
            return 0
        await self._outbox.settle(batch.taken, batch.failed, _notices(batch.failed, self._now(), self._language_of))
        self._unsaved = None
        return batch.size

    async def _publish_all_due(self) -> float:
        """Publish until nothing is due; return for how many seconds nothing will be."""
        while size := await self.publish_due():
            if size < self._publisher.batch:
                await asyncio.sleep(self._gather_seconds)
        return await self._seconds_until_due()

    async def _released(self, *, is_last_chance: bool) -> Sequence[OutboxEntry]:
        """
        Let go of the held messages whose time has come, and return what waits then.

        Saved before they are published, so none comes twice.
        """
        entries = await self._outbox.waiting()
        found = release(entries, now=self._now(), is_last_chance=is_last_chance, language_of=self._language_of)
        if found is None:
            return entries
        await self._outbox.settle(found.merged_away, found.released, found.merged)
        return await self._outbox.waiting()

    async def _publish_batch(self, entries: Sequence[OutboxEntry]) -> _Settlement | None:
        due = due_entries(_ready(entries), now=self._now(), limit=self._publisher.batch)
        if not due:
            return None
        answers = await self._publisher.publish([entry.message for entry in due])
        self.published.update(_how_it_went(error) for error in answers)
        return _Settlement(
            size=len(due),
            taken=[entry.message.id for entry, error in zip(due, answers, strict=True) if error is None],
            failed=self._failed(due, answers),
        )

    def _failed(self, due: Sequence[OutboxEntry], answers: Sequence[PublishError | None]) -> list[OutboxEntry]:
        """Return how those stand that were not taken, without those that only wait behind an earlier one."""
        failed: list[OutboxEntry] = []
        waiting: set[str] = set()
        for entry, error in zip(due, answers, strict=True):
            message = entry.message
            if error is None or message.topic in waiting:
                continue
            _log.warning("message %s to %s was not taken: %s", message.id, message.topic, error)
            failed.append(after_failure(entry, error, now=self._now(), chance=self._chance()))
            if isinstance(error, PassingPublishError):
                waiting.add(message.topic)
        return failed

    async def _seconds_until_due(self) -> float:
        entries = await self._outbox.waiting()
        times = (next_due_at(_ready(entries)), next_release_at(entries))
        seconds = [(at - self._now()).total_seconds() for at in times if at is not None]
        return min(seconds, default=LONGEST_WAIT_SECONDS)


def _ready(entries: Sequence[OutboxEntry]) -> list[OutboxEntry]:
    """Return those that wait for no others."""
    return [entry for entry in entries if not is_held(entry)]


def _how_it_went(error: PublishError | None) -> str:
    return "taken" if error is None else "passing" if isinstance(error, PassingPublishError) else "permanent"


def _notices(failed: Sequence[OutboxEntry], now: datetime, language_of: TopicLanguages) -> list[OutboxMessage]:
    """Return what the operator is told of messages that died; a dead notice makes no notice."""
    phrases = phrases_in(language_of(ADMIN_TOPIC))
    return [
        OutboxMessage(
            id=message_id("dead", entry.message.id, 0, ADMIN_TOPIC),
            watch=entry.message.watch,
            topic=ADMIN_TOPIC,
            summary=cut(fill(phrases.not_delivered, summary=entry.message.summary), SUMMARY_CHARACTERS),
            content=f"{fill(phrases.given_up, topic=entry.message.topic, reason=entry.dead)}\n\n"
            f"{entry.message.content}",
            url=entry.message.url,
            created_at=now,
        )
        for entry in failed
        if entry.dead is not None and entry.message.topic != ADMIN_TOPIC
    ]
