"""What is read of one watch from its newest end, while the store has much of others."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from tests.core.builders import NOON
from watcher.core.check import Change, Decision, Verdict, WatchEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.values import SINGLE
from watcher.store.watch_reader import DATABASE, DiskWatchReader
from watcher.store.watch_store import open_watch_store


def _decision(watch: str, number: int, text: str = "x") -> Decision:
    change = Change(
        watch=watch, sequence=number, changed_at=NOON, old={SINGLE: {"text": ""}}, new={SINGLE: {"text": text}}
    )
    event = WatchEvent(kind=EventKind.CHANGED, at=NOON, watch=watch, sequence=number)
    state = WatchState(sequence=number)
    return Decision(watch=watch, verdict=Verdict.CHANGED, state=state, change=change, events=(event,))


async def _store(directory: Path, decisions: Sequence[Decision]) -> DiskWatchReader:
    store, _ = await open_watch_store(directory)
    for decision in decisions:
        await store.commit([decision])
    await store.close()
    return DiskWatchReader(directory)


async def test_the_newest_come_first_within_the_bounds(tmp_path: Path) -> None:
    reader = await _store(tmp_path, [_decision("dune", number) for number in range(1, 9)])
    assert [each.sequence for each in reader.newest_changes("dune", limit=3)] == [8, 7, 6]
    assert [each.sequence for each in reader.newest_changes("dune", before=6, limit=9)] == [5, 4, 3, 2, 1]
    assert [each.sequence for each in reader.newest_changes("dune", limit=9, most_bytes=1)] == [8]
    assert [each.event.sequence for each in reader.newest_events("dune", limit=2)] == [8, 7]


async def test_a_watch_is_not_taken_for_one_whose_id_is_like_its_own(tmp_path: Path) -> None:
    names = ("dune", "dune2", "dune.EUR", "沙丘", "沙丘.价格")
    odd = [_decision(name, 1, f'"watch":"{other}"') for name, other in zip(names, names[::-1], strict=True)]
    reader = await _store(tmp_path, odd)
    for name in names:
        assert [each.watch for each in reader.newest_changes(name, limit=9)] == [name]
        assert [each.event.watch for each in reader.newest_events(name, limit=9)] == [name]
    assert reader.newest_events("emma", limit=9) == []


async def test_of_several_events_of_one_check_the_last_comes_first(tmp_path: Path) -> None:
    decision = _decision("dune", 1)
    recovered = WatchEvent(kind=EventKind.RECOVERED, at=NOON, watch="dune", sequence=1)
    reader = await _store(tmp_path, [replace(decision, events=(recovered, *decision.events))])
    kinds = [each.event.kind for each in reader.newest_events("dune", limit=9)]
    assert kinds == [EventKind.CHANGED, EventKind.RECOVERED]


async def test_a_damaged_record_hides_no_other(tmp_path: Path) -> None:
    reader = await _store(tmp_path, [_decision("dune", number) for number in (1, 2, 3)])
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute("UPDATE Cache SET value = replace(value, 'sequence', 'Sequence') WHERE key LIKE '%/dune/%2'")
    assert [each.sequence for each in reader.newest_changes("dune", limit=9)] == [3, 1]


def test_where_nothing_was_written_there_is_nothing(tmp_path: Path) -> None:
    assert DiskWatchReader(tmp_path).newest_changes("dune", limit=9) == []
    assert DiskWatchReader(tmp_path).newest_events("dune", limit=9) == []
