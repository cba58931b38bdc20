"""
What the watch store forgets, so that it does not grow for ever.

| record        | goes when                                                    |
|---------------|--------------------------------------------------------------|
| a change      | its watch has KEPT_CHANGES newer ones                        |
| a dead letter | it was made DEAD_KEPT before the newest message              |
| a state       | never: a watch that was removed may come back, and goes on   |

Whatever adds a record takes old ones of its kind away, in the same transaction and at most AT_ONCE: so there is no
task that could be late, and a pass of `check` keeps its house in order as a watcher does that runs for months.
No rule asks for what goes: what one looks back at (`new_low: 30d`) is part of the state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from diskcache import Cache

from watcher.store.records import change_range

KEPT_CHANGES: Final = 1_000
"""Of each watch."""
DEAD_KEPT: Final = timedelta(days=90)
AT_ONCE: Final = 100
"""More than is added, so that what an older watcher left goes too; few enough for a commit not to wait."""


def old_changes(cache: Cache, written: Iterable[str]) -> list[str]:
    """Return the keys of changes that are to go, of the watches of which one of these keys is a change."""
    ranges = dict.fromkeys(found for key in written if (found := change_range(key)) is not None)
    # diskcache knows no ranges of keys. Its index covers this: 0.1 ms for each watch.
    query = "SELECT key FROM Cache WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT ? OFFSET ?"
    return [key for each in ranges for (key,) in cache._sql(query, (*each, AT_ONCE, KEPT_CHANGES))]


def old_letters(dead: Mapping[int, datetime], *, now: datetime) -> list[int]:
    """
    Return the orders of dead letters that are to go.

    Args:
        dead: order → when the message was made, oldest first.
        now: when the newest message was made.
    """
    expired = takewhile(lambda order: dead[order] < now - DEAD_KEPT, dead)
    return list(islice(expired, AT_ONCE))
