"""
What PostgreSQL has of its own: how a server is reached and a transaction begun, its locks, its errors.

Imported where a database there is named, and nowhere else: it brings psycopg, which is an extra.

Everything stands in the schema `push`, so that the database may have other things. Whoever holds a lock is bounded:
what waits for one gives up after 5 s, what is idle in a writing transaction is thrown out after 3 s, so a process that
was stopped, or a machine that is gone, holds up the others no longer than that. Those limits are PostgreSQL's own: one
that stands still itself, amid a disk that hangs, is given up after 45 s by the connection here.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, assert_never

import psycopg
import sqlalchemy
from psycopg import errors
from psycopg.conninfo import make_conninfo
from psycopg.types.string import StrDumper
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from watcher.errors import ConfigError, DamagedError, LockedError, StoreError
from watcher.store.push.dialect import LOCKS, SERVER_LOCK, WRITE_LOCK
from watcher.store.push.tables import metadata

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from psycopg.pq.abc import PGconn

T = TypeVar("T")
SCHEMA: Final = "push"
ATTEMPTS: Final = 4
LOCK_SECONDS: Final = 5
"""How long one attempt to begin a write waits for those of others."""
_IDLE_SECONDS: Final = 3
_STATEMENT_SECONDS: Final = 30
ANSWER_SECONDS: Final = 45.0
"""So long a connection waits for an answer: longer than any statement may take."""
_LONG_SECONDS: Final = 3_600.0
"""Of a migration: it may rewrite a large table."""
_SPARE_SECONDS: Final = 15.0
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
_ESCAPES: Final = "in a password write `@` as `%40`, `:` as `%3A`, `/` as `%2F`, `%` as `%25`"
_OLDEST: Final = 13
"""The oldest version with `pg_current_snapshot`; those before get no corrections any more."""
_ABOUT: Final = """
SELECT current_setting('server_version_num')::int / 10000, getdatabaseencoding(), current_setting('lock_timeout')
"""
_BE_A_SERVER: Final = f"SELECT pg_try_advisory_lock_shared({LOCKS}, {SERVER_LOCK})"
_BE_ALONE: Final = f"SELECT pg_try_advisory_lock({LOCKS}, {SERVER_LOCK})"
_SNAPSHOT: Final = "SELECT pg_current_snapshot()"
"""Which transactions have ended: another one after each that has written."""


class Share(enum.Enum):
    """What may be written by others at the same time."""

    NOTHING = enum.auto()
    SENDS = enum.auto()
    """Who writes is a send itself, and takes `dialect.keep_order` before it makes what is read by a cursor."""


# Naming PostgreSQL in `tables.py` would import its dialect: 0.1 s of each command.
for _table in metadata.tables.values():
    for _index in _table.indexes:
        _index.dialect_options["postgresql"]["where"] = _index.dialect_options["sqlite"]["where"]


def parse(url: str) -> URL:
    """Return a URL as SQLAlchemy wants it. Raises ConfigError."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # whose words may have a part of the password
        parsed = None
    if parsed is None or parsed.drivername not in ("postgresql", "postgres") or not parsed.database:
        raise ConfigError(f"a database is named like postgresql://user:password@host:5432/name; {_ESCAPES}") from None
    if "@" in (parsed.host or ""):
        raise ConfigError(f"the password of the database's URL has a character of its own meaning there: {_ESCAPES}")
    return parsed.set(drivername="postgresql+psycopg")


def conninfo_of(url: URL) -> str:
    """Return what `parse` read for the driver, which reads URLs in another way. Raises ConfigError."""
    arguments, named = url.get_dialect()().create_connect_args(url)
    try:
        return make_conninfo(*arguments, **named)
    except psycopg.ProgrammingError as error:
        raise ConfigError(f"{name_of(url)}: {said(error)}") from error


def name_of(url: URL) -> str:
    """Return how a database is called in messages: without its password."""
    return URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database
    ).render_as_string()


class SilentError(psycopg.OperationalError):
    """PostgreSQL did not answer in time; the connection is given up."""


class UncertainError(Exception):
    """Nobody knows whether a transaction was saved."""


class Connection(psycopg.Connection[Any]):
    """
    A connection that is given up where PostgreSQL stands still.

    Attributes:
        answer_seconds: how long it waits for an answer; None: for ever.
    """

    answer_seconds: float | None = ANSWER_SECONDS

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

    answer_seconds: float | None = ANSWER_SECONDS

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


def _given_up(connection: PGconn, seconds: float | None) -> SilentError | None:
    """Give a connection up that still waits for an answer; None: it does not, and has failed in another way."""
    if connection.transaction_status != psycopg.pq.TransactionStatus.ACTIVE:
        return None
    connection.finish()  # for whatever comes now answers another question
    return SilentError(f"PostgreSQL did not answer within {seconds:g} s")


