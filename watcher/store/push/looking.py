"""A look at the push service's database from outside: nothing is made, migrated or changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from watcher.core.databases import ANSWER_SECONDS, ClusterDatabase, DatabasePlace
from watcher.errors import StoreError
from watcher.store.damage import EPOCHS, PUSH
from watcher.store.old_place import moved_error
from watcher.store.postgresql.extra import needing_extra
from watcher.store.push import sqlite
from watcher.store.push.epoch import refuse_lost
from watcher.store.push.schema import HEAD, make, revision
from watcher.store.push.store import Transaction


@contextmanager
def looking(place: DatabasePlace, *, answer_seconds: float = ANSWER_SECONDS) -> Iterator[Transaction]:
    """
    Give a transaction that reads the database as it is, in this thread; where there is none yet, an empty one.

    `answer_seconds`: how long it waits for a PostgreSQL that stands still.

    Raises StoreError: it cannot be read, is lost, or is of another version of watcher.
    """
    with _at_file(place) if isinstance(place, Path) else _at_server(place, answer_seconds) as connection:
        yield Transaction(connection)


@contextmanager
def _at_file(path: Path) -> Iterator[Connection]:
    if (path.parent / EPOCHS[PUSH]).exists():
        refuse_lost(path)
    if not (path.exists() and path.stat().st_size > 0):
        with _at_nothing() as connection:
            yield connection
        return
    engine = sqlite.open_read_only(path)
    try:
        with sqlite.failures(path), engine.connect() as connection:
            _require_head(str(path), revision(connection))
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _at_server(place: ClusterDatabase, answer_seconds: float) -> Iterator[Connection]:
    with needing_extra():
        from watcher.store.push.server_side import ServerSide
    side = ServerSide(place.url)
    with side.looking(answer_seconds=answer_seconds) as connection:
        if (elsewhere := side.moved_to(connection)) is not None:
            raise moved_error(side.shown, elsewhere)
        if (found := revision(connection)) is not None:
            _require_head(side.shown, found)
            yield connection
            return
    with _at_nothing() as connection:
        yield connection


@contextmanager
def _at_nothing() -> Iterator[Connection]:
    engine = sqlite.open_empty()
    try:
        with engine.connect() as connection:
            make(connection)
            yield connection
    finally:
        engine.dispose()


def _require_head(name: str, found: str | None) -> None:
    if found != HEAD:
        raise StoreError(f"{name} is of another version of watcher; a start of this one brings it up to date")
