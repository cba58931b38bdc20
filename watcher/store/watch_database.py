"""
The database that holds what the watch store keeps, in diskcache, and the one thread that writes it.

diskcache's defaults are a cache's: it evicts, pickles, and keeps large values in files that a transaction does not
cover. So: no eviction, text only, no files, `synchronous=FULL`. A transaction belongs to a thread: one thread does
all the work, one call of `write` is one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from diskcache import Cache, Disk, Timeout
from diskcache.core import DBNAME, MODE_RAW

from watcher.core.files import ADVICE
from watcher.errors import StoreError
from watcher.store import records
from watcher.store.commits import WATCH_COMMITS, CommitNotes, checkpoint, commits_in
from watcher.store.ending import to_its_end
from watcher.store.files import is_out_of_files
from watcher.store.log_renewal import renew_log
from watcher.store.pruning import old_changes
from watcher.store.resting import REST_SECONDS, RestingCheckpoint

_NO_FILES = 2**40
_CACHED_PAGES = 512
_BUSY_SECONDS = 10
"""How long to wait for another process that writes: a command that makes a backup."""
_SAVE = """
    INSERT INTO Cache (key, raw, store_time, access_time, access_count, size, mode, value)
    VALUES (?, 1, ?, ?, 0, 0, ?, ?)
    ON CONFLICT (key, raw) DO UPDATE
    SET store_time = excluded.store_time, access_time = excluded.access_time, value = excluded.value