def open_engine(
    url: URL, *, connections: int, are_reading: bool, answer_seconds: float | None = ANSWER_SECONDS
) -> Engine:
    """Return an engine over so many connections. Those that read see one snapshot in each transaction."""
    idle_seconds = _STATEMENT_SECONDS if are_reading else _IDLE_SECONDS
    settings = {
        "search_path": SCHEMA,
        "statement_timeout": f"{_STATEMENT_SECONDS}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{idle_seconds}s",
        "default_transaction_read_only": "on" if are_reading else "off",
    }
    engine = create_engine(
        url,
        # Statements carry hashes of tokens and bodies of messages, and error texts end in logs.
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        isolation_level="REPEATABLE READ" if are_reading else "READ COMMITTED",
        connect_args=_connect_arguments(url, settings),
        use_native_hstore=False,
    )

    @event.listens_for(engine, "do_connect")
    def connect(_: Dialect, __: ConnectionPoolEntry, arguments: Any, named: Any) -> Connection:
        made = Connection.connect(*arguments, **named)
        made.answer_seconds = answer_seconds
        return made

    @event.listens_for(engine, "connect")
    def configure(connection: psycopg.Connection[Any], _: ConnectionPoolEntry) -> None:
        connection.adapters.register_dumper(str, _Text)

    return engine


def _connect_arguments(url: URL, settings: dict[str, str]) -> dict[str, object]:
    theirs = url.query.get("options", "")
    ours = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "options": f"{theirs if isinstance(theirs, str) else ' '.join(theirs)} {ours}".strip(),
        "application_name": "watcher",
        **NETWORK,
    }


class _Text(StrDumper):
    """A text. PostgreSQL has no place for U+0000, so that is replaced, as HTML does it."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def prepare(url: URL, *, is_made: bool = True) -> None:
    """
    Look whether the push store can work there. Raises StoreError.

    Args:
        is_made: the schema, where it is missing. Else nothing is changed.
    """
    engine = open_engine(url, connections=1, are_reading=False)
    try:
        with engine.begin() as connection:
            _require_fitting(connection, url)
            if is_made and not connection.dialect.has_schema(connection, SCHEMA):
                _lock(connection, Share.NOTHING)
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    except DBAPIError as error:
        raise to_store_error(url, error) from error
    finally:
        engine.dispose()


def _require_fitting(connection: sqlalchemy.Connection, url: URL) -> None:
    version, encoding, timeout = connection.exec_driver_sql(_ABOUT).one()
    if version < _OLDEST:
        raise StoreError(f"{name_of(url)} is PostgreSQL {version}; {_OLDEST} is the oldest that works")
    if encoding != "UTF8":
        raise StoreError(f"{name_of(url)} is encoded as {encoding}: create one with ENCODING 'UTF8'")
    if timeout != f"{LOCK_SECONDS}s":
        raise StoreError(f"{name_of(url)} {_POOLER}")


@contextmanager
def writing(connection: sqlalchemy.Connection, share: Share) -> Iterator[None]:
    """
    Begin a transaction that excludes other writers, to be committed within; while another process writes, try again.

    A connection that was lost meanwhile is replaced. An error takes all of it back.
    """
    _begin_write(connection, share)
    try:
        yield
    except BaseException:
        connection.rollback()
        raise


def _begin_write(connection: sqlalchemy.Connection, share: Share) -> None:
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            _lock(connection, share)
        except DBAPIError as error:
            connection.rollback()
            is_passing = may_be_repeated(error) or isinstance(error.orig, errors.LockNotAvailable)
            if not (is_passing and attempts_left):
                raise
        else:
            return


def _lock(connection: sqlalchemy.Connection, share: Share) -> None:
    match share:
        case Share.NOTHING:
            function = "pg_advisory_xact_lock"
        case Share.SENDS:
            function = "pg_advisory_xact_lock_shared"
        case _:
            assert_never(share)
    connection.exec_driver_sql(f"SELECT {function}({LOCKS}, {WRITE_LOCK})")


def set_savepoint(connection: sqlalchemy.Connection) -> None:
    """Begin a part of the transaction that can be taken back without the rest; none within another."""
    connection.exec_driver_sql("SAVEPOINT part")


def end_savepoint(connection: sqlalchemy.Connection, *, is_kept: bool) -> None:
    """Keep that part, or take it back."""
    connection.exec_driver_sql("RELEASE part" if is_kept else "ROLLBACK TO part; RELEASE part")


def is_within(connection: sqlalchemy.Connection) -> bool:
    """Return whether the transaction still goes on: a connection that was lost has none."""
    if connection.invalidated:
        return False
    status = driver_of(connection).info.transaction_status
    return status in (psycopg.pq.TransactionStatus.INTRANS, psycopg.pq.TransactionStatus.INERROR)


def commit(connection: sqlalchemy.Connection) -> None:
    """Commit. Raises UncertainError: the answer was lost."""
    try:
        connection.commit()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise UncertainError from error


@contextmanager
def long_statements(connection: sqlalchemy.Connection) -> Iterator[None]:
    """Let each statement of a transaction take an hour."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_LONG_SECONDS:.0f}s'")
    driver = driver_of(connection)
    before, driver.answer_seconds = driver.answer_seconds, _LONG_SECONDS + _SPARE_SECONDS
    try:
        yield
    finally:
        driver.answer_seconds = before


