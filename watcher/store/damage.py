"""
Whether a database of a data directory is damaged or gone; every start asks, so this imports no more than that takes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from watcher.errors import DamagedError, StoreError
from watcher.store.commits import PUSH_COMMITS, WATCH_COMMITS, behind, missing_commits
from watcher.store.files import write_durably
from watcher.store.integrity import reading, require_pages, roll_back
from watcher.store.old_place import MOVED, WATCHES_MOVED

WATCHES: Final = "watches/cache.db"
PUSH: Final = "push.db"
WATCHES_EPOCH: Final = "watches/epoch"
PUSH_EPOCH: Final = "push.epoch"
WATCHES_FILE: Final = "watches_file"
"""Says where the main file of watches was, which is in no backup."""
POSTGRESQL_EPOCH: Final = "postgresql.epoch"
"""What remembers which database of PostgreSQL the data directory was used with."""
POSTGRESQL_POSITION: Final = "postgresql.position"
"""What remembers how far that had come."""
EPOCHS: Final = {WATCHES: WATCHES_EPOCH, PUSH: PUSH_EPOCH}
"""What remembers, beside a database, that there is one."""
MARKS: Final = {WATCHES: "watches.epoch", PUSH: "watches/push.epoch"}
"""The same beside the other database, for when one is gone with all that is beside it: its epoch when it was noted."""
_MOVED: Final = {WATCHES: WATCHES_MOVED, PUSH: MOVED}
COMMITS: Final = {WATCHES: "watches/commits", PUSH: "push.commits"}
"""What remembers, beside a database, how many commits it has had."""
COUNTS: Final = {WATCHES: WATCH_COMMITS, PUSH: PUSH_COMMITS}
"""What asks a database how many it has."""


def loss_of(data: Path, name: str, *, seconds: float) -> str | None:
    """
    Return what is wrong with a database of the data directory, in words; None when nothing is.

    Args:
        name: `WATCHES` or `PUSH`.
        seconds: how long the look at its pages may take.

    Raises:
        StoreError: it cannot be looked at.
    """
    database = data / name
    try:
        if is_lost(data, name):
            return f"{name} is {'empty' if database.exists() else 'gone'}"
        if database.exists() and database.stat().st_size:
            with reading(database):
                roll_back(database)
            require_pages(database, seconds=seconds)
        if missing := missing_changes(data, name):
            return f"{name} {behind(missing)}"
    except DamagedError as error:
        return str(error)
    except OSError as error:
        raise StoreError(f"cannot look at {database}: {error.strerror}") from error
    return None


def missing_changes(data: Path, name: str) -> int:
    """
    Return how many changes a database lacks that it has had: what follows them in its log cannot be read.

    Raises DamagedError, StoreError.
    """
    if not (data / EPOCHS[name]).exists():
        return 0
    with reading(data / name):
        return missing_commits(data / name, data / COMMITS[name], COUNTS[name])


def is_lost(data: Path, name: str) -> bool:
    """Return whether a database is empty or gone that was there, and was not moved elsewhere. Raises OSError."""
    database = data / name
    if (database.exists() and database.stat().st_size > 0) or (data / _MOVED[name]).exists():
        return False
    return any((data / file).exists() for file in (EPOCHS[name], MARKS[name]))


def remember_databases(data: Path) -> None:
    """Note each database that is here beside the other one, too, where that has a place. Raises StoreError."""
    try:
        for name, mark in MARKS.items():
            epoch = data / EPOCHS[name]
            if epoch.exists() and (data / mark).parent.is_dir() and not (data / mark).exists():
                write_durably(data / mark, epoch.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoreError(f"cannot write in {data}: {error.strerror}") from error
