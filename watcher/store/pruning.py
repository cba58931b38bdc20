"""
What the watch store forgets, so that it does not grow for ever.

| record        | goes when                                                    |
|---------------|--------------------------------------------------------------|
| a change      | its watch has KEPT_CHANGES newer ones, or those and it have KEPT_BYTES; the newest stays |
| a dead letter | it was made DEAD_KEPT before the newest message              |
| a state       | never: a watch that was removed may come back, and goes on   |

Whatever adds a record takes old ones of its kind away, in the same transaction and at most AT_ONCE: so there is no
task that could be late, and a pass of `check` keeps its house in order as a watcher does that runs for months.
No rule asks for what goes: what one looks back at (`new_low: 30d`) is part of the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from diskcache import Cache

from watcher.store.records import change_range

KEPT_CHANGES: Final = 1_000
"""Of each watch."""
KEPT_BYTES: Final = 10_000_000
"""Of each watch's changes together: a change of a list of 3,000 rows has 430 KB, a usual one 1 KB."""
LARGE_BYTES: Final = KEPT_BYTES // (2 * KEPT_CHANGES)
"""As many as are kept, all smaller than this, have half of KEPT_BYTES; so only a large one is a reason to measure."""
DEAD_KEPT: Final = timedelta(days=90)
AT_ONCE: Final = 100
"""More than is added, so that what an older watcher left goes too; few enough for a commit not to wait."""


def old_changes(cache: Cache, written: Mapping[str, str | None]) -> list[str]:
    """
    Return the keys of changes that are to go, of the watches of which a change is among what was written.

    Args:
        written: key → text.
    """
    ranges: dict[tuple[str, str], bool] = {}
    for key, text in written.items():
        if (found := change_range(key)) is not None:
            ranges[found] = ranges.get(found, False) or len(text or "") > LARGE_BYTES
    # diskcache knows no ranges of keys. Its index covers this: 0.1 ms for each watch.
    query = "SELECT key FROM Cache WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ? OFFSET ?"
    old = {key: None for each in ranges for (key,) in cache._sql(query, (*each, AT_ONCE, KEPT_CHANGES))}
    for each, is_large in ranges.items():
        if is_large:
            old |= dict.fromkeys(_beyond_bytes(cache, each))
    return list(old)


def _beyond_bytes(cache: Cache, changes: tuple[str, str]) -> list[str]:
    """Return the keys of changes before which newer ones have half of KEPT_BYTES; never the newest."""
    query = "SELECT key, length(CAST(value AS BLOB)) FROM Cache WHERE key >= ? AND key < ? ORDER BY key DESC"
    taken, begins, last = 0, changes[0], None
    with closing(cache._sql(query, changes)) as newest_first:  # what is beyond is not read: it may be much
        for key, size in newest_first:
            taken += size
            if last is not None and taken > KEPT_BYTES // 2:
                break
            last = key
        else:
            return []
    query = "SELECT key FROM Cache WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ?"
    return [key for (key,) in cache._sql(query, (begins, last, AT_ONCE))]


def old_letters(dead: Mapping[int, datetime], *, now: datetime) -> list[int]:
    """
    Return the orders of dead letters that are to go.

    Args:
        dead: order → when the message was made, oldest first.
        now: when the newest message was made.
    """
    expired = takewhile(lambda order: dead[order] < now - DEAD_KEPT, dead)
    return list(islice(expired, AT_ONCE))
