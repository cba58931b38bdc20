"""A watch as a row: how it stands, its value and the one before, its next check; one template for page and update."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final
from zlib import crc32

from aiohttp import web
from msgspec import Struct

from watcher.core.check import Change
from watcher.core.live import LiveWatch
from watcher.core.locale import Locale
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.protocols import WatchReader
from watcher.core.redaction import redacted_change
from watcher.core.shown import shown
from watcher.core.standing import Standing, until_of
from watcher.core.values import SINGLE, Row, Rows, Value
from watcher.core.words import clean, cut, one_line
from watcher.web.console.failures import line_of
from watcher.web.console.watch_list import Known, path_of
from watcher.web.keys import LIVE, WATCHES
from watcher.web.pages.language import language_of

_VALUES: Final = 3
"""Values shown of a watch."""
_VALUE_CHARACTERS: Final = 60
_NAME_CHARACTERS: Final = 80
_URL_CHARACTERS: Final = 120
_TEXT_CHARACTERS: Final = 300
_MOST_KEPT: Final = 20_000
_LOOKED_AT: Final = 5
"""Of the newest in the history, which may be baselines."""
_KEPT_VALUES: Final = 30
"""Of a change; which of them are shown, the values of today say."""
_SETTLED_SECONDS: Final = 5
"""A due time is told as a wait from now, which is never the same to the microsecond."""


class Shown(Struct, frozen=True, kw_only=True):
    """A value of a page without a list, and the one before it; empty: there was none, or it is the same."""

    name: str
    text: str
    before: str


class Difference(Struct, frozen=True, kw_only=True):
    """What the last change of a list was: how many rows came, went, and changed."""

    came: int
    went: int
    changed: int


class WatchRow(Struct, frozen=True, kw_only=True):
    """
    One watch on a page.

    Attributes:
        name: where it is another than the id.
        url: without secrets; empty where no watcher runs here.
        row_count: of a list; None of a page without one.
        until: when the pause or the mute ends.
        version: other, whenever the row is.
    """

    id: str
    path: str
    name: str
    url: str
    standing: Standing
    values: Sequence[Shown]
    row_count: int | None
    difference: Difference | None
    changed_at: datetime | None
    good_at: datetime | None
    next_check_at: datetime | None
    is_under_way: bool
    until: datetime | None
    failures: int
    failing_since: datetime | None
    failure: str
    version: int


class LastChanges:
    """The last change of each watch that was shown, in short: to read those of a page from the disk takes 20 ms."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[datetime, _Last]] = OrderedDict()

    def of(self, reader: WatchReader, known: Known) -> _Last:
        """Return the last change of a watch. Blocks where it is not known yet. Raises StoreError."""
        changed_at = known.state.changed_at
        if changed_at is None:
            return _NOTHING
        if (held := self._known.get(known.id)) is not None and held[0] == changed_at:
            return held[1]
        secrets = known.watch.request.secrets if known.watch else None
        newest = [each for each in reader.newest_changes(known.id, limit=_LOOKED_AT) if not each.is_baseline]
        changes = [redacted_change(each, secrets) for each in newest[:1]]
        last = _last(changes[0]) if changes else _NOTHING
        if not changes or changes[0].changed_at == changed_at:  # else it is on its way to the disk
            self._known[known.id] = changed_at, last
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        return last

    def is_known(self, known: Known) -> bool:
        """Return whether nothing has to be read from the disk."""
        changed_at = known.state.changed_at
        return changed_at is None or self._known.get(known.id, (None,))[0] == changed_at


LAST_CHANGES: Final = web.AppKey("last_changes", LastChanges)


class _Last(Struct, frozen=True, kw_only=True):
    """What is kept of a change: of single values both sides, cut; of a list how much came and went."""

    old: Row
    new: Row
    difference: Difference | None


_NOTHING: Final = _Last(old={}, new={}, difference=None)


