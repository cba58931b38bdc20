"""The watch states of a data directory, with their changes and events, and the outbox that decisions add to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from diskcache import Cache, Timeout
from diskcache.core import DBNAME
from msgspec.structs import replace

from watcher.core.check import Decision, OutboxMessage, WatchState
from watcher.errors import DamagedError, StaleDecisionError, StoreError
from watcher.store import records
from watcher.store.commits import WATCH_COMMITS, CommitNotes, behind, commits_in, missing_commits
from watcher.store.event_numbers import EventNumbers
from watcher.store.files import touch_private_database, write_durably
from watcher.store.integrity import roll_back
from watcher.store.log_renewal import renew_log
from watcher.store.watch_database import WatchDatabase, Writes, open_cache, reason_of, write_all
from watcher.store.watch_outbox import DiskOutbox, entry_writes
from watcher.store.watch_reader import SQLITE_ERRORS, DiskWatchReader, is_damage

_UNUSED_SEQUENCES = 1_000_000
"""More decisions than a watch makes between two changes."""


class DiskWatchStore:
    """
    The one writer of a data directory's watch state, a `WatchStore`. Made by `open_watch_store`.

    Attributes:
        epoch: a random name: it changes when the state is replaced or begun anew.
        outbox: where the messages of decisions wait.
    """

    def __init__(self, database: WatchDatabase, reader: DiskWatchReader, epoch: str) -> None:
        self._database = database
        self._reader = reader
        self.epoch = epoch
        states = reader.states()
        entries = reader.outbox()
        self._mended = _mended(reader, states)
        self._damaged = list(reader.damaged)
        self._unreadable = [entry for entry in entries if entry.message.id in reader.damaged]
        self._sequences = {watch: state.sequence for watch, state in states.items()}
        self._first_states: Mapping[str, WatchState] | None = states
        self._events = EventNumbers(reader.event_numbers(), reader.last_event())
        self.outbox = DiskOutbox(database, reader, self._events, entries)
        self._committed: Sequence[str] = ()
        """the watches of the last commit, or of one that failed since"""
        database.reread = self._reread

    @property
    def damaged(self) -> Sequence[str]:
        """
        The keys of the records that were damaged when the store was opened, until `mend` has saved what came of them.

        A watch's state begins anew; a message is a dead letter.
        """
        return self._damaged

    async def answer(self) -> None:
        """Return when the store's thread has read something. Raises StoreError."""
        await self._database.on_thread(lambda cache: cache.get(records.META))

    async def states(self) -> Mapping[str, WatchState]:
        """
        Return what is on disk. Raises StoreError.

        The first time that is what was there when the store was opened; it is not kept, for the caller keeps it.
        """
        first, self._first_states = self._first_states, None
        return await self._database.on_thread(lambda _: self._reader.states()) if first is None else first

    async def state_of(self, watch: str) -> WatchState | None:
        """Return what is on disk of a watch, which decisions follow from now on. Raises StoreError."""
        state = await self._database.on_thread(lambda _: self._reader.state(watch))
        self._sequences[watch] = state.sequence if state else 0
        return state

    async def commit(self, decisions: Sequence[Decision]) -> None:
        """Save decisions whole, in one transaction."""
        await self._database.in_turn(self._commit(decisions))

    async def rename(self, old: str, new: str) -> WatchState:
        """Let a watch go on as a former one, which is checked no more; return its state. Raises StoreError."""
        writes = await self._database.on_thread(lambda _: _renaming_writes(self._reader, old, new))
        await self._database.in_turn(self._database.write(writes))
        return await self.state_of(new) or WatchState()

    async def mend(self, message: OutboxMessage) -> None:
        """Save what replaces damaged records, with the message about them, in one transaction."""
        await self._database.in_turn(self._mend(message))

    async def close(self) -> None:
        """Bring the log into the database, and let go of it. What was not committed is not saved."""
        await self._database.close()

    async def _commit(self, decisions: Sequence[Decision]) -> None:
        self._refuse_stale(decisions)
        addition = self.outbox.addition([message for decision in decisions for message in decision.messages])
        events = [event for decision in decisions for event in decision.events]
        writes: Writes = {}
        for decision in decisions:
            writes |= _decision_writes(decision)
        self._committed = [decision.watch for decision in decisions]
        await self._database.write(writes | addition.writes() | self._events.writes(events))
        self._events.add(len(events))
        self._sequences |= {decision.watch: decision.state.sequence for decision in decisions}
        self.outbox.added(addition)

    async def _mend(self, message: OutboxMessage) -> None:
        letters = [
            replace(entry, message=replace(entry.message, created_at=message.created_at), due_at=message.created_at)
            for entry in self._unreadable
        ]
        addition = self.outbox.addition([message])
        # The letters last: what could not be read counted as older than any, and would go.
        await self._database.write(self._mended | addition.writes() | entry_writes(letters))
        self.outbox.added(addition)
        self.outbox.keep(letters)
        self._damaged, self._mended, self._unreadable = [], {}, []

    def _reread(self) -> None:
        """Read anew what a commit that failed may have changed; its watches' next decisions may be stale then."""
        for watch in self._committed:
            state = self._reader.state(watch)
            self._sequences[watch] = state.sequence if state else 0
        self._events.begin(self._reader.event_numbers(), self._reader.last_event())
        self.outbox.begin(self._reader.outbox())

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


