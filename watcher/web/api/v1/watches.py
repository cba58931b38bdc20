"""Watches: what is remembered of them, and their history, read from the watch store without touching it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice

from watcher.core.check import Change, WatchState
from watcher.core.values import Money, Rows, Value, to_json
from watcher.store.watch_reader import WatchReader
from watcher.web.api.v1 import nouns
from watcher.web.api.v1 import shapes as give
from watcher.web.api.v1.operation import Call
from watcher.web.api.v1.problem import missing
from watcher.web.api.v1.requests import HistorySlicing, Nothing, WatchPath, WatchSlicing
from watcher.web.settings import WebSettings


async def list_watches(call: Call[WatchSlicing, Nothing]) -> give.Page[give.Watch]:
    """By id: every watch that was ever checked, and is not forgotten."""
    params = call.params
    found = await asyncio.to_thread(_states, call.settings, params.after, params.limit + 1)
    return nouns.page_of(call, give.Page[give.Watch], found, params.limit, lambda watch: watch, lambda watch: watch.id)


async def show_watch(call: Call[WatchPath, Nothing]) -> give.Watch:
    """One watch."""
    watch = await asyncio.to_thread(_state, call.settings, call.params.watch_id)
    if watch is None:
        raise missing()
    return watch


async def list_changes(call: Call[HistorySlicing, Nothing]) -> give.Page[give.Change]:
    """By sequence, the oldest first."""
    params = call.params
    found = await asyncio.to_thread(_changes, call.settings, params.watch_id, params.after, params.limit + 1)
    if found is None:
        raise missing()
    return nouns.page_of(call, give.Page[give.Change], found, params.limit, lambda one: one, lambda one: one.sequence)


def _states(settings: WebSettings, after: str, limit: int) -> Sequence[give.Watch]:
    if settings.watches is None:
        return []
    states = WatchReader(settings.watches).states()
    return [_watch(watch, states[watch]) for watch in sorted(states) if watch > after][:limit]


def _state(settings: WebSettings, watch: str) -> give.Watch | None:
    if settings.watches is None:
        return None
    state = WatchReader(settings.watches).state(watch)
    return None if state is None else _watch(watch, state)


def _changes(settings: WebSettings, watch: str, after: int, limit: int) -> Sequence[give.Change] | None:
    """Return a stretch of the history; None when there is no such watch."""
    if settings.watches is None or "/" in watch:
        return None
    reader = WatchReader(settings.watches)
    found = [_change(change) for change in islice(reader.changes(watch, after=after), limit)]
    # The history of a watch may outlive its state.
    return found if found or reader.state(watch) is not None else None


def _watch(watch: str, state: WatchState) -> give.Watch:
    failure, suspect = state.failure, state.suspect
    return give.Watch(
        id=watch,
        values=_rows(state.snapshot.observation.rows) if state.snapshot else {},
        checked_at=state.checked_at,
        next_check_at=state.next_check_at,
        good_at=state.good_at,
        changed_at=state.changed_at,
        failures=state.failures,
        failing_since=state.failing_since,
        failure=give.Failure(kind=failure.kind, text=failure.text) if failure else None,
        suspicious=give.Suspicion(checks=suspect.checks, is_accepted=suspect.is_accepted) if suspect else None,
    )


def _change(change: Change) -> give.Change:
    return give.Change(
        sequence=change.sequence,
        changed_at=change.changed_at,
        old=_rows(change.old),
        new=_rows(change.new),
        messages=[*change.messages],
    )


def _rows(rows: Rows) -> dict[str, give.RowOut]:
    return {key: {name: _value(value) for name, value in row.items()} for key, row in rows.items()}


def _value(value: Value) -> give.ValueOut:
    match to_json(value):
        case {"number": str(number)}:
            return give.NumberValue(number=number)
        case {"date": str(date)}:
            return give.DateValue(date=date)
        case str() | int() | None as plain:
            return plain
    if isinstance(value, Money):
        return give.MoneyValue(amount=f"{value.amount:f}", currency=value.currency)
    raise TypeError(f"{value!r} is no value")
