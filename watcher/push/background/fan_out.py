"""
Brings a message to its many readers, chunk by chunk.

A send to a topic of many stores the message and answers. Its deliveries are written afterwards, a chunk a transaction,
so that nobody waits long for the one writer. Where it has come to is saved with each chunk: a kill loses nothing.
Messages go one after the other, so that a topic's order holds. Whoever has the inbox open comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.background.loop import LONGEST_WAIT_SECONDS, BackgroundLoop
from watcher.core.wakeups import NOBODY, Wakeup, Woken
from watcher.push.sending import queue
from watcher.store.push.records import Quota, Readers

if TYPE_CHECKING:
    from watcher.store.push.fan_outs import FanOut
    from watcher.store.push.store import PushStore, Transaction

CHUNK: Final = 5_000
"""Readers a transaction; about 30 ms on SQLite."""


class _Chunk(Struct, frozen=True, kw_only=True):
    """
    What one transaction did.

    Attributes:
        begun: the message whose live readers have been served.
        reached: ids of the subscribers who have something new.
    """

    begun: int | None
    reached: Collection[int]


class FanOutRunner:
    """Brings what waits to its readers: for ever (`run`), or until nothing waits (`drain`)."""

    def __init__(
        self,
        store: PushStore,
        *,
        now: Callable[[], datetime],
        listening: Callable[[], Collection[int]],
    ) -> None:
        """
        Args:
            listening: gives the ids of the subscribers who have the inbox open.
        """
        self._store = store
        self._now = now
        self._listening = listening
        self.loop = BackgroundLoop("brings messages to the many")
        self._begun: int | None = None

    async def run(self) -> None:
        """Bring whatever waits to its readers, until cancelled; it may be run again."""
        self._begun = None
        await self.loop.run(self._turn)

    async def drain(self) -> None:
        """Bring all that waits to its readers. Raises StoreError; what was not brought is still saved."""
        while await self._store.write(self._next_chunk(), wakes=_woken_by, then=self._note) is not None:
            pass

    async def _turn(self) -> float:
        # Looked at without a transaction that writes, which would wake all who hear of commits.
        if await self._store.read(lambda tx: tx.fan_outs.oldest()) is not None:
            await self.drain()
        return LONGEST_WAIT_SECONDS  # a process that died amid its own chunks leaves the rest to us, and says nothing

    def _next_chunk(self) -> Callable[[Transaction], _Chunk | None]:
        return partial(_bring, begun=self._begun, listening=self._listening(), now=self._now())

    def _note(self, chunk: _Chunk | None) -> None:
        if chunk is not None:
            self._begun = chunk.begun


def _woken_by(chunk: _Chunk | None) -> Woken:
    return NOBODY if chunk is None else {Wakeup.DELIVERY: chunk.reached, Wakeup.HANDOVER: None}


def _bring(tx: Transaction, *, begun: int | None, listening: Collection[int], now: datetime) -> _Chunk | None:
    """
    Serve the next readers of the oldest message that waits; return None when none does.

    Args:
        begun: the message whose live readers have been served.
    """
    waiting = tx.fan_outs.oldest()
    if waiting is None:
        return None
    if waiting.message_id == begun or not listening:
        return _Chunk(begun=begun, reached=next_chunk(tx, waiting, now=now))
    return _Chunk(begun=waiting.message_id, reached=_serve(tx, waiting, Readers(ids=listening), now=now))


def next_chunk(tx: Transaction, waiting: FanOut, *, now: datetime) -> Collection[int]:
    """Serve the next readers in the order of their ids; after the last of them the message waits no more."""
    end = tx.fan_outs.end_of_chunk(waiting, CHUNK)
    reached = _serve(tx, waiting, Readers(after=waiting.after, until=end), now=now)
    if end is None:
        tx.fan_outs.remove([waiting.message_id])
    else:
        tx.fan_outs.advance(waiting.message_id, after=end)
    return reached


def _serve(tx: Transaction, waiting: FanOut, readers: Readers, *, now: datetime) -> Collection[int]:
    quota = None
    if waiting.quota is not None:
        quota = Quota(app_id=waiting.app_id, since=now - timedelta(days=1), messages=waiting.quota)
    reached = tx.deliveries.fan_out_to(waiting.message_id, readers, at=now, followed_by=waiting.sent_at, quota=quota)
    if readers.ids is None:
        # Those who came first have it in the inbox already, and other channels in their turn.
        queue(tx, [waiting.message_id], after=readers.after, until=readers.until, sent_at=waiting.sent_at, now=now)
    return reached
