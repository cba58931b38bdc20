"""
Watch states, change records and the outbox, in diskcache.

diskcache's defaults are a cache's: it evicts, pickles, and keeps large values in files that a transaction does not
cover. So: no eviction, text only, no files, `synchronous=FULL`. A transaction belongs to a thread: one thread does
all store work, one method is one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from diskcache import Cache, Disk, Timeout
from diskcache.core import DBNAME, MODE_RAW
from msgspec.structs import replace

from watcher.core.check import Decision, OutboxEntry, OutboxMessage, WatchEvent, WatchState
from watcher.core.files import ADVICE
from watcher.core.noting import of_dead
from watcher.errors import DamagedError, StaleDecisionError, StoreError
from watcher.store import records
from watcher.store.commits import WATCH_COMMITS, CommitNotes, behind, checkpoint, commits_in, missing_commits
from watcher.store.ending import to_its_end
from watcher.store.event_numbers import EventNumbers
from watcher.store.files import is_out_of_files, touch_private_database, write_durably
from watcher.store.integrity import roll_back
from watcher.store.pruning import old_changes, old_letters
from watcher.store.resting import REST_SECONDS, RestingCheckpoint
from watcher.store.watch_reader import SQLITE_ERRORS, WatchReader, is_damage

_NO_FILES = 2**40
_CACHED_PAGES = 512
_BUSY_SECONDS = 10
"""How long to wait for another process that writes: a command that makes a backup."""
_UNUSED_SEQUENCES = 1_000_000
"""More decisions than a watch makes between two changes."""
_SET_COUNT = "UPDATE Settings SET value = ? WHERE key = 'commits'"
_MAKE_COUNT = "INSERT INTO Settings (value, key) VALUES (?, 'commits')"
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class TextDisk(Disk):  # type: ignore[misc]
    """
    Stores text, in the database, and nothing else.

    Pickle is refused both ways: reading a pickle from a cache directory runs its code (CVE-2025-69872).
    """

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key's column value."""
        return _text(key), True

    def get(self, key: object, raw: object) -> str:
        """Return the key that a column value stands for."""
        return _text(key) if raw else _refuse(key)

    def store(self, value: object, read: object, key: object = None) -> tuple[int, int, None, str]:  # noqa: ARG002
        """Return the columns of a value: size 0, raw, no file, the text."""
        return (0, MODE_RAW, None, _text(value)) if not read else _refuse(value)

    def fetch(self, mode: object, filename: object, value: object, read: object) -> str:
        """Return the value that these columns stand for."""
        return _text(value) if mode == MODE_RAW and filename is None and not read else _refuse(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else _refuse(value)


def _refuse(value: object) -> Any:
    raise StoreError(f"the watch store keeps text only, not {type(value).__name__}")


class DiskWatchStore:
    """The one writer of a data directory's watch state. Made by `open_watch_store`."""

    def __init__(
        self, cache: Cache, notes: CommitNotes, thread: ThreadPoolExecutor, reader: WatchReader, epoch: str
    ) -> None:
        self._cache = cache
        self._notes = notes
        self._resting = RestingCheckpoint(self._checkpoint, rest_seconds=REST_SECONDS)
        self._thread = thread
        self._epoch = epoch
        self._reader = reader
        states = reader.states()
        entries = reader.outbox()
        self._mended = _mended(reader, states)
        self._damaged = list(reader.damaged)
        self._sequences = {watch: state.sequence for watch, state in states.items()}
        self._first_states: Mapping[str, WatchState] | None = states
        self._outbox = {entry.message.id: entry for entry in entries if entry.dead is None}
        self._dead = {entry.order: entry.message.created_at for entry in entries if entry.dead is not None}
        self._unreadable = [entry for entry in entries if entry.message.id in reader.damaged]
        self._order = max((entry.order for entry in entries), default=0)
        self._events = EventNumbers(reader.event_numbers(), reader.last_event())
        self._turn = asyncio.Lock()

    @property
    def epoch(self) -> str:
        """A random name: it changes when the state is replaced or begun anew."""
        return self._epoch

    @property
    def waiting(self) -> Sequence[OutboxEntry]:
        """The living entries, in no order."""
        return list(self._outbox.values())

    @property
    def damaged(self) -> Sequence[str]:
        """
        The keys of the records that were damaged when the store was opened, until `mend` has saved what came of them.

        A watch's state begins anew; a message is a dead letter.
        """
        return self._damaged

    @property
    def dead(self) -> int:
        """How many messages were given up; they are on the disk alone."""
        return len(self._dead)

    async def answer(self) -> None:
        """Return when the store's thread has read something. Raises StoreError."""
        await self._on_thread(lambda: self._cache.get(records.META))

    async def states(self) -> Mapping[str, WatchState]:
        """
        Return what is on disk. Raises StoreError.

        The first time that is what was there when the store was opened; it is not kept, for the caller keeps it.
        """
        first, self._first_states = self._first_states, None
        return await self._on_thread(self._reader.states) if first is None else first

    async def outbox(self) -> Sequence[OutboxEntry]:
        """Return the living entries, in order."""
        return sorted(self._outbox.values(), key=attrgetter("order"))

    async def commit(self, decisions: Sequence[Decision]) -> None:
        """Save decisions whole, in one transaction."""
        await to_its_end(self._in_turn(self._commit(decisions)))

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        """Remove what was taken, save the state of the rest, and add new messages, in one transaction."""
        await to_its_end(self._in_turn(self._settle(settled, failed, new)))

    async def entries(self, message_ids: Collection[str]) -> Sequence[OutboxEntry]:
        """Return those of these messages that are in the outbox, in order, dead ones too. Raises StoreError."""
        found = await self._on_thread(self._reader.outbox)
        return [entry for entry in found if entry.message.id in message_ids]

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        """Remove these, living or dead, in one transaction."""
        await to_its_end(self._in_turn(self._drop(entries)))

    async def mend(self, message: OutboxMessage) -> None:
        """Save what replaces damaged records, with the message about them, in one transaction."""
        await to_its_end(self._in_turn(self._mend(message)))

    async def close(self) -> None:
        """Bring the log into the database, and let go of it. What was not committed is not saved."""
        await self._resting.close()
        await self._on_thread(self._cache.close)
        await self._on_thread(self._notes.close)
        self._thread.shutdown(wait=False)

    async def _in_turn(self, work: Coroutine[None, None, None]) -> None:
        async with self._turn:
            await work

    async def _commit(self, decisions: Sequence[Decision]) -> None:
        self._refuse_stale(decisions)
        entries = self._entries([message for decision in decisions for message in decision.messages])
        writes: dict[str, str | None] = {}
        for decision in decisions:
            writes |= _decision_writes(decision)
        old = self._old_letters(entries)
        events = [event for decision in decisions for event in decision.events]
        await self._write(writes | _entry_writes(entries) | _removals(old) | self._event_writes(events))
        self._events.add(len(events))
        self._sequences |= {decision.watch: decision.state.sequence for decision in decisions}
        self._remember(entries)
        self._forget(old)

    async def _settle(
        self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]
    ) -> None:
        gone = [self._outbox[message_id] for message_id in settled if message_id in self._outbox]
        entries = self._entries(new)
        old = self._old_letters(entries)
        removals = _removals([*(entry.order for entry in gone), *old])
        events = list(of_dead(failed))
        await self._write(removals | _entry_writes([*failed, *entries]) | self._event_writes(events))
        self._events.add(len(events))
        for entry in gone:
            del self._outbox[entry.message.id]
        self._remember([*failed, *entries])
        self._forget(old)

    async def _drop(self, entries: Sequence[OutboxEntry]) -> None:
        await self._write(_removals(entry.order for entry in entries))
        for entry in entries:
            self._outbox.pop(entry.message.id, None)
        self._forget([entry.order for entry in entries])

    async def _mend(self, message: OutboxMessage) -> None:
        letters = [
            replace(entry, message=replace(entry.message, created_at=message.created_at), due_at=message.created_at)
            for entry in self._unreadable
        ]
        entries = [*letters, *self._entries([message])]
        await self._write(self._mended | _entry_writes(entries))
        self._remember(entries)
        self._damaged, self._mended, self._unreadable = [], {}, []

    def _refuse_stale(self, decisions: Sequence[Decision]) -> None:
        """Raise StaleDecisionError, before the first write, when a decision does not follow from the newest state."""
        newest: dict[str, int] = {}
        for decision in decisions:
            known = newest.get(decision.watch, self._sequences.get(decision.watch, 0))
            expected = known + 1 if decision.is_durable else known
            if decision.state.sequence != expected:
                raise StaleDecisionError(
                    f"watch {decision.watch}: decision {decision.state.sequence} does not follow {known}"
                )
            newest[decision.watch] = expected

    def _entries(self, messages: Sequence[OutboxMessage]) -> list[OutboxEntry]:
        """Return new outbox entries; a message that is there already is not added again."""
        fresh = {message.id: message for message in messages if message.id not in self._outbox}
        return [
            OutboxEntry(message=message, order=self._order + place, attempts=0, due_at=message.created_at)
            for place, message in enumerate(fresh.values(), start=1)
        ]

    def _remember(self, entries: Sequence[OutboxEntry]) -> None:
        for entry in entries:
            self._order = max(self._order, entry.order)
            if entry.dead is None:
                self._outbox[entry.message.id] = entry
                self._dead.pop(entry.order, None)
            else:
                self._outbox.pop(entry.message.id, None)
                self._dead[entry.order] = entry.message.created_at

    def _old_letters(self, new: Sequence[OutboxEntry]) -> Sequence[int]:
        """Return the orders of dead letters that go when these are added."""
        return old_letters(self._dead, now=max(entry.message.created_at for entry in new)) if new else ()

    def _event_writes(self, events: Sequence[WatchEvent]) -> dict[str, str | None]:
        """Note events in one record, and let as many old ones go: without any, this costs nothing."""
        if not events:
            return {}
        gone = dict.fromkeys(map(records.event_key, self._events.old(len(events))))
        return {records.event_key(self._events.last + 1): records.write_events(events), **gone}

    def _forget(self, dead: Sequence[int]) -> None:
        for order in dead:
            self._dead.pop(order, None)

    async def _write(self, writes: Mapping[str, str | None]) -> None:
        if writes:
            await self._on_thread(lambda: _write_all(self._cache, self._notes, writes))
            self._resting.wrote()

    async def _checkpoint(self) -> bool:
        """Bring the log into the database; return whether all of it is there. One that cannot be now waits."""
        try:
            return await self._on_thread(lambda: checkpoint(self._cache._con))
        except StoreError as error:
            _log.info("no checkpoint was made: %s", error)
            return False

    async def _on_thread(self, work: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (sqlite3.Error, Timeout, OSError) as error:
            raise StoreError(f"cannot write the watch store: {_reason(error)}") from error


def _mended(reader: WatchReader, states: dict[str, WatchState]) -> dict[str, str | None]:
    """
    Let each watch whose state is damaged begin anew, in `states`; return what is to be saved for damaged records.

    A sequence is part of each message's id and of each change's key, so none that was there is used again: a watch
    begins far above its last change.
    """
    writes: dict[str, str | None] = dict.fromkeys(key for key in reader.damaged if key != records.META)
    for watch in states:
        key = records.state_key(watch)
        if key in writes:
            states[watch] = WatchState(sequence=reader.last_sequence(watch) + _UNUSED_SEQUENCES)
            writes[key] = records.write_state(states[watch])
    return writes


def _decision_writes(decision: Decision) -> dict[str, str | None]:
    watch = decision.watch
    writes: dict[str, str | None] = {records.checked_key(watch): records.write_checked(decision.state)}
    if decision.is_durable or decision.has_new_page:
        writes[records.state_key(watch)] = records.write_state(decision.state)
    if decision.change:
        sequence = decision.change.sequence
        writes[records.change_key(watch, sequence)] = records.write_change(decision.change)
    return writes


def _entry_writes(entries: Sequence[OutboxEntry]) -> dict[str, str | None]:
    return {records.outbox_key(entry.order): records.write_entry(entry) for entry in entries}


def _removals(orders: Iterable[int]) -> dict[str, str | None]:
    return {records.outbox_key(order): None for order in orders}


def _write_all(cache: Cache, notes: CommitNotes, writes: Mapping[str, str | None]) -> None:
    """
    Save (or, for None, remove) each key, and remove old changes where new ones come, all or nothing; count the commit.

    Never with `retry=True`: diskcache would then retry whatever SQLite says for ever, a full disk too. After a failure
    the connection is closed, for a commit that failed leaves its transaction open; the next write opens another.
    """
    try:
        with cache.transact():
            for key, value in writes.items():
                if value is None:
                    cache.delete(key)
                else:
                    cache.set(key, records.sealed(key, value))
            for key in old_changes(cache, writes):
                cache.delete(key)
            # In a table that a write changes anyway (diskcache counts there): this costs no page more.
            number = notes.last + 1
            if not cache._sql(_SET_COUNT, (number,)).rowcount:
                cache._sql(_MAKE_COUNT, (number,))
    except BaseException:
        cache.close()
        raise
    notes.note(number)


def _reason(error: Exception) -> str:
    """Return SQLite's own message, which diskcache's Timeout hides."""
    said = str(error) or str(error.__context__ or type(error).__name__)
    return f"{said}; this process can open no more files: {ADVICE}" if is_out_of_files() else said


async def open_watch_store(directory: Path) -> tuple[DiskWatchStore, bool]:
    """
    Open the watch store for writing; the caller holds the watcher's lock.

    Returns:
        The store, and whether a state that was here before is lost: the epoch in the database and the one in the
        file beside it differ. A new epoch has begun then, and the operator must be told.

    Raises:
        StoreError: the directory cannot be written, the database is damaged or from a newer watcher.
    """
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watch-store")
    with ExitStack() as on_failure:
        on_failure.callback(thread.shutdown, wait=False)
        opened = await _opened(directory, thread)
        on_failure.pop_all()
    return opened


async def _opened(directory: Path, thread: ThreadPoolExecutor) -> tuple[DiskWatchStore, bool]:
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, _open, directory, thread)
    except (*SQLITE_ERRORS, Timeout, OSError) as error:
        kind = DamagedError if is_damage(error) else StoreError
        raise kind(f"cannot open the watch store in {directory}: {_reason(error)}") from error


