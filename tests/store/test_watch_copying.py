"""Copying what is remembered of watches from a data directory to a real PostgreSQL, and back."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests import postgresql
from tests.core.builders import BROKEN, NOON, message, play, price, watch
from tests.push.prepared import place_tables
from tests.store.cluster.places import holding, opened, the_fence
from tests.store.test_watch_contract import FULL
from watcher.config.declared import DeclaredWatch
from watcher.core.check import Change, Decision, NotedEvent, OutboxEntry, Verdict, WatchState
from watcher.core.kept_page import KeptPage
from watcher.core.protocols import WatchReader
from watcher.core.shards import HOST_SHARDS, TOPIC_SHARDS, shard_of
from watcher.errors import ConfigError, DamagedError, LockedError, StoreError, UsageError
from watcher.store.archive import BESIDE_POSTGRESQL, write_archive
from watcher.store.cluster.declarations import Declarations
from watcher.store.cluster.declaring import FILES, WantedRows
from watcher.store.cluster.kept_pages import ClusterKeptPages
from watcher.store.cluster.watch_reader import ClusterWatchReader
from watcher.store.cluster.watch_side import ClusterWatches
from watcher.store.damage import WATCHES, WATCHES_EPOCH
from watcher.store.kept_pages import KeptPages
from watcher.store.push.copying import Plan, copy, plan
from watcher.store.push.server_side import ServerSide
from watcher.store.push.sides import FileSide, Side
from watcher.store.watch_copying import Kind, WatchCopy, WatchSide
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_side import DirectoryWatches
from watcher.store.watch_store import open_watch_store

PAGE = KeptPage(
    watch="dune",
    at=NOON,
    verdict=Verdict.BASELINE,
    url="https://shop.example/dune",
    media_type="text/html",
    text="<p>Ω\0</p>",
    is_cut=False,
)
MANY: Final = 700
"""More than a slice."""


class Place(Struct, frozen=True):
    """Both halves of a place."""

    push: Side
    watches: WatchSide


def directory(data: Path) -> Place:
    return Place(FileSide(data), DirectoryWatches(data))


def server(url: str) -> Place:
    return Place(ServerSide(url), ClusterWatches(url))


def copied(source: Place, target: Place) -> Plan:
    both = WatchCopy(source.watches, target.watches)
    return copy(source.push, target.push, both, advance=lambda: None)


def planned(source: Place, target: Place) -> Plan:
    return plan(source.push, target.push, WatchCopy(source.watches, target.watches))


class Kept(Struct, frozen=True):
    """What a reader finds."""

    epoch: str
    states: dict[str, WatchState]
    changes: dict[str, list[Change]]
    outbox: list[OutboxEntry]
    events: list[NotedEvent]


def kept(reader: WatchReader) -> Kept:
    states = dict(reader.each_state())
    return Kept(
        epoch=reader.epoch(),
        states=states,
        changes={watch: list(reader.changes(watch)) for watch in states},
        outbox=list(reader.outbox()),
        events=list(reader.each_event()),
    )


def here(data: Path) -> Kept:
    return kept(DiskWatchReader(data / "watches"))


def there(url: str) -> Kept:
    with closing(ClusterWatchReader(url)) as reader:
        return kept(reader)


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data directory with all that is kept of watches, the push service's tables empty."""
    data = tmp_path / "data"
    data.mkdir()
    await place_tables(data / "push.db")
    await fill(data)
    return data


async def fill(data: Path) -> None:
    store, _ = await open_watch_store(data / "watches")
    await store.commit(play(watch(), price(1), price(2, note="c\0\ud83c"), BROKEN, price(3)))
    await store.commit([Decision(watch="full", verdict=Verdict.FAILED, state=FULL)])
    checked = WatchState(checked_at=NOON)
    await store.commit([Decision(watch="never good", verdict=Verdict.FAILED, state=checked, is_durable=False)])
    first = play(watch(), price(1))[0]
    await store.commit([replace(first, watch=f"many {number}", events=()) for number in range(MANY)])
    await store.outbox.add([message(number) for number in range(1, 5)])
    waiting = await store.outbox.waiting()
    await store.outbox.settle([waiting[2].message.id], [replace(waiting[1], dead="refused", attempts=9)], [])
    await store.close()
    KeptPages(data).keep(PAGE)


def page_at(url: str) -> KeptPage | None:
    with closing(ClusterKeptPages(url)) as pages:
        return pages.page("dune")


