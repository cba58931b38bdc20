"""
One database of a PostgreSQL, which any number of servers use at once.

| | connection | transaction | waits for |
|---|---|---|---|
| write | the one writer of this process | excludes other writers | this process' other writes, then other processes' |
| read | a small pool | one snapshot | nothing |

As with a file (`file_database.py`), writes that come while another is committed are committed together, each at a
savepoint of its own but the first.

Writers exclude each other by an advisory lock, taken before anything is read: what a transaction found when it decided
is still so when it commits, whatever other servers do. Sends are the exception, for there are many of them: they share
that lock with each other, and take another one right before they store anything (`dialect.keep_order`).
With each commit the other servers hear whom it wakes (`notify.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from watcher.core.databases import ANSWER_SECONDS
from watcher.core.wakeups import Woken, together
from watcher.errors import StoreError
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.errors import is_undone, may_be_repeated, to_store_error
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.push import postgresql
from watcher.store.push.high_water import NUMBERS, HighWater
from watcher.store.push.notify import new_sender, notify
from watcher.store.push.postgresql import Share, UncertainError
from watcher.store.push.presence import Presence
from watcher.store.push.read_gate import ReadGate
from watcher.store.schemas import PUSH
from watcher.store.threads import Job, Threads

T = TypeVar("T")
_TURN_SECONDS: Final = 60.0
"""Longer than one begin can take (lock time x attempts), so that a waiter sees a real failure first."""
_TOGETHER_SECONDS: Final = 0.02
_READERS: Final = 4
_READ_SECONDS: Final = 30.0
_CLOSE_SECONDS: Final = 5.0
"""How long a close waits for those who read; in vain, the process ends with their connections."""


class ServerDatabase:
    """The engines of one database. Used from one event loop."""

    def __init__(
        self, url: URL, *, is_server: bool, data: Path | None = None, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        """
        Args:
            data: the data directory that remembers how far the database has come; None: this process alone does.
            answer_seconds: how long it waits for a PostgreSQL that stands still.
        """
        self._url = url
        opened = partial(open_engine, url, schema=PUSH, is_begun=False, answer_seconds=answer_seconds)
        self._writer = opened(connections=1, are_reading=False)
        self._readers = opened(connections=_READERS, are_reading=True)
        self._presence = Presence(url, is_server=is_server, answer_seconds=answer_seconds)
        self._gate = ReadGate()
        self._sender = new_sender()
        self._woken: list[Woken] = []
        self._is_uncertain = False
        self.name = name = name_of(url)
        self._high_water = HighWater(name, data)
        self._writing = Threads(
            1,
            name="push-writer",
            seconds=_TURN_SECONDS,
            late=f"{name}: another write did not end within {_TURN_SECONDS:.0f} s",
        )
        # What looks for others needs an answer, too, and no write waits for that.
        self._looking = Threads(1, name="push-presence", seconds=_READ_SECONDS, late=f"{name}: it does not answer")
        self._reading = Threads(
            _READERS,
            name="push-reader",
            seconds=_READ_SECONDS,
            late=f"{name}: {_READERS} readers are busy, and none ended in time",
        )

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        then: Callable[[T], object] | None = None,
        is_send: bool = False,
    ) -> T:
        """Return what `work` returns, done as one transaction and saved; as `Database.write`."""
        transact = partial(self._transact, work, wakes)
        way = self._send_together if is_send else self._write_together
        try:
            return await self._writing.run(transact, then=then, together=way)
        except _UndoneError:
            return await self._writing.run(transact, then=then, together=self._write_together)

    async def read(self, work: Callable[[Connection], T], *, is_one_statement: bool = False) -> T:
        """Return what `work` returns, all of it from one snapshot, without waiting for writers. Raises StoreError."""
        return await self._reading.run(partial(self._read, work, is_one_statement))

    async def foreign_commit(self, *, are_heard: bool = False) -> bool:
        """Return whether anybody may have written since the last call, who is not heard; at the first: True."""
        return await self._looking.run(partial(self._look, are_heard=are_heard))

    def is_own(self, sender: str) -> bool:
        """Return whether this process sent it."""
        return sender == self._sender

    async def remember_version(self) -> None:
        """Take the database as it is now for what has been seen."""
        await self.foreign_commit()

    async def close(self) -> None:
        """Close all connections, end their threads. Nothing may be called after."""
        try:
            await self._looking.run(self._presence.close)
            await self._writing.run(self._dispose)
        finally:
            for threads in (self._looking, self._writing, self._reading):
                threads.close()

    # In the threads

    def _write_together(self, jobs: Iterator[Job[Any]]) -> None:
        self._do_together(jobs, Share.NOTHING)

    def _send_together(self, jobs: Iterator[Job[Any]]) -> None:
        self._do_together(jobs, Share.SENDS)

    def _do_together(self, jobs: Iterator[Job[Any]], share: Share) -> None:
        on_new = self._high_water.recognise
        with (
            self._failures(),
            self._writer.connect() as connection,
            postgresql.writing(connection, share, on_new=on_new),
        ):
            self._woken.clear()
            if self._do(jobs, connection):
                self._commit(connection)
            else:
                connection.rollback()

    def _do(self, jobs: Iterator[Job[Any]], connection: Connection) -> bool:
        """Do the jobs that wait; return whether there is anything to commit. Raises what became of all of them."""
        first = next(jobs)
        first.do(connection)
        if first.error is not None:
            return False
        ends_at = time.monotonic() + _TOGETHER_SECONDS
        for job in jobs:
            postgresql.set_savepoint(connection)
            job.do(connection)
            if not postgresql.is_in_transaction(connection):
                kind = _UndoneError if isinstance(job.error, _UndoneError) else StoreError
                raise kind(f"{self.name}: the connection was lost") from job.error
            postgresql.end_savepoint(connection, is_kept=job.error is None)
            if time.monotonic() > ends_at:
                break
        return True

    def _commit(self, connection: Connection) -> None:
        notify(connection, together(self._woken), sender=self._sender)
        try:
            postgresql.commit(connection)
        except UncertainError as error:
            # If it was saved, nobody here was told: it is taken for what another wrote, however late it is heard.
            self._sender, self._is_uncertain = new_sender(), True
            raise StoreError(
                f"{self.name}: the answer to a commit was lost, so it may have been saved; repeat it with the same "
                "idempotency key"
            ) from error

    def _transact(
        self, work: Callable[[Connection], T], wakes: Callable[[T], Woken] | None, connection: Connection
    ) -> T:
        with self._failures():
            result = work(connection)
        if wakes is not None:
            self._woken.append(wakes(result))
        return result

    def _read(self, work: Callable[[Connection], T], is_one_statement: bool) -> T:
        """Do it, and once more where the connection turns out to have been lost: nothing was changed."""
        with self._failures():
            try:
                return self._read_once(work, is_one_statement)
            except DBAPIError as error:
                if not may_be_repeated(error):
                    raise
            return self._read_once(work, is_one_statement)

    def _read_once(self, work: Callable[[Connection], T], is_one_statement: bool) -> T:
        with self._gate.reading(), self._readers.connect() as connection:
            if is_one_statement:
                return work(connection)
            postgresql.begin_read(connection)
            found = work(connection)
            connection.commit()  # for after a ROLLBACK the driver prepares its statements anew
            return found

    def _look(self, *, are_heard: bool) -> bool:
        with self._failures():
            started, numbers = self._presence.ask(NUMBERS)
            self._high_water.learn(started, numbers)
            has_changed = self._presence.has_changed()
        was_uncertain, self._is_uncertain = self._is_uncertain, False
        return was_uncertain or (has_changed and not are_heard)

    def _dispose(self) -> None:
        self._writer.dispose()
        with self._gate.closed(_CLOSE_SECONDS):
            self._readers.dispose()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            said = to_store_error(self._url, error)
            raise (_UndoneError(*said.args) if is_undone(error) else said) from error


class _UndoneError(StoreError):
    """Nothing of a transaction was saved, and doing it once more is likely to help."""


async def open_server(url: str, *, data: Path, is_served: bool, is_made: bool) -> ServerDatabase:
    """
    Open the database at this URL. The tables are not looked at.

    Args:
        data: the data directory that remembers how far it has come.
        is_made: the schema, where it is missing.
        is_served: whoever wants it without any server is refused meanwhile.

    Raises:
        ConfigError: the URL names no database.
        StoreError: it cannot be reached, or does not fit.
    """
    parsed = parse(url)
    await asyncio.to_thread(partial(postgresql.prepare, parsed, is_made=is_made))
    return ServerDatabase(parsed, is_server=is_served, data=data)
