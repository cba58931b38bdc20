"""Watches: what is remembered of them, and their history, read from the watch store without touching it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from watcher.core import check
from watcher.core.access import Scope
from watcher.core.check import WatchState
from watcher.core.settings import Settings
from watcher.core.values import Money, Rows, Value, to_json
from watcher.store.watch_reader import WatchReader
from watcher.web.api.v1.models import FROM_TEXT, IN_PATH, LINE, Request, Response
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import MAX_LIMIT, Page, page_of
from watcher.web.api.v1.problem import missing

_MAX_SEQUENCE: Final = 10**12 - 2
operations: Final = Operations()


class WatchListParams(Request):
    """Which page of the watches."""

    after: Annotated[
        str, Field(max_length=200, pattern=LINE, description="Id of the last watch of the page before.")
    ] = ""
    limit: Annotated[Annotated[int, Field(ge=1, le=MAX_LIMIT)], FROM_TEXT] = 50


class WatchPath(Request):
    """Which watch."""

    watch_id: Annotated[str, Field(min_length=1, max_length=200, pattern=LINE), IN_PATH]


class ChangeListParams(WatchPath):
    """Which page of a watch's history."""

    after: Annotated[
        Annotated[int, Field(ge=0, le=_MAX_SEQUENCE)],
        FROM_TEXT,
        Field(description="The sequence of the last change of the page before."),
    ] = 0
    limit: Annotated[Annotated[int, Field(ge=1, le=MAX_LIMIT)], FROM_TEXT] = 50


class MoneyValue(Response):
    """An amount; text, so that no digit is lost."""

    amount: str
    currency: Annotated[str | None, Field(description="As the page wrote it, if it did.")]


class NumberValue(Response):
    """A decimal number; text, so that no digit is lost."""

    number: str


class DateValue(Response):
    """A date, with or without a time, ISO 8601."""

    date: str


ValueOut: TypeAlias = str | int | MoneyValue | NumberValue | DateValue | None
RowOut: TypeAlias = dict[str, ValueOut]
RowsOut: TypeAlias = Annotated[
    dict[str, RowOut], Field(description='Row key → value name → value. A page without a list has the one key "".')
]


class Failure(Response):
    """Why the last check failed."""

    kind: Annotated[str, Field(description="One stable word.")]
    text: str


class Suspicion(Response):
    """The page looks wrong in a way that may be true; `watcher accept ID` says that it is."""

    checks: Annotated[int, Field(description="Checks in a row that saw the same.")]
    is_accepted: bool


class Watch(Response):
    """What is remembered of a watch."""

    id: str
    values: RowsOut
    checked_at: datetime | None
    next_check_at: datetime | None
    good_at: Annotated[datetime | None, Field(description="When the last good check was.")]
    changed_at: datetime | None
    failures: Annotated[int, Field(description="Failed checks in a row.")]
    failing_since: datetime | None
    failure: Failure | None
    suspicious: Suspicion | None


class Change(Response):
    """One entry of a watch's history: the rows that differ; one that is absent was not there."""

    sequence: int
    changed_at: datetime
    old: RowsOut
    new: RowsOut
    messages: Annotated[list[str], Field(description="Ids of the messages that told it.")]


@operations.add("GET", "/watches", "List watches", Scope.WATCHES_READ, is_global=True)
async def list_watches(call: Call, params: WatchListParams) -> Page[Watch]:
    """By id: every watch that was ever checked, and is not forgotten."""
    found = await asyncio.to_thread(_watches, call.settings, params.after, params.limit + 1)
    return page_of(call, Page[Watch], found, params.limit, lambda watch: watch, lambda watch: watch.id)


@operations.add("GET", "/watches/{watch_id}", "Show a watch", Scope.WATCHES_READ, is_global=True)
async def show_watch(call: Call, params: WatchPath) -> Watch:
    """One watch."""
    watch = await asyncio.to_thread(_watch, call.settings, params.watch_id)
    if watch is None:
        raise missing()
    return watch


@operations.add("GET", "/watches/{watch_id}/history", "List a watch's changes", Scope.WATCHES_READ, is_global=True)
async def list_changes(call: Call, params: ChangeListParams) -> Page[Change]:
    """By sequence, the oldest first."""
    found = await asyncio.to_thread(_changes, call.settings, params.watch_id, params.after, params.limit + 1)
    if found is None:
        raise missing()
    return page_of(call, Page[Change], found, params.limit, lambda one: one, lambda one: one.sequence)


def _watches(settings: Settings, after: str, limit: int) -> Sequence[Watch]:
    states = WatchReader(settings.watches).states()
    return [_serialized(watch, states[watch]) for watch in sorted(states) if watch > after][:limit]


def _watch(settings: Settings, watch: str) -> Watch | None:
    state = WatchReader(settings.watches).state(watch)
    return None if state is None else _serialized(watch, state)


def _changes(settings: Settings, watch: str, after: int, limit: int) -> Sequence[Change] | None:
    """Return a stretch of the history; None when there is no such watch."""
    if "/" in watch:
        return None
    reader = WatchReader(settings.watches)
    found = [_serialized_change(change) for change in islice(reader.changes(watch, after=after), limit)]
    # The history of a watch may outlive its state.
    return found if found or reader.state(watch) is not None else None


def _serialized(watch: str, state: WatchState) -> Watch:
    failure, suspect = state.failure, state.suspect
    return Watch(
        id=watch,
        values=_rows(state.snapshot.observation.rows) if state.snapshot else {},
        checked_at=state.checked_at,
        next_check_at=state.next_check_at,
        good_at=state.good_at,
        changed_at=state.changed_at,
        failures=state.failures,
        failing_since=state.failing_since,
        failure=Failure(kind=failure.kind, text=failure.text) if failure else None,
        suspicious=Suspicion(checks=suspect.checks, is_accepted=suspect.is_accepted) if suspect else None,
    )


def _serialized_change(change: check.Change) -> Change:
    return Change(
        sequence=change.sequence,
        changed_at=change.changed_at,
        old=_rows(change.old),
        new=_rows(change.new),
        messages=[*change.messages],
    )


def _rows(rows: Rows) -> dict[str, RowOut]:
    return {key: {name: _value(value) for name, value in row.items()} for key, row in rows.items()}


def _value(value: Value) -> ValueOut:
    match to_json(value):
        case {"number": str(number)}:
            return NumberValue(number=number)
        case {"date": str(date)}:
            return DateValue(date=date)
        case str() | int() | None as plain:
            return plain
    if isinstance(value, Money):
        return MoneyValue(amount=f"{value.amount:f}", currency=value.currency)
    raise TypeError(f"{value!r} is no value")
