"""What this process publishes of a cluster's messages: one dispatcher for each shard of topics whose lease it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from watcher.core.backoff import Chance
from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.figures import Pulse
from watcher.core.protocols import Outbox, Publisher
from watcher.core.watch import TopicLanguages
from watcher.errors import PublishError
from watcher.outbox.control import OutboxControl
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.remembered import RememberedOutbox
from watcher.runtime.workers.held_hosts import HeldLease

if TYPE_CHECKING:
    from watcher.store.cluster.leases import Fence


class ShardOutbox(Outbox, Protocol):
    """
    The outbox of a shard of topics.

    Attributes:
        living: the entries that wait, as far as this process knows.
    """

    @property
    def living(self) -> Sequence[OutboxEntry]: ...


class _WhileHeld:
    """Hands nothing to a publisher once another process may have the lease, and publish the same."""

    def __init__(self, publisher: Publisher, lease: HeldLease) -> None:
        self._publisher = publisher
        self._lease = lease

    @property
    def batch(self) -> int:
        return self._publisher.batch

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """Publish them. Raises LeaseLostError: none of them was."""
        self._lease.check()
        return await self._publisher.publish(messages)


class _Publishing(Struct, frozen=True, kw_only=True):
    """What publishes the messages of one shard."""

    outbox: ShardOutbox
    remembered: RememberedOutbox
    dispatcher: Dispatcher


class PublishedShards:
    """The dispatchers of this process. Used from one event loop."""

    def __init__(
        self,
        outbox_of: Callable[[int, Fence], ShardOutbox],
        publisher: Publisher,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], Chance],
        language_of: TopicLanguages,
    ) -> None:
        """
        Args:
            outbox_of: returns the outbox of a shard, which is behind this fence.
            now: the wall clock.
        """
        self._outbox_of = outbox_of
        self._publisher = publisher
        self._now = now
        self._chance = chance
        self._language_of = language_of
        self._shards: dict[int, _Publishing] = {}
        self._published: Counter[str] = Counter()

    @contextmanager
    def of_shard(self, shard: int, lease: HeldLease) -> Iterator[tuple[Dispatcher, OutboxControl]]:
        """Give what publishes the messages of a shard while its lease lasts; it is for the caller to run."""
        outbox = self._outbox_of(shard, lease.fence)
        remembered = RememberedOutbox(outbox)
        dispatcher = Dispatcher(
            remembered,
            _WhileHeld(self._publisher, lease),
            now=self._now,
            chance=self._chance,
            language_of=self._language_of,
        )
        self._shards[shard] = _Publishing(outbox=outbox, remembered=remembered, dispatcher=dispatcher)
        try:
            yield dispatcher, OutboxControl(remembered, dispatcher, now=self._now)
        finally:
            del self._shards[shard]
            self._published += dispatcher.published

    def wake(self, shards: Iterable[int] | None = None) -> None:
        """Let those of these shards look that are published here, for messages may have come; None: all."""
        for shard in [*self._shards] if shards is None else shards:
            if (here := self._shards.get(shard)) is not None:
                here.remembered.expect_more()
                here.dispatcher.loop.wake()

    # What it counts

    @property
    def living(self) -> Sequence[OutboxEntry]:
        """The messages that wait, of the shards that are published here."""
        return [entry for each in self._shards.values() for entry in each.outbox.living]

    @property
    def published(self) -> Counter[str]:
        """Attempts by how they went, since the start."""
        return sum((each.dispatcher.published for each in self._shards.values()), self._published)

    def pulses(self) -> Iterator[Pulse]:
        """Yield the pulse of each dispatcher."""
        for each in self._shards.values():
            yield each.dispatcher.loop.pulse
