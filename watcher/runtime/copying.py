"""Copying subscribers and messages from the data directory to a PostgreSQL, or back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.store.postgresql.extra import needing_extra

if TYPE_CHECKING:
    from watcher.store.push.copying import Plan
    from watcher.store.push.sides import Side

_BESIDE: Final = ("vapid.pem", "upstream.json", "public_url", "operator_name")
"""What the push service needs that is a file of the data directory."""
_SCHEMES: Final = ("postgresql://", "postgres://")


def plan_copy(settings: Settings, to: str) -> Plan:
    """Return what a copy would take now, and change nothing. Raises as `copy_database`."""
    from watcher.store.push.copying import plan  # brings SQLAlchemy

    return plan(*_sides(settings, to))


def copy_database(settings: Settings, to: str, *, advance: Callable[[], None]) -> Plan:
    """
    Copy everything, have the old place refuse from then on, and return what was copied.

    Args:
        to: a URL of PostgreSQL, or a data directory.
        advance: is called for each slice that was copied or compared.

    Raises:
        ConfigError, UsageError, LockedError, StoreError: nothing was copied.
    """
    from watcher.store.push.copying import copy

    return copy(*_sides(settings, to), advance=advance)


def left_beside(settings: Settings, to: str) -> Sequence[Path]:
    """Return the files that the push service needs and that are not where the watcher looks for them afterwards."""
    if to.startswith(_SCHEMES) or Path(to).absolute() == settings.data.absolute():
        return ()
    return [settings.data / name for name in _BESIDE if (settings.data / name).exists()]


def _sides(settings: Settings, to: str) -> tuple[Side, Side]:
    is_to_server = to.startswith(_SCHEMES)
    if settings.database is None and not is_to_server:
        if "://" in to:
            raise UsageError("--to names a PostgreSQL, like postgresql://user:password@host:5432/name, or a directory")
        raise UsageError(
            "--to names a directory, and what is copied is one: `watcher backup` and `watcher restore` move a whole "
            "data directory, --database names a PostgreSQL to copy from"
        )
    source = _side(settings.database) if settings.database is not None else _file_side(settings.data)
    return source, _side(to) if is_to_server else _file_side(Path(to))


def _file_side(data: Path) -> Side:
    from watcher.store.push.sides import FileSide

    return FileSide(data)


def _side(url: str) -> Side:
    with needing_extra():
        from watcher.store.push.server_side import ServerSide
    return ServerSide(url)
