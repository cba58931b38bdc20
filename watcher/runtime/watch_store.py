"""The store of the watches, opened for whoever checks them; what of it was lost or damaged is told to the operator."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from watcher.core.check import OutboxMessage
from watcher.core.outgoing import message_id
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import DamagedError
from watcher.runtime.mending import prepare_watches, recover_from, tell_notices, to_the_operator
from watcher.runtime.settings import utc_now
from watcher.store.damage import WATCHES
from watcher.store.watch_store import DiskWatchStore, open_watch_store

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


async def open_watches(data: Path) -> tuple[DiskWatchStore, bool]:
    """
    Open the watch store, made good first where it is damaged or gone; the caller holds the watcher's lock.

    Returns, and raises, what `open_watch_store` does.
    """
    await asyncio.to_thread(prepare_watches, data)
    try:
        return await open_watch_store(data / "watches")
    except DamagedError as error:
        await asyncio.to_thread(recover_from, str(error), data, WATCHES)
        return await open_watch_store(data / "watches")


async def _into_the_outbox(store: DiskWatchStore, message: OutboxMessage) -> None:
    await store.settle([], [], [message])


async def _tell_lost_state(store: DiskWatchStore) -> None:
    text = (
        "The state of all watches was lost: the database is not the one that was here before. "
        "Each watch takes a new baseline."
    )
    _log.error(text)
    notice_id = message_id(store.epoch, "", 0, ADMIN_TOPIC)
    await _into_the_outbox(store, to_the_operator(notice_id, "The state of all watches was lost", text, utc_now()))


async def _tell_damaged_records(store: DiskWatchStore) -> None:
    text = f"What the disk has is not what was written: {', '.join(_damage(key) for key in store.damaged)}."
    _log.error(text)
    summary = f"{len(store.damaged)} damaged record{'s' if len(store.damaged) > 1 else ''}"
    notice_id = secrets.token_hex(16)  # any: it is saved once, together with what it tells of
    await store.mend(to_the_operator(notice_id, summary, text, utc_now()))


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
