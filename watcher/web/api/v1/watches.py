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
from watcher.core.protocols import WatchReader
from watcher.core.values import Money, Rows, Value, to_json
from watcher.web.api.v1.models import FROM_TEXT, IN_PATH, LINE, Request, Response, example, shown
from watcher.web.api.v1.operation import Call, Operations
from watcher.web.api.v1.pagination import Limit, Page, page_of
from watcher.web.api.v1.problem import known

_MAX_SEQUENCE: Final = 10**12 - 2
operations: Final = Operations()


class WatchListParams(Request):
    """Which page of the watches."""

    after: Annotated[
        str, Field(max_length=200, pattern=LINE, description="The id of the last watch of the previous page.")
    ] = ""
    limit: Limit = 50


class WatchPath(Request):
    """Which watch."""

    watch_id: Annotated[
        str, Field(min_length=1, max_length=200, pattern=LINE, description="Its id in watches.yaml."), IN_PATH
    ]


class ChangeListParams(WatchPath):
    """A watch, and which page of its history."""

    after: Annotated[
        Annotated[int, Field(ge=0, le=_MAX_SEQUENCE)],
        FROM_TEXT,
        Field(description="The sequence number of the last change of the previous page."),
    ] = 0
    limit: Limit = 50


class MoneyValue(Response):
    """An amount of money, as text, so that no digit is lost."""

    amount: str
    currency: Annotated[str | None, Field(description="As written on the page; null if it was not.")]


class NumberValue(Response):
    """A decimal number, as text, so that no digit is lost."""

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

    kind: Annotated[str, Field(description="A word for programs, which stays the same in later versions.")]
    text: str


class Suspicion(Response):
    """A change that is held back as suspicious; `watcher accept ID` accepts it."""

    checks: Annotated[int, Field(description="How many checks in a row saw the same.")]
    is_accepted: bool


class Watch(Response):
    """A watch's last known values, and the state of its checks."""

    model_config = example(
        id="dune",
        values={"": {"price": {"amount": "8.50", "currency": "€"}, "stock": 3}},
        checked_at="2026-11-24T09:30:00Z",
        next_check_at="2026-11-24T10:31:12Z",
        good_at="2026-11-24T09:30:00Z",
        changed_at="2026-11-23T18:02:00Z",
        failures=0,
        failing_since=None,
        failure=None,
        suspicious=None,
        paused_until=None,
        muted_until=None,
    )

    id: str
    values: RowsOut
    checked_at: datetime | None
    next_check_at: datetime | None
    good_at: Annotated[datetime | None, Field(description="The time of the last good check.")]
    changed_at: datetime | None
    failures: Annotated[int, Field(description="How many checks in a row failed.")]
    failing_since: datetime | None
    failure: Failure | None
    suspicious: Suspicion | None
    paused_until: Annotated[datetime | None, Field(description="It is not checked before; one that is past ended.")]
    muted_until: Annotated[
        datetime | None,
        Field(description="It is checked, and nothing is judged or told before; one that is past ended."),
    ]


class Change(Response):
    """One change in a watch's history: the rows that differ; a row that is absent on one side did not exist."""

    model_config = example(
        sequence=4,
        changed_at="2026-11-23T18:02:00Z",
        old={"": {"price": {"amount": "12.00", "currency": "€"}, "stock": 3}},
        new={"": {"price": {"amount": "8.50", "currency": "€"}, "stock": 3}},
        messages=["dune:4:0"],
        is_baseline=False,
    )

    sequence: int
    changed_at: datetime
    old: RowsOut
    new: RowsOut
    messages: Annotated[list[str], Field(description="The ids of the messages about it.")]
    is_baseline: Annotated[
        bool,
        Field(description="Not the page is another, but how the watch reads it: it was edited, and nobody is told."),
    ]


@operations.add("GET", "/watches", Scope.WATCHES_READ, is_global=True)
async def list_watches(call: Call, params: WatchListParams) -> Page[Watch]:
    """Sorted by id: every watch that was ever checked and was not removed."""
    found = await asyncio.to_thread(_watches, call.watches, params.after, params.limit + 1)
    return page_of(call, Page[Watch], found, params.limit, lambda watch: watch, lambda watch: watch.id)


@operations.add("GET", "/watches/{watch_id}", Scope.WATCHES_READ, is_global=True)
async def show_watch(call: Call, params: WatchPath) -> Watch:
    """One watch."""
    return known(await asyncio.to_thread(_watch, call.watches, params.watch_id))


@operations.add("GET", "/watches/{watch_id}/history", Scope.WATCHES_READ, is_global=True)
async def list_changes(call: Call, params: ChangeListParams) -> Page[Change]:
    """Sorted by sequence number, oldest first."""
    found = known(await asyncio.to_thread(_changes, call.watches, params.watch_id, params.after, params.limit + 1))
    return page_of(call, Page[Change], found, params.limit, lambda one: one, lambda one: one.sequence)


def _watches(reader: WatchReader, after: str, limit: int) -> Sequence[Watch]:
    return [_serialized(watch, state) for watch, state in islice(reader.each_state(after=after), limit)]


def _watch(reader: WatchReader, watch: str) -> Watch | None:
    state = reader.state(watch)
    return None if state is None else _serialized(watch, state)


def _changes(reader: WatchReader, watch: str, after: int, limit: int) -> Sequence[Change] | None:
    """Return a stretch of the history; None when there is no such watch."""
    if "/" in watch:
        return None
    found = [_serialized_change(change) for change in islice(reader.changes(watch, after=after), limit)]
    # The history of a watch may outlive its state.
    return found if found or reader.state(watch) is not None else None


def _serialized(watch: str, state: WatchState) -> Watch:
    failure, suspect = state.failure, state.suspect
    return shown(
        Watch,
        state,
        id=watch,
        values=_rows(state.snapshot.observation.rows) if state.snapshot else {},
        failure=shown(Failure, failure) if failure else None,
        suspicious=shown(Suspicion, suspect) if suspect else None,
    )


def _serialized_change(change: check.Change) -> Change:
    return shown(Change, change, old=_rows(change.old), new=_rows(change.new), messages=[*change.messages])


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
