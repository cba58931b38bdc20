"""
The watches of a cluster as a side of a copy (`store/watch_copying.py`), in the transaction of the push service's half.

A watch's shard is that of its declaration. One that is not declared yet is in none, where no worker looks: to declare
it moves it to its shard, as a host that changes does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, assert_never

import msgspec
from sqlalchemy import Connection, text

from watcher.core.kept_page import KeptPage
from watcher.core.shards import shard_of
from watcher.errors import LockedError, StoreError
from watcher.store.cluster.cluster_row import read_cluster
from watcher.store.cluster.schema import make_watch_tables
from watcher.store.cluster.tables import lease
from watcher.store.cluster.watch_schema import HEAD, revision
from watcher.store.cluster.watch_tables import watch_metadata
from watcher.store.postgresql.connections import driver_of, long_statements, looking
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.push.server_side import moved_to
from watcher.store.records import read_entry, read_event, write_entry, write_event
from watcher.store.schemas import CLUSTER
from watcher.store.watch_copying import SLICE_ROWS, Kind, Row

_NOWHERE: Final = -1
"""The shard of a watch that is not declared."""
_ALIVE: Final = "renewed > clock_timestamp() - interval '30 seconds'"
_WORKS: Final = f"""
SELECT EXISTS (SELECT 1 FROM watcher.worker WHERE {_ALIVE}) OR EXISTS (
    SELECT 1 FROM watcher.lease WHERE owner IS NOT NULL AND {_ALIVE} AND (name LIKE 'hosts:%%' OR name LIKE 'topics:%%')
)
"""  # noqa: S608 - ours
_KNOWS_WORKERS: Final = "SELECT to_regclass('watcher.worker') IS NOT NULL AND to_regclass('watcher.lease') IS NOT NULL"
_ROWS: Final = {
    Kind.STATE: "SELECT watch, sequence, record FROM watcher.state",
    Kind.CHECKED: "SELECT watch, sequence, record FROM watcher.checked",
    Kind.CHANGE: "SELECT watch, sequence, record FROM watcher.change",
    Kind.OUTBOX: "SELECT place, record FROM watcher.outbox",
    Kind.EVENT: "SELECT number, watch, record FROM watcher.event",
    Kind.PAGE: "SELECT watch, record FROM watcher.page",
}
_COPIES: Final = {
    Kind.STATE: "COPY watcher.state (watch, sequence, record, shard) FROM STDIN",
    Kind.CHECKED: "COPY watcher.checked (watch, sequence, record, shard) FROM STDIN",
    Kind.CHANGE: "COPY watcher.change (watch, sequence, record) FROM STDIN",
    Kind.OUTBOX: "COPY watcher.outbox (place, message, topic_shard, is_dead, created_at, record) FROM STDIN",
    Kind.EVENT: "COPY watcher.event (number, watch, record) FROM STDIN",
    Kind.PAGE: "COPY watcher.page (watch, record) FROM STDIN",
}
_REMEMBERED: Final = ", ".join(f"watcher.{name}" for name in (*[kind.value for kind in Kind], "host", "request"))
"""What a copy begins anew."""
_NUMBER_ON: Final = """
SELECT setval(pg_get_serial_sequence('watcher.outbox', 'place'),
    greatest((SELECT max(place) FROM watcher.outbox), (SELECT last_value FROM watcher.outbox_place_seq)))
