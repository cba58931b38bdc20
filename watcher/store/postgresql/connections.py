"""
Connections to a PostgreSQL, each wait on which has a limit.

What waits for a lock gives up after 5 s, what is idle in a writing transaction is thrown out after 3 s: so a process
that was stopped, or a machine that is gone, holds up the others no longer than that. Those limits are PostgreSQL's own:
one that stands still itself, amid a disk that hangs, is given up after 45 s by the connection here.

Imported where a database there is named, and nowhere else: it brings psycopg, which is an extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
import sqlalchemy
from psycopg.conninfo import make_conninfo
from psycopg.types.array import ListBinaryDumper
from psycopg.types.string import StrBinaryDumper, StrDumper
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from watcher.core.databases import ANSWER_SECONDS
from watcher.errors import ConfigError
from watcher.store.postgresql.errors import SilentError, failures, said
from watcher.store.postgresql.urls import name_of

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn

T = TypeVar("T")
LOCK_SECONDS: Final = 5
"""How long one attempt to begin a write waits for those of others."""
_IDLE_SECONDS: Final = 3
_STATEMENT_SECONDS: Final = 30
_LONG_SECONDS: Final = 3_600.0
"""Of a migration: it may rewrite a large table."""
SPARE_SECONDS: Final = 15.0
"""PostgreSQL says by itself that a statement took too long."""
NETWORK: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Of each connection: one whose other end is gone is noticed within half a minute, or a minute where it rests."""
_LOOK_SECONDS: Final = 0.1
VERSION: Final = "current_setting('server_version_num')::int / 10000"
"""Of PostgreSQL, in a statement."""


def conninfo_of(url: URL) -> str:
    """Return what `parse` read for the driver, which reads URLs in another way. Raises ConfigError."""
    arguments, named = url.get_dialect()().create_connect_args(url)
    try:
        return make_conninfo(*arguments, **named)
    except psycopg.ProgrammingError as error:
        raise ConfigError(f"{name_of(url)}: {said(error)}") from error


class Connection(psycopg.Connection[Any]):
    """
    A connection that is given up where PostgreSQL stands still.

    Attributes:
        answer_seconds: how long it waits for an answer.
    """

    answer_seconds: float = ANSWER_SECONDS

    def wait(self, gen: PQGen[T], interval: float = _LOOK_SECONDS, timeout: float | None = None) -> T:
        limit = self.answer_seconds if timeout is None else timeout
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError as error:
            if (silence := _given_up(self.pgconn, limit)) is None:
                raise
            raise silence from error


class AsyncConnection(psycopg.AsyncConnection[Any]):
    """The same, for an event loop."""

    answer_seconds: float = ANSWER_SECONDS

    async def wait(
        self,
        gen: PQGen[T],
        interval: float = _LOOK_SECONDS,
        timeout: float | None = None,  # noqa: ASYNC109 - theirs
    ) -> T:
        limit = self.answer_seconds if timeout is None else timeout
        try:
            return await super().wait(gen, interval, limit)
        except psycopg.OperationalError as error:
            if (silence := _given_up(self.pgconn, limit)) is None:
                raise
            raise silence from error


def _given_up(connection: PGconn, seconds: float) -> SilentError | None:
    """Give a connection up that still waits for an answer; None: it does not, and has failed in another way."""
    if connection.transaction_status != psycopg.pq.TransactionStatus.ACTIVE:
        return None
    connection.finish()  # for whatever comes now answers another question
    return SilentError(f"PostgreSQL did not answer within {seconds:g} s")


