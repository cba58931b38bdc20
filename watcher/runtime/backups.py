"""Backups of the data directory, and their way back."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

from watcher.core.check import OutboxMessage
from watcher.core.phrases import Phrases, fill, phrases_in
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, NO_LANGUAGES, TopicLanguages
from watcher.errors import DamagedError, LockedError, UsageError, WatcherError
from watcher.runtime.mending import Tell, notice_id, to_the_operator
from watcher.runtime.settings import utc_now
from watcher.store.archive import Manifest, write_archive
from watcher.store.backups import BY_HAND, DAILY, is_due, keep_backup
from watcher.store.lock import RoleLock
from watcher.store.moves import finish_moves
from watcher.store.recovery import restore_archive

_FIRST_SECONDS: Final = 60.0
"""A start is not slowed by a backup."""
_BETWEEN_SECONDS: Final = 3600.0
_log = logging.getLogger(__name__)


def backup(settings: Settings, to: Path | None) -> tuple[Path, int]:
    """
    Save the data directory into one archive, whoever works on it.

    Args:
        to: a file, which is replaced, or a directory; None: below the data directory.

    Returns:
        The archive, and its size in bytes.

    Raises:
        UsageError: there is nothing to save.
        LockedError: another backup is being made.
        StoreError: a database is damaged or cannot be read, or the archive not be written.
    """
    data, now = settings.data, utc_now()
    if not data.is_dir():
        raise UsageError(f"there is no data directory {data}; name it with --data")
    finish_moves(data)
    if to is None:
        target = keep_backup(data, BY_HAND, now=now, holder="watcher backup").path
    else:
        target = to / f"watcher-{now:%Y%m%dT%H%M%SZ}.tar" if to.is_dir() else to
        write_archive(data, target, now=now)
    return target, target.stat().st_size


def restore(settings: Settings, archive: Path) -> tuple[Manifest, Path | None]:
    """
    Make an archive's state the data directory's; return what it says of itself, and where the old state is, if any.

    Raises:
        LockedError: a watcher or a server runs there.
        UsageError: the archive is none, damaged, or of a newer watcher.
        StoreError: there is no room, or the disk refuses.
    """
    from watcher.store.push.schema import HEAD  # brings SQLAlchemy

    if not archive.is_file():
        raise UsageError(f"there is no backup {archive}; `ls {settings.data / 'backups'}` shows those made here")
    with ExitStack() as stack:
        for role in ("server", "watcher", "backup"):
            stack.enter_context(RoleLock(settings.data, role, "watcher restore"))
        finish_moves(settings.data)
        return restore_archive(settings.data, archive, now=utc_now(), newest_revision=HEAD)


async def keep_backups(
    data: Path,
    tell: Tell,
    *,
    language_of: TopicLanguages = NO_LANGUAGES,
    first_seconds: float = _FIRST_SECONDS,
) -> None:
    """
    Make the daily backups, until cancelled.

    What hinders one is logged, and it is tried again in an hour; that a database was found damaged is told.
    """
    await asyncio.sleep(first_seconds)
    while True:
        try:
            await _back_up_daily(data, tell, language_of)
        except (WatcherError, OSError) as error:
            _log.warning("no daily backup was made: %s", error)
        except Exception:
            _log.exception("a defect in watcher: no daily backup was made")
        await asyncio.sleep(_BETWEEN_SECONDS)


async def _back_up_daily(data: Path, tell: Tell, language_of: TopicLanguages) -> None:
    now = utc_now()
    if not await asyncio.to_thread(is_due, data, now=now):
        return
    try:
        await asyncio.to_thread(keep_backup, data, DAILY, now=now, holder="the daily backup")
    except LockedError:
        return  # the other process of this data directory is at it
    except UsageError:
        return  # nothing was written yet
    except DamagedError as error:
        _log.error("%s", error)
        await tell(_damage_message(str(error), now, phrases_in(language_of(ADMIN_TOPIC))))


def _damage_message(reason: str, now: datetime, phrases: Phrases) -> OutboxMessage:
    means = fill(phrases.database_damaged_means, reason=reason)
    return to_the_operator(notice_id(f"damage {now:%Y-%m-%d}"), phrases.database_damaged, means, now)
