"""
Making the schemas `watcher` and `procrastinate`, and bringing the tables of the job queue up to date.

Any number of processes come at once: what one of them makes, the others find, for all of it is done behind one lock
(`CREATE SCHEMA IF NOT EXISTS` by several at once fails).

The tables of the job queue come from Procrastinate, as text: `JobTables`. Which of its migrations they have stands in
`watcher.engine`; a start of a newer release applies those that follow, in the order of their names, a transaction each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from watcher.errors import StoreError
from watcher.store.cluster.tables import job_migration, metadata
from watcher.store.postgresql.connections import driver_of, long_statements, open_engine
from watcher.store.postgresql.errors import to_store_error
from watcher.store.postgresql.urls import parse

_PATIENCE: Final = "60s"
"""For a lock: others may be making it."""
_ANSWER_SECONDS: Final = 75.0
_LOCK: Final = text("SELECT pg_advisory_lock(:key)")  # of the connection: given back when it is closed
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
    opened = open_engine(parsed, connections=1, are_reading=False, answer_seconds=_ANSWER_SECONDS)
    try:
        with opened.connect() as connection:
            for limit in ("lock_timeout", "statement_timeout"):
                connection.execute(text(f"SET {limit} = '{_PATIENCE}'"))
            connection.execute(_LOCK, {"key": KEY})
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS watcher"))
            metadata.create_all(connection)
            connection.commit()
            _make_job_tables(connection, wanted)
    except DBAPIError as error:
        raise to_store_error(parsed, error) from error
    finally:
        opened.dispose()


def _make_job_tables(connection: Connection, wanted: JobTables) -> None:
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS procrastinate"))
    connection.execute(text("SET search_path = procrastinate"))
    for name, script in _missing(connection.scalar(select(job_migration.c.migration)), wanted):
        with long_statements(connection):
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
