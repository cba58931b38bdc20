"""What a start finds damaged, gone or of an older version in the data directory, and what the operator hears of it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from watcher.core.check import OutboxMessage
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import DamagedError, LockedError, StoreError, WatcherError
from watcher.runtime.settings import utc_now
from watcher.store.damage import PUSH, WATCHES, loss_of
from watcher.store.integrity import revision_of
from watcher.store.lock import RoleLock
from watcher.store.moves import finish_moves
from watcher.store.notices import Notice, losses, untold_notices
from watcher.store.old_place import refuse_moved
from watcher.store.records import SCHEMA
from watcher.store.watch_reader import DiskWatchReader

# What is imported inside functions is for who has something to mend: a pass, which looks each minute, starts without
# archives (10 ms) and SQLAlchemy (0.3 s).
LOOK_SECONDS: Final = 2.0
"""How long a start looks at the pages of one database."""
_GLANCE_SECONDS: Final = 0.1
"""The same for the push database before a pass, which is to cost little each minute."""
_TELL_SECONDS: Final = 60.0
_log = logging.getLogger(__name__)

Tell = Callable[[OutboxMessage], Awaitable[None]]
"""Sends a message to the operator. Raises WatcherError."""


def prepare_watches(data: Path) -> None:
    """Make the watch store good where it is damaged or gone; the caller holds the watcher's lock. Raises StoreError."""
    finish_moves(data)
    if loss := loss_of(data, WATCHES, seconds=LOOK_SECONDS):
        recover_from(loss, data, WATCHES)
    elif (schema := _schema(data)) and schema < SCHEMA:
        _back_up_before(data, f"before-schema-{SCHEMA}")


def _schema(data: Path) -> int | None:
    """Return the schema of the watch store; None when there is none, or none that can be read."""
    try:
        return int(DiskWatchReader(data / "watches").meta().get("schema", SCHEMA))
    except (StoreError, ValueError, TypeError):
        return None


async def mend_push(settings: Settings) -> None:
    """
    Make the push database good where it is a file that is damaged or gone; the caller holds the server's lock.

    Raises:
        StoreError: it cannot be read or written for another reason.
    """
    from watcher.push.opening import open_push_service

    data = settings.data
    if settings.database is not None:
        return
    refuse_moved(data)
    if await asyncio.to_thread(_mend_push_files, data) or not (data / PUSH).exists():
        return
    await asyncio.to_thread(back_up_before_migration, data)
    try:
        await (await open_push_service(data / PUSH, now=utc_now)).close()
    except DamagedError as error:
        await asyncio.to_thread(recover_from, str(error), data, PUSH)


async def mend_push_if_free(settings: Settings, holder: str) -> None:
    """
    Do the same where no server runs, which did it at its start. Raises StoreError.

    But for opening the database, which costs more than a pass; where that would show damage, messages wait in the
    outbox for a server's start.
    """
    if settings.database is not None:
        return
    refuse_moved(settings.data)
    try:
        with RoleLock(settings.data, "server", holder):
            await asyncio.to_thread(_mend_push_files, settings.data, seconds=_GLANCE_SECONDS)
    except LockedError:
        return


def _mend_push_files(data: Path, *, seconds: float = LOOK_SECONDS) -> bool:
    """Return whether the push database was lost, as far as the file shows, and is mended."""
    finish_moves(data)
    loss = loss_of(data, PUSH, seconds=seconds)
    if loss is not None:
        recover_from(loss, data, PUSH)
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


def recover_from(loss: str, data: Path, name: str) -> None:
    """Put the newest sound backup of a database in its place, or none; the damaged file is kept. Raises StoreError."""
    from watcher.store.push.schema import HEAD
    from watcher.store.recovery import recover

    recover(data, name, loss, now=utc_now(), newest_revision=HEAD)


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
    for role, mend in (("server", _mend_push_files), ("watcher", prepare_watches)):
        try:
            with RoleLock(settings.data, role, "watcher losses"):
                mend(settings.data)
        except LockedError:  # its start did so
            continue


async def tell_notices(data: Path, tell: Tell) -> None:
    """Bring what starts have noted for the operator on its way; each is noted until it is. Raises WatcherError."""
    try:
        for notice in untold_notices(data):
            message = to_the_operator(notice_id(notice.name), notice.summary, notice.content, notice.created_at)
            await tell(message)
            notice.path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot read the notices in {data}: {error}") from error


async def keep_telling(data: Path, tell: Tell) -> None:
    """Tell them whenever there are any, until cancelled: what a start has noted, and what happens to a PostgreSQL."""
    while True:
        try:
            await tell_notices(data, tell)
        except WatcherError as error:
            _log.warning("the operator is not told yet of what is noted in %s: %s", data, error)
        await asyncio.sleep(_TELL_SECONDS)


def to_the_operator(id_: str, summary: str, content: str, now: datetime) -> OutboxMessage:
    """Return a message to the admin topic. Its id keeps a repeat from being sent twice."""
    return OutboxMessage(
        id=id_, watch="", topic=ADMIN_TOPIC, summary=summary, content=content, url=None, created_at=now
    )


def notice_id(name: str) -> str:
    """Return the id of a notice's message, the same for each try."""
    return hashlib.blake2b(f"notice {name}".encode(), digest_size=16).hexdigest()
