"""
The page of a watch: how it stands, what its value was over time, and why anybody was told or not.

`GET /console/watches/{watch}?range=&value=&before=`; for anything odd the usual range, the first value, the newest.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from watcher.core.check import Announced, Change, NotedEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.live import LiveWatch, with_live_times
from watcher.core.locale import Locale
from watcher.core.message import page_url
from watcher.core.pausing import is_muted, is_paused
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.protocols import WatchReader
from watcher.core.redaction import redacted_change, redacted_event, redacted_state
from watcher.core.shown import shown
from watcher.core.standing import Standing, standing_of, until_of
from watcher.core.suspicion import is_suspicious
from watcher.core.trouble import has_lost_a_value
from watcher.core.values import SINGLE, Value, magnitude
from watcher.core.watch import Watch
from watcher.core.why import waiting
from watcher.core.words import clean, cut, one_line
from watcher.errors import ConfigError, StoreError, UsageError
from watcher.push.message_log import MessageLook
from watcher.web.addresses import id_in
from watcher.web.console.failures import line_beside_accept, line_of
from watcher.web.console.shell import Room, render_room
from watcher.web.console.topics import links_of_keys
from watcher.web.console.watch.because import Because, because, words_of
from watcher.web.console.watch.chart import Chart, Line, Range, Sight, begin_of, chart_of, sights_of
from watcher.web.console.watch.history import PER_PAGE, Entry, entries_of
from watcher.web.console.watch_acts import Lasting
from watcher.web.console.watch_list import path_of
from watcher.web.keys import ACCOUNT, LIVE, LOCAL, SERVICE, WATCHES, LocalWatcher
from watcher.web.pages.language import language_of

if TYPE_CHECKING:
    from watcher.config.edits import WrittenWatch  # with what reads YAML, for which a server alone has no use

_CHANGES: Final = 1_200
"""More than the history keeps."""
_EVENTS: Final = 500
_MOMENT_WATCHES: Final = 5
_NAMES: Final = 30
_VALUE_CHARACTERS: Final = 300
_FAILURE_CHARACTERS: Final = 1_000
_TABLE_ROWS: Final = 200
_CELL_CHARACTERS: Final = 60
_WRITTEN_CHARACTERS: Final = 20_000
"""Of a watch in its file; a longer one is looked at there."""
_log = logging.getLogger(__name__)


class Kept(Struct, frozen=True, kw_only=True):
    """
    What is kept of a watch, newest first, without its secrets.

    Attributes:
        has_older: there are more changes, and too many bytes of them for a page.
    """

    state: WatchState
    changes: Sequence[Change] = ()
    has_older: bool = False
    events: Sequence[NotedEvent] = ()


class Asked(Struct, frozen=True, kw_only=True):
    """A watch: its id, how it is declared in this process, and what is kept of it."""

    id: str
    watch: Watch | None
    kept: Kept


class _Now(Struct, frozen=True, kw_only=True):
    """A value, and the one before it as far as the history has it."""

    name: str
    value: str
    before: str


class _Block(Struct, frozen=True, kw_only=True):
    """A check of note, with what became of its messages and of each entry."""

    entry: Entry
    messages: Sequence[tuple[Announced, int | None]]
    because: Sequence[Because]


class _TableRow(Struct, frozen=True, kw_only=True):
    """What the chart shows, in words. `kind`: what it was besides a change; `value`: empty of what brought none."""

    at: datetime
    value: str = ""
    is_told: bool = False
    kind: EventKind | None = None


class View(Struct, frozen=True, kw_only=True):
    """
    What the template shows.

    Attributes:
        watch, live: None where no watcher runs in this process.
        until: when the pause or the mute ends.
        is_left_alone: it is paused or muted, and can be resumed.
        topics: whom it tells, each with the path of its page.
        row_count: of a list.
        failure: why the last check failed, if it did.
        waits: entries that hold and await their confirmation.
        rules: what each entry of `notify_when` asks for.
        names: the values that could be drawn, with the address that draws each.
        newer, older: addresses of the history beside what is shown.
        begin: the first of the changes that are shown, where older ones are kept; else None.
        written: how it stands in its file; None where the console knows no file, or none declares the watch itself.
    """

    id: str
    path: str
    watch: Watch | None
    live: LiveWatch | None
    state: WatchState
    failure: str
    standing: Standing
    until: datetime | None
    is_left_alone: bool
    is_suspicious: bool
    has_lost_a_value: bool
    topics: Sequence[tuple[str, str]]
    row_count: int | None
    values: Sequence[_Now]
    waits: Sequence[Because]
    rules: Sequence[str]
    chart: Chart
    is_line: bool
    table: Sequence[_TableRow]
    ranges: Sequence[tuple[Range, str]]
    asked: Range
    names: Sequence[tuple[str, str]]
    value: str | None
    blocks: Sequence[_Block]
    newer: str
    older: str
    begin: datetime | None
    written: WrittenWatch | None


async def show_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}`."""
    asked = await asked_watch(request)
    return render_room(
        request, "watch.html", Room.WATCHES, lasting=[*Lasting], view=await _view(request, asked, now=datetime.now(UTC))
    )