def _open(directory: Path, thread: ThreadPoolExecutor) -> tuple[DiskWatchStore, bool]:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader, notes = WatchReader(directory), CommitNotes(directory / "commits")
    _refuse_behind(directory)
    touch_private_database(directory / DBNAME)
    roll_back(directory / DBNAME)
    meta = reader.meta()
    cache = Cache(
        str(directory),
        disk=TextDisk,
        disk_min_file_size=_NO_FILES,
        eviction_policy="none",
        cull_limit=0,
        timeout=_BUSY_SECONDS,
        statistics=0,
        sqlite_synchronous=2,
        # What was written is not read again before the next start; by default 32 MB of it stay in memory.
        sqlite_cache_size=_CACHED_PAGES,
        sqlite_mmap_size=0,
    )
    with ExitStack() as on_failure:
        on_failure.callback(cache.close)
        notes.last = commits_in(cache._con, WATCH_COMMITS)
        epoch, is_lost = _epoch(directory, cache, notes, None if records.META in reader.damaged else meta)
        store = DiskWatchStore(cache, notes, thread, reader, epoch)
        on_failure.pop_all()
    return store, is_lost


def _refuse_behind(directory: Path) -> None:
    """Raise DamagedError when the database lacks commits that it has had."""
    notes = directory / "commits"
    if not (directory / "epoch").exists():
        notes.unlink(missing_ok=True)  # a new epoch begins: who removes a database removes `epoch` too
    elif missing := missing_commits(directory / DBNAME, notes, WATCH_COMMITS):
        raise DamagedError(f"{directory / DBNAME} {behind(missing)}")


def _epoch(directory: Path, cache: Cache, notes: CommitNotes, known: Mapping[str, Any] | None) -> tuple[str, bool]:
    """
    Return the epoch, made anew where there is none, and whether another one was here before.

    Args:
        known: what the database says of itself; None when that is damaged. Then the file beside it knows as much.
    """
    beside = directory / "epoch"
    # An empty one is of an older watcher that was killed at the wrong moment.
    remembered = (beside.read_text().strip() or None) if beside.exists() else None
    known = {"epoch": remembered} if known is None else known
    if known.get("schema", records.SCHEMA) > records.SCHEMA:
        raise StoreError(f"{directory} was written by a newer watcher (schema {known['schema']}); upgrade this one")
    epoch = known.get("epoch")
    is_lost = remembered is not None and remembered != epoch
    if epoch is None or is_lost:
        epoch = secrets.token_hex(16)
    meta_now = {**known, "schema": records.SCHEMA, "epoch": epoch}
    if meta_now != known:
        _write_all(cache, notes, {records.META: records.write_meta(meta_now)})
    if remembered != epoch:
        write_durably(beside, epoch + "\n")
    return epoch, is_lost
