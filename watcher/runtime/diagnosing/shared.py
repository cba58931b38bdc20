"""Subscribers and messages in a PostgreSQL: whether it answers, which tables it has, and who backs it up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.errors import WatcherError
from watcher.runtime.databases import Tables, tables
from watcher.store.damage import WATCHES
from watcher.store.inspection import inspect_backups

_REACH: Final = "mend what it says; the address is that of --database or WATCHER_DATABASE"
_UPGRADE: Final = "the next start of `watcher run` or `watcher serve` migrates them, or `watcher database upgrade` now"


async def check_shared(settings: Settings) -> Finding:
    """Return whether the database answers, after how long, and whether its tables are those of this version."""
    began = time.monotonic()
    try:
        found = await tables(settings)
    except WatcherError as error:
        return wrong(Check.DATABASE, str(error), _REACH)
    return tables_finding(found, seconds=time.monotonic() - began)


def tables_finding(found: Tables, *, seconds: float) -> Finding:
    """Return what tables that were looked at in so many seconds mean."""
    answered = f"{found.place} answered within {seconds:.2f} s"
    if found.revision is None:
        return fine(Check.DATABASE, f"{answered}; it has no tables yet: a start makes them")
    text = f"{answered}; its tables have revision {found.revision}"
    if found.revision == found.newest:
        return fine(Check.DATABASE, text)
    text = f"{text}, and this version of watcher makes {found.newest}"
    if found.revision > found.newest:
        return wrong(Check.DATABASE, text, "run the newer version that made them")
    return doubtful(Check.DATABASE, text, _UPGRADE)


def check_backups(settings: Settings, *, now: datetime) -> Sequence[Finding]:
    """Return who backs up what is in PostgreSQL, and how old the newest backup of what is not is. Raises OSError."""
    theirs = "subscribers and messages are in PostgreSQL: back them up there, as with `pg_dump`"
    ours = [inspect_backups(settings.data, now=now)] if (settings.data / WATCHES).exists() else []
    return [fine(Check.BACKUPS, theirs), *ours]
