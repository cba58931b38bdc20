"""Files of many watches, and states as a first check leaves them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.many import check_first, spread, write_watches
from watcher.config import load
from watcher.core.watch import WatchFile
from watcher.store.watch_reader import DiskWatchReader

PLACES = [("127.1.0.1", 8001), ("127.1.0.2", 8002)]


def written(directory: Path, number: int, every: str = "1h") -> WatchFile:
    return load(write_watches(directory, PLACES, number, every=every), {})


def test_watches_of_several_files_go_round_the_hosts(tmp_path: Path) -> None:
    file = written(tmp_path, 5_003)
    assert len(file.files) == 3
    urls = [watch.request.url for watch in file.watches.values()]
    assert urls[:3] == ["http://127.1.0.1:8001/0", "http://127.1.0.2:8002/1", "http://127.1.0.1:8001/2"]
    assert len(set(urls)) == len(urls) == 5_003


async def test_after_a_first_check_every_watch_asks_on_condition_and_is_due_later(tmp_path: Path) -> None:
    file = written(tmp_path, 20)
    hour = timedelta(hours=1)
    before = datetime.now(UTC)
    await check_first(tmp_path / "data", file.watches.values(), due_after=hour)
    states = DiskWatchReader(tmp_path / "data" / "watches").states()
    assert states.keys() == file.watches.keys()
    for state in states.values():
        assert state.failure is None
        assert state.snapshot is not None
        assert state.snapshot.validators.etag == '"first"'
        assert state.next_check_at is not None
        assert hour <= state.next_check_at - before <= 2 * hour + timedelta(minutes=1)


async def test_due_times_are_spread_and_nothing_else_changes(tmp_path: Path) -> None:
    file = written(tmp_path, 20)
    await check_first(tmp_path / "data", file.watches.values(), due_after=timedelta(hours=1))
    reader = DiskWatchReader(tmp_path / "data" / "watches")
    before = reader.states()
    begin, minute = datetime(2027, 1, 1, tzinfo=UTC), timedelta(minutes=1)
    await spread(tmp_path / "data", begin=begin, within=minute)
    after = reader.states()
    times = [state.next_check_at for state in after.values() if state.next_check_at]
    assert len(set(times)) == 20
    assert begin <= min(times) <= max(times) < begin + minute
    assert {one: state.snapshot for one, state in after.items()} == {one: s.snapshot for one, s in before.items()}