def driver_of(connection: sqlalchemy.Connection) -> Connection:
    """Return the driver's own connection."""
    driver: Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def process_of(connection: sqlalchemy.Connection) -> int:
    """Return the number of the server's process that answers this connection."""
    return driver_of(connection).info.backend_pid


@contextmanager
def without_servers(url: URL) -> Iterator[None]:
    """Let no server use a database meanwhile. Raises LockedError: one does now; StoreError."""
    engine = open_engine(url, connections=1, are_reading=True).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with failures(url), engine.connect() as connection:
            if not connection.exec_driver_sql(_BE_ALONE).scalar_one():
                raise LockedError(f"{name_of(url)}: a server uses it now; stop all of them first")
            yield
    finally:
        engine.dispose()


@contextmanager
def failures(url: URL) -> Iterator[None]:
    """Raise what the database refuses as StoreError."""
    try:
        yield
    except DBAPIError as error:
        raise to_store_error(url, error) from error


class Presence:
    """
    A server's presence in a database, over a connection of its own. Used in one thread at a time.

    As long as that lasts, nobody has the database alone; by the way it sees whether anybody has written.
    """

    def __init__(self, url: URL, *, is_server: bool, answer_seconds: float) -> None:
        """`is_server`: else it keeps nobody from having the database alone."""
        self._url = url
        self._is_server = is_server
        engine = open_engine(url, connections=1, are_reading=True, answer_seconds=answer_seconds)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: sqlalchemy.Connection | None = None
        self._seen: str | None = None

    def has_changed(self) -> bool:
        """
        Return whether anybody has written in this PostgreSQL since the last call, this process included.

        Raises:
            DBAPIError: it cannot be asked.
            StoreError: somebody has the database alone.
        """
        try:
            seen = self._look()
        except DBAPIError as error:
            if not may_be_repeated(error):
                raise
            seen = self._look()
        before, self._seen = self._seen, seen
        return seen != before

    def _look(self) -> str:
        """Return what tells one state of the database from another."""
        if self._connection is None:
            self._connection = self._connect()
        try:
            return str(self._connection.exec_driver_sql(_SNAPSHOT).scalar_one())
        except DBAPIError as error:
            if error.connection_invalidated:
                self._forget()
            raise

    def _connect(self) -> sqlalchemy.Connection:
        connection = self._engine.connect()
        try:
            self._enter(connection)
        except BaseException:
            connection.invalidate()  # it may have the lock
            connection.close()
            raise
        return connection

    def _enter(self, connection: sqlalchemy.Connection) -> None:
        if self._is_server and not connection.exec_driver_sql(_BE_A_SERVER).scalar_one():
            raise StoreError(f"{name_of(self._url)}: a command needs it without any server; start when it has ended")

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._forget()
        self._engine.dispose()


# Errors

_POOLER: Final = "is behind a pooler that hands out connections by transaction: give PostgreSQL's own address"
_ADVICE: Final[dict[type[psycopg.Error], str]] = {
    errors.InsufficientPrivilege: "let its owner say GRANT CREATE, CONNECT ON DATABASE … TO this role",
    errors.DiskFull: "PostgreSQL's disk is full: make room there",
    errors.TooManyConnections: "raise max_connections there, or run fewer servers",
    errors.LockNotAvailable: "another server has been writing all the time",
    errors.ReadOnlySqlTransaction: "it is a standby: give the address of the primary",
}
# A connection that was refused has no code, but the server's own words.
_REFUSALS: Final = {
    "password authentication failed": "correct the password in the URL",
    "no password supplied": "the URL lacks the password",
    "no pg_hba.conf entry": "let pg_hba.conf there admit this machine",
    "does not exist": "create it first, or correct the URL",
    "unsupported startup parameter": _POOLER,
    "permission denied for database": "let its owner say GRANT CONNECT ON DATABASE … TO this role",
    "too many": "raise max_connections there, or run fewer servers",
    "remaining connection slots": "raise max_connections there, or run fewer servers",
}


def may_be_repeated(error: DBAPIError) -> bool:
    """Return whether the connection was lost, and another one may be had: what is silent is not asked again."""
    return error.connection_invalidated and not isinstance(error.orig, SilentError)


def is_taken(error: DBAPIError) -> bool:
    """Return whether a row was refused because there is one like it."""
    return isinstance(error.orig, errors.UniqueViolation)


def to_store_error(url: URL, error: Exception) -> StoreError:
    """Return what to raise for an error of this database: in one line, with what to do where that is known."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    kind = DamagedError if isinstance(origin, (errors.DataCorrupted, errors.IndexCorrupted)) else StoreError
    words = said(origin)
    known = (advice for refusal, advice in _REFUSALS.items() if refusal in words)
    advice = next((text for code, text in _ADVICE.items() if isinstance(origin, code)), next(known, None))
    return kind(f"{name_of(url)}: {words}{f'; {advice}' if advice else ''}")


def said(error: BaseException | None) -> str:
    """Return in one line what the driver says of an error."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    words = primary or str(error).strip() or repr(error)
    # What refuses a connection is in the midst of what else the driver says.
    return words.rpartition("FATAL:  ")[2].splitlines()[0].removeprefix("connection failed: ")
