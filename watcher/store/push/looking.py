"""A look at the push database from outside: nothing is made, migrated or changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from watcher.errors import StoreError
from watcher.store.damage import EPOCHS, PUSH
from watcher.store.push import sqlite
from watcher.store.push.epoch import refuse_lost
from watcher.store.push.schema import HEAD, make, revision
from watcher.store.push.store import Transaction


@contextmanager
def looking(path: Path) -> Iterator[Transaction]:
    """
    Give a transaction that reads the database as it is, in this thread; where there is none yet, an empty one.

    Raises StoreError: it cannot be read, is lost, or is of another version of watcher.
    """
    if (path.parent / EPOCHS[PUSH]).exists():
        refuse_lost(path)
    is_there = path.exists() and path.stat().st_size > 0
    engine = sqlite.open_read_only(path) if is_there else sqlite.open_empty()
    try:
        with engine.connect() as connection:
            if not is_there:
                make(connection)
            elif revision(connection) != HEAD:
                raise StoreError(f"{path} is of another version of watcher; a start of this one brings it up to date")
            yield Transaction(connection)
    except DBAPIError as error:
        raise sqlite.to_store_error(path, error) from error
    finally:
        engine.dispose()