async def test_everything_is_there_and_back_again(data: Path, postgresql_url: str, tmp_path: Path) -> None:
    before = here(data)
    assert len(before.states) > MANY
    assert before.events
    assert [each.dead for each in before.outbox].count("refused") == 1
    counts = {kind.value: len(list(DirectoryWatches(data).rows(None, kind))) for kind in Kind}
    plan_made, done = planned(directory(data), server(postgresql_url)), copied(directory(data), server(postgresql_url))
    assert {name: done.rows[name] for name in counts} == counts
    assert plan_made == done
    assert (there(postgresql_url), page_at(postgresql_url)) == (before, PAGE)
    copied(server(postgresql_url), directory(tmp_path / "elsewhere"))
    assert here(tmp_path / "elsewhere") == before
    assert KeptPages(tmp_path / "elsewhere").page("dune") == PAGE


@pytest.mark.faults
async def test_a_worker_goes_on_where_the_directory_was(
    data: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    before = here(data)
    copied(directory(data), server(postgresql_url))
    shard = declared(postgresql_url, ["dune", "never good"])
    give_leases(postgresql_server, postgresql_url, shard)
    async with opened(postgresql_url, holding(["dune", "never good"], shard=shard)) as store:
        assert store.epoch == before.epoch
        found = await store.states_of(shard)
        assert found == {"dune": before.states["dune"]}
        again = play(watch(), price(9), state=before.states["dune"], since=NOON + timedelta(hours=2))
        late = replace(play(watch(), BROKEN)[0], watch="never good")
        await store.commit([*again, late])
        waiting = await store.outbox.of(shard_of("deals", TOPIC_SHARDS), the_fence("topics:0")).waiting()
    numbers = [each.number for each in there(postgresql_url).events]
    assert numbers == [*range(numbers[0], numbers[-1] + 1)], "events are numbered on"
    assert numbers[-1] > before.events[-1].number
    assert [each.message for each in waiting][: len(before.outbox) - 1] == [
        each.message for each in before.outbox if each.dead is None
    ]
    assert waiting[-1].order > before.outbox[-1].order


def declared(url: str, ids: list[str]) -> int:
    """Declare watches of one host; return its shard."""
    body = DeclaredWatch(host="example.org", body="{}")
    declaring = WantedRows(
        origin=FILES, frame="{}", watches=dict.fromkeys(ids, body), digest=repr(ids), applied_by="somebody"
    )
    with closing(Declarations(url)) as declarations:
        declarations.apply(declaring)
    return shard_of("example.org", HOST_SHARDS)


def give_leases(on: postgresql.Server, url: str, shard: int) -> None:
    """Have this process hold a shard, in the first epoch of its lease."""
    on.ask(
        f"INSERT INTO watcher.lease VALUES ('hosts:{shard}', 1, 'one', now() - interval '1 hour', now()) RETURNING 1",
        database=url.rpartition("/")[2],
    )


@pytest.mark.faults
async def test_watches_that_were_declared_before_are_in_their_shard(
    data: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    copied(directory(data), server(postgresql_url))
    declared(postgresql_url, ["dune"])
    copied(server(postgresql_url), directory(data))
    copied(directory(data), server(postgresql_url))
    asked = """
        SELECT watch, state.shard, checked.shard FROM watcher.state JOIN watcher.checked USING (watch)
        WHERE watch IN ('dune', 'full') ORDER BY watch
    """
    found = postgresql_server.ask(asked, database=postgresql_url.rpartition("/")[2])
    shard = shard_of("example.org", HOST_SHARDS)
    assert found == [("dune", shard, shard), ("full", -1, -1)]


@pytest.mark.faults
async def test_it_comes_back_to_where_it_was_with_what_is_new(
    data: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    before = here(data)
    copied(directory(data), server(postgresql_url))
    shard = declared(postgresql_url, ["dune"])
    give_leases(postgresql_server, postgresql_url, shard)
    async with opened(postgresql_url, holding(["dune"], shard=shard)) as store:
        await store.commit(play(watch(), price(9), state=before.states["dune"], since=NOON + timedelta(hours=2)))
    stop(postgresql_server, postgresql_url)
    after = there(postgresql_url)
    copied(server(postgresql_url), directory(data))
    assert here(data) == after != before
    here_again, is_lost = await open_watch_store(data / "watches")
    assert not is_lost
    await here_again.commit(play(watch(), price(10), state=after.states["dune"], since=NOON + timedelta(hours=3)))
    await here_again.close()
    with pytest.raises(ConfigError, match=f"were moved to {data}: name it with --data"):
        there(postgresql_url)
    with pytest.raises(ConfigError, match=r"the watches of .* were moved to"):
        async with opened(postgresql_url, holding(["dune"], shard=shard)):
            pass


def stop(on: postgresql.Server, url: str) -> None:
    """Have the worker give its leases back."""
    on.ask("UPDATE watcher.lease SET owner = NULL RETURNING 1", database=url.rpartition("/")[2])


async def test_whoever_works_goes_on(data: Path, postgresql_url: str, postgresql_server: postgresql.Server) -> None:
    copied(directory(data), server(postgresql_url))
    give_leases(postgresql_server, postgresql_url, 3)
    with pytest.raises(LockedError, match="a worker uses it now"):
        copied(server(postgresql_url), directory(data))


@pytest.mark.faults
async def test_watch_states_of_its_own_are_left_as_they_are(data: Path, postgresql_url: str, tmp_path: Path) -> None:
    copied(directory(data), server(postgresql_url))
    another = tmp_path / "another"
    another.mkdir()
    await fill(another)
    before = here(another), there(postgresql_url)
    for attempt in (planned, copied):
        with pytest.raises(UsageError, match=r"has watch states of its own \(\d+ state, "):
            attempt(directory(another), server(postgresql_url))
        with pytest.raises(UsageError, match="has watch states of its own"):
            attempt(server(postgresql_url), directory(another))
    assert (here(another), there(postgresql_url)) == before


@pytest.mark.faults
async def test_watches_follow_subscribers_who_are_there_already(data: Path, postgresql_url: str) -> None:
    before = here(data)
    (data / "watches").rename(data / "later")
    copied(directory(data), server(postgresql_url))
    (data / "later").rename(data / "watches")
    assert planned(directory(data), server(postgresql_url)).rows["state"] == len(before.states)
    copied(directory(data), server(postgresql_url))
    assert there(postgresql_url) == before
    with pytest.raises(ConfigError, match="was copied to postgresql://"):
        copied(directory(data), server(postgresql_url))


@pytest.mark.faults
async def test_a_copy_whose_end_the_old_place_does_not_know_is_ended_by_the_next(
    data: Path, postgresql_url: str
) -> None:
    copied(directory(data), server(postgresql_url))
    for marker in ("push.moved", "watches.moved"):  # as a kill right after the commit leaves it
        (data / marker).unlink()
    before = there(postgresql_url)
    copied(directory(data), server(postgresql_url))
    assert (data / "watches.moved").exists()
    assert there(postgresql_url) == before


@pytest.mark.faults
async def test_a_directory_that_is_half_there_refuses_until_the_copy_is_ended(
    data: Path, postgresql_url: str, tmp_path: Path
) -> None:
    copied(directory(data), server(postgresql_url))
    half = DirectoryWatches(tmp_path / "elsewhere")
    target = Place(FileSide(tmp_path / "elsewhere"), Killed(tmp_path / "elsewhere"))
    with pytest.raises(KeyboardInterrupt):
        copied(server(postgresql_url), target)
    assert half.moved_to(None) == server(postgresql_url).watches.shown
    copied(server(postgresql_url), directory(tmp_path / "elsewhere"))
    assert half.moved_to(None) is None
    assert here(tmp_path / "elsewhere") == here(data)


class Killed(DirectoryWatches):
    """A directory whose process is killed before the whole copy has ended."""

    def settle(self) -> None:
        raise KeyboardInterrupt


async def test_a_damaged_state_is_mended_before_it_is_copied(data: Path, postgresql_url: str) -> None:
    with closing(sqlite3.connect(data / "watches" / "cache.db")) as database, database:
        database.execute("UPDATE Cache SET value = replace(value, 'dune', 'dunE') WHERE key = 'state/full'")
        database.execute("UPDATE Cache SET value = value || ' ' WHERE key = 'state/full'")
    with pytest.raises(DamagedError, match=r"state/full is damaged .* mends it"):
        copied(directory(data), server(postgresql_url))
    assert not (data / "watches.moved").exists()


@pytest.mark.faults
async def test_what_was_stored_otherwise_is_noticed_and_taken_back(data: Path, postgresql_url: str) -> None:
    class Forgetful(ClusterWatches):
        def put(self, connection: Any, kind: Kind, rows: Any) -> None:
            super().put(connection, kind, rows[:-1] if kind is Kind.CHANGE else rows)

    target = Place(ServerSide(postgresql_url), Forgetful(postgresql_url))
    with pytest.raises(StoreError, match="other rows of change than it was given"):
        copied(directory(data), target)
    assert not server(postgresql_url).watches.is_there(None)
    assert not (data / "push.moved").exists()
    await asyncio.to_thread(copied, directory(data), server(postgresql_url))


@pytest.mark.faults
async def test_a_backup_leaves_out_the_watches_of_an_old_place(data: Path, postgresql_url: str, tmp_path: Path) -> None:
    """Whoever restored them beside the database would have the old ones go on."""

    def dump(target: Path) -> None:
        target.write_bytes(b"of PostgreSQL")

    copied(directory(data), server(postgresql_url))
    made = write_archive(data, tmp_path / "kept.tar", now=NOON, names=BESIDE_POSTGRESQL, dump=dump)
    assert not {WATCHES, WATCHES_EPOCH} & made.members.keys()
    copied(server(postgresql_url), directory(data))
    made = write_archive(data, tmp_path / "kept.tar", now=NOON)
    assert {WATCHES, WATCHES_EPOCH} <= made.members.keys()
