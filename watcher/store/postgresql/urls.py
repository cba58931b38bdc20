"""URLs of databases of PostgreSQL."""

from __future__ import annotations

from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from watcher.errors import ConfigError

_ESCAPES: Final = "in a password write `@` as `%40`, `:` as `%3A`, `/` as `%2F`, `%` as `%25`"


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


def name_of(url: URL) -> str:
    """Return how a database is called in messages: without its password."""
    return URL.create(
        "postgresql", username=url.username, host=url.host, port=url.port, database=url.database
    ).render_as_string()
