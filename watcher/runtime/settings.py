"""What every command needs: the clock, the URL that is known, and what reads the watch states."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from watcher.core.protocols import WatchReader
from watcher.core.settings import Settings
from watcher.core.words import one_line
from watcher.store.commits import behind
from watcher.store.damage import WATCHES, WATCHES_FILE, missing_changes
from watcher.store.files import write_durably
from watcher.store.moves import finish_moves
from watcher.store.old_place import WATCHES_MOVED, moved_to, refuse_moved_watches
from watcher.store.postgresql.extra import needing_extra
from watcher.store.watch_reader import DiskWatchReader

_log = logging.getLogger(__name__)


LOCAL_URL: Final = "local_url"
"""The file in which a server notes where this machine reaches it."""


def utc_now() -> datetime:
    """Return the wall clock's time."""
    return datetime.now(UTC)


def with_known_url(settings: Settings) -> Settings:
    """Return the settings with the URL that the data directory's server was last started with, if none is given."""
    if settings.base_url is not None:
        return settings
    return replace(settings, base_url=_known_url(settings.data / "public_url"))


def known_local_url(data: Path) -> str | None:
    """Return where this machine reaches the server that was last started on the data directory."""
    return _known_url(data / LOCAL_URL)


def known_watches_file(data: Path) -> str | None:
    """Return where the main file of the watches was that were checked last with this data, here or before a restore."""
    with suppress(OSError, ValueError):
        return one_line((data / WATCHES_FILE).read_text(encoding="utf-8")) or None
    return None


def note_watches_file(data: Path, file: Path) -> None:
    """Note where the main file of watches is, for whoever restores a backup; without that it goes on as well."""
    with suppress(OSError, ValueError):
        if known_watches_file(data) != str(file.absolute()):
            write_durably(data / WATCHES_FILE, f"{file.absolute()}\n")


def _known_url(file: Path) -> str | None:
    """Return what a server wrote there; None when none did, or when it was killed before its words were on the disk."""
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.warning("where the server is reached is not known, for %s cannot be read: %s", file, error)
        return None


def reader(settings: Settings) -> WatchReader:
    """
    Return what reads the watch states of the data directory, whoever writes them.

    Of the cluster, where its database has them. That they lack changes is logged.

    Raises:
        ConfigError: they were moved elsewhere.
        StoreError: they cannot be read.
    """
    if watches_database(settings) is not None:
        return unchecked_reader(settings)
    finish_moves(settings.data)
    refuse_moved_watches(settings.data)
    if missing := missing_changes(settings.data, WATCHES):
        _log.warning("%s %s; `watcher doctor` says what to do", settings.data / WATCHES, behind(missing))
    return unchecked_reader(settings)


def unchecked_reader(settings: Settings) -> WatchReader:
    """Return the same for a server, whose start looks after the data directory; nothing is looked at."""
    if (url := watches_database(settings)) is None:
        return DiskWatchReader(settings.watches)
    with needing_extra():
        from watcher.store.cluster.watch_reader import ClusterWatchReader  # with SQLAlchemy and psycopg
    return ClusterWatchReader(url)


def watches_database(settings: Settings) -> str | None:
    """
    Return the PostgreSQL whose workers check the watches; None: a process on the data directory does.

    A data directory that has watch states of its own goes on with them, wherever its subscribers are, until they are
    copied there.
    """
    is_here = settings.watches.exists() and moved_to(settings.data, WATCHES_MOVED) is None
    return None if is_here else settings.database
