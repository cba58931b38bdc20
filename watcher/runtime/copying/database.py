"""Copying everything from the data directory to a PostgreSQL, or back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.runtime.copying.console_files import Move, NoMove, Written, to_files, to_rows
from watcher.runtime.copying.requests import requests_to_files, requests_to_rows
from watcher.store.postgresql.extra import needing_extra

if TYPE_CHECKING:
    from watcher.store.push.copying import Plan
    from watcher.store.push.sides import Side
    from watcher.store.watch_copying import WatchSide

_BESIDE: Final = ("vapid.pem", "upstream.json", "public_url", "operator_name")
"""What the push service needs that is a file of the data directory."""
_SCHEMES: Final = ("postgresql://", "postgres://")


def plan_copy(settings: Settings, to: str) -> Plan:
    """Return what a copy would take now, and change nothing. Raises as `copy_database`."""
    from watcher.store.push.copying import plan  # brings SQLAlchemy
    from watcher.store.watch_copying import WatchCopy

    source, target = _places(settings, to)
    return plan(source.push, target.push, WatchCopy(source.watches, target.watches))


def console_move(settings: Settings, to: str, written: Written) -> Move:
    """
    Return the console's watches as a copy would take them along, and change nothing.

    Raises:
        ConfigError: the files of watches have mistakes.
        UsageError: the target has one of these watches of another origin, or others of a console of its own.
        StoreError: the database cannot be read.
    """
    _places(settings, to)
    if settings.database is None:
        return to_rows(written, to)
    return NoMove() if to.startswith(_SCHEMES) else to_files(written, settings.database)


def copy_database(settings: Settings, to: str, console: Move, *, advance: Callable[[], None]) -> Plan:
    """
    Copy everything, have the old place refuse from then on, and return what was copied.

    Args:
        to: a URL of PostgreSQL, or a data directory.
        console: as `console_move` gave it.
        advance: is called for each slice that was copied or compared.

    Raises:
        ConfigError, UsageError, LockedError, StoreError: nothing was copied.
    """
    from watcher.store.push.copying import copy
    from watcher.store.watch_copying import WatchCopy

    def take_along() -> None:
        console.make()
        _take_requests(settings, to)

    source, target = _places(settings, to)
    return copy(
        source.push,
        target.push,
        WatchCopy(source.watches, target.watches),
        advance=advance,
        before_leaving=take_along,
    )


def _take_requests(settings: Settings, to: str) -> None:
    if settings.database is None:
        requests_to_rows(settings.data, to)
    elif not to.startswith(_SCHEMES):
        requests_to_files(settings.database, Path(to))


def left_beside(settings: Settings, to: str) -> Sequence[Path]:
    """Return the files that the push service needs and that are not where the watcher looks for them afterwards."""
    if to.startswith(_SCHEMES) or Path(to).absolute() == settings.data.absolute():
        return ()
    return [settings.data / name for name in _BESIDE if (settings.data / name).exists()]


class _Place(Struct, frozen=True):
    """Both halves of a place."""

    push: Side
    watches: WatchSide


def _places(settings: Settings, to: str) -> tuple[_Place, _Place]:
    is_to_server = to.startswith(_SCHEMES)
    if settings.database is None and not is_to_server:
        if "://" in to:
            raise UsageError("--to names a PostgreSQL, like postgresql://user:password@host:5432/name, or a directory")
        raise UsageError(
            "--to names a directory, and what is copied is one: `watcher backup` and `watcher restore` move a whole "
            "data directory, --database names a PostgreSQL to copy from"
        )
    source = _server(settings.database) if settings.database is not None else _directory(settings.data)
    return source, _server(to) if is_to_server else _directory(Path(to))


def _directory(data: Path) -> _Place:
    from watcher.store.push.sides import FileSide
    from watcher.store.watch_side import DirectoryWatches

    return _Place(FileSide(data), DirectoryWatches(data))


def _server(url: str) -> _Place:
    with needing_extra():
        from watcher.store.cluster.watch_side import ClusterWatches
        from watcher.store.push.server_side import ServerSide
    return _Place(ServerSide(url), ClusterWatches(url))