async def moment_of(request: web.Request, look: MessageLook) -> tuple[str, str] | None:
    """
    Return the name of the watch that a message tells of, and its page at that moment.

    None where none of the likeliest watches made it, or where this account may see no watches.
    """
    local, draft = request.app.get(LOCAL), look.message.draft
    if local is None or not (request[ACCOUNT].is_operator and look.key):
        return None
    said = f"{draft.summary}\n{draft.content}"
    likely = [each for each in local.watches.values() if each.name in said or page_url(each) == draft.url]
    for watch in sorted(likely, key=lambda each: len(each.name), reverse=True)[:_MOMENT_WATCHES]:
        try:
            events = await asyncio.to_thread(request.app[WATCHES].newest_events, watch.id, limit=_EVENTS)
        except StoreError:
            return None
        for noted in events:
            if any(message.id == look.key for message in noted.event.messages):
                return watch.name, f"{path_of(watch.id)}?before={noted.event.sequence + 1}#why"
    return None


async def asked_watch(request: web.Request) -> Asked:
    """
    Return the watch that the address names.

    Raises HTTPNotFound: it is neither declared nor was it ever checked.
    """
    name = request.match_info["watch"]
    local = request.app.get(LOCAL)
    watch = local.watches.get(name) if local is not None else None
    try:
        if local is not None:
            await local.refresh([name])
        kept = await asyncio.to_thread(_read, request.app[WATCHES], name, watch)
    except StoreError as error:
        _log.warning("the console cannot show the watch %s: %s", name, error)
        raise web.HTTPServiceUnavailable from error
    if kept is None and watch is None:
        raise web.HTTPNotFound
    return Asked(id=name, watch=watch, kept=kept or Kept(state=WatchState()))


def _read(reader: WatchReader, name: str, watch: Watch | None) -> Kept | None:
    """Return what is kept; None of a watch that was never checked. Blocks. Raises StoreError."""
    state = reader.state(name)
    if state is None:
        return None
    secrets = watch.request.secrets if watch is not None else None
    changes = reader.newest_changes(name, limit=_CHANGES)
    older = reader.newest_changes(name, before=changes[-1].sequence, limit=1) if changes else ()
    was = watch.was if watch is not None else None
    events = [*reader.newest_events(name, limit=_EVENTS), *(reader.newest_events(was, limit=_EVENTS) if was else ())]
    return Kept(
        state=redacted_state(state, secrets),
        changes=[redacted_change(each, secrets) for each in changes],
        has_older=bool(older),
        events=[redacted_event(each, secrets) for each in events[:_EVENTS]],
    )


async def _view(request: web.Request, asked: Asked, *, now: datetime) -> View:
    language, watch, kept = language_of(request), asked.watch, asked.kept
    live = request.app[LIVE]().get(asked.id)
    state, phrases = with_live_times(kept.state, live), phrases_in(language)
    standing = standing_of(state, now=now, is_enabled=watch is None or watch.is_enabled)
    span, value = _asked_range(request), _asked_value(request, state)
    before = id_in(request.query.get("before", ""))
    chart = await asyncio.to_thread(_chart, watch, kept, state, phrases, span, value, now)
    blocks, next_before = await _blocks(request, watch, kept, language, before)
    names = [*state.rows.get(SINGLE, ())][:_NAMES] if len(state.rows.get(SINGLE, ())) > 1 else []
    path = path_of(asked.id)

    def address(**other: object) -> str:
        query = {"range": span, "value": value if names else None, **other}
        return f"{path}?{urlencode({name: each for name, each in query.items() if each})}"

    return View(
        id=asked.id,
        path=path,
        watch=watch,
        live=live,
        state=state,
        failure=_failure(state, language, can_accept=watch is not None and is_suspicious(state)),
        standing=standing,
        until=until_of(state, standing),
        is_left_alone=is_paused(state, now) or is_muted(state, now),
        is_suspicious=is_suspicious(state),
        has_lost_a_value=has_lost_a_value(state.failure),
        topics=await links_of_keys(request, watch.topics) if watch is not None else [],
        row_count=None if SINGLE in state.rows or state.snapshot is None else len(state.rows),
        values=_values(state, kept.changes, phrases),
        waits=because(watch, waiting(watch, state), language) if watch is not None else [],
        rules=words_of(watch, watch.rules, language) if watch is not None else [],
        chart=chart,
        is_line=isinstance(chart.shape, Line),
        table=_table(chart, phrases),
        ranges=[(each, address(range=each)) for each in Range],
        asked=span,
        names=[(each, address(value=each)) for each in names],
        value=value,
        blocks=blocks,
        newer=address() if before else "",
        older=address(before=next_before) if next_before else "",
        begin=kept.changes[-1].changed_at if kept.has_older else None,
        written=await asyncio.to_thread(_written, request.app.get(LOCAL), asked.id),
    )


