"""
The backups that are made without being asked, in `backups/` below the data directory.

| kind | when | how many are kept |
|---|---|---|
| `daily` | the newest is older than a day | 7 |
| `before-…` | before tables are migrated, or the schema of the watch store is raised | 3 |
| `by-hand` | `watcher backup` without `--to` | all |

None is made where it would fill the disk. The database of a cluster is saved by one of its servers each day.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from watcher.errors import StoreError
from watcher.store.archive import DATABASES, DRAFTS, WriteDump, database_bytes, has_dump, write_archive
from watcher.store.lock import RoleLock

FOLDER: Final = "backups"
DAILY: Final = "daily"
BY_HAND: Final = "by-hand"
EVERY: Final = timedelta(days=1)
KEPT_DAILY: Final = 7
KEPT_BEFORE: Final = 3
RESERVE_BYTES: Final = 100_000_000
"""What a backup made without being asked leaves free."""
_NAME: Final = re.compile(r"(\d{8}T\d{6}Z)-(daily|by-hand|before-[a-z0-9-]+)\.tar")


class Backup(Struct, frozen=True, kw_only=True):
    """One of them."""

    path: Path
    made_at: datetime
    kind: str


def kept_backups(data: Path) -> Sequence[Backup]:
    """Return the backups below a data directory, newest first. Raises OSError."""
    found = [_backup(path) for path in (data / FOLDER).glob("*.tar")]
    return sorted((one for one in found if one), key=lambda one: one.made_at, reverse=True)


def newest_age(data: Path, *, now: datetime) -> timedelta | None:
    """
    Return how old the newest backup is; None when there is none. Raises OSError.

    One that seems to be of tomorrow was made before the clock was set back, and counts for nothing.
    """
    return next((now - one.made_at for one in kept_backups(data) if one.made_at <= now), None)


def is_due(data: Path, *, now: datetime) -> bool:
    """Return whether a daily backup is due. Raises OSError."""
    age = newest_age(data, now=now)
    return age is None or age >= EVERY


def has_new_dump(data: Path, *, now: datetime) -> bool:
    """Return whether a backup of the last day has what a PostgreSQL has. Raises OSError."""
    return any(timedelta(0) <= now - one.made_at < EVERY and has_dump(one.path) for one in kept_backups(data))


def keep_backup(
    data: Path,
    kind: str,
    *,
    now: datetime,
    holder: str,
    names: Sequence[str] = DATABASES,
    dump: WriteDump | None = None,
    dump_bytes: int = 0,
) -> Backup:
    """
    Make a backup below the data directory, and remove those that are too many of its kind.

    Args:
        names, dump: what it saves, as `write_archive`.
        dump_bytes: the most that what `dump` writes may have.

    Raises:
        LockedError: another process is making one.
        UsageError: there is nothing to save.
        DamagedError: a database is damaged.
        StoreError: there is no room, or the disk refuses.
    """
    path = data / FOLDER / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}.tar"
    with RoleLock(data, "backup", holder):
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _drop_drafts(path.parent)
            if kind != BY_HAND:
                _require_room(data, database_bytes(data, *names) + dump_bytes)
            write_archive(data, path, now=now, names=names, dump=dump)
            _drop_oldest(data, spared=path)
        except OSError as error:
            raise StoreError(f"cannot write the backup {path}: {error.strerror}") from error
    return Backup(path=path, made_at=now, kind=kind)


def _drop_drafts(folder: Path) -> None:
    """Remove drafts that killed processes left."""
    for draft in folder.glob(f"{DRAFTS}*"):
        shutil.rmtree(draft, ignore_errors=True)


def _require_room(data: Path, saved_bytes: int) -> None:
    free_bytes, needed_bytes = shutil.disk_usage(data).free, 2 * saved_bytes + RESERVE_BYTES
    if free_bytes < needed_bytes:
        raise StoreError(
            f"there is no room for a backup: {free_bytes / 1e6:.0f} MB are free on the disk of {data}, and it is made "
            f"from {needed_bytes / 1e6:.0f} MB on; make room, or run `watcher backup --to` another disk daily"
        )


def _drop_oldest(data: Path, *, spared: Path) -> None:
    kept = kept_backups(data)
    daily = [one for one in kept if one.kind == DAILY]
    before = [one for one in kept if one.kind.startswith("before-")]
    for one in (*daily[KEPT_DAILY:], *before[KEPT_BEFORE:]):
        if one.path != spared:
            one.path.unlink(missing_ok=True)


def _backup(path: Path) -> Backup | None:
    if not (named := _NAME.fullmatch(path.name)):
        return None
    made_at = datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Backup(path=path, made_at=made_at, kind=named[2])
