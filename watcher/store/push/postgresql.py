"""
The push store's transactions on PostgreSQL: how one begins and ends, and whom it excludes meanwhile.

Everything stands in the schema `push`, so that the database may have other things. How connections are bounded says
`store/postgresql/connections.py`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, assert_never

import psycopg
from psycopg import errors
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from watcher.errors import StoreError
from watcher.store.postgresql.connections import LOCK_SECONDS, VERSION, changing, driver_of
from watcher.store.postgresql.errors import POOLER, may_be_repeated
from watcher.store.postgresql.urls import name_of
from watcher.store.push.dialect import LOCKS, WRITE_LOCK
from watcher.store.push.tables import metadata
from watcher.store.schemas import PUSH

ATTEMPTS: Final = 4
_OLDEST: Final = 13
"""The oldest version with `pg_current_snapshot`; those before get no corrections any more."""
_BEGIN_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_BEGIN_WRITE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
_IS_KNOWN: Final = "is_known"
_ABOUT: Final = f"SELECT {VERSION}, getdatabaseencoding(), current_setting('lock_timeout')"


class Share(enum.Enum):
    """What may be written by others at the same time."""

    NOTHING = enum.auto()
    SENDS = enum.auto()
    """Who writes is a send itself, and takes `dialect.keep_order` before it makes what is read by a cursor."""


# Naming PostgreSQL in `tables.py` would import its dialect: 0.1 s of each command.
for _table in metadata.tables.values():
    for _index in _table.indexes:
        _index.dialect_options["postgresql"]["where"] = _index.dialect_options["sqlite"]["where"]


class UncertainError(Exception):
    """Nobody knows whether a transaction was saved."""


def prepare(url: URL, *, is_made: bool = True) -> None:
    """
    Look whether the push store can work there. Raises StoreError.

    Args:
        is_made: the schema, where it is missing. Else nothing is changed.
    """
    with changing(url, schema=PUSH) as connection:
        _require_fitting(connection, url)
        if is_made and not connection.dialect.has_schema(connection, PUSH):
            connection.exec_driver_sql(_lock(Share.NOTHING))
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {PUSH}")


def _require_fitting(connection: Connection, url: URL) -> None:
    version, encoding, timeout = connection.exec_driver_sql(_ABOUT).one()
    if version < _OLDEST:
        raise StoreError(f"{name_of(url)} is PostgreSQL {version}; {_OLDEST} is the oldest that works")
    if encoding != "UTF8":
        raise StoreError(f"{name_of(url)} is encoded as {encoding}: create one with ENCODING 'UTF8'")
    if timeout != f"{LOCK_SECONDS}s":
        raise StoreError(f"{name_of(url)} {POOLER}")


def begin_read(connection: Connection) -> None:
    """Begin a transaction that sees one snapshot."""
    connection.exec_driver_sql(_BEGIN_READ)


@contextmanager
def writing(
    connection: Connection, share: Share, *, on_new: Callable[[Connection], None] | None = None
) -> Iterator[None]:
    """
    Begin a transaction that excludes other writers, to be committed within; while another process writes, try again.

    A connection that was lost meanwhile is replaced. An error takes all of it back.

    Args:
        connection: one that is not begun: that is done on the way to the lock.
        on_new: is called before the first transaction of each connection to the server, those of replacements too.
    """
    _begin_write(connection, share, on_new)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise


def _begin_write(connection: Connection, share: Share, on_new: Callable[[Connection], None] | None) -> None:
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            if on_new is not None and not connection.info.get(_IS_KNOWN):
                on_new(connection)
                connection.info[_IS_KNOWN] = True
            connection.exec_driver_sql(f"{_BEGIN_WRITE}; {_lock(share)}")
        except DBAPIError as error:
            connection.rollback()
            is_passing = may_be_repeated(error) or isinstance(error.orig, errors.LockNotAvailable)
            if not (is_passing and attempts_left):
                raise
        else:
            return


def _lock(share: Share) -> str:
    match share:
        case Share.NOTHING:
            function = "pg_advisory_xact_lock"
        case Share.SENDS:
            function = "pg_advisory_xact_lock_shared"
        case _:
            assert_never(share)
    return f"SELECT {function}({LOCKS}, {WRITE_LOCK})"


def set_savepoint(connection: Connection) -> None:
    """Begin a part of the transaction that can be taken back without the rest; none within another."""
    connection.exec_driver_sql("SAVEPOINT part")


def end_savepoint(connection: Connection, *, is_kept: bool) -> None:
    """Keep that part, or take it back."""
    connection.exec_driver_sql("RELEASE part" if is_kept else "ROLLBACK TO part; RELEASE part")


def is_in_transaction(connection: Connection) -> bool:
    """Return whether the transaction still goes on: a connection that was lost has none."""
    if connection.invalidated:
        return False
    status = driver_of(connection).info.transaction_status
    return status in (psycopg.pq.TransactionStatus.INTRANS, psycopg.pq.TransactionStatus.INERROR)


def commit(connection: Connection) -> None:
    """Commit. Raises UncertainError: the answer was lost."""
    try:
        connection.commit()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise UncertainError from error
