"""A store around a real one, for tests that let it be slow or refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watcher.core.check import Decision, OutboxEntry, OutboxMessage, WatchState
from watcher.core.protocols import WatchStore


class Around:
    """Does what the real one does; its heirs do one thing differently."""

    def __init__(self, store: WatchStore) -> None:
        self.store = store

    @property
    def epoch(self) -> str:
        return self.store.epoch

    async def states(self) -> Mapping[str, WatchState]:
        return await self.store.states()

    async def commit(self, decisions: Sequence[Decision]) -> None:
        await self.store.commit(decisions)

    async def outbox(self) -> Sequence[OutboxEntry]:
        return await self.store.outbox()

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        await self.store.settle(settled, failed, new)
