"""The outbox of a data directory: the living messages are in memory as well, dead letters on the disk alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter

from msgspec import Struct

from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.noting import of_dead
from watcher.store import records
from watcher.store.event_numbers import EventNumbers
from watcher.store.pruning import old_letters
from watcher.store.watch_database import WatchDatabase, Writes
from watcher.store.watch_reader import DiskWatchReader


class Addition(Struct, frozen=True, kw_only=True):
    """Entries that a transaction adds to the outbox, and the orders of the dead letters that go when they come."""

    entries: Sequence[OutboxEntry]
    gone: Sequence[int]

    def writes(self) -> Writes:
        """Return what is to be written for it."""
        return entry_writes(self.entries) | _removals(self.gone)


class DiskOutbox:
    """An `Outbox` over the database of a watch store, whose transactions add to it as well."""

    def __init__(
        self, database: WatchDatabase, reader: DiskWatchReader, events: EventNumbers, entries: Sequence[OutboxEntry]
    ) -> None:
        """
        Args:
            events: where it is noted that a message died.
            entries: all that are on the disk, dead ones too, in order.
        """
        self._database = database
        self._reader = reader
        self._events = events
        self._order = 0
        self.begin(entries)

    def begin(self, entries: Sequence[OutboxEntry]) -> None:
        """Take these for all that are on the disk, in the place of what was known."""
        self._living = {entry.message.id: entry for entry in entries if entry.dead is None}
        self._dead = {entry.order: entry.message.created_at for entry in entries if entry.dead is not None}
        self._order = max((entry.order for entry in entries), default=self._order)

    @property
    def living(self) -> Sequence[OutboxEntry]:
        """The entries that wait, in no order."""
        return list(self._living.values())

    @property
    def dead(self) -> int:
        """How many messages were given up; they are on the disk alone."""
        return len(self._dead)

    async def waiting(self) -> Sequence[OutboxEntry]:
        """Return the living entries, in order."""
        return sorted(self._living.values(), key=attrgetter("order"))

    async def entries(self, message_ids: Collection[str]) -> Sequence[OutboxEntry]:
        """Return those of these messages that are here, in order, dead ones too. Raises StoreError."""
        found = await self._database.on_thread(lambda _: self._reader.outbox())
        return [entry for entry in found if entry.message.id in message_ids]

    async def add(self, messages: Sequence[OutboxMessage]) -> None:
        """Append messages, in one transaction; one that lives here already stays as it is."""
        await self.settle([], [], messages)

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """Remove what was taken, save the state of the rest, and append new messages, in one transaction."""
        await self._database.in_turn(self._settle(settled, failed, new))

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        """Remove these, living or dead, in one transaction."""
        await self._database.in_turn(self._drop(entries))

    # For a transaction that adds messages: what it is to write, and then what became of it

    def addition(self, messages: Sequence[OutboxMessage]) -> Addition:
        """Return what appends these; a message that lives here already is not added again."""
        fresh = {message.id: message for message in messages if message.id not in self._living}
        if not fresh:
            return _NOTHING
        newest = max(message.created_at for message in fresh.values())
        return Addition(
            entries=[
                OutboxEntry(message=message, order=self._order + place, attempts=0, due_at=message.created_at)
                for place, message in enumerate(fresh.values(), start=1)
            ],
            gone=old_letters(self._dead, now=newest),
        )

    def added(self, addition: Addition) -> None:
        """Take note that it was saved."""
        self.keep(addition.entries)
        self._forget(addition.gone)

    def keep(self, entries: Sequence[OutboxEntry]) -> None:
        """Take note that these were saved as they are."""
        for entry in entries:
            self._order = max(self._order, entry.order)
            if entry.dead is None:
                self._living[entry.message.id] = entry
                self._dead.pop(entry.order, None)
            else:
                self._living.pop(entry.message.id, None)
                self._dead[entry.order] = entry.message.created_at

    async def _settle(
        self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]
    ) -> None:
        taken = [self._living[message_id] for message_id in settled if message_id in self._living]
        addition = self.addition(new)
        events = list(of_dead([entry for entry in failed if entry.order not in self._dead]))
        await self._database.write(
            _removals(entry.order for entry in taken)
            | entry_writes(failed)
            | addition.writes()
            | self._events.writes(events)
        )
        self._events.add(len(events))
        for entry in taken:
            del self._living[entry.message.id]
        self.keep(failed)
        self.added(addition)

    async def _drop(self, entries: Sequence[OutboxEntry]) -> None:
        orders = [entry.order for entry in entries]
        await self._database.write(_removals(orders))
        for entry in entries:
            self._living.pop(entry.message.id, None)
        self._forget(orders)

    def _forget(self, dead: Sequence[int]) -> None:
        for order in dead:
            self._dead.pop(order, None)


_NOTHING = Addition(entries=(), gone=())


def entry_writes(entries: Sequence[OutboxEntry]) -> Writes:
    """Return what saves these entries as they are."""
    return {records.outbox_key(entry.order): records.write_entry(entry) for entry in entries}


def _removals(orders: Iterable[int]) -> Writes:
    return {records.outbox_key(order): None for order in orders}
