"""The store of the watches, opened for whoever checks them; what of it was lost or damaged is told to the operator."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from watcher.core.check import OutboxMessage
from watcher.core.outgoing import message_id
from watcher.core.watch import ADMIN_TOPIC
from watcher.runtime.backups import open_watches, tell_notices
from watcher.runtime.settings import utc_now
from watcher.store.watch_store import DiskWatchStore

_log = logging.getLogger(__name__)


@asynccontextmanager
async def watch_store(data: Path) -> AsyncIterator[DiskWatchStore]:
    """Open the store, whose one writer the caller is, and close it. Raises StoreError."""
    store, is_lost = await open_watches(data)
    try:
        await tell_notices(data, partial(_into_the_outbox, store))
        if is_lost:
            await _tell_lost_state(store)
        if store.damaged:
            await _tell_damaged_records(store)
        yield store
    finally:
        await store.close()


async def _into_the_outbox(store: DiskWatchStore, message: OutboxMessage) -> None:
    await store.settle([], [], [message])


async def _tell_lost_state(store: DiskWatchStore) -> None:
    text = (
        "The state of all watches was lost: the database is not the one that was here before. "
        "Each watch takes a new baseline."
    )
    _log.error(text)
    now = utc_now()
    notice = OutboxMessage(
        id=message_id(store.epoch, "", 0, ADMIN_TOPIC),
        watch="",
        topic=ADMIN_TOPIC,
        summary="The state of all watches was lost",
        content=text,
        url=None,
        created_at=now,
    )
    await _into_the_outbox(store, notice)


async def _tell_damaged_records(store: DiskWatchStore) -> None:
    text = f"What the disk has is not what was written: {', '.join(_damage(key) for key in store.damaged)}."
    _log.error(text)
    notice = OutboxMessage(
        id=secrets.token_hex(16),  # it is saved once: together with what it tells of
        watch="",
        topic=ADMIN_TOPIC,
        summary=f"{len(store.damaged)} damaged record{'s' if len(store.damaged) > 1 else ''}",
        content=text,
        url=None,
        created_at=utc_now(),
    )
    await store.mend(notice)


def _damage(key: str) -> str:
    """Return what it means that a record is damaged, by its key (`store/records.py`)."""
    kind, _, name = key.partition("/")
    match kind:
        case "state":
            return f"the state of {name} (it takes a new baseline, and what changed since its last check is not told)"
        case "checked":
            return f"when {name} was last checked (it is checked now)"
        case "outbox":
            return f"a message that was to be told (`watcher outbox` shows it as {key}; it is not tried again)"
        case _:
            return f"the record {key}"
