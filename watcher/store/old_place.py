"""
The old place of what `watcher database copy` took elsewhere.

In a data directory `push.moved` says where subscribers and messages went, and `watches.moved` where the watches did,
beside the databases: they outlive a backup that is put in their place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from watcher.errors import ConfigError, StoreError
from watcher.store.files import sync, write_durably

MOVED: Final = "push.moved"
"""What remembers where subscribers and messages went."""
WATCHES_MOVED: Final = "watches.moved"
"""What remembers where the watches went."""
_MOST_CHARACTERS: Final = 4_000


def moved_to(data: Path, what: str = MOVED) -> str | None:
    """Return where what was in a data directory went, MOVED or WATCHES_MOVED; None: nowhere. Raises StoreError."""
    file = data / what
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.readline(_MOST_CHARACTERS).strip() or "another place"
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {file}: {error.strerror}") from error


def refuse_moved(data: Path) -> None:
    """Raise ConfigError, with where to look, when subscribers and messages went elsewhere. Raises StoreError."""
    if (place := moved_to(data)) is not None:
        raise moved_error(str(data), place)


def refuse_moved_watches(data: Path) -> None:
    """Raise ConfigError, with where to look, when the watches went elsewhere. Raises StoreError."""
    if (place := moved_to(data, WATCHES_MOVED)) is not None:
        raise watches_moved_error(str(data), place)


def moved_error(old: str, new: str) -> ConfigError:
    """Return what to raise at the old place of subscribers and messages."""
    return ConfigError(f"the subscribers and messages of {old} were moved to {new}: {_how(new)}")


def copied_error(old: str, new: str) -> ConfigError:
    """Return what to raise where a copy is asked for again that has ended: the answer to it may have been lost."""
    declaring = "; `watcher apply` declares the watches of your files there" if "://" in new else ""
    return ConfigError(
        f"everything of {old} was copied to {new} before, and compared: nothing is left to copy, and the old place "
        f"refuses. For the new one, {_how(new)}{declaring}"
    )


def watches_moved_error(old: str, new: str) -> ConfigError:
    """Return what to raise at the old place of watches."""
    checking = ", and let `watcher worker` check them" if "://" in new else ""
    return ConfigError(f"the watches of {old} were moved to {new}: {_how(new)}{checking}")


def note_moved(data: Path, place: str, what: str = MOVED) -> None:
    """Remember that it went there, on the disk when this returns. Raises StoreError."""
    try:
        write_durably(data / what, f"{place}\n")
    except OSError as error:
        raise StoreError(f"cannot write {data / what}: {error.strerror}") from error


def forget_moved(data: Path, what: str = MOVED) -> None:
    """Remember that it is here again. Raises StoreError."""
    try:
        (data / what).unlink(missing_ok=True)
        sync(data)
    except OSError as error:
        raise StoreError(f"cannot remove {data / what}: {error.strerror}") from error


def _how(place: str) -> str:
    is_server = "://" in place
    return "name it with --database or WATCHER_DATABASE" if is_server else "name it with --data, and no --database"
