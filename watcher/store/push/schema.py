"""
Bringing the tables up to date.

Importing Alembic costs more than a whole check of a hundred watches, so it is imported only when there is
something to migrate; which revision is there is asked in plain SQL, and an empty database gets the tables of today at
once, as the migrations would make them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, text
from sqlalchemy.exc import DBAPIError

from watcher.errors import DamagedError, StoreError
from watcher.store.push.database import Database
from watcher.store.push.dialect import LOCKS, POSTGRESQL, SERVER_LOCK
from watcher.store.push.tables import metadata, postgresql_epoch

HEAD: Final = "0020"
"""The newest revision in `migrations/versions`; a test compares them."""

_KEEP_SERVERS_OUT: Final = f"SELECT pg_try_advisory_xact_lock({LOCKS}, {SERVER_LOCK})"
_INSUFFICIENT_PRIVILEGE: Final = "42501"
"""Of PostgreSQL (postgresql.org/docs/current/errcodes-appendix.html)."""
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table."""


async def bring_up_to_date(database: Database) -> None:
    """
    Make the tables of `HEAD`, or migrate them to it, in one transaction; do nothing when they are there.

    Processes that open a database at once take turns in the write lock, and the later ones find it done.

    Raises:
        StoreError: the database refused, a newer watcher made it, or servers of an older one run with it.
    """
    if await database.read(revision) != HEAD:
        await database.write(_make_or_upgrade)


def require_columns(connection: Connection) -> None:
    """Raise DamagedError where tables in a file, which are those of `HEAD`, lack a column."""
    columns = "SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c"
    there = set(connection.exec_driver_sql(columns).scalars())
    for table in metadata.sorted_tables:
        for column in table.columns:
            if str(column) not in there:
                raise DamagedError(f"the push service's database is damaged: it has no column {column}")


def revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None for an empty database."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _make_or_upgrade(connection: Connection) -> None:
    found = revision(connection)
    if found == HEAD:
        return
    if found is not None and found < HEAD:
        _refuse_amid_servers(connection, found)
    with _long_statements(connection):
        if inspect(connection).get_table_names():
            with _owner_wanted(found):
                upgrade(connection)
        else:
            make(connection)


def _refuse_amid_servers(connection: Connection, found: str) -> None:
    """Keep servers of an older version from starting meanwhile. Raises StoreError: one runs."""
    if connection.dialect.name == POSTGRESQL and not connection.exec_driver_sql(_KEEP_SERVERS_OUT).scalar_one():
        raise StoreError(
            f"servers of an older watcher run with this database, whose tables have revision {found}; this version "
            f"makes {HEAD}: end them all first"
        )


@contextmanager
def _owner_wanted(found: str | None) -> Iterator[None]:
    """Say who may migrate, where our role may not. Raises StoreError."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _INSUFFICIENT_PRIVILEGE:
            raise
        raise StoreError(
            f"the tables have revision {found}, this version makes {HEAD}, and the role may not change them: run "
            "`watcher database upgrade` with the role that owns them"
        ) from error


def _long_statements(connection: Connection) -> AbstractContextManager[None]:
    if connection.dialect.name != POSTGRESQL:
        return nullcontext()
    from watcher.store.postgresql.connections import long_statements  # it brings psycopg, an extra

    return long_statements(connection)


def make(connection: Connection) -> None:
    """Make the tables of `HEAD` in an empty database, within the transaction of this connection."""
    metadata.create_all(connection)
    if connection.dialect.name == POSTGRESQL:
        postgresql_epoch.create(connection)
    _version.create(connection)
    connection.execute(_version.insert().values(version_num=HEAD))


def upgrade(connection: Connection) -> None:
    """Migrate the tables to `HEAD` within the transaction of this connection. Raises StoreError."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "watcher.store.push:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            f"the push database has revision {revision(connection)}, which this version of watcher does not know "
            f"(it knows {HEAD}): run the newer version that made it"
        ) from error
