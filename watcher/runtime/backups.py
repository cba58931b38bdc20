"""The data directory kept: backups, their way back, and what a start finds damaged or gone."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watcher.core.check import OutboxMessage
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import DamagedError, LockedError, StoreError, UsageError, WatcherError
from watcher.runtime.settings import utc_now
from watcher.store.damage import PUSH, WATCHES, loss_of
from watcher.store.integrity import revision_of
from watcher.store.lock import RoleLock
from watcher.store.moves import finish_moves
from watcher.store.notices import Notice, losses, untold_notices
from watcher.store.records import SCHEMA
from watcher.store.watch_reader import WatchReader

# Archives are for those who make or need one: a pass, which looks whether it does, costs 4 ms less without.
if TYPE_CHECKING:
    from watcher.push.service import PushService
    from watcher.store.archive import Manifest
    from watcher.store.watch_store import DiskWatchStore

LOOK_SECONDS: Final = 2.0
"""How long a start looks at the pages of one database."""
_GLANCE_SECONDS: Final = 0.1
"""The same for the push database before a pass, which is to cost little each minute."""
_FIRST_SECONDS: Final = 60.0
"""A start is not slowed by a backup."""
_BETWEEN_SECONDS: Final = 3600.0
_log = logging.getLogger(__name__)

Tell = Callable[[OutboxMessage], Awaitable[None]]
"""Sends a message to the operator. Raises WatcherError."""


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
    from watcher.store.archive import write_archive
    from watcher.store.backups import BY_HAND, keep_backup

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
    from watcher.store.push.schema import HEAD
    from watcher.store.recovery import restore_archive

    if not archive.is_file():
        raise UsageError(f"there is no backup {archive}; `ls {settings.data / 'backups'}` shows those made here")
    with ExitStack() as stack:
        for role in ("server", "watcher", "backup"):
            stack.enter_context(RoleLock(settings.data, role, "watcher restore"))
        finish_moves(settings.data)
        return restore_archive(settings.data, archive, now=utc_now(), newest_revision=HEAD)


def accept_losses(settings: Settings, *, is_accepted: bool) -> Sequence[Notice]:
    """
    Return what was lost of the data directory and is not accepted yet, oldest first.

    Args:
        is_accepted: nobody need hear of it any more; and where a database is damaged or lacks changes now, and nothing
            runs that has mended it at its start, it goes on with what is left, or with the newest backup.

    Raises:
        StoreError: it cannot be read or written.
    """
    if is_accepted:
        _mend_if_free(settings)
    try:
        found = losses(settings.data)
        for loss in found if is_accepted else ():
            loss.path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot look at {settings.data}: {error.strerror}") from error
    return found


def _mend_if_free(settings: Settings) -> None:
    for role, mend in (("server", _mend_push_files), ("watcher", _prepare_watches)):
        try:
            with RoleLock(settings.data, role, "watcher losses"):
                mend(settings.data)
        except LockedError:  # its start did so
            continue


def _mend_push_files(data: Path) -> None:
    finish_moves(data)
    if loss := loss_of(data, PUSH, seconds=LOOK_SECONDS):
        _recover(data, PUSH, loss)


async def open_watches(data: Path) -> tuple[DiskWatchStore, bool]:
    """
    Open the watch store, made good first where it is damaged or gone; the caller holds the watcher's lock.

    Returns, and raises, what `open_watch_store` does.
    """
    from watcher.store.watch_store import open_watch_store

    await asyncio.to_thread(_prepare_watches, data)
    try:
        return await open_watch_store(data / "watches")
    except DamagedError as error:
        await asyncio.to_thread(_recover, data, WATCHES, str(error))
        return await open_watch_store(data / "watches")


def _prepare_watches(data: Path) -> None:
    finish_moves(data)
    if loss := loss_of(data, WATCHES, seconds=LOOK_SECONDS):
        _recover(data, WATCHES, loss)
    elif (schema := _schema(data)) and schema < SCHEMA:
        _back_up_before(data, f"before-schema-{SCHEMA}")


def _schema(data: Path) -> int | None:
    """Return the schema of the watch store; None when there is none, or none that can be read."""
    try:
        return int(WatchReader(data / "watches").meta().get("schema", SCHEMA))
    except (StoreError, ValueError, TypeError):
        return None


def _recover(data: Path, name: str, loss: str) -> None:
    from watcher.store.push.schema import HEAD
    from watcher.store.recovery import recover

    recover(data, name, loss, now=utc_now(), newest_revision=HEAD)


async def mend_push(settings: Settings) -> None:
    """
    Make the push database good where it is damaged or gone; the caller holds the server's lock.

    Raises:
        StoreError: it cannot be read or written for another reason.
    """
    from watcher.push.opening import open_push_service

    data = settings.data
    if await _mend_lost_push(data, seconds=LOOK_SECONDS) or not (data / PUSH).exists():
        return
    await asyncio.to_thread(back_up_before_migration, data)
    try:
        await (await open_push_service(data / PUSH, now=utc_now)).close()
    except DamagedError as error:
        await asyncio.to_thread(_recover, data, PUSH, str(error))


async def mend_push_if_free(settings: Settings, holder: str) -> None:
    """
    Do the same where no server runs, which did it at its start. Raises StoreError.

    But for opening the database, which costs more than a pass; where that would show damage, messages wait in the
    outbox for a server's start.
    """
    try:
        with RoleLock(settings.data, "server", holder):
            await _mend_lost_push(settings.data, seconds=_GLANCE_SECONDS)
    except LockedError:
        return


async def _mend_lost_push(data: Path, *, seconds: float) -> bool:
    """Return whether it was lost, as far as the file shows, and is mended."""
    finish_moves(data)
    loss = await asyncio.to_thread(loss_of, data, PUSH, seconds=seconds)
    if loss is not None:
        await asyncio.to_thread(_recover, data, PUSH, loss)
    return loss is not None


def back_up_before_migration(data: Path) -> None:
    """Make a backup when the tables of the push database are about to be migrated. Raises nothing: it warns."""
    from watcher.store.push.schema import HEAD

    if not (data / PUSH).exists():
        return
    revision = revision_of(data / PUSH)
    if revision is not None and revision < HEAD:
        _back_up_before(data, f"before-{HEAD}")


def _back_up_before(data: Path, kind: str) -> None:
    from watcher.store.backups import keep_backup

    try:
        keep_backup(data, kind, now=utc_now(), holder="a migration")
    except WatcherError as error:
        _log.warning("no backup was made before the databases are brought up to date: %s", error)


async def keep_backups(data: Path, tell: Tell, *, first_seconds: float = _FIRST_SECONDS) -> None:
    """
    Make the daily backups, until cancelled.

    What hinders one is logged, and it is tried again in an hour; that a database was found damaged is told.
    """
    await asyncio.sleep(first_seconds)
    while True:
        try:
            await _back_up_daily(data, tell)
        except (WatcherError, OSError) as error:
            _log.warning("no daily backup was made: %s", error)
        except Exception:
            _log.exception("a defect in watcher: no daily backup was made")
        await asyncio.sleep(_BETWEEN_SECONDS)


async def _back_up_daily(data: Path, tell: Tell) -> None:
    from watcher.store.backups import DAILY, is_due, keep_backup

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
        await tell(_damage_message(str(error), now))


def _damage_message(reason: str, now: datetime) -> OutboxMessage:
    return _to_the_operator(
        f"damage {now:%Y-%m-%d}",
        "A database is damaged",
        f"No daily backup was made: {reason}. Restart watcher: a start puts the newest backup that is sound in its "
        "place, and keeps the damaged file.",
        now,
    )


async def tell_notices(data: Path, tell: Tell) -> None:
    """Bring what starts have noted for the operator on its way; each is noted until it is. Raises WatcherError."""
    try:
        for notice in untold_notices(data):
            await tell(_message(notice))
            notice.path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot read the notices in {data}: {error}") from error


def _message(notice: Notice) -> OutboxMessage:
    return _to_the_operator(notice.name, notice.summary, notice.content, notice.created_at)


def _to_the_operator(name: str, summary: str, content: str, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        id=hashlib.blake2b(f"notice {name}".encode(), digest_size=16).hexdigest(),
        watch="",
        topic=ADMIN_TOPIC,
        summary=summary,
        content=content,
        url=None,
        created_at=now,
    )


def telling(service: PushService) -> Tell:
    """Return a function that sends a message to the operator through a push service of this process."""
    from watcher.core.push import TopicDraft
    from watcher.push.draft import make_draft

    async def tell(message: OutboxMessage) -> None:
        draft = make_draft(message.content, summary=message.summary)
        await service.messages.publish([TopicDraft(idempotency_key=message.id, topic=ADMIN_TOPIC, draft=draft)])

    return tell
