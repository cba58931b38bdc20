"""
How a PostgreSQL is reached, for what its processes share.

Whoever holds a lock is bounded: what waits for one gives up after 5 s, what is idle in a transaction is thrown out
after 3 s. So a process that was frozen amid a transaction, or a machine that is gone, holds up the others no longer.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from watcher.errors import ConfigError, StoreError

_BOUNDS: Final = (
    "-c lock_timeout=5s -c idle_in_transaction_session_timeout=3s -c statement_timeout=10s -c search_path=watcher"
)
NETWORK: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A connection whose other end is gone is noticed within half a minute, or a minute where nothing is asked."""


def parse(url: str) -> URL:
    """Return a URL as SQLAlchemy wants it. Raises ConfigError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in ("postgresql", "postgres") or not parsed.database:
        raise ConfigError("a database is named like postgresql://user:password@host:5432/name")
    return parsed.set(drivername="postgresql+psycopg")


def open_engine(url: URL, *, connections: int) -> Engine:
    """Return an engine over so many connections."""
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        isolation_level="READ COMMITTED",  # who waited for a row sees it as it is now
        connect_args={"options": _BOUNDS, "application_name": "watcher", **NETWORK},
    )


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """Return the driver's own connection."""
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def to_store_error(url: URL, error: DBAPIError) -> StoreError:
    """Return what to raise for an error of this database: one line, without the password."""
    name = URL.create("postgresql", username=url.username, host=url.host, port=url.port, database=url.database)
    return StoreError(f"{name.render_as_string()}: {first_line(error.orig or error)}")


def first_line(error: BaseException) -> str:
    """Return the first line of what the driver, or the engine of jobs, says of an error."""
    lines = str(error.__cause__ or error).strip().splitlines()
    return lines[0] if lines else repr(error)
