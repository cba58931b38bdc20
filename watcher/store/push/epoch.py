"""
The epoch of a push database: a random number in it, and in a file of the data directory.

By `push.epoch`, a database file that is gone is not taken for one that never was; by `postgresql.epoch`, a database of
PostgreSQL that is another one than before is not taken for it. A file has the number in its header (`sqlite.epoch_of`),
PostgreSQL in a table.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection, select

from watcher.errors import DamagedError, StoreError
from watcher.store.archive import new_push_epoch
from watcher.store.commits import behind
from watcher.store.damage import (
    COMMITS,
    EPOCHS,
    POSTGRESQL_EPOCH,
    POSTGRESQL_POSITION,
    PUSH,
    PUSH_EPOCH,
    is_lost,
    missing_changes,
    remember_databases,
)
from watcher.store.files import write_durably
from watcher.store.push import sqlite
from watcher.store.push.database import Database
from watcher.store.push.dialect import POSTGRESQL
from watcher.store.push.tables import postgresql_epoch


def refuse_lost(path: Path) -> None:
    """Raise DamagedError when a push database is empty, gone or behind that was there before. Raises StoreError."""
    if path.name != PUSH:
        return
    data = path.parent
    if is_lost(data, PUSH):
        raise DamagedError(
            f"{path} is empty or gone, and was there before; "
            "`watcher run` or `watcher serve` puts the newest backup in its place, `watcher restore FILE` any other"
        )
    if not (data / EPOCHS[PUSH]).exists():  # a new epoch begins: who removes a database removes `push.epoch` too
        try:
            (data / COMMITS[PUSH]).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot write in {data}: {error.strerror}") from error
    elif missing := missing_changes(data, PUSH):
        raise DamagedError(
            f"{path} {behind(missing)}; `watcher run`, `watcher serve` and `watcher losses --accept` go on with what "
            "is left, `watcher restore FILE` with a backup"
        )


async def remember_epoch(database: Database, path: Path) -> None:
    """Begin an epoch, unless there is one, and note it beside the database, and the watches. Raises StoreError."""
    beside = path.with_name(PUSH_EPOCH)
    if not beside.exists():
        await _write(beside, await database.write(_begin_epoch))
    await asyncio.to_thread(remember_databases, path.parent)


async def recognise(database: Database, data: Path, name: str) -> bool:
    """
    Return whether a data directory was used with this database of PostgreSQL; False: with none yet.

    Raises StoreError: with another one. Nothing is changed.
    """
    known = await _noted(data)
    if known is not None and known != await database.read(_epoch_if_any):
        raise StoreError(
            f"{name} is another database than the one that {data} was used with, or was restored since: name that "
            f"one, or remove {data / POSTGRESQL_EPOCH} to go on with this one as it is"
        )
    return known is not None


async def remember_database(database: Database, data: Path) -> None:
    """Begin the epoch of a database of PostgreSQL, unless there is one, and note it. Raises StoreError."""
    if await _noted(data) is None:
        (data / POSTGRESQL_POSITION).unlink(missing_ok=True)  # of the database before
        await _write(data / POSTGRESQL_EPOCH, await database.write(_begin_epoch))


async def _noted(data: Path) -> int | None:
    beside = data / POSTGRESQL_EPOCH
    try:
        return await asyncio.to_thread(_read, beside)
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read {beside}: {error}") from error


def _epoch_if_any(connection: Connection) -> int:
    return epoch_of(connection) if connection.dialect.has_table(connection, postgresql_epoch.name) else 0


def _read(beside: Path) -> int | None:
    return int(beside.read_text(encoding="utf-8")) if beside.exists() else None


async def _write(beside: Path, epoch: int) -> None:
    try:
        await asyncio.to_thread(write_durably, beside, f"{epoch}\n")
    except OSError as error:
        raise StoreError(f"cannot write {beside}: {error.strerror}") from error


def _begin_epoch(connection: Connection) -> int:
    """Return the database's epoch, which it is given where it has none."""
    epoch = epoch_of(connection)
    if not epoch:
        epoch = new_push_epoch()
        set_epoch(connection, epoch)
    return epoch


def epoch_of(connection: Connection) -> int:
    """Return the epoch of the database; 0 where it has none."""
    if connection.dialect.name == POSTGRESQL:
        return connection.scalar(select(postgresql_epoch.c.number)) or 0
    return sqlite.epoch_of(connection)


def set_epoch(connection: Connection, epoch: int) -> None:
    """Give the database an epoch in the place of any that it has."""
    if connection.dialect.name == POSTGRESQL:
        connection.execute(postgresql_epoch.delete())
        connection.execute(postgresql_epoch.insert().values(single=1, number=epoch))
    else:
        sqlite.set_epoch(connection, epoch)
