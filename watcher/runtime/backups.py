"""Backups of the data directory, and their way back."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.check import OutboxMessage
from watcher.core.phrases import Phrases, fill, phrases_in
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, NO_LANGUAGES, TopicLanguages
from watcher.errors import DamagedError, LockedError, StoreError, UsageError, WatcherError
from watcher.runtime.mending import Tell, notice_id, to_the_operator
from watcher.runtime.settings import utc_now
from watcher.store.archive import BESIDE_POSTGRESQL, DATABASES, Manifest, write_archive
from watcher.store.backups import BY_HAND, DAILY, EVERY, has_new_dump, is_due, keep_backup
from watcher.store.files import make_private_directory
from watcher.store.lock import RoleLock
from watcher.store.moves import finish_moves
from watcher.store.postgresql.extra import needing_extra
from watcher.store.recovery import PutBackDump, restore_archive

if TYPE_CHECKING:
    from watcher.store.cluster.dumps import Dump, PutBack  # with SQLAlchemy and psycopg

_FIRST_SECONDS: Final = 60.0
"""A start is not slowed by a backup."""
_BETWEEN_SECONDS: Final = 3600.0
_DAILY_HOLDER: Final = "the daily backup"
_log = logging.getLogger(__name__)


class Restored(Struct, frozen=True, kw_only=True):
    """
    What a restore did.

    Attributes:
        manifest: what the archive says of itself.
        aside: where the old state of the data directory is; None: there was none.
        put_back: what became of the database that was named; None: none was, or the archive has nothing of one.
    """

    manifest: Manifest
    aside: Path | None
    put_back: PutBack | None


def backup(settings: Settings, to: Path | None) -> tuple[Path, int]:
    """
    Save the data directory, and the database in place of its `push.db`, into one archive, whoever works on them.

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
    dump = dump_of(settings)
    names = DATABASES if dump is None else BESIDE_POSTGRESQL
    if to is None:
        target = keep_backup(data, BY_HAND, now=now, holder="watcher backup", names=names, dump=dump).path
    else:
        target = to / f"watcher-{now:%Y%m%dT%H%M%SZ}.tar" if to.is_dir() else to
        write_archive(data, target, now=now, names=names, dump=dump)
    if dump is not None:
        _note(dump, now, target)
    return target, target.stat().st_size


def restore(settings: Settings, archive: Path, *, may_replace: bool = False) -> Restored:
    """
    Make an archive's state the data directory's, and that of the database in place of its `push.db`.

    Args:
        may_replace: what people have in that database; it is moved aside.

    Raises:
        LockedError: a watcher or a server runs there.
        UsageError: the archive is none, damaged, or of a newer watcher; or the database has something.
        StoreError: there is no room, or the disk or the database refuses.
    """
    from watcher.store.push.schema import HEAD  # brings SQLAlchemy

    if not archive.is_file():
        raise UsageError(f"there is no backup {archive}; `ls {settings.data / 'backups'}` shows those made here")
    make_private_directory(settings.data)
    now = utc_now()
    done: list[PutBack] = []
    put_back = None if settings.database is None else _putting_back(settings.database, now, done, may_replace)
    with ExitStack() as stack:
        for role in ("server", "watcher", "backup"):
            stack.enter_context(RoleLock(settings.data, role, "watcher restore"))
        finish_moves(settings.data)
        manifest, aside = restore_archive(settings.data, archive, now=now, newest_revision=HEAD, put_back=put_back)
    return Restored(manifest=manifest, aside=aside, put_back=next(iter(done), None))


def dump_of(settings: Settings) -> Dump | None:
    """Return what saves the database in place of a `push.db`; None: there is none here. Raises ConfigError."""
    if settings.database is None or settings.push is not None:
        return None
    with needing_extra():
        from watcher.store.cluster.dumps import Dump
    return Dump(settings.database)


def _putting_back(url: str, now: datetime, done: list[PutBack], may_replace: bool) -> PutBackDump:
    with needing_extra():
        from watcher.store.cluster.dumps import put_back

    def put(dump: Path, epoch: int) -> None:
        done.append(put_back(url, dump, epoch=epoch, stamp=f"{now:%Y%m%dT%H%M%SZ}", may_replace=may_replace))

    return put