def _last(change: Change) -> _Last:
    old, new = change.old, change.new
    if SINGLE in old or SINGLE in new:
        return _Last(old=_kept_row(old), new=_kept_row(new), difference=None)
    came, went = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    return _Last(old={}, new={}, difference=Difference(came=came, went=went, changed=len(old.keys() & new.keys())))


def _kept_row(rows: Rows) -> Row:
    return {name: _kept(value) for name, value in islice(rows.get(SINGLE, {}).items(), _KEPT_VALUES)}


def _kept(value: Value) -> Value:
    """Return a value as it is kept: of a text its beginning."""
    return cut(value, _TEXT_CHARACTERS) if isinstance(value, str) else value


def row_of(known: Known, live: LiveWatch | None, last: _Last, language: Locale) -> WatchRow:
    """Return a watch as a row."""
    watch, state = known.watch, known.state
    name = watch.name if watch is not None else live.name if live is not None else known.id
    url = watch.request.shown_url if watch is not None else live.url if live is not None else ""
    rows = state.rows
    return WatchRow(
        id=known.id,
        path=path_of(known.id),
        name="" if name == known.id else _line(name, _NAME_CHARACTERS),
        url=_line(url, _URL_CHARACTERS),
        standing=known.standing,
        values=_values(rows.get(SINGLE, {}), last, phrases_in(language)),
        row_count=None if SINGLE in rows or state.snapshot is None else len(rows),
        difference=last.difference,
        changed_at=state.changed_at,
        good_at=state.good_at,
        next_check_at=live.next_check_at if live is not None else state.next_check_at,
        is_under_way=live is not None and live.is_under_way,
        until=until_of(state, known.standing),
        failures=state.failures,
        failing_since=state.failing_since if state.failure else None,
        failure=line_of(state.failure, language, _TEXT_CHARACTERS) if state.failure else "",
        version=version_of(known, live),
    )


def version_of(known: Known, live: LiveWatch | None) -> int:
    """Return a number that is another when the row of a watch is."""
    state, watch = known.state, known.watch
    declared = watch and (watch.name, watch.request.shown_url)
    said = known.id, declared, state.sequence, state.checked_at, known.standing, due(live)
    return crc32(repr(said).encode(errors="surrogatepass"))


def due(live: LiveWatch | None) -> tuple[bool, int]:
    """Return whether a watch is being checked, and about when it is next."""
    if live is None:
        return False, 0
    at = live.next_check_at
    return live.is_under_way, 0 if at is None else round(at.timestamp() / _SETTLED_SECONDS)


def _values(row: Row, last: _Last, phrases: Phrases) -> Sequence[Shown]:
    return [
        Shown(
            name=_line(phrases.called(name), _VALUE_CHARACTERS),
            text=_said(value, phrases),
            before=_before(name, _kept(value), last, phrases),
        )
        for name, value in islice(row.items(), _VALUES)
    ]


def _before(name: str, value: Value, last: _Last, phrases: Phrases) -> str:
    """Return what was believed before: a new baseline leaves no change, so what the last one came to counts too."""
    known = (row[name] for row in (last.new, last.old) if name in row)
    return next((_said(each, phrases) for each in known if each != value), "")


def _said(value: Value, phrases: Phrases) -> str:
    return _line(shown(value, phrases), _VALUE_CHARACTERS)


def _line(text: str, characters: int) -> str:
    return cut(one_line(clean(text)), characters)


async def rows_in(request: web.Request, wanted: Sequence[Known]) -> Sequence[WatchRow]:
    """Return the rows of some watches, in the language of who asks. Raises StoreError."""
    live, reader, kept = request.app[LIVE](), request.app[WATCHES], request.app[LAST_CHANGES]
    language = language_of(request)

    def rows() -> Sequence[WatchRow]:
        return [row_of(known, live.get(known.id), kept.of(reader, known), language) for known in wanted]

    return rows() if all(map(kept.is_known, wanted)) else await asyncio.to_thread(rows)
