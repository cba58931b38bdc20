"""
Making the schemas `watcher` and `procrastinate`, and bringing the tables of the job queue up to date.

Any number of processes come at once: what one of them makes, the others find, for all of it is done behind one lock
(`CREATE SCHEMA IF NOT EXISTS` by several at once fails). It is not even said where the schema is there: PostgreSQL
looks at the right to make one first, which the role of a server may lack.

The tables of watches have migrations of their own (`watch_schema.py`).
The tables of the job queue come from Procrastinate, as text: `JobTables`. Which of its migrations they have stands in
`watcher.engine`; a start of a newer release applies those that follow, in the order of their names, a transaction each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from msgspec import Struct
from psycopg import Error, errors
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from watcher.errors import StoreError
from watcher.store.cluster.tables import job_migration, metadata
from watcher.store.cluster.watch_schema import bring_up_to_date
from watcher.store.postgresql.connections import driver_of, long_statements, open_engine
from watcher.store.postgresql.errors import to_store_error
from watcher.store.postgresql.urls import parse
from watcher.store.schemas import CLUSTER, JOBS

_PATIENCE: Final = "60s"
"""For a lock: others may be making it."""
_ANSWER_SECONDS: Final = 75.0
_LOCK: Final = text("SELECT pg_advisory_lock(:key)")  # of the connection: given back when it is closed
_LOCK_TRANSACTION: Final = text("SELECT pg_advisory_xact_lock(:key)")
KEY: Final = 0x77617463_6C757374
"""Of nobody else in this database, whoever they are; spells "watclust"."""


class JobTables(Struct, frozen=True, kw_only=True):
    """
    The tables of a job queue.

    Attributes:
        schema: makes them all.
        migrations: what led there, step by step, by names that sort in their order.
    """

    schema: str
    migrations: Mapping[str, str]

    @property
    def newest(self) -> str:
        """The name of the last step."""
        return max(self.migrations)


def make_schemas(url: str, wanted: JobTables) -> None:
    """
    Make what is missing. It blocks, also while another process makes it.

    Raises:
        ConfigError: the URL names no database.
        StoreError: the database refused, or a newer release made it.
    """
    parsed = parse(url)
    opened = open_engine(parsed, schema=CLUSTER, connections=1, are_reading=False, answer_seconds=_ANSWER_SECONDS)
    try:
        with opened.connect() as connection:
            for limit in ("lock_timeout", "statement_timeout"):
                connection.execute(text(f"SET {limit} = '{_PATIENCE}'"))
            connection.execute(_LOCK, {"key": KEY})
            _make_tables(connection)
            connection.commit()
            _make_job_tables(connection, wanted)
    except (DBAPIError, Error) as error:
        raise to_store_error(parsed, error) from error
    finally:
        opened.dispose()


def make_watch_tables(connection: Connection) -> None:
    """Make those of leases and watches, or migrate them, within this connection's transaction. Raises StoreError."""
    connection.execute(_LOCK_TRANSACTION, {"key": KEY})
    _make_tables(connection)


def _make_tables(connection: Connection) -> None:
    with _owner_wanted():
        _make_schema(connection, CLUSTER)
        metadata.create_all(connection)
        bring_up_to_date(connection)


@contextmanager
def _owner_wanted() -> Iterator[None]:
    """Say who may make the tables, where our role may not. Raises StoreError."""
    try:
        yield
    except (DBAPIError, errors.InsufficientPrivilege) as error:
        if not isinstance(getattr(error, "orig", error), errors.InsufficientPrivilege):
            raise
        raise StoreError(
            "the tables of leases, watches and jobs are missing or older, and the role may not make them: run "
            "`watcher database upgrade` with the role that owns the database"
        ) from error


def _make_schema(connection: Connection, name: str) -> None:
    if not connection.dialect.has_schema(connection, name):
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")


def _make_job_tables(connection: Connection, wanted: JobTables) -> None:
    with _owner_wanted():
        _make_schema(connection, JOBS)
    connection.exec_driver_sql(f"SET search_path = {JOBS}")
    for name, script in _missing(connection.scalar(select(job_migration.c.migration)), wanted):
        with long_statements(connection), _owner_wanted():
            # The driver's own cursor: it takes many statements at once, and reads no `%` where there are no parameters.
            driver_of(connection).execute(script.encode())
        connection.execute(job_migration.delete())
        connection.execute(job_migration.insert().values(migration=name))
        # Each for itself: a value that one adds to an enum is not to be used before.
        connection.commit()


def _missing(found: str | None, wanted: JobTables) -> Sequence[tuple[str, str]]:
    """Return the scripts that lead from what was found to what is wanted. Raises StoreError."""
    if found is None:
        return [(wanted.newest, wanted.schema)]
    if found not in wanted.migrations:
        raise StoreError(
            f"the tables of jobs have the migration {found}, which this release does not know (it knows "
            f"{wanted.newest}): run the newer one that made them"
        )
    return [(name, script) for name, script in sorted(wanted.migrations.items()) if name > found]