def open_engine(
    url: URL,
    *,
    schema: str,
    connections: int,
    are_reading: bool,
    is_begun: bool = True,
    answer_seconds: float = ANSWER_SECONDS,
) -> Engine:
    """
    Return an engine over so many connections. Those that read see one snapshot in each transaction.

    Args:
        schema: where what is named without one is looked for.
        is_begun: each transaction, by the driver. Else each statement is one, until somebody says BEGIN.
        answer_seconds: how long it waits for a PostgreSQL that stands still; to connect takes half of that at most.
    """
    settings = _session_settings(schema, are_reading=are_reading)
    isolation = "REPEATABLE READ" if are_reading else "READ COMMITTED"
    engine = create_engine(
        url,
        # Statements carry hashes of tokens and bodies of messages, and error texts end in logs.
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        isolation_level=isolation if is_begun else "AUTOCOMMIT",
        connect_args=_connect_arguments(url, settings, answer_seconds),
        use_native_hstore=False,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_: Dialect, __: ConnectionPoolEntry, arguments: Any, named: Any) -> Connection:
        made = Connection.connect(*arguments, **named)
        made.answer_seconds = answer_seconds
        return made

    event.listen(engine, "connect", _register_dumpers)
    return engine


@contextmanager
def looking(url: URL, *, schema: str, answer_seconds: float = ANSWER_SECONDS) -> Iterator[sqlalchemy.Connection]:
    """Give a connection that writes nothing, and waits so long for an answer. Raises StoreError."""
    engine = open_engine(url, schema=schema, connections=1, are_reading=True, answer_seconds=answer_seconds)
    try:
        with failures(url), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def changing(url: URL, *, schema: str) -> Iterator[sqlalchemy.Connection]:
    """Give a connection whose transaction is committed at the end. Raises StoreError."""
    engine = open_engine(url, schema=schema, connections=1, are_reading=False)
    try:
        with failures(url), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _session_settings(schema: str, *, are_reading: bool) -> Mapping[str, str]:
    """Return what PostgreSQL is told of each connection, above all its limits."""
    idle_seconds = _STATEMENT_SECONDS if are_reading else _IDLE_SECONDS
    return {
        "search_path": schema,
        "statement_timeout": f"{_STATEMENT_SECONDS}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{idle_seconds}s",
        "default_transaction_read_only": "on" if are_reading else "off",
    }


def _connect_arguments(url: URL, settings: Mapping[str, str], answer_seconds: float) -> dict[str, object]:
    theirs = url.query.get("options", "")
    ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "options": f"{theirs if isinstance(theirs, str) else ' '.join(theirs)} {ours}".strip(),
        "application_name": "watcher",
        **NETWORK,
        "connect_timeout": _connect_seconds(answer_seconds),
    }


def _connect_seconds(answer_seconds: float) -> int:
    """Return how long to wait for each address of a host; the driver takes 2 s or more."""
    return max(2, min(NETWORK["connect_timeout"], int(answer_seconds / 2)))


def _register_dumpers(connection: psycopg.Connection[Any], _: ConnectionPoolEntry) -> None:
    connection.adapters.register_dumper(str, _ItemText)
    connection.adapters.register_dumper(str, _Text)
    # By its own choice each array is a text in which whatever JSON is full of is escaped: 0.06 ms for 4 KB of it.
    connection.adapters.register_dumper(list, ListBinaryDumper)


class _Text(StrDumper):
    """A text. PostgreSQL has no place for U+0000, so that is replaced, as HTML does it."""

    def dump(self, obj: str) -> Any:
        return super().dump(_storable(obj))


class _ItemText(StrBinaryDumper):
    """The same in an array."""

    def dump(self, obj: str) -> Any:
        return super().dump(_storable(obj))


def _storable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def driver_of(connection: sqlalchemy.Connection) -> Connection:
    """Return the driver's own connection."""
    driver: Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


@contextmanager
def long_statements(connection: sqlalchemy.Connection) -> Iterator[None]:
    """Let each statement of a transaction take an hour."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_LONG_SECONDS:.0f}s'")
    driver = driver_of(connection)
    before, driver.answer_seconds = driver.answer_seconds, _LONG_SECONDS + SPARE_SECONDS
    try:
        yield
    finally:
        driver.answer_seconds = before
