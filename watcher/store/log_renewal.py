"""
The write-ahead log of a database, written once more byte for byte and synced, before anything in it is believed.

When a sync fails, the kernel may mark pages clean that never reached the disk: they can still be read, and the next
sync succeeds without them (wiki.postgresql.org/wiki/Fsync_Errors). What SQLite does then (its wal.c):

| the sync that fails | SQLite |
|---|---|
| of a commit | leaves its frames in the log, but not in the index, and the next commit replaces them: |
| | whoever has the database open does not see it; whoever opens it after the last of them takes it for a commit |
| of a checkpoint | does not count it: the next one writes the same pages again, and only then the log is emptied |

So the log is all that has to be right. It is written again at each opening, and after a failed commit before the next
one; a process that cannot do that neither opens the database nor commits. The bytes are the same, so a kill at any
moment changes nothing. What is kept in memory of the database is read again then, whether the failed commit is there
or not.

One case is left to SQLite: if a reader holds a checkpoint back halfway, the pages of both halves are synced together
later, and only those of the second are written again when that sync fails.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from watcher.store.files import sync

_BUSY_SECONDS: Final = 5.0
"""How long another process' write is waited for."""


def renew_log(database: Path) -> None:
    """
    Write a database's log again, and sync it and its directory; an empty or missing one costs nothing.

    Other writers wait meanwhile. Where nobody else has the database open, the log is then emptied into it.
    Raises OSError, sqlite3.Error: what is in the log may not be believed yet.
    """
    log = database.with_name(f"{database.name}-wal")
    if not _has_content(log):
        return
    with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # others append to a log, or begin it anew, only under this lock
        if _has_content(log):  # SQLite removes one that belongs to an empty database
            _write_anew(log)
        connection.execute("ROLLBACK")


def _has_content(log: Path) -> bool:
    return log.exists() and log.stat().st_size > 0


def _write_anew(log: Path) -> None:
    # SQLite locks no part of a log, so to close it takes no lock of this process away (sqlite.org/howtocorrupt.html)
    with log.open("rb") as content, log.open("r+b") as same:
        shutil.copyfileobj(content, same)
        same.flush()
        os.fsync(same.fileno())
    sync(log.parent)
