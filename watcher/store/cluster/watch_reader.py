"""
Reads what a cluster keeps of its watches, in any process. Each call blocks.

An answer is one statement, so it is of one moment; an iterator asks for a few rows, then for more at a time, each of a
moment of its own: between its steps it holds no connection, however long the caller takes. A record that cannot be read
hides no other: it is logged.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from msgspec.structs import replace
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from watcher.core.check import Change, CheckFailure, NotedEvent, OutboxEntry, WatchState
from watcher.core.event_kinds import EventKind
from watcher.store.cluster.cluster_row import refuse_moved_cluster
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.errors import failures, may_be_repeated
from watcher.store.postgresql.urls import parse
from watcher.store.records import read_change, read_entry, read_event, read_state
from watcher.store.schemas import CLUSTER

_CONNECTIONS: Final = 4
_FIRST_ROWS: Final = 50
"""As many as a page shows: what an iterator asks for first; then twice as many each time."""
_MOST_ROWS: Final = 800
_STATES: Final = (
    "SELECT watch, state.sequence, state.record, checked.record AS times "
    "FROM watcher.state LEFT JOIN watcher.checked USING (watch)"
)
_EACH_STATE: Final = f"{_STATES} WHERE state.watch > %(after)s ORDER BY state.watch LIMIT %(limit)s"
_ONE_STATE: Final = f"{_STATES} WHERE state.watch = %(watch)s"
_STATES_OF_SHARD: Final = (
    f"{_STATES} WHERE state.shard = %(shard)s AND state.watch > %(after)s ORDER BY state.watch LIMIT %(limit)s"
)
_CHANGES: Final = """
SELECT sequence, record FROM watcher.change WHERE watch = %(watch)s AND sequence > %(after)s
ORDER BY sequence LIMIT %(limit)s
"""
_NEWEST_CHANGES: Final = """
SELECT sequence, record FROM (
    SELECT sequence, record, sum(octet_length(record)) OVER (ORDER BY sequence DESC) - octet_length(record) AS before
    FROM (
        SELECT sequence, record FROM watcher.change
        WHERE watch = %(watch)s AND (%(before)s = 0 OR sequence < %(before)s) ORDER BY sequence DESC LIMIT %(limit)s
    ) AS newest
) AS counted WHERE before < %(bytes)s ORDER BY sequence DESC
"""
_CHANGES_OF: Final = """
SELECT watch, sequence, record FROM watcher.change
JOIN unnest(%(watches)s::text[], %(sequences)s::bigint[]) AS wanted (watch, sequence) USING (watch, sequence)
"""
_EVENTS: Final = """
SELECT number, record FROM watcher.event WHERE number > %(after)s ORDER BY number LIMIT %(limit)s
"""
_NEWEST_EVENTS: Final = """
SELECT number, record FROM watcher.event WHERE watch = %(watch)s ORDER BY number DESC LIMIT %(limit)s
"""
_FIRST_EVENT: Final = "SELECT coalesce(min(number), 0) FROM watcher.event"
_LAST_EVENT: Final = "SELECT coalesce(max(number), 0) FROM watcher.event"
_OUTBOX: Final = "SELECT place, record FROM watcher.outbox ORDER BY place"
_EPOCH: Final = "SELECT epoch FROM watcher.cluster"
_DAMAGED: Final = CheckFailure(kind="damaged", text="what the database has of its state is damaged; it begins anew")
_WITH_CHANGE: Final = (EventKind.CHANGED, EventKind.BASELINE)
_log = logging.getLogger(__name__)
T = TypeVar("T")


class ClusterWatchReader:
    """
    A `WatchReader` of a cluster's database. Used from any thread; its connections go with it, or by `close`.

    What was moved elsewhere by `watcher database copy` is not read: that raises ConfigError.
    """

    def __init__(self, url: str) -> None:
        """Raises ConfigError: the URL names no database."""
        self._url = parse(url)
        engine = open_engine(self._url, schema=CLUSTER, connections=_CONNECTIONS, are_reading=True)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._is_known_here = False
        self.close = weakref.finalize(self, engine.dispose)

    def epoch(self) -> str:
        """Return the epoch of the states; nothing where there is none. Raises StoreError."""
        return next((row.epoch for row in self._ask(_EPOCH)), "")

    def each_state(self, *, after: str = "") -> Iterator[tuple[str, WatchState]]:
        """Yield every watch that follows `after` with its state, by id. Raises StoreError, at any of them."""
        for row in self._each(_EACH_STATE, after, lambda row: row.watch):
            yield row.watch, _state(row)

    def states_of(self, shard: int) -> Iterator[tuple[str, WatchState]]:
        """Yield every watch of a shard with its state, by id. Raises StoreError, at any of them."""
        for row in self._each(_STATES_OF_SHARD, "", lambda row: row.watch, shard=shard):
            yield row.watch, _state(row)

    def state(self, watch: str) -> WatchState | None:
        """Return one watch's state; None where it has none. Raises StoreError."""
        return next((_state(row) for row in self._ask(_ONE_STATE, watch=watch)), None)

    def changes(self, watch: str, *, after: int = 0) -> Iterator[Change]:
        """Yield a watch's changes with a sequence above `after`, oldest first. Raises StoreError, at any of them."""
        for row in self._each(_CHANGES, after, lambda row: row.sequence, watch=watch):
            yield from _changes(watch, row)

    def newest_changes(
        self, watch: str, *, before: int = 0, limit: int, most_bytes: int = 2_000_000
    ) -> Sequence[Change]:
        """Return a watch's changes below `before`, newest first: so many, of so many bytes. Raises StoreError."""
        rows = self._ask(_NEWEST_CHANGES, watch=watch, before=before, limit=limit, bytes=most_bytes)
        return [change for row in rows for change in _changes(watch, row)]

    def newest_events(self, watch: str, *, limit: int) -> Sequence[NotedEvent]:
        """Return a watch's events, newest first, without what a change brought. Raises StoreError."""
        return [event for row in self._ask(_NEWEST_EVENTS, watch=watch, limit=limit) for event in _events(row)]

    def first_event(self) -> int:
        """Return the number of the oldest event that is kept; 0 when there is none. Raises StoreError."""
        return self._number(_FIRST_EVENT)

    def last_event(self) -> int:
        """Return the number of the last event; 0 when there was none. Raises StoreError."""
        return self._number(_LAST_EVENT)

    def each_event(self, *, after: int = 0) -> Generator[NotedEvent]:
        """Yield events above `after`, oldest first, without what a change brought. Raises StoreError, at any."""
        for row in self._each(_EVENTS, after, lambda row: row.number):
            yield from _events(row)

    def events(self, *, after: int = 0, limit: int = 1_000) -> Sequence[NotedEvent]:
        """Return events above `after`, oldest first, and with a change what it brought. Raises StoreError."""
        rows = self._ask(_EVENTS, after=after, limit=limit)
        return self._with_changes([event for row in rows for event in _events(row)])

    def with_change(self, noted: NotedEvent) -> NotedEvent:
        """Return the event with what it says to have changed, while the history has it. Raises StoreError."""
        return self._with_changes([noted])[0]

    def outbox(self) -> Sequence[OutboxEntry]:
        """Return the messages that are not delivered, those that were given up included. Raises StoreError."""
        return [entry for row in self._ask(_OUTBOX) for entry in entries_in(row)]

    def _with_changes(self, events: Sequence[NotedEvent]) -> list[NotedEvent]:
        changed = [each.event for each in events if each.event.kind in _WITH_CHANGE]
        if not changed:
            return list(events)
        wanted = {"watches": [each.watch for each in changed], "sequences": [each.sequence for each in changed]}
        rows = self._ask(_CHANGES_OF, **wanted)
        found = {(row.watch, row.sequence): change for row in rows for change in _changes(row.watch, row)}
        return [_with_change(each, found) for each in events]

    def _number(self, statement: str) -> int:
        ((number,),) = self._ask(statement)
        return int(number)

    def _each(
        self, statement: str, after: str | int, key: Callable[[Row[Any]], str | int], **of: object
    ) -> Iterator[Row[Any]]:
        """Yield the rows that follow `after`, a page at a time."""
        limit = _FIRST_ROWS
        while rows := self._ask(statement, after=after, limit=limit, **of):
            yield from rows
            if len(rows) < limit:
                return
            after, limit = key(rows[-1]), min(2 * limit, _MOST_ROWS)

    def _ask(self, statement: str, **of: object) -> Sequence[Row[Any]]:
        """Return the rows; ask once more where the connection was lost. Raises StoreError."""
        with failures(self._url):
            try:
                return self._ask_once(statement, of)
            except DBAPIError as error:
                if not may_be_repeated(error):
                    raise
            return self._ask_once(statement, of)

    def _ask_once(self, statement: str, of: Mapping[str, object]) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            if not self._is_known_here:
                refuse_moved_cluster(connection)
                self._is_known_here = True
            return connection.exec_driver_sql(statement, dict(of)).all()


