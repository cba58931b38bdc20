"""A watch as a list of the console has it: how it stands, its values, when it is checked; trouble comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from msgspec import Struct

from watcher.core.check import WatchState
from watcher.core.live import Live, LiveWatch, with_live_times
from watcher.core.phrases import Phrases
from watcher.core.shown import shown
from watcher.core.standing import Standing, standing_of
from watcher.core.values import SINGLE, Rows
from watcher.core.words import cut, one_line
from watcher.web.keys import WatchReader

_VALUES: Final = 3
"""Values shown of a watch."""
_VALUE_CHARACTERS: Final = 60
_TEXT_CHARACTERS: Final = 300
_URGENCY: Final = tuple(Standing)


class Line(Struct, frozen=True, kw_only=True):
    """
    One watch on a page.

    Attributes:
        name: where it is another than the id.
        url: without secrets; empty where no watcher runs here.
        values: the first of them as (name, text), of a page without a list.
        row_count: of a list; None of a page without one.
    """

    id: str
    name: str
    url: str
    standing: Standing
    values: Sequence[tuple[str, str]]
    row_count: int | None
    good_at: datetime | None
    next_check_at: datetime | None
    failing_since: datetime | None
    failure: str


def lines_of(reader: WatchReader, live: Live, phrases: Phrases, *, now: datetime) -> Sequence[Line]:
    """Return a line for each watch, trouble first. Blocks. Raises StoreError."""
    lines = [_line(watch, state, live.get(watch), phrases, now=now) for watch, state in reader.each_state()]
    return sorted(lines, key=lambda line: (_URGENCY.index(line.standing), line.id))


def _line(watch: str, state: WatchState, live: LiveWatch | None, phrases: Phrases, *, now: datetime) -> Line:
    state = with_live_times(state, live)
    rows = state.snapshot.observation.rows if state.snapshot else {SINGLE: {}}
    return Line(
        id=watch,
        name=live.name if live is not None and live.name != watch else "",
        url=live.url if live is not None else "",
        standing=standing_of(state, now=now),
        values=_values(rows, phrases),
        row_count=None if SINGLE in rows else len(rows),
        good_at=state.good_at,
        next_check_at=state.next_check_at,
        failing_since=state.failing_since,
        failure=cut(one_line(state.failure.text), _TEXT_CHARACTERS) if state.failure else "",
    )


def _values(rows: Rows, phrases: Phrases) -> Sequence[tuple[str, str]]:
    row = rows.get(SINGLE, {})
    return [
        (name, cut(one_line(shown(value, phrases)), _VALUE_CHARACTERS)) for name, value in islice(row.items(), _VALUES)
    ]
