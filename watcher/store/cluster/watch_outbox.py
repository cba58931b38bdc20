"""The outbox of a cluster: anybody adds to it, and whoever has the shard of a topic does the rest for that topic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Final

from sqlalchemy import Connection

from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.noting import of_dead
from watcher.store.cluster.leases import Fence
from watcher.store.cluster.outbox_statements import add_messages, keep_order, note_events
from watcher.store.cluster.transactions import Transactions
from watcher.store.cluster.watch_reader import entries_in
from watcher.store.records import write_entry

_WAITING: Final = """
SELECT place, record FROM watcher.outbox
WHERE topic_shard = %(shard)s AND NOT is_dead AND place > %(after)s ORDER BY place
"""
_ENTRIES: Final = """
SELECT place, record FROM watcher.outbox WHERE topic_shard = %(shard)s AND message = ANY(%(messages)s) ORDER BY place
"""
_LIVING: Final = "SELECT place FROM watcher.outbox WHERE place = ANY(%(places)s) AND NOT is_dead"
_REMOVE_TAKEN: Final = """
DELETE FROM watcher.outbox WHERE topic_shard = %(shard)s AND NOT is_dead AND message = ANY(%(messages)s)
"""
_REMOVE: Final = "DELETE FROM watcher.outbox WHERE topic_shard = %(shard)s AND place = ANY(%(places)s)"
_REMOVE_TWINS: Final = """
DELETE FROM watcher.outbox AS dead USING watcher.outbox AS living
WHERE dead.place = ANY(%(places)s) AND dead.is_dead AND living.message = dead.message AND NOT living.is_dead
"""
"""A dead message that is to live again, while another with its id lives: that one stands for both."""
_SAVE: Final = """
UPDATE watcher.outbox SET is_dead = now.is_dead, record = now.record
FROM unnest(%(places)s::bigint[], %(dead)s::boolean[], %(records)s::text[]) AS now (place, is_dead, record)
WHERE outbox.place = now.place AND topic_shard = %(shard)s
"""


class ClusterOutbox:
    """Adds messages to the outbox of a cluster, whatever their topics are. Used from one event loop."""

    def __init__(self, transactions: Transactions, *, topic_shards: int) -> None:
        self._transactions = transactions
        self._topic_shards = topic_shards

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        """Append messages in their order; one whose id lives here already stays as it is. Raises StoreError."""
        if messages:
            await self._transactions.run(partial(_add, messages=messages, topic_shards=self._topic_shards))

    def of(self, shard: int, fence: Fence) -> TopicOutbox:
        """Return the part of it that whoever has this lease publishes."""
        return TopicOutbox(self._transactions, shard, fence, topic_shards=self._topic_shards)


class TopicOutbox:
    """
    An `Outbox` of the topics of one shard, for who has its lease. Used from one event loop.

    The living messages are in memory: nobody else changes them, and what others add has a higher place.
    """

    def __init__(self, transactions: Transactions, shard: int, fence: Fence, *, topic_shards: int) -> None:
        self._transactions = transactions
        self._shard = shard
        self._fence = fence
        self._topic_shards = topic_shards
        self._living: dict[int, OutboxEntry] = {}
        self._seen = 0
        """The highest place that was read."""
        self._forgotten = 0
        """How often what is in memory was given up."""

    @property
    def living(self) -> Sequence[OutboxEntry]:
        """The living entries, as far as they were read."""
        return [*self._living.values()]

    async def waiting(self) -> Sequence[OutboxEntry]:
        """Return the living entries, in order. Raises StoreError."""
        for entry in await self._read_on():
            self._living[entry.order] = entry
            self._seen = max(self._seen, entry.order)
        return [self._living[place] for place in sorted(self._living)]

    async def _read_on(self) -> Sequence[OutboxEntry]:
        """Return what lives behind what is in memory: where that was given up meanwhile, all that lives."""
        while True:
            forgotten = self._forgotten
            of = {"shard": self._shard, "after": self._seen}
            found = await self._transactions.run(partial(_read, statement=_WAITING, of=of))
            if forgotten == self._forgotten:
                return found

    async def entries(self, message_ids: Collection[str]) -> Sequence[OutboxEntry]:
        """Return those of these messages that are in this shard, living or dead, in order. Raises StoreError."""
        of = {"shard": self._shard, "messages": list(message_ids)}
        return await self._transactions.run(partial(_read, statement=_ENTRIES, of=of))

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        """Append messages of whatever topics; one whose id lives here already stays as it is. Raises StoreError."""
        if messages:
            await self._transactions.run(partial(_add, messages=messages, topic_shards=self._topic_shards))

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """
        Remove what was taken, save the state of the rest, and append new messages, in one transaction.

        Raises LeaseLostError: another process publishes these topics by now; StoreError.
        """
        revived = [each.order for each in failed if each.dead is None and each.order not in self._living]
        await self._changing(partial(self._settle, settled=settled, failed=failed, new=new, revived=revived))
        if revived:
            self._forget()
            return
        gone = {*settled, *(each.message.id for each in failed if each.dead is not None)}
        kept = self._living | {each.order: each for each in failed}
        self._living = {place: each for place, each in kept.items() if each.message.id not in gone}

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        """Remove these, living or dead, in one transaction. Raises LeaseLostError, StoreError."""
        places = [entry.order for entry in entries]
        await self._changing(partial(self._drop, places=places))
        for place in places:
            self._living.pop(place, None)

    async def _changing(self, work: Callable[[Connection], object]) -> None:
        """Do this; where nobody knows how the outbox is then, read it anew."""
        try:
            await self._transactions.run(work)
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        self._living, self._seen = {}, 0
        self._forgotten += 1

    # In a transaction

    def _settle(
        self,
        connection: Connection,
        settled: Sequence[str],
        failed: Sequence[OutboxEntry],
        new: Sequence[OutboxMessage],
        revived: Sequence[int],
    ) -> None:
        self._fence(connection)
        events = list(of_dead(self._dying(connection, failed)))
        if new or events or revived:
            keep_order(connection)
        if settled:
            connection.exec_driver_sql(_REMOVE_TAKEN, {"shard": self._shard, "messages": list(settled)})
        if revived:
            connection.exec_driver_sql(_REMOVE_TWINS, {"places": list(revived)})
        if failed:
            connection.exec_driver_sql(_SAVE, {"shard": self._shard, **_rows(failed)})
        add_messages(connection, new, topic_shards=self._topic_shards)
        note_events(connection, events)

    def _dying(self, connection: Connection, failed: Sequence[OutboxEntry]) -> Sequence[OutboxEntry]:
        """Return those that are given up and live until now: done again, it is noted once."""
        dead = [entry.order for entry in failed if entry.dead is not None]
        if not dead:
            return []
        living = {place for (place,) in connection.exec_driver_sql(_LIVING, {"places": dead})}
        return [entry for entry in failed if entry.order in living]

    def _drop(self, connection: Connection, places: Sequence[int]) -> None:
        self._fence(connection)
        connection.exec_driver_sql(_REMOVE, {"shard": self._shard, "places": list(places)})


def _add(connection: Connection, messages: Sequence[OutboxMessage], topic_shards: int) -> None:
    keep_order(connection)
    add_messages(connection, messages, topic_shards=topic_shards)


def _read(connection: Connection, statement: str, of: Mapping[str, object]) -> Sequence[OutboxEntry]:
    rows = connection.exec_driver_sql(statement, dict(of)).all()
    return [entry for row in rows for entry in entries_in(row)]


def _rows(entries: Sequence[OutboxEntry]) -> dict[str, object]:
    return {
        "places": [entry.order for entry in entries],
        "dead": [entry.dead is not None for entry in entries],
        "records": [write_entry(entry) for entry in entries],
    }
