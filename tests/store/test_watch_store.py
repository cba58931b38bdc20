"""The watch store on a real disk."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cli.test_kill import locked
from tests.core.builders import event_rule, message, play, price, seats, watch
from watcher.core.check import Decision, Progress
from watcher.core.values import SINGLE, Money
from watcher.core.watch import Operator
from watcher.errors import StoreError
from watcher.runtime.watch_store import open_watches
from watcher.store.records import SCHEMA
from watcher.store.watch_database import TextDisk
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    """A store in an empty directory."""
    opened, is_lost = await open_watch_store(tmp_path)
    assert not is_lost
    yield opened
    await opened.close()


async def test_a_decision_is_saved_whole_and_read_back_as_it_was(store: DiskWatchStore, tmp_path: Path) -> None:
    first, second = play(
        watch(confirm=2),
        price(Money(amount=Decimal("12.00"), currency="€"), stock=3, rate=Decimal("1.50"), note="有票"),
        price(Money(amount=Decimal("8.50"), currency="€"), stock=3, rate=Decimal("1.50"), note=None),
    )
    await store.commit([first])
    await store.commit([second])
    reader = DiskWatchReader(tmp_path)
    assert reader.states() == {"dune": second.state}
    assert list(reader.changes("dune")) == [second.change]
    assert reader.state("dune") == second.state


VERSION_1 = {
    "meta": '{"schema":1,"epoch":"%s"}',
    "state/dune": '{"sequence":2,"snapshot":{"rows":{"":{"price":{"amount":"8.50","currency":"€"}}},"engine":"e",'
    '"link":null,"plan":"p","digest":"d","validators":["\\"1\\"",null],"fetched_at":"2026-11-24T12:00:00+00:00"},'
    '"progress":{"r":{"":[1,true,null,null]},"q":{"":[1,false,{"price":1},{"price":2}]}},"told":{"":{"price":1}},'
    '"failures":0,"failure":null,"changed_at":null}',
    "checked/dune": '{"checked_at":"2026-11-24T12:00:00+00:00","next_check_at":null,"fetched_at":null}',
    "change/dune/000000000002": '{"sequence":2,"changed_at":"2026-11-24T12:00:00+00:00","old":{"":{"price":1}},'
    '"new":{"":{"price":2}},"messages":["m"]}',
    "outbox/000000000001": '{"id":"m","watch":"dune","topic":"deals","summary":"s","content":"c","url":null,'
    '"created_at":"2026-11-24T12:00:00+00:00","order":1,"attempts":0,"due_at":"2026-11-24T12:00:00+00:00",'
    '"dead":null}',
}


async def test_a_database_of_version_1_keeps_its_state_and_its_history(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    epoch = store.epoch
    await store._database.on_thread(
        lambda cache: [cache.set(key, text.replace("%s", epoch)) for key, text in VERSION_1.items()]
    )
    await store.close()
    again, is_lost = await open_watch_store(tmp_path)
    assert (again.epoch, is_lost) == (epoch, False)
    state = (await again.states())["dune"]
    assert state.snapshot is not None
    assert state.progress["r"][SINGLE] == Progress(streak=1, has_fired=True)
    assert state.progress["q"][SINGLE] == Progress(streak=1, basis={"price": 1}, candidate={"price": 2})
    assert (state.sequence, state.peaks, state.suspect, state.is_error_told) == (2, {}, None, False)
    assert [entry.message.hold_until for entry in await again.outbox.waiting()] == [None]
    assert [change.sequence for change in DiskWatchReader(tmp_path).changes("dune")] == [2]
    await again.close()
    assert DiskWatchReader(tmp_path).meta()["schema"] == SCHEMA


async def test_a_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    decisions = play(watch(), price(1), price(2), price(3))
    store, _ = await open_watch_store(tmp_path)
    await commit_all(store, decisions[:2])
    epoch = store.epoch
    await store.close()
    again, is_lost = await open_watch_store(tmp_path)
    assert (again.epoch, is_lost) == (epoch, False)
    assert (await again.states())["dune"] == decisions[1].state
    await again.commit([decisions[2]])
    orders = [entry.order for entry in await again.outbox.waiting()]
    assert orders == sorted(set(orders))
    assert len(orders) == 2
    await again.close()


async def test_a_database_that_vanished_is_lost_state_not_a_first_start(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    await commit_all(store, play(watch(), price(1)))
    epoch = store.epoch
    await store.close()
    for file in tmp_path.glob("cache.db*"):
        file.unlink()
    again, is_lost = await open_watch_store(tmp_path)
    assert is_lost
    assert again.epoch != epoch
    await again.close()


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    await store.close()
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection, connection:
        connection.execute("""UPDATE Cache SET value = '{"schema":99,"epoch":"x"}' WHERE key = 'meta'""")
    with pytest.raises(StoreError, match="newer watcher"):
        await open_watch_store(tmp_path)


async def test_a_damaged_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "cache.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreError, match=r"cannot (read|open)"):
        await open_watch_store(tmp_path)


async def test_diskcache_runs_as_a_store_and_not_as_a_cache(store: DiskWatchStore, tmp_path: Path) -> None:
    large = seats({f"course {number}": number for number in range(5_000)})
    await commit_all(store, play(watch(event_rule(Operator.ADDED), is_list=True), large))
    with closing(sqlite3.connect(f"file:{tmp_path / 'cache.db'}?mode=ro", uri=True)) as connection:
        settings = dict(connection.execute("SELECT key, value FROM Settings"))
        files = connection.execute("SELECT count(*) FROM Cache WHERE filename IS NOT NULL").fetchone()
    assert (settings["eviction_policy"], settings["cull_limit"], settings["sqlite_synchronous"]) == ("none", 0, 2)
    assert files == (0,)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_the_disk_keeps_text_and_refuses_anything_else(tmp_path: Path) -> None:
    disk = TextDisk(str(tmp_path))
    with pytest.raises(StoreError, match="text only, not list"):
        disk.store([], read=False)
    with pytest.raises(StoreError, match="text only"):
        disk.fetch(mode=4, filename=None, value=b"a pickle", read=False)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.core.builders import play, price, watch
from watcher.store.watch_store import open_watch_store

async def main():
    store, _ = await open_watch_store(Path(sys.argv[1]))
    for decision in play(watch(), price(1), price(2)):
        await store.commit([decision])
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_what_was_committed_survives_a_kill(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=os.getcwd(), check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    store, is_lost = await open_watch_store(tmp_path)
    assert not is_lost
    assert [entry.message.summary for entry in await store.outbox.waiting()] == ["Dune 1 → 2 (+100%)"]
    assert (await store.states())["dune"].sequence == 2
    await store.close()


async def test_a_page_of_states_costs_no_look_at_the_others(store: DiskWatchStore, tmp_path: Path) -> None:
    (first,) = play(watch(), price(1))
    await store.commit([replace(first, watch=one) for one in "abcd"])
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection, connection:
        connection.execute("UPDATE Cache SET value = 'damaged' WHERE key IN ('state/a', 'state/d')")
    reader = DiskWatchReader(tmp_path)
    assert [one for one, _ in islice(reader.each_state(after="a"), 2)] == ["b", "c"]
    assert reader.damaged == {}
    assert list(dict(reader.each_state())) == [*"abcd"]
    assert list(reader.damaged) == ["state/a", "state/d"]


async def commit_all(store: DiskWatchStore, decisions: list[Decision]) -> None:
    """Save one decision after the other."""
    for decision in decisions:
        await store.commit([decision])


@contextmanager
def full_disk(directory: Path) -> Iterator[None]:
    """Let no file grow beyond the largest one here: SQLite then says that the disk is full, or fails to write."""
    largest = max(path.stat().st_size for path in directory.iterdir())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_a_store_error_and_loses_nothing(store: DiskWatchStore, tmp_path: Path) -> None:
    first, second = play(watch(), price(1), price(2))
    await store.commit([first])
    big = replace(play(watch(), price("x" * 2_000_000))[0], watch="big")
    with full_disk(tmp_path):
        for _ in range(2):
            with pytest.raises(StoreError, match=r"cannot write the watch store: \w+"):
                await store.commit([second, big])
    assert DiskWatchReader(tmp_path).states() == {"dune": first.state}
    assert await store.outbox.waiting() == []
    await store.commit([second, big])
    assert [entry.message.summary for entry in await store.outbox.waiting()] == ["Dune 1 → 2 (+100%)"]


async def test_a_disk_that_cannot_be_written_is_told_and_not_tried_for_ever(
    store: DiskWatchStore, tmp_path: Path
) -> None:
    await commit_all(store, play(watch(), price(1)))
    with closing(sqlite3.connect(tmp_path / "cache.db")) as other:
        other.execute("ALTER TABLE Cache RENAME TO Elsewhere")
        with pytest.raises(StoreError, match="no such table"):
            await store.commit([replace(play(watch(), price(1))[0], watch="other")])
        other.execute("ALTER TABLE Elsewhere RENAME TO Cache")
    await store.commit([replace(play(watch(), price(1))[0], watch="other")])


async def test_a_caller_that_is_cancelled_again_and_again_waits_for_the_end_all_the_same(
    store: DiskWatchStore, tmp_path: Path
) -> None:
    with locked(tmp_path / "cache.db"):
        saving = asyncio.create_task(store.outbox.add([message(1)]))
        for _ in range(3):
            await asyncio.sleep(0)
            saving.cancel()
        await asyncio.sleep(0)
        assert not saving.done()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert [entry.message for entry in store.outbox.living] == [message(1)]


async def test_a_failure_after_the_caller_is_gone_troubles_nobody(store: DiskWatchStore, tmp_path: Path) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    _, stale = play(watch(), price(1), price(2))
    with locked(tmp_path / "cache.db"):
        before = asyncio.create_task(store.outbox.add([message(1)]))
        saving = asyncio.create_task(store.commit([stale]))
        await asyncio.sleep(0)  # it waits for its turn, and fails then
        saving.cancel()
        await asyncio.sleep(0)
    await before
    with pytest.raises(asyncio.CancelledError):
        await saving
    del saving
    gc.collect()
    assert told == []


async def test_a_store_that_cannot_be_opened_is_let_go_of(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    await store.close()
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection, connection:
        connection.execute("""UPDATE Cache SET value = '{"schema": 99}' WHERE key = 'meta'""")
    with pytest.raises(StoreError) as refusal:
        await open_watch_store(tmp_path)
    opened = {os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()}
    assert str(tmp_path / "cache.db") not in opened, refusal.traceback  # it keeps alive what its frames know


async def test_a_kill_while_the_epoch_was_noted_is_no_lost_state(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    epoch = store.epoch
    await store.close()
    (tmp_path / "epoch").write_text("")
    again, is_lost = await open_watch_store(tmp_path)
    assert (again.epoch, is_lost) == (epoch, False)
    await again.close()


async def test_a_kill_while_the_database_was_made_stops_no_later_start(tmp_path: Path) -> None:
    directory, killed = tmp_path / "watches", tmp_path / "killed"
    for one in (directory, killed):
        one.mkdir()
    with closing(sqlite3.connect(directory / "cache.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE Settings (key, value)")
        connection.execute("PRAGMA cache_size = 1")  # so that the pages go to the disk before the commit
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO Settings VALUES (?, ?)", [(str(number), "x" * 900) for number in range(99)])
        for name in ("cache.db", "cache.db-journal"):
            (killed / name).write_bytes((directory / name).read_bytes())
        connection.execute("ROLLBACK")
    with pytest.raises(StoreError):
        DiskWatchReader(killed).states()
    (tmp_path / "data").mkdir()
    store, is_lost = await open_watches(killed.rename(tmp_path / "data" / "watches").parent)
    assert (await store.states(), is_lost) == ({}, False)
    await store.close()