"""
"""
What `Cache.set` does with a text, by one statement for all of a commit instead of two for each, in a third of the time.
"""
_SET_COUNT = "UPDATE Settings SET value = ? WHERE key = 'commits'"
_MAKE_COUNT = "INSERT INTO Settings (value, key) VALUES (?, 'commits')"
_log = logging.getLogger(__name__)
_T = TypeVar("_T")

Writes: TypeAlias = dict[str, str | None]
"""What is to stand under each key; None: nothing any more."""


class TextDisk(Disk):  # type: ignore[misc]
    """
    Stores text, in the database, and nothing else.

    Pickle is refused both ways: reading a pickle from a cache directory runs its code (CVE-2025-69872).
    """

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key's column value."""
        return _text(key), True

    def get(self, key: object, raw: object) -> str:
        """Return the key that a column value stands for."""
        return _text(key) if raw else _refuse(key)

    def store(self, value: object, read: object, key: object = None) -> tuple[int, int, None, str]:  # noqa: ARG002
        """Return the columns of a value: size 0, raw, no file, the text."""
        return (0, MODE_RAW, None, _text(value)) if not read else _refuse(value)

    def fetch(self, mode: object, filename: object, value: object, read: object) -> str:
        """Return the value that these columns stand for."""
        return _text(value) if mode == MODE_RAW and filename is None and not read else _refuse(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else _refuse(value)


def _refuse(value: object) -> Any:
    raise StoreError(f"the watch store keeps text only, not {type(value).__name__}")


def open_cache(directory: Path) -> Cache:
    """Open the database in this directory as a store. Raises sqlite3.Error, Timeout, OSError."""
    return Cache(
        str(directory),
        disk=TextDisk,
        disk_min_file_size=_NO_FILES,
        eviction_policy="none",
        cull_limit=0,
        timeout=_BUSY_SECONDS,
        statistics=0,
        sqlite_synchronous=2,
        # What was written is not read again before the next start; by default 32 MB of it stay in memory.
        sqlite_cache_size=_CACHED_PAGES,
        sqlite_mmap_size=0,
    )


class WatchDatabase:
    """
    An open database, and the thread in which everything is done with it. Used from one event loop.

    Attributes:
        reread: called in the thread when a commit failed and the disk takes writes again: whoever keeps in memory what
            follows from the database reads it anew. Raises StoreError.
    """

    def __init__(self, cache: Cache, notes: CommitNotes, thread: ThreadPoolExecutor) -> None:
        self.reread: Callable[[], None] = lambda: None
        self._is_in_doubt = False
        self._cache = cache
        self._notes = notes
        self._thread = thread
        self._resting = RestingCheckpoint(self._checkpoint, rest_seconds=REST_SECONDS)
        self._turn = asyncio.Lock()

    async def in_turn(self, work: Coroutine[None, None, None]) -> None:
        """
        Do this work, which writes, when all that came before has ended.

        A caller who is cancelled waits for its end, so that what is on the disk and what is known of it never differ.
        """
        await to_its_end(self._in_turn(work))

    async def write(self, writes: Writes) -> None:
        """Save all of it in one transaction; nothing costs nothing. Raises StoreError: nothing was saved."""
        if writes:
            self._is_in_doubt = True
            await self.on_thread(lambda cache: write_all(cache, self._notes, writes))
            self._is_in_doubt = False
            self._resting.wrote()

    async def on_thread(self, work: Callable[[Cache], _T]) -> _T:
        """Return what this does with the database in its thread. Raises StoreError."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._cache)
        except (sqlite3.Error, Timeout, OSError) as error:
            raise StoreError(f"cannot write the watch store: {reason_of(error)}") from error

    async def close(self) -> None:
        """Bring the log into the database, and let go of it. What was not committed is not saved."""
        await self._resting.close()
        await self.on_thread(lambda cache: cache.close())
        await self.on_thread(lambda _: self._notes.close())
        self._thread.shutdown(wait=False)

    async def _in_turn(self, work: Coroutine[None, None, None]) -> None:
        async with self._turn:
            with closing(work):
                await self._end_doubt()
                await work

    async def _end_doubt(self) -> None:
        """After a commit that failed, take for true what is there, once that is on the disk. Raises StoreError."""
        if self._is_in_doubt:
            await self.on_thread(self._begin_anew)
            self._is_in_doubt = False

    def _begin_anew(self, cache: Cache) -> None:
        try:
            renew_log(Path(cache.directory) / DBNAME)
        except sqlite3.Error:
            cache.close()
            raise
        cache.close()  # while the disk refused, SQLite may have opened the files for reading alone
        self._notes.last = commits_in(cache._con, WATCH_COMMITS)
        self.reread()

    async def _checkpoint(self) -> bool:
        """Bring the log into the database; return whether all of it is there. One that cannot be now waits."""
        try:
            return await self.on_thread(lambda cache: checkpoint(cache._con))
        except StoreError as error:
            _log.info("no checkpoint was made: %s", error)
            return False


def write_all(cache: Cache, notes: CommitNotes, writes: Writes) -> None:
    """
    Save (or, for None, remove) each key, and remove old changes where new ones come, all or nothing; count the commit.

    Never with `retry=True`: diskcache would then retry whatever SQLite says for ever, a full disk too. After a failure
    the connection stays open: while it is, nobody sees a commit whose sync failed (`log_renewal.py`).
    """
    try:
        with cache.transact():
            now = time.time()
            texts = {key: records.sealed(key, value) for key, value in writes.items() if value is not None}
            cache._con.executemany(_SAVE, [(key, now, now, MODE_RAW, text) for key, text in texts.items()])
            gone = [key for key, value in writes.items() if value is None]
            for key in (*gone, *old_changes(cache, writes)):
                cache.delete(key)
            # In a table that a write changes anyway (diskcache counts there): this costs no page more.
            number = notes.last + 1
            if not cache._sql(_SET_COUNT, (number,)).rowcount:
                cache._sql(_MAKE_COUNT, (number,))
    except BaseException:
        with suppress(sqlite3.Error):
            if cache._con.in_transaction:
                cache._con.execute("ROLLBACK")
        raise
    notes.note(number)


def insert_texts(cache: Cache, texts: Iterable[tuple[str, str]]) -> None:
    """Save texts under their keys in one transaction, into a database that nobody uses yet: it counts no commit."""
    now = time.time()
    with cache.transact():
        cache._con.executemany(_SAVE, [(key, now, now, MODE_RAW, records.sealed(key, text)) for key, text in texts])


def reason_of(error: Exception) -> str:
    """Return SQLite's own message, which diskcache's Timeout hides."""
    said = str(error) or str(error.__context__ or type(error).__name__)
    return f"{said}; this process can open no more files: {ADVICE}" if is_out_of_files() else said
