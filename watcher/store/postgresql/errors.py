"""What a PostgreSQL says when it refuses or is silent, in one line, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import errors
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from watcher.errors import DamagedError, StoreError
from watcher.store.postgresql.urls import name_of
from watcher.store.schemas import GRANT_ADVICE

POOLER: Final = "is behind a pooler that hands out connections by transaction: give PostgreSQL's own address"
_MISSING_TABLES: Final = (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn)
_MAKE_TABLES: Final = (
    "tables are missing there, or are of an older release: `watcher database upgrade` makes them, "
    "and `watcher apply` does and declares your watches"
)
_ADVICE: Final[dict[type[psycopg.Error], str]] = {
    errors.InsufficientPrivilege: GRANT_ADVICE,
    errors.DiskFull: "PostgreSQL's disk is full: make room there",
    errors.TooManyConnections: "raise max_connections there, or run fewer servers",
    errors.LockNotAvailable: "another server has been writing all the time",
    errors.ReadOnlySqlTransaction: "it is a standby: give the address of the primary",
}
# The server's own words: a connection that was refused has no code, and a code of a right does not say of what.
_REFUSALS: Final = {
    "Connection refused": "start PostgreSQL there, or correct the host and port in the URL",
    "password authentication failed": "correct the password in the URL",
    "no password supplied": "the URL lacks the password",
    "no pg_hba.conf entry": "let pg_hba.conf there admit this machine",
    "does not exist": "create it first, or correct the URL",
    "unsupported startup parameter": POOLER,
    "permission denied for database": "let its owner say GRANT CREATE, CONNECT ON DATABASE … TO this role",
    "too many": "raise max_connections there, or run fewer servers",
    "remaining connection slots": "raise max_connections there, or run fewer servers",
}


class SilentError(psycopg.OperationalError):
    """PostgreSQL did not answer in time; the connection is given up."""


@contextmanager
def failures(url: URL) -> Iterator[None]:
    """Raise what the database refuses as StoreError."""
    try:
        yield
    except DBAPIError as error:
        raise to_store_error(url, error) from error


def may_be_repeated(error: DBAPIError) -> bool:
    """Return whether the connection was lost, and another one may be had: what is silent is not asked again."""
    return error.connection_invalidated and not isinstance(error.orig, SilentError)


def is_undone(error: DBAPIError) -> bool:
    """
    Return whether a transaction was undone for a reason that is over by now.

    Another server's was first with the same key, which is found this time; or each waited for the other; or this
    process stood still amid it, as a machine that is suspended does, and PostgreSQL let the others go on.
    """
    return isinstance(
        error.orig, (errors.UniqueViolation, errors.DeadlockDetected, errors.IdleInTransactionSessionTimeout)
    )


def to_store_error(url: URL, error: Exception) -> StoreError:
    """Return what to raise for an error of this database: in one line, with what to do where that is known."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    kind = DamagedError if isinstance(origin, (errors.DataCorrupted, errors.IndexCorrupted)) else StoreError
    words = said(origin)
    advice = _advice(origin, words)
    return kind(f"{name_of(url)}: {words}{f'; {advice}' if advice else ''}")


def _advice(error: BaseException | None, words: str) -> str | None:
    """Return what to do about an error that says this; None where that is not known."""
    if isinstance(error, _MISSING_TABLES):
        return _MAKE_TABLES
    known = (advice for refusal, advice in _REFUSALS.items() if refusal in words)
    return next(known, None) or next((text for code, text in _ADVICE.items() if isinstance(error, code)), None)


def said(error: BaseException | None) -> str:
    """Return in one line what the driver says of an error."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    words = primary or str(error).strip() or repr(error)
    # What refuses a connection is in the midst of what else the driver says.
    return words.rpartition("FATAL:  ")[2].splitlines()[0].removeprefix("connection failed: ")
