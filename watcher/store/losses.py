"""
Whether a database of a data directory is damaged or gone; every start asks, so this imports no more than that takes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from watcher.errors import DamagedError, StoreError
from watcher.store.soundness import require_pages

WATCHES: Final = "watches/cache.db"
PUSH: Final = "push.db"
WATCHES_EPOCH: Final = "watches/epoch"
PUSH_EPOCH: Final = "push.epoch"
EPOCHS: Final = {WATCHES: WATCHES_EPOCH, PUSH: PUSH_EPOCH}
"""What remembers, beside a database, that there is one."""


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
            require_pages(database, seconds=seconds)
    except DamagedError as error:
        return str(error)
    except OSError as error:
        raise StoreError(f"cannot look at {database}: {error.strerror}") from error
    return None


def is_lost(data: Path, name: str) -> bool:
    """Return whether a database is empty or gone, where its epoch says that there was one. Raises OSError."""
    database = data / name
    is_there = database.exists() and database.stat().st_size > 0
    return not is_there and (data / EPOCHS[name]).exists()
