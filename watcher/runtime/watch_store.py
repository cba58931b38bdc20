"""The store of the watches, opened for whoever checks them; what of it was lost or damaged is told to the operator."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from watcher.core.outgoing import message_id
from watcher.core.phrases import Phrases, fill
from watcher.core.phrases.english import ENGLISH
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import DamagedError
from watcher.runtime.mending import prepare_watches, recover_from, tell_notices, to_the_operator
from watcher.runtime.settings import utc_now
from watcher.store.damage import WATCHES, remember_databases
from watcher.store.old_place import refuse_moved_watches
from watcher.store.watch_store import DiskWatchStore, open_watch_store

_log = logging.getLogger(__name__)


@asynccontextmanager
async def watch_store(data: Path, phrases: Phrases) -> AsyncIterator[DiskWatchStore]:
    """Open the store, whose one writer the caller is, and close it. `phrases`: the operator's. Raises StoreError."""
    store, is_lost = await open_watches(data)
    try:
        await asyncio.to_thread(remember_databases, data)
        await tell_notices(data, lambda notice: store.outbox.add([notice]))
        if is_lost:
            await _tell_lost_state(store, phrases)
        if store.damaged:
            await _tell_damaged_records(store, phrases)
        yield store
    finally:
        await store.close()


async def open_watches(data: Path) -> tuple[DiskWatchStore, bool]:
    """
    Open the watch store, made good first where it is damaged or gone; the caller holds the watcher's lock.

    Returns, and raises, what `open_watch_store` does; and ConfigError: the watches were moved elsewhere.
    """
    refuse_moved_watches(data)
    await asyncio.to_thread(prepare_watches, data)
    try:
        return await open_watch_store(data / "watches")
    except DamagedError as error:
        await asyncio.to_thread(recover_from, str(error), data, WATCHES)
        return await open_watch_store(data / "watches")


async def _tell_lost_state(store: DiskWatchStore, phrases: Phrases) -> None:
    _log.error("%s. %s", ENGLISH.state_lost, ENGLISH.state_lost_means)
    notice_id = message_id(store.epoch, "", 0, ADMIN_TOPIC)
    notice = to_the_operator(notice_id, phrases.state_lost, phrases.state_lost_means, utc_now())
    await store.outbox.add([notice])


async def _tell_damaged_records(store: DiskWatchStore, phrases: Phrases) -> None:
    _log.error(_damaged_records(store.damaged, ENGLISH))
    summary = phrases.damaged_records(len(store.damaged))
    notice_id = secrets.token_hex(16)  # any: it is saved once, together with what it tells of
    await store.mend(to_the_operator(notice_id, summary, _damaged_records(store.damaged, phrases), utc_now()))


def _damaged_records(keys: Sequence[str], phrases: Phrases) -> str:
    records = phrases.comma.join(_damage(key, phrases) for key in keys)
    return fill(phrases.damaged_records_means, records=records)


def _damage(key: str, phrases: Phrases) -> str:
    """Return what it means that a record is damaged, by its key (`store/records.py`)."""
    kind, _, name = key.partition("/")
    match kind:
        case "state":
            return fill(phrases.damaged_state, name=name)
        case "checked":
            return fill(phrases.damaged_check, name=name)
        case "outbox":
            return fill(phrases.damaged_message, key=key)
        case _:
            return fill(phrases.damaged_record, key=key)
