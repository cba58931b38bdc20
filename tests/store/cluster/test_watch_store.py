"""What a watch store of several processes does, beside what each does (`tests/store/test_watch_contract.py`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace

from tests import postgresql
from tests.core.builders import BROKEN, NOON, message, play, price, watch
from tests.push.relays import until
from tests.running import meanwhile
from tests.store.cluster.commit_link import Moment, a_cutting_link
from tests.store.cluster.places import HELD, declare, holding, opened, the_fence
from tests.store.cluster.tables import WAITING, slow_transaction
from watcher.cluster.jobs import job_tables
from watcher.config.declared import DeclaredWatch
from watcher.core.check import Decision
from watcher.core.event_kinds import KEPT_EVENTS, EventKind
from watcher.core.host_pace import HostPace
from watcher.core.shards import HOST_SHARDS, shard_of
from watcher.errors import HeldUpError, LeaseLostError, StaleDecisionError, StoreError
from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.declaring import WantedRows
from watcher.store.cluster.held_watches import HeldWatches
from watcher.store.cluster.hosts import read_paces, save_paces
from watcher.store.cluster.leases import Fence, LeaseStore
from watcher.store.cluster.outbox_statements import OUTBOX_CHANNEL, add_messages, keep_order
from watcher.store.cluster.requests import RequestStore
from watcher.store.cluster.schema import make_schemas
from watcher.store.cluster.transactions import Transactions
from watcher.store.cluster.watch_commits import GroupCommit, steps_of
from watcher.store.cluster.watch_outbox import TopicOutbox
from watcher.store.cluster.watch_reader import ClusterWatchReader
from watcher.store.cluster.watch_store import ClusterWatchStore
from watcher.store.postgresql.urls import parse
from watcher.store.pruning import DEAD_KEPT, KEPT_CHANGES
from watcher.watching.committer import Committer

_ELSEWHERE = DeclaredWatch(host="elsewhere.example", body="{}")
FIRST, SECOND, THIRD = play(watch(), price(1), price(2), price(3))


def database_of(url: str) -> str:
    return url.rpartition("/")[2]


def of(name: str, decision: Decision) -> Decision:
    """Return this decision as one of another watch."""
    return replace(
        decision,
        watch=name,
        change=replace(decision.change, watch=name) if decision.change else None,
        events=tuple(replace(event, watch=name) for event in decision.events),
        messages=tuple(replace(each, id=f"{name}-{each.id}") for each in decision.messages),
    )


# Who may write


async def test_a_process_that_lost_its_lease_saves_nothing_and_hears_of_it(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    lost, held = list[int](), HeldWatches()
    for shard, name in enumerate(("dune", "other")):
        held.take(shard, Fence(f"hosts:{shard}", 1, on_lost=partial(lost.append, shard)))
        held.add(shard, [name])
    database = database_of(lone_url)
    postgresql_server.ask(declare(["other"], shard=1), database=database)
    async with opened(lone_url, held) as store:
        postgresql_server.ask("UPDATE watcher.lease SET epoch = 2 WHERE name = 'hosts:1'", database=database)
        with pytest.raises(LeaseLostError, match="another process has the lease of hosts:1"):
            await store.commit([FIRST, of("other", FIRST)])
        assert (lost, await store.states()) == ([1], {})
        await store.commit([FIRST])
        assert await store.states_of(0) == {"dune": FIRST.state}


async def test_a_watch_that_is_not_held_is_another_process(lone_url: str) -> None:
    held = holding(["dune", "other"])
    async with opened(lone_url, held) as store:
        await store.commit([FIRST, of("other", FIRST)])
        held.remove(["dune"])
        with pytest.raises(LeaseLostError, match="watch dune"):
            await store.commit([SECOND])
        held.leave(0)
        with pytest.raises(LeaseLostError, match="watch other"):
            await store.commit([of("other", SECOND)])


async def test_of_two_writers_of_one_state_one_is_refused(lone_url: str) -> None:
    async with opened(lone_url, holding(["dune"])) as one, opened(lone_url, holding(["dune"])) as other:
        for decision in (FIRST, SECOND):
            answers = await asyncio.gather(one.commit([decision]), other.commit([decision]), return_exceptions=True)
            assert [type(each) for each in answers if each] == [StaleDecisionError]
        assert await one.state_of("dune") == SECOND.state
        assert [each.event for each in ClusterWatchReader(lone_url).each_event()] == [*FIRST.events, *SECOND.events]


async def test_late_times_of_a_state_that_moved_on_are_refused(lone_url: str) -> None:
    _, late = play(watch(), price(1), price(1))
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST, SECOND])
        with pytest.raises(StaleDecisionError, match="decision 1 does not follow 2"):
            await store.commit([late])


async def test_a_watch_that_moved_to_another_shard_is_refused_to_who_had_it(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    async with opened(lone_url, holding(["dune"])) as before, opened(lone_url, holding(["dune"], shard=1)) as after:
        await before.commit([FIRST])
        moves = "; ".join(f"UPDATE watcher.{table} SET shard = 1" for table in ("declaration", "checked", "state"))
        postgresql_server.ask(moves, database=database_of(lone_url))
        with pytest.raises(LeaseLostError, match="watch dune: it is in another process' part by now"):
            await before.commit([SECOND])
        assert (await before.states_of(0), await after.states_of(1)) == ({}, {"dune": FIRST.state})
        await after.commit([SECOND])


async def test_a_first_state_that_comes_after_its_watch_moved_is_refused(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    """Else it would be in a shard where nobody looks for it, and in the way for ever."""
    async with opened(lone_url, holding(["dune"])) as before, opened(lone_url, holding(["dune"], shard=1)) as after:
        postgresql_server.ask(declare(["dune"], shard=1), database=database_of(lone_url))
        with pytest.raises(LeaseLostError, match="watch dune: it is not declared in this process' part any more"):
            await before.commit([FIRST])
        await after.commit([FIRST])
        assert await after.states_of(1) == {"dune": FIRST.state}


async def test_a_first_state_of_a_watch_that_was_removed_is_refused(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    async with opened(lone_url, holding(["dune"])) as store:
        postgresql_server.ask("UPDATE watcher.declaration SET is_gone = true", database=database_of(lone_url))
        with pytest.raises(LeaseLostError, match="watch dune: it is not declared in this process' part any more"):
            await store.commit([FIRST])
        assert await store.states() == {}


async def test_a_first_state_that_comes_amid_a_move_goes_along(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    moved = {"dune": DeclaredWatch(host="elsewhere.example", body="")}
    declaring = WantedRows(origin="files", frame="{}", watches=moved, digest="", applied_by="test")
    steps = steps_of([FIRST], holding(["dune"]).shard_of)
    async with (
        aclosing(DeclarationStore(lone_url)) as declarations,
        opened(lone_url, holding(["dune"], shard=shard_of("elsewhere.example", HOST_SHARDS))) as after,
    ):
        with slow_transaction(lone_url) as before:
            GroupCommit([FIRST], steps, [the_fence("hosts:0")], after.cluster)(before)
            moving = asyncio.create_task(declarations.apply(declaring, may_delete=True))
            await until(lambda: postgresql_server.ask(WAITING) != [(0,)])
        await moving
        assert await after.states_of(shard_of("elsewhere.example", HOST_SHARDS)) == {"dune": FIRST.state}


# Rows that somebody holds


@pytest.mark.parametrize("begun", [[], ["b"]], ids=["a first state", "a later one"])
async def test_of_a_group_of_which_one_row_is_held_that_one_is_named(lone_url: str, begun: Sequence[str]) -> None:
    """So that whoever saves the group goes on with the others."""
    async with opened(lone_url, holding(["a", "ab", "b"])) as store:
        await store.commit([of(name, FIRST) for name in begun])
        group = [of(name, SECOND if name in begun else FIRST) for name in ("a", "ab", "b")]
        with slow_transaction(lone_url) as other:
            table = "checked" if begun else "declaration"
            other.exec_driver_sql(f"SELECT 1 FROM watcher.{table} WHERE watch = 'b' FOR NO KEY UPDATE")
            with pytest.raises(HeldUpError) as refused:
                await store.commit(group)
            assert refused.value.watches == {"b"}
            await store.commit(group[:2])
        await store.commit(group[2:])
        assert (await store.states()).keys() == {"a", "ab", "b"}


async def test_a_group_of_which_all_rows_are_held_is_named_as_a_whole(lone_url: str) -> None:
    """It is for the committer to wait, which has others to save meanwhile."""
    async with opened(lone_url, holding("ab")) as store:
        await store.commit([of(name, FIRST) for name in "ab"])
        with slow_transaction(lone_url) as other:
            other.exec_driver_sql("SELECT 1 FROM watcher.checked FOR NO KEY UPDATE")
            with pytest.raises(HeldUpError) as refused:
                await store.commit([of(name, SECOND) for name in "ab"])
            assert refused.value.watches == {"a", "b"}
        await store.commit([of(name, SECOND) for name in "ab"])
        assert [state.sequence for state in (await store.states()).values()] == [2, 2]


@pytest.mark.faults
async def test_a_row_that_is_held_holds_up_no_other_watch(lone_url: str, postgresql_server: postgresql.Server) -> None:
    async with opened(lone_url, holding("ab")) as store:
        await store.commit([of(name, FIRST) for name in "ab"])
        committer = Committer(store, store.outbox, on_messages=lambda: None)
        async with meanwhile(committer.run()):
            with slow_transaction(lone_url) as other:
                other.exec_driver_sql("SELECT 1 FROM watcher.checked WHERE watch = 'b' FOR NO KEY UPDATE")
                held_up = asyncio.create_task(committer.save(of("b", SECOND)))
                await until(lambda: postgresql_server.ask(WAITING) != [(0,)])
                await committer.save(of("a", SECOND))
                assert not held_up.done()
            await held_up
        assert [state.sequence for state in (await store.states()).values()] == [2, 2]


# What became of a commit


@pytest.mark.parametrize("moment", Moment)
async def test_what_becomes_of_a_commit_whose_answer_is_lost_is_known(lone_url: str, moment: Moment) -> None:
    async with a_cutting_link(parse(lone_url).port or 0) as link:
        url = lone_url.replace(f":{parse(lone_url).port}/", f":{link.port}/")
        async with opened(url, holding(["dune"])) as store:
            await store.commit([FIRST])
            link.cut_at(moment)
            await store.commit([SECOND])
            assert link.cuts == 1
            await store.commit([THIRD])
    reader = ClusterWatchReader(lone_url)
    assert reader.state("dune") == THIRD.state
    assert [each.message for each in reader.outbox()] == [*SECOND.messages, *THIRD.messages]
    assert [each.event for each in reader.each_event()] == [*FIRST.events, *SECOND.events, *THIRD.events]


async def test_a_settlement_whose_answer_is_lost_is_done_once(lone_url: str) -> None:
    async with a_cutting_link(parse(lone_url).port or 0) as link:
        url = lone_url.replace(f":{parse(lone_url).port}/", f":{link.port}/")
        async with opened(url, HeldWatches()) as store:
            outbox = store.outbox.of(0, the_fence("topics:0"))
            await outbox.add([message(1), message(2)])
            first, second = await outbox.waiting()
            link.cut_at(Moment.AFTER_COMMIT)
            await outbox.settle([first.message.id], [replace(second, dead="refused")], [message(3)])
            assert [each.message for each in await outbox.waiting()] == [message(3)]
    reader = ClusterWatchReader(lone_url)
    assert [each.event.kind for each in reader.each_event()] == [EventKind.UNDELIVERED]
    assert [each.message for each in reader.outbox()] == [message(2), message(3)]


@pytest.mark.faults
@pytest.mark.parametrize("table", ["state", "change", "outbox", "event"])
async def test_of_a_commit_that_is_refused_in_the_middle_nothing_is_saved(
    lone_url: str, postgresql_server: postgresql.Server, table: str
) -> None:
    """A process that dies there leaves the same."""
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST])
        refuse = f"ALTER TABLE watcher.{table} ADD CONSTRAINT full_now CHECK (false) NOT VALID"
        postgresql_server.ask(refuse, database=database_of(lone_url))
        with pytest.raises(StoreError, match="full_now"):
            await store.commit([SECOND])
        reader = ClusterWatchReader(lone_url)
        assert await store.states_of(0) == {"dune": FIRST.state}
        assert ([*reader.changes("dune")], [*reader.outbox()]) == ([], [])
        postgresql_server.ask(f"ALTER TABLE watcher.{table} DROP CONSTRAINT full_now", database=database_of(lone_url))
        await store.commit([SECOND])  # nothing of it is in the way


# The order of what is read by a number


@pytest.mark.faults
async def test_three_processes_write_and_who_follows_them_misses_nothing(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    watches = [[f"{writer}-{number}" for number in range(3)] for writer in range(3)]
    postgresql_server.ask(declare(name for names in watches for name in names), database=database_of(lone_url))
    steps = play(watch(), *map(price, range(1, 7)))

    async def write(names: Sequence[str]) -> None:
        async with opened(lone_url, holding(names)) as store:
            for step in steps:
                for name in names:
                    await store.commit([of(name, step)])

    writing = [asyncio.create_task(write(names)) for names in watches]
    reader, found, places = ClusterWatchReader(lone_url), list[int](), list[int]()
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        while not all(task.done() for task in writing) or reader.last_event() > len(found):
            found += [each.number for each in await asyncio.to_thread(reader.events, after=len(found))]
            places = [each.order for each in await outbox.waiting()]
    await asyncio.gather(*writing)
    assert found == list(range(1, 9 * (len(steps) - 1) + 1))  # a baseline is no event
    assert places == [each.order for each in reader.outbox()]
    assert len(places) == len(found)


async def _add(store: ClusterWatchStore, _: TopicOutbox) -> None:
    await store.outbox.add([message(2)])


async def _settle(_: ClusterWatchStore, outbox: TopicOutbox) -> None:
    await outbox.settle([], [], [message(2)])


@pytest.mark.parametrize("put", [_add, _settle])
async def test_a_message_comes_after_one_whose_transaction_has_not_ended(
    lone_url: str,
    postgresql_server: postgresql.Server,
    put: Callable[[ClusterWatchStore, TopicOutbox], Coroutine[Any, Any, None]],
) -> None:
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        with slow_transaction(lone_url) as late:
            keep_order(late)
            add_messages(late, [message(1)], topic_shards=1)
            adding = asyncio.create_task(put(store, outbox))
            await until(lambda: postgresql_server.ask(WAITING) != [(0,)] or adding.done())
            assert not adding.done()
        await adding
        assert [each.message for each in await outbox.waiting()] == [message(1), message(2)]


async def test_without_the_lock_that_one_would_be_lost_to_who_reads_by_place(lone_url: str) -> None:
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        with slow_transaction(lone_url) as late:
            add_messages(late, [message(1)], topic_shards=1)
            await store.outbox.add([message(2)])
            await outbox.waiting()
        assert [each.message for each in await outbox.waiting()] == [message(2)]


async def test_who_publishes_hears_of_which_topics_messages_came(lone_url: str) -> None:
    async with opened(lone_url, holding(["dune"])) as store:
        with psycopg.connect(lone_url, autocommit=True) as listening:
            listening.execute(f"LISTEN {OUTBOX_CHANNEL}")
            await store.commit([FIRST])  # has none
            await store.commit([SECOND])
            await store.outbox.add([message(1)])
            await store.outbox.add([message(1)])  # lives there already
            await asyncio.to_thread(listening.execute, "SELECT 1")
            heard = [each.payload for each in listening.notifies(timeout=0.2)]
    assert heard == ["0", "0"]


# The outbox


async def test_who_publishes_others_topics_by_now_settles_nothing(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        await outbox.add([message(1)])
        (entry,) = await outbox.waiting()
        postgresql_server.ask("UPDATE watcher.lease SET epoch = 2", database=database_of(lone_url))
        with pytest.raises(LeaseLostError):
            await outbox.settle([entry.message.id], [], [])
        with pytest.raises(LeaseLostError):
            await outbox.drop([entry])
        assert await outbox.waiting() == [entry]


async def test_a_topic_of_another_shard_is_added_to_and_not_seen(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    postgresql_server.ask("UPDATE watcher.cluster SET topic_shards = 1000", database=database_of(lone_url))
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        await outbox.add([message(1)])
        await outbox.settle([message(1).id], [], [message(2)])
        assert (await outbox.waiting(), await outbox.entries([message(1).id])) == ([], [])
    assert [each.message for each in ClusterWatchReader(lone_url).outbox()] == [message(1), message(2)]


async def test_a_dead_message_that_came_again_lives_once(lone_url: str) -> None:
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        await outbox.add([message(1)])
        (first,) = await outbox.waiting()
        await outbox.settle([], [replace(first, dead="refused")], [])
        await outbox.add([message(1)])
        (again,) = await outbox.waiting()
        await outbox.settle([], [first], [])
        assert await outbox.waiting() == await outbox.entries([message(1).id]) == [again]


async def test_what_waits_is_known_though_a_dead_message_is_tried_again_while_it_is_read(lone_url: str) -> None:
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        await outbox.add([message(1), message(2)])
        _, second = await outbox.waiting()
        await outbox.settle([], [replace(second, dead="refused")], [])
        await store.outbox.add([message(3)])
        await asyncio.gather(outbox.settle([], [second], []), outbox.waiting())
        assert [each.message for each in await outbox.waiting()] == [message(1), message(2), message(3)]


async def test_dead_messages_go_after_their_time(lone_url: str) -> None:
    async with opened(lone_url, HeldWatches()) as store:
        outbox = store.outbox.of(0, the_fence("topics:0"))
        await outbox.add([message(1), replace(message(2), created_at=NOON + timedelta(days=1))])
        await outbox.settle([], [replace(each, dead="refused") for each in await outbox.waiting()], [])
        await outbox.add([replace(message(3), created_at=NOON + DEAD_KEPT + timedelta(hours=1))])
    assert [each.message.id for each in ClusterWatchReader(lone_url).outbox()] == [message(2).id, message(3).id]


# What is forgotten


async def test_old_changes_go_when_others_come(lone_url: str, postgresql_server: postgresql.Server) -> None:
    many = (
        "INSERT INTO watcher.change SELECT 'dune', -number, '{}' "
        f"FROM generate_series(1, {KEPT_CHANGES}) AS number; INSERT INTO watcher.change VALUES ('other', 1, '{{}}')"
    )
    postgresql_server.ask(many, database=database_of(lone_url))
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST, SECOND])
    kept = "SELECT watch, count(*), min(sequence), max(sequence) FROM watcher.change GROUP BY watch ORDER BY watch"
    assert postgresql_server.ask(kept, database=database_of(lone_url)) == [
        ("dune", KEPT_CHANGES, 1 - KEPT_CHANGES, 2),
        ("other", 1, 1, 1),
    ]


@pytest.mark.faults
async def test_large_changes_go_sooner_and_the_newest_stays(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    ask, database = postgresql_server.ask, database_of(lone_url)
    ask(
        "INSERT INTO watcher.change SELECT 'dune', -n, repeat('x', 1000000) FROM generate_series(1, 9) n",
        database=database,
    )
    steps = play(watch(), price(1), price(2, note="x" * 6_000), price(3, note="x" * 6_000_000))
    async with opened(lone_url, holding(["dune"])) as store:
        sequences = "SELECT sequence FROM watcher.change ORDER BY sequence DESC"
        await store.commit(steps[:2])
        assert ask(sequences, database=database) == [(2,), (-1,), (-2,), (-3,), (-4,)]
        await store.commit(steps[2:])
        assert ask(sequences, database=database) == [(3,)]


async def test_old_events_go_when_others_come(lone_url: str, postgresql_server: postgresql.Server) -> None:
    many = f"INSERT INTO watcher.event SELECT number, 'dune', '{{}}' FROM generate_series(1, {KEPT_EVENTS}) AS number"
    postgresql_server.ask(many, database=database_of(lone_url))
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST, SECOND])
    reader, added = ClusterWatchReader(lone_url), len(FIRST.events + SECOND.events)
    assert (reader.first_event(), reader.last_event()) == (added + 1, KEPT_EVENTS + added)


# Reading


async def test_an_order_of_the_database_of_its_own_does_not_matter(postgresql_server: postgresql.Server) -> None:
    ids = ["A", "B", "Z", "a", "a-1", "a1", "ab", "b", "é", "店", "𝒜"]
    name = "test_icu"
    try:
        postgresql_server.ask(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C.UTF-8'"
        )
    except psycopg.Error as error:
        pytest.skip(f"no other order of texts here: {error}")
    try:
        await _read_in_order(postgresql_server, name, ids)
    finally:
        postgresql_server.remove_database(name)


async def _read_in_order(server: postgresql.Server, name: str, ids: Sequence[str]) -> None:
    url = server.url(name)
    await asyncio.to_thread(make_schemas, url, job_tables())
    server.ask(HELD + declare(ids), database=name)
    assert server.ask("SELECT 'a' < 'B'", database=name) == [(True,)]
    async with opened(url, holding(ids)) as store:
        await store.commit([of(each, FIRST) for each in ids])
        await store.commit([of(each, SECOND) for each in reversed(ids)])
    reader = ClusterWatchReader(url)
    assert [watch for watch, _ in reader.each_state()] == ids
    assert [watch for watch, _ in reader.each_state(after="a1")] == ids[6:]
    reader.close()


async def test_many_watches_are_read_a_page_after_the_other(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST])
    copies = (
        "INSERT INTO watcher.state SELECT 'w' || to_char(number, 'FM0000'), 0, sequence, record "
        "FROM watcher.state, generate_series(1, 500) AS number"
    )
    postgresql_server.ask(copies, database=database_of(lone_url))
    assert [watch for watch, _ in ClusterWatchReader(lone_url).each_state()] == [
        "dune",
        *(f"w{number:04}" for number in range(1, 501)),
    ]


async def test_a_damaged_state_begins_anew_under_its_next_sequence(
    lone_url: str, postgresql_server: postgresql.Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(lone_url, holding(["dune", "other"])) as store:
        await store.commit([FIRST, SECOND, of("other", FIRST)])
        broken = "UPDATE watcher.state SET record = '{}' WHERE watch = 'dune'; UPDATE watcher.change SET record = 'x'"
        postgresql_server.ask(broken, database=database_of(lone_url))
        with caplog.at_level(logging.WARNING):
            states = await store.states_of(0)
        assert "the record of dune in the database is damaged" in caplog.text
        state, failure = states["dune"], states["dune"].failure
        assert (state.sequence, failure and failure.kind, states["other"]) == (2, "damaged", FIRST.state)
        await store.commit([replace(THIRD, state=replace(THIRD.state, sequence=3))])
    reader = ClusterWatchReader(lone_url)
    assert [each.sequence for each in reader.changes("dune")] == [3]


async def test_a_reader_goes_on_after_its_connections_were_lost(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    reader = ClusterWatchReader(lone_url)
    epoch = reader.epoch()
    name = database_of(lone_url)
    async with opened(lone_url, holding(["dune"])) as store:
        await store.states()
        postgresql_server.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        assert reader.epoch() == epoch == store.epoch
        assert await store.states() == {}
        await store.commit(play(watch(), BROKEN))


async def test_a_worker_of_the_release_before_works_on_newer_tables(
    lone_url: str, postgresql_server: postgresql.Server
) -> None:
    """Where those say that it may: they have columns that it does not know."""
    database = database_of(lone_url)
    for (table,) in postgresql_server.ask(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'watcher'", database=database
    ):
        postgresql_server.ask(f"ALTER TABLE watcher.{table} ADD COLUMN newer text DEFAULT 'newer'", database=database)
    async with opened(lone_url, holding(["dune"])) as store:
        await store.commit([FIRST, SECOND])
        await store.outbox.add([message(1)])
        outbox = store.outbox.of(0, the_fence("topics:0"))
        first, second = await outbox.waiting()
        await outbox.settle([first.message.id], [replace(second, dead="refused")], [message(2)])
        assert await store.states_of(0) == {"dune": SECOND.state}
    reader = ClusterWatchReader(lone_url)
    assert [each.message for each in reader.outbox()] == [message(1), message(2)]
    assert [each.event.kind for each in reader.each_event()] == [EventKind.CHANGED, EventKind.UNDELIVERED]
    await _lease_and_declare(lone_url)


async def _lease_and_declare(url: str) -> None:
    """Do the rest of what a worker does with its tables."""
    wanted = WantedRows(origin="files", frame="{}", watches={"dune": _ELSEWHERE}, digest="", applied_by="test")
    async with (
        aclosing(LeaseStore(url, ttl=timedelta(minutes=1))) as leases,
        aclosing(DeclarationStore(url)) as declarations,
        aclosing(RequestStore(url)) as requests,
        aclosing(Transactions(url, name="hosts")) as transactions,
    ):
        await leases.announce("two", 8)
        taken = await leases.take("hosts:7", "two")
        assert taken
        assert [each.name for each in await leases.workers()] == ["two"]
        assert await leases.renew("two", ["hosts:7"]) == {"hosts:7": taken.epoch}
        fence, pace = the_fence("hosts:7", taken.epoch), HostPace(host="a.example", failures=1, pause=None, why="503")
        await transactions.run(partial(save_paces, shard=7, fence=fence, paces=[pace]))
        assert await transactions.run(partial(read_paces, shard=7)) == [pace]
        await requests.ask({"hosts:7": "?"})
        assert [each.question for each in await requests.take("hosts:7", fence, known=())] == ["?"]
        await declarations.apply(wanted, may_delete=True)
        assert (await declarations.of_ids(["dune"])).bodies == {"files": {"dune": "{}"}}
        assert "dune" in [row.watch for row in (await declarations.changed_since(0)).rows]
