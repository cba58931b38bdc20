"""When a database was saved last, and where to: a row in it, for all servers, and for the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import URL, Connection, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from watcher.store.cluster.schema import KEY
from watcher.store.cluster.tables import backup
from watcher.store.postgresql.connections import changing, open_engine
from watcher.store.postgresql.errors import failures
from watcher.store.push.dialect import BACKUP_LOCK, LOCKS
from watcher.store.schemas import CLUSTER

_TURN: Final = text(
    "SELECT pg_try_advisory_lock(CAST(:locks AS int), CAST(:backup AS int))"
)  # of the connection, as that of the tables
_END: Final = text("SELECT pg_advisory_unlock(CAST(:locks AS int), CAST(:backup AS int))")
_MAKING: Final = text("SELECT pg_advisory_xact_lock(:key)")


class SavedDatabase(Struct, frozen=True, kw_only=True):
    """
    The newest backup of a database.

    Attributes:
        place: the machine and the file.
    """

    made_at: datetime
    place: str


def note_backup(url: URL, made_at: datetime, place: str) -> None:
    """Note that a database was saved. Raises StoreError."""
    row = {"single": 1, "made_at": made_at, "place": place}
    with changing(url, schema=CLUSTER) as connection:
        if not connection.dialect.has_table(connection, backup.name, schema=CLUSTER):
            connection.execute(_MAKING, {"key": KEY})
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {CLUSTER}")
            backup.create(connection, checkfirst=True)
        connection.execute(insert(backup).values(row).on_conflict_do_update(index_elements=["single"], set_=row))


def newest_backup(connection: Connection) -> SavedDatabase | None:
    """Return the newest backup of a database; None where none was noted."""
    if not connection.dialect.has_table(connection, backup.name, schema=CLUSTER):
        return None
    row = connection.execute(select(backup.c.made_at, backup.c.place)).first()
    return None if row is None else SavedDatabase(made_at=row.made_at, place=row.place)


@contextmanager
def backup_turn(url: URL, *, now: datetime, every: timedelta) -> Iterator[bool]:
    """
    Give whether a backup of a database is due, and no other process makes one; none does while this lasts.

    One that seems to be of tomorrow was made before a clock was set back, and counts for nothing. Raises StoreError.
    """
    engine = open_engine(url, schema=CLUSTER, connections=1, are_reading=True).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    try:
        with failures(url), engine.connect() as connection, _turn_on(connection) as is_ours:
            newest = newest_backup(connection)
            yield is_ours and (newest is None or not timedelta(0) <= now - newest.made_at < every)
    finally:
        engine.dispose()


@contextmanager
def _turn_on(connection: Connection) -> Iterator[bool]:
    """Give whether no other process makes a backup; none does while this lasts."""
    locks = {"locks": LOCKS, "backup": BACKUP_LOCK}
    is_ours: bool = connection.execute(_TURN, locks).scalar_one()
    try:
        yield is_ours
    finally:
        # PostgreSQL notices some time after us that a connection has ended, and would give it back then.
        if is_ours:
            with suppress(SQLAlchemyError):
                connection.execute(_END, locks)
