"""A store and an outbox around real ones, for tests that let them be slow or refuse."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from watcher.core.check import Decision, OutboxEntry, OutboxMessage, WatchState
from watcher.core.protocols import Outbox
from watcher.store.watch_store import DiskWatchStore


class Around:
    """Does what the real store does; its heirs do one thing differently."""

    def __init__(self, store: DiskWatchStore) -> None:
        self.store = store
        self.outbox: Outbox = store.outbox

    @property
    def epoch(self) -> str:
        return self.store.epoch

    async def states(self) -> Mapping[str, WatchState]:
        return await self.store.states()

    async def state_of(self, watch: str) -> WatchState | None:
        return await self.store.state_of(watch)

    async def commit(self, decisions: Sequence[Decision]) -> None:
        await self.store.commit(decisions)


class AroundOutbox:
    """Does what the real outbox does; its heirs do one thing differently."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox

    async def waiting(self) -> Sequence[OutboxEntry]:
        return await self.outbox.waiting()

    async def entries(self, message_ids: Collection[str]) -> Sequence[OutboxEntry]:
        return await self.outbox.entries(message_ids)

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        await self.outbox.add(messages)

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        await self.outbox.settle(settled, failed, new)

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        await self.outbox.drop(entries)