def _mended(reader: DiskWatchReader, states: dict[str, WatchState]) -> Writes:
    """
    Let each watch whose state is damaged begin anew, in `states`; return what is to be saved for damaged records.

    A sequence is part of each message's id and of each change's key, so none that was there is used again: a watch
    begins far above its last change.
    """
    writes: Writes = dict.fromkeys(key for key in reader.damaged if key != records.META)
    for watch in states:
        key = records.state_key(watch)
        if key in writes:
            states[watch] = WatchState(sequence=reader.last_sequence(watch) + _UNUSED_SEQUENCES)
            writes[key] = records.write_state(states[watch])
    return writes


def _renaming_writes(reader: DiskWatchReader, old: str, new: str) -> Writes:
    writes: Writes = {
        records.change_key(new, change.sequence): records.write_change(change) for change in reader.changes(old)
    }
    if (state := reader.state(old)) is not None:
        writes[records.state_key(new)] = records.write_state(state)
        writes[records.checked_key(new)] = records.write_checked(state)
    return writes


def _decision_writes(decision: Decision) -> Writes:
    watch = decision.watch
    writes: Writes = {records.checked_key(watch): records.write_checked(decision.state)}
    if decision.is_durable or decision.has_new_page:
        writes[records.state_key(watch)] = records.write_state(decision.state)
    if decision.change:
        sequence = decision.change.sequence
        writes[records.change_key(watch, sequence)] = records.write_change(decision.change)
    return writes


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
        raise kind(f"cannot open the watch store in {directory}: {reason_of(error)}") from error


def _open(directory: Path, thread: ThreadPoolExecutor) -> tuple[DiskWatchStore, bool]:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    reader, notes = DiskWatchReader(directory), CommitNotes(directory / "commits")
    _refuse_behind(directory)
    touch_private_database(directory / DBNAME)
    roll_back(directory / DBNAME)
    renew_log(directory / DBNAME)
    meta = reader.meta()
    cache = open_cache(directory)
    with ExitStack() as on_failure:
        on_failure.callback(cache.close)
        notes.last = commits_in(cache._con, WATCH_COMMITS)
        epoch, is_lost = _epoch(directory, cache, notes, None if records.META in reader.damaged else meta)
        store = DiskWatchStore(WatchDatabase(cache, notes, thread), reader, epoch)
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
        epoch = records.new_epoch()
    meta_now = {**known, "schema": records.SCHEMA, "epoch": epoch}
    if meta_now != known:
        write_all(cache, notes, {records.META: records.write_meta(meta_now)})
    if remembered != epoch:
        write_durably(beside, epoch + "\n")
    return epoch, is_lost