"""
_SHARD: Final = """
UPDATE watcher.{table} AS kept SET shard = declaration.shard FROM watcher.declaration
WHERE declaration.watch = kept.watch AND declaration.shard <> kept.shard
"""
_REFUSE: Final = """
CREATE FUNCTION watcher.refuse_moved() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the watches were moved to %%', (SELECT place FROM push.moved); END $$
"""
_ADMIT: Final = "DROP FUNCTION IF EXISTS watcher.refuse_moved() CASCADE"


class ClusterWatches:
    """The watches of a cluster."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError: it names no database."""
        self._url = parse(url)
        self.shown = name_of(self._url)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Look that no worker uses it; one that begins meanwhile waits for `hold`. Raises LockedError, StoreError."""
        with looking(self._url, schema=CLUSTER) as connection:
            knows = connection.exec_driver_sql(_KNOWS_WORKERS).scalar_one()
            if knows and connection.exec_driver_sql(_WORKS).scalar_one():
                raise LockedError(
                    f"{self.shown}: a worker uses it now; stop all of them first, and wait 30 s after one was killed"
                )
        yield

    def hold(self, connection: Connection | None) -> None:
        """Let nobody write there, nor begin to work, until the transaction ends."""
        connection = _given(connection)
        if revision(connection) is not None:
            for table in _tables():
                connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")

    def moved_to(self, connection: Connection | None) -> str | None:
        """Return where its watches went, with all else; None: they are here."""
        return None if connection is None else moved_to(connection)

    def is_there(self, connection: Connection | None) -> bool:
        """Return whether anything is remembered of watches here. Raises StoreError: it cannot be copied as it is."""
        if connection is None or (found := revision(connection)) is None:
            return False
        if found != HEAD:
            raise StoreError(
                f"the tables of watches of {self.shown} are of another version: run `watcher database upgrade` first"
            )
        return any(connection.exec_driver_sql(f"SELECT EXISTS ({rows})").scalar_one() for rows in _ROWS.values())

    def epoch(self, connection: Connection | None) -> str:
        """Return the epoch of the states; nothing where there is none."""
        if connection is None or revision(connection) is None:
            return ""
        return read_cluster(connection).epoch

    def count(self, connection: Connection | None, kind: Kind) -> int:
        """Return how many rows there are."""
        if connection is None or revision(connection) is None:
            return 0
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM ({_ROWS[kind]}) AS found").scalar_one())  # noqa: S608 - ours

    def rows(self, connection: Connection | None, kind: Kind) -> Iterator[Row]:
        """Yield the rows, in no order. Raises StoreError: one cannot be read."""
        if connection is None or revision(connection) is None:
            return
        found = connection.execute(text(_ROWS[kind]), execution_options={"yield_per": SLICE_ROWS})
        for row in found:
            try:
                yield _compared(kind, tuple(row))
            except (ValueError, LookupError, TypeError, msgspec.MsgspecError) as error:
                raise StoreError(f"{self.shown}: the row {row[0]} of watcher.{kind.value} cannot be read") from error

    def begin(self, connection: Connection | None, epoch: str) -> None:
        """Begin anew, with this epoch and no rows; what is declared stays."""
        connection = _given(connection)
        make_watch_tables(connection)
        connection.exec_driver_sql(_ADMIT)
        connection.exec_driver_sql(f"TRUNCATE {_REMEMBERED}")
        connection.exec_driver_sql("UPDATE watcher.cluster SET epoch = %(epoch)s", {"epoch": epoch})

    def put(self, connection: Connection | None, kind: Kind, rows: Sequence[Row]) -> None:
        """Store these too."""
        connection = _given(connection)
        topic_shards = read_cluster(connection).topic_shards if kind is Kind.OUTBOX else 0
        with driver_of(connection).cursor() as cursor, cursor.copy(_COPIES[kind]) as copy:
            for row in rows:
                copy.write_row(_stored(kind, row, topic_shards))

    def arrive(self, connection: Connection | None, source: str) -> None:  # noqa: ARG002 - the commit is all of it
        """Have each watch in its shard, and the tables known to the planner."""
        connection = _given(connection)
        with long_statements(connection):
            connection.exec_driver_sql(_ADMIT)
            connection.exec_driver_sql(_NUMBER_ON)
            for table in ("checked", "state"):
                connection.exec_driver_sql(_SHARD.format(table=table))
            connection.exec_driver_sql(f"ANALYZE {_REMEMBERED}")

    def settle(self) -> None:
        """The commit was all of it."""

    def leave(self, connection: Connection | None, to: str) -> None:  # noqa: ARG002 - `push.moved` says it
        """Have the tables refuse whoever writes, workers that would begin among them, once the transaction ends."""
        connection = _given(connection)
        if revision(connection) is None:
            return
        connection.exec_driver_sql(_ADMIT)
        connection.exec_driver_sql(_REFUSE)
        for table in _tables():
            connection.exec_driver_sql(
                f"CREATE TRIGGER moved BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION watcher.refuse_moved()"
            )


def _tables() -> Sequence[str]:
    return [*watch_metadata.tables, str(lease)]


def _given(connection: Connection | None) -> Connection:
    assert connection is not None  # noqa: S101 - a transaction of this database, whoever else needs none
    return connection


def _compared(kind: Kind, row: tuple[Any, ...]) -> Row:
    """Return a row as it is compared: as this version of watcher writes it."""
    match kind:
        case Kind.STATE | Kind.CHECKED | Kind.CHANGE:
            return row
        case Kind.OUTBOX:
            place, record = row
            return place, write_entry(read_entry(record, order=place))
        case Kind.EVENT:
            number, watch, record = row
            return number, watch, write_event(read_event(record))
        case Kind.PAGE:
            watch, record = row
            return watch, msgspec.json.encode(msgspec.json.decode(record, type=KeptPage))
        case _:
            assert_never(kind)


def _stored(kind: Kind, row: Row, topic_shards: int) -> Row | tuple[object, ...]:
    """Return the columns of a row, as `_COPIES` names them."""
    match kind:
        case Kind.STATE | Kind.CHECKED:
            return (*row, _NOWHERE)
        case Kind.OUTBOX:
            entry = read_entry(str(row[1]))
            message, is_dead = entry.message, entry.dead is not None
            shard = shard_of(message.topic, topic_shards)
            return entry.order, message.id, shard, is_dead, message.created_at, row[1]
        case Kind.CHANGE | Kind.EVENT | Kind.PAGE:
            return row
        case _:
            assert_never(kind)