def _note(dump: Dump, now: datetime, target: Path) -> None:
    """Note in the database where its backup is; a role that may not write there has one all the same."""
    try:
        dump.note(now, f"{socket.gethostname()}:{target.absolute()}")
    except StoreError as error:
        _log.warning("the backup was made, and that is not noted: %s", error)


async def keep_backups(
    settings: Settings,
    tell: Tell,
    *,
    language_of: TopicLanguages = NO_LANGUAGES,
    first_seconds: float = _FIRST_SECONDS,
) -> None:
    """
    Make the daily backups, until cancelled; the database of a cluster is saved by one of its servers each day.

    What hinders one is logged, and it is tried again in an hour; that a database was found damaged is told.
    """
    warn = Unsaved()
    await asyncio.sleep(first_seconds)
    while True:
        try:
            await _back_up_daily(settings, tell, language_of, warn)
        except (WatcherError, OSError) as error:
            _log.warning("no daily backup was made: %s", error)
        except Exception:
            _log.exception("a defect in watcher: no daily backup was made")
        await asyncio.sleep(_BETWEEN_SECONDS)


class Unsaved:
    """Logs why a database was not saved: the same words once a day, for it is tried each hour."""

    def __init__(self) -> None:
        self._why = ""
        self._said_at: datetime | None = None

    def __call__(self, why: str, *, now: datetime) -> None:
        is_said = self._said_at is not None and timedelta(0) <= now - self._said_at < EVERY
        if is_said and why == self._why:
            return
        self._why, self._said_at = why, now
        _log.warning("no daily backup of the database was made: %s", why)


async def _back_up_daily(settings: Settings, tell: Tell, language_of: TopicLanguages, warn: Unsaved) -> None:
    now, dump = utc_now(), dump_of(settings)
    try:
        await asyncio.to_thread(keep_daily, settings.data, dump, now=now, warn=warn)
    except asyncio.CancelledError:
        if dump is not None:
            dump.cancel()
        raise
    except LockedError:
        return  # the other process of this data directory is at it
    except UsageError:
        return  # nothing was written yet
    except DamagedError as error:
        _log.error("%s", error)
        await tell(_damage_message(str(error), now, phrases_in(language_of(ADMIN_TOPIC))))


def keep_daily(data: Path, dump: Dump | None, *, now: datetime, warn: Unsaved) -> None:
    """
    Make the daily backup where one is due, with the database in it where that is.

    Raises:
        LockedError, UsageError, DamagedError, StoreError: see `keep_backup`.
    """
    if dump is not None and (_has_kept_database(data, dump, now, warn) or dump.is_cancelled):
        return
    if is_due(data, now=now):
        names = DATABASES if dump is None else BESIDE_POSTGRESQL
        keep_backup(data, DAILY, now=now, holder=_DAILY_HOLDER, names=names)


def _has_kept_database(data: Path, dump: Dump, now: datetime, warn: Unsaved) -> bool:
    """Return whether this made a backup with the database in it; what hinders one leaves that of the directory."""
    try:
        with dump.turn(now=now, every=EVERY) as is_due_there:
            if not is_due_there or has_new_dump(data, now=now):  # which the database may not have let us note
                return False
            _keep_database(data, dump, now)
            return True
    except DamagedError:
        raise
    except StoreError as error:
        if not dump.is_cancelled:
            warn(str(error), now=now)
        return False


def _keep_database(data: Path, dump: Dump, now: datetime) -> None:
    dump.require_programs()
    kept = keep_backup(
        data,
        DAILY,
        now=now,
        holder=_DAILY_HOLDER,
        names=BESIDE_POSTGRESQL,
        dump=dump,
        dump_bytes=dump.size_bytes(),
    )
    _note(dump, now, kept.path)


def _damage_message(reason: str, now: datetime, phrases: Phrases) -> OutboxMessage:
    means = fill(phrases.database_damaged_means, reason=reason)
    return to_the_operator(notice_id(f"damage {now:%Y-%m-%d}"), phrases.database_damaged, means, now)
