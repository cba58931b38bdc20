"""
A database of the push service that is copied, not made: making the tables takes four times as long as all the rest of
an opening, and more than a thousand tests open one that is new to them. A password takes as long as two openings.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from watcher.push.passwords import PasswordHasher
from watcher.store.damage import PUSH
from watcher.store.push.store import open_push_store

_SET_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_made: Final[dict[str | None, Path]] = {}
"""The directories where this process keeps the databases that are copied, by the operator's password."""


async def place_tables(database: Path, *, password: str | None = None) -> Path:
    """
    Put a database with all tables, and what stands beside it, where none was; return its place.

    Args:
        password: the operator's; else the database is empty.
    """
    assert not database.exists(), database
    if password not in _made:
        _made[password] = await _make(password)
    for file in _made[password].iterdir():
        shutil.copy(file, database if file.name == PUSH else database.with_name(file.name))
    return database


async def _make(password: str | None) -> Path:
    directory = Path(tempfile.mkdtemp(prefix="watcher-tables-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    store = await open_push_store(directory / PUSH)
    if password is not None:
        hasher = PasswordHasher()
        stored = await hasher.hash(password)
        hasher.close()
        await store.write(lambda tx: tx.operators.set_password(stored, at=_SET_AT))
    await store.close()
    return directory