def _state(row: Row[Any]) -> WatchState:
    """Return the state in a row; one that is damaged begins anew, under the next sequence."""
    return next(
        _read(row.watch, lambda: read_state(row.record, row.times)),
        WatchState(sequence=row.sequence, failures=1, failure=_DAMAGED),
    )


def entries_in(row: Row[Any]) -> Iterator[OutboxEntry]:
    """Yield the entry in a row, unless it is damaged."""
    return _read(f"message {row.place}", lambda: read_entry(row.record, order=row.place))


def _changes(watch: str, row: Row[Any]) -> Iterator[Change]:
    return _read(f"change {watch}/{row.sequence}", lambda: read_change(watch, row.record))


def _events(row: Row[Any]) -> Iterator[NotedEvent]:
    return _read(f"event {row.number}", lambda: NotedEvent(number=row.number, event=read_event(row.record)))


def _with_change(noted: NotedEvent, found: Mapping[tuple[str, int], Change]) -> NotedEvent:
    if noted.event.kind not in _WITH_CHANGE:
        return noted
    return replace(noted, change=found.get((noted.event.watch, noted.event.sequence)))


def _read(name: str, read: Callable[[], T]) -> Iterator[T]:
    """Yield what a record says; nothing where it is damaged."""
    try:
        yield read()
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        _log.warning("the record of %s in the database is damaged: %r", name, error)
