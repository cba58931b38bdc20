"""
The epoch of a push database: a random number in its header (`sqlite.epoch_of`) and in
`push.epoch` beside it, so that a database that is gone is not taken for one that never was.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection

from watcher.errors import DamagedError, StoreError
from watcher.store.archive import new_push_epoch
from watcher.store.commits import behind
from watcher.store.damage import COMMITS, EPOCHS, PUSH, PUSH_EPOCH, is_lost, missing_changes
from watcher.store.files import write_durably
from watcher.store.push import sqlite
from watcher.store.push.database import Database


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
    if not (data / EPOCHS[PUSH]).exists():
        (data / COMMITS[PUSH]).unlink(
            missing_ok=True
        )  # a new epoch begins: who removes a database removes `push.epoch` too
    elif missing := missing_changes(data, PUSH):
        raise DamagedError(
            f"{path} {behind(missing)}; `watcher run`, `watcher serve` and `watcher losses --accept` go on with what "
            "is left, `watcher restore FILE` with a backup"
        )


async def remember_epoch(database: Database, path: Path) -> None:
    """Begin an epoch, unless there is one, and note it beside the database. Raises StoreError."""
    beside = path.with_name(PUSH_EPOCH)
    if beside.exists():
        return
    epoch = await database.write(_begin_epoch)
    try:
        await asyncio.to_thread(write_durably, beside, f"{epoch}\n")
    except OSError as error:
        raise StoreError(f"cannot write {beside}: {error.strerror}") from error


def _begin_epoch(connection: Connection) -> int:
    """Return the database's epoch, which it is given where it has none."""
    epoch = sqlite.epoch_of(connection)
    if not epoch:
        epoch = new_push_epoch()
        sqlite.set_epoch(connection, epoch)
    return epoch
