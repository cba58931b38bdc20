"""
What an upgrade makes of the values that the former version read.

| the page of the last good check    | its values are read as before | another value is read from it          |
|------------------------------------|-------------------------------|----------------------------------------|
| is at hand: it was kept, or came   | compare as after any check    | compare with what the page shows now,  |
| again as it was                    |                               | and tell the operator which those are  |
| is not at hand                     | compare with what is stored; messages say that there was an upgrade    |

So what changed on a page while the program was stopped is told in either case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from watcher.core.check import Progress, WatchState
from watcher.core.cpu_budget import CpuBudget
from watcher.core.known import is_rolling
from watcher.core.likeness import Likeness
from watcher.core.measures import advance_peaks
from watcher.core.message import NAME_CHARACTERS, change_lines, page_url
from watcher.core.phrases import Phrases, fill
from watcher.core.running import run_rules
from watcher.core.values import SINGLE, Row, Rows, Value, other_than
from watcher.core.watch import Watch
from watcher.core.words import Words, clean, cut

_MOST_LINES = 20
_Readings = Mapping[str, tuple[Value, Value]]
"""Name of a value that is read otherwise → as the former version read it, and as this one does."""


def as_read_now(watch: Watch, state: WatchState, rows: Rows, *, now: datetime, budget: CpuBudget) -> WatchState:
    """
    Return the state as if the page of its snapshot had always been read as it is now; the same state where it was.

    Args:
        rows: that this version reads from that page.

    Raises:
        PageError: an expression of the watch took too long.
    """
    known, snapshot = state.rows, state.snapshot
    if is_rolling(watch) and known.keys() <= rows.keys():  # the rows that left since then are not new
        rows = {key: rows[key] for key in known}
    likeness = Likeness(watch, budget)
    if snapshot is None or likeness.rows(_cleaned(known), _cleaned(rows)) == _cleaned(rows):
        return state
    has_same_rows = known.keys() == rows.keys()
    found = {key: _readings(known[key], row) for key, row in rows.items()} if has_same_rows else {}
    read = {key: readings for key, readings in found.items() if readings}
    seen = {key: _translated(row, read.get(key, {})) for key, row in known.items()} if has_same_rows else rows
    state = replace(state, snapshot=replace(snapshot, observation=replace(snapshot.observation, rows=seen)))
    first = run_rules(watch, state, seen, seen, now=now, budget=budget, is_baseline=True).progress
    if not has_same_rows:
        return replace(state, told=seen, progress=first, peaks={}, pasts={}, fresh={}, recent="")
    told = {key: _translated(row, read.get(key, {})) for key, row in state.told.items()}
    state = replace(state, told=told, recent="" if SINGLE in read else state.recent)
    return _with_memory(watch, state, read, first)


def _with_memory(
    watch: Watch, state: WatchState, read: Mapping[str, _Readings], first: Mapping[str, Mapping[str, Progress]]
) -> WatchState:
    """Return the state, all that entries remember of the values as these are read now. `first`: as at a baseline."""
    subjects = {str(condition): condition.subject for rule in watch.rules for condition in rule.conditions}
    progress = {
        rule: {key: step for key, step in first.get(rule, {}).items() if key in read}
        | {key: _step(step, read.get(key, {})) for key, step in rows.items()}
        for rule, rows in state.progress.items()
    }
    pasts = {
        condition: {key: past for key, past in rows.items() if subjects.get(condition) not in read.get(key, {})}
        for condition, rows in state.pasts.items()
    }
    peaks = {
        key: {name: peak for name, peak in row.items() if name.partition(" for ")[0] not in read.get(key, {})}
        for key, row in state.peaks.items()
    }
    state = replace(state, progress=progress, pasts=pasts, peaks=peaks)
    return replace(state, peaks=advance_peaks(watch, state, {}, state.rows, state.rows, (), is_baseline=False))


def _readings(before: Row, now: Row) -> _Readings:
    return {name: (before.get(name), value) for name, value in now.items() if before.get(name) != value}


def _translated(row: Row, readings: _Readings) -> Row:
    """Return the row, a value that stands as the former version read it as this one does."""
    return {
        name: readings[name][1] if readings.get(name, (None,))[0] == value else value for name, value in row.items()
    }


def _step(step: Progress, readings: _Readings) -> Progress:
    basis, candidate = (row and _translated(row, readings) for row in (step.basis, step.candidate))
    return replace(step, basis=basis, candidate=candidate)


def _cleaned(rows: Rows) -> Rows:
    """Return the rows without what a page that is kept lacks."""
    return {
        key: {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}
        for key, row in rows.items()
    }


def read_otherwise(watch: Watch, before: Rows, now: Rows, phrases: Phrases) -> Words:
    """Return the words that this version reads these rows of one page otherwise than the former one did."""
    lines = change_lines(other_than(now, before), other_than(before, now), phrases)
    more = ["…"] if len(lines) > _MOST_LINES else []
    content = "\n".join([phrases.read_otherwise_means, *lines[:_MOST_LINES], *more])
    summary = fill(phrases.read_otherwise, name=cut(watch.name, NAME_CHARACTERS))
    return Words(summary=summary, content=content, url=page_url(watch))