def _written(local: LocalWatcher | None, watch: str) -> WrittenWatch | None:
    """Return how a watch stands in its file, if it does; none that may hold a login. Blocks."""
    if local is None or local.writer is None:
        return None
    from watcher.config.reachable import may_have_login  # as above

    try:
        written = local.writer.written(watch)
    except (ConfigError, UsageError):
        return None
    return None if may_have_login(written.body) or len(written.text) > _WRITTEN_CHARACTERS else written


def _asked_range(request: web.Request) -> Range:
    given = request.query.get("range", "")
    return Range(given) if given in set(Range) else Range.ALL


def _asked_value(request: web.Request, state: WatchState) -> str | None:
    """Return the name of the single value that is drawn: the one that is asked for, else the first number."""
    row = state.rows.get(SINGLE)
    if row is None:
        return None
    given = request.query.get("value", "")
    numbers = [name for name, value in row.items() if magnitude(value) is not None]
    return given if given in row else next(iter([*numbers, *row]), "")


def _chart(
    watch: Watch | None,
    kept: Kept,
    state: WatchState,
    phrases: Phrases,
    asked: Range,
    value: str | None,
    now: datetime,
) -> Chart:
    oldest = kept.changes[-1].changed_at if kept.changes else None
    begin = begin_of(asked, oldest, now=now)
    sights = sights_of(kept.changes, state, value)
    return chart_of(watch, sights, kept.events, state, phrases, name=value, begin=begin, now=now)


def _table(chart: Chart, phrases: Phrases) -> Sequence[_TableRow]:
    """Return what the chart shows, newest first."""
    values = [
        _TableRow(
            at=each.at,
            value=cut(_shown(each.value, phrases), _CELL_CHARACTERS) + _moved(each),
            is_told=each.is_told,
            kind=EventKind.BASELINE if each.is_baseline else None,
        )
        for each in chart.sights[:_TABLE_ROWS]
    ]
    baselines = {each.at for each in values if each.kind is not None}
    acts = [_TableRow(at=mark.at, kind=mark.kind) for mark in chart.marks if mark.at not in baselines]
    return sorted([*values, *acts], key=attrgetter("at"), reverse=True)[:_TABLE_ROWS]


def _moved(sight: Sight) -> str:
    """Return how many rows came and went, as ` +2 −1`."""
    return "".join(f" {sign}{count}" for sign, count in (("+", sight.came), ("−", sight.went)) if count)


def _values(state: WatchState, changes: Sequence[Change], phrases: Phrases) -> Sequence[_Now]:
    """Return the values of a page without a list, each with the last one that differed from it."""
    row = state.rows.get(SINGLE, {})
    return [
        _Now(name=name, value=_shown(value, phrases), before=_before(name, value, changes, phrases))
        for name, value in [*row.items()][:_NAMES]
    ]


def _before(name: str, value: Value, changes: Sequence[Change], phrases: Phrases) -> str:
    """Return the last value that differed; a new baseline leaves no change, so what the newest came to counts too."""
    sides = (side[SINGLE] for change in changes for side in (change.new, change.old) if SINGLE in side)
    known = (row[name] for row in sides if name in row)
    return next((_shown(each, phrases) for each in known if each != value), "")


def _shown(value: Value, phrases: Phrases) -> str:
    return cut(one_line(clean(shown(value, phrases))), _VALUE_CHARACTERS)


async def _blocks(
    request: web.Request, watch: Watch | None, kept: Kept, language: Locale, before: int
) -> tuple[Sequence[_Block], int]:
    """Return a page of the history, and the sequence before which the next begins; 0 where there is none."""
    changes = [each for each in kept.changes if not before or each.sequence < before]
    entries = await asyncio.to_thread(entries_of, changes, kept.events, watch, language, before=before)
    shown_entries = entries[:PER_PAGE]
    keys = {message.id for entry in shown_entries for message in entry.messages}
    numbers = await request.app[SERVICE].messages.ids_of_keys(keys)
    blocks = [
        _Block(
            entry=entry,
            messages=[(message, numbers.get(message.id)) for message in entry.messages],
            because=because(watch, entry.answers or (), language) if watch is not None else [],
        )
        for entry in shown_entries
    ]
    return blocks, shown_entries[-1].sequence if len(entries) > PER_PAGE else 0


def _failure(state: WatchState, language: Locale, *, can_accept: bool) -> str:
    if state.failure is None:
        return ""
    line = line_beside_accept if can_accept else line_of
    return line(state.failure, language, _FAILURE_CHARACTERS)
