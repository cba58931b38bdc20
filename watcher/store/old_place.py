"""
The old place of subscribers and messages that `watcher database copy` took elsewhere.

In a data directory `push.moved` says where to, beside the database: it outlives a backup that is put in its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from watcher.errors import ConfigError, StoreError
from watcher.store.files import sync, write_durably

MOVED: Final = "push.moved"
_MOST_CHARACTERS: Final = 4_000


def moved_to(data: Path) -> str | None:
    """Return where subscribers and messages of a data directory went; None: nowhere. Raises StoreError."""
    try:
        with (data / MOVED).open(encoding="utf-8", errors="replace") as file:
            return file.readline(_MOST_CHARACTERS).strip() or "another place"
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {data / MOVED}: {error.strerror}") from error


def refuse_moved(data: Path) -> None:
    """Raise ConfigError, with where to look, when they went elsewhere. Raises StoreError."""
    if (place := moved_to(data)) is not None:
        raise moved_error(str(data), place)


def moved_error(old: str, new: str) -> ConfigError:
    """Return what to raise at the old place."""
    is_server = "://" in new
    how = "name it with --database or WATCHER_DATABASE" if is_server else "name it with --data, and no --database"
    return ConfigError(f"the subscribers and messages of {old} were moved to {new}: {how}")


def note_moved(data: Path, place: str) -> None:
    """Remember that they went there, on the disk when this returns. Raises StoreError."""
    try:
        write_durably(data / MOVED, f"{place}\n")
    except OSError as error:
        raise StoreError(f"cannot write {data / MOVED}: {error.strerror}") from error


def forget_moved(data: Path) -> None:
    """Remember that they are here again. Raises StoreError."""
    try:
        (data / MOVED).unlink(missing_ok=True)
        sync(data)
    except OSError as error:
        raise StoreError(f"cannot remove {data / MOVED}: {error.strerror}") from error
