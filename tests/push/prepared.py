"""
A database of the push service that is copied, not made: making the tables takes four times as long as all the rest of
an opening, and more than a thousand tests open one that is new to them.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Final

from watcher.store.damage import PUSH
from watcher.store.push.store import open_push_store

_made: Final[list[Path]] = []
"""The directory where this process keeps the database that is copied, once there is one."""


async def place_tables(database: Path) -> Path:
    """Put an empty database with all tables, and what stands beside it, where none was; return its place."""
    assert not database.exists(), database
    if not _made:
        _made.append(await _make())
    for file in _made[0].iterdir():
        shutil.copy(file, database if file.name == PUSH else database.with_name(file.name))
    return database


async def _make() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="watcher-tables-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    await (await open_push_store(directory / PUSH)).close()
    return directory
