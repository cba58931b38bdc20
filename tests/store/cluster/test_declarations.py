"""What is declared becomes rows: what differs and nothing else, of one's own origin, with the states that go along."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from datetime import timedelta

import psycopg
import pytest

from tests.store.cluster.tables import ask, make_watch_tables
from watcher.config.declared import DeclaredWatch
from watcher.core.shards import HOST_SHARDS, shard_of
from watcher.errors import StaleGenerationError, StoreError, UsageError
from watcher.store.cluster.declarations import ChangedRow, DeclarationStore
from watcher.store.cluster.declaring import CHANNEL, CONSOLE, FILES, Named, WantedRows

HOST = "x.example"


@pytest.fixture
async def store(postgresql_url: str) -> AsyncIterator[DeclarationStore]:
    make_watch_tables(postgresql_url)
    async with aclosing(DeclarationStore(postgresql_url)) as opened:
        yield opened


def declaring(
    bodies: Mapping[str, str], *, origin: str = FILES, frame: str = "{}", host: str = HOST, expected: int | None = None
) -> WantedRows:
    watches = {id_: DeclaredWatch(host=host, body=body) for id_, body in bodies.items()}
    digest = hashlib.sha256(repr((frame, host, sorted(bodies.items()))).encode()).hexdigest()
    return WantedRows(
        origin=origin, frame=frame, watches=watches, digest=digest, applied_by="somebody", expected=expected
    )


def named(*ids: str) -> Named:
    return Named(number=len(ids), first=ids)


def same(ids: Iterable[str], body: str = "{}") -> dict[str, str]:
    return dict.fromkeys(ids, body)


async def test_what_is_different_becomes_rows_of_the_next_generation(store: DeclarationStore) -> None:
    assert await store.generation_now() == 0
    first = await store.apply(declaring({"a": "1", "b": "1", "c": "1"}))
    assert (first.generation, first.added, first.changed, first.removed) == (1, named("a", "b", "c"), Named(), Named())
    second = await store.apply(declaring({"a": "1", "b": "2", "d": "1"}))
    assert (second.generation, second.before) == (2, 3)
    assert (second.added, second.changed, second.removed) == (named("d"), named("b"), named("c"))
    found = await store.of_shard(shard_of(HOST, HOST_SHARDS))
    assert (found.generation, found.bodies) == (2, {FILES: {"a": "1", "b": "2", "d": "1"}})
    assert (await store.of_shard(shard_of("y.example", HOST_SHARDS))).bodies == {}
    assert (await store.of_ids(["a", "c", "z"])).bodies == {FILES: {"a": "1"}}


async def test_what_is_the_same_is_no_generation(store: DeclarationStore) -> None:
    await store.apply(declaring({"a": "1"}))
    again = await store.apply(declaring({"a": "1"}))
    assert (again.generation, again.before, again.is_anything) == (1, 1, False)
    assert await store.generation_now() == 1


async def test_another_frame_is_a_generation_without_another_row(store: DeclarationStore) -> None:
    await store.apply(declaring({"a": "1"}))
    again = await store.apply(declaring({"a": "1"}, frame='{"defaults":{}}'))
    assert (again.generation, again.is_framed, again.is_anything, again.changed) == (2, True, True, Named())
    changes = await store.changed_since(1)
    assert (changes.rows, changes.frames) == ([], {FILES: '{"defaults":{}}'})


async def test_whoever_reads_later_learns_what_changed_and_what_is_gone(store: DeclarationStore) -> None:
    await store.apply(declaring(same("abc")))
    await store.apply(declaring({"a": "2", "b": "{}"}))
    await store.apply(declaring({"a": "2", "b": "{}", "d": "{}"}, host="y.example"))
    shard, later = shard_of(HOST, HOST_SHARDS), shard_of("y.example", HOST_SHARDS)
    changes = await store.changed_since(1)
    assert changes.generation == 3
    assert sorted(changes.rows, key=lambda row: row.watch) == [
        ChangedRow(watch="a", shard=later, is_gone=False),
        ChangedRow(watch="b", shard=later, is_gone=False),
        ChangedRow(watch="c", shard=shard, is_gone=True),
        ChangedRow(watch="d", shard=later, is_gone=False),
    ]
    assert (await store.changed_since(3)).rows == []


async def test_a_watch_that_is_gone_may_come_back_and_from_elsewhere(store: DeclarationStore) -> None:
    await store.apply(declaring(same("abc")))
    await store.apply(declaring(same("ab")))
    assert (await store.apply(declaring(same("c"), origin="team"))).added == named("c")
    assert (await store.of_origin("team")).bodies == {"team": same("c")}
    assert (await store.apply(declaring(same("ab", "2")))).changed == named("a", "b")


async def test_a_watch_of_another_origin_is_refused_by_name(store: DeclarationStore) -> None:
    await store.apply(declaring(same("abcde")))
    with pytest.raises(
        UsageError, match=r"^already declared by another origin: a \(files\), b \(files\), c \(files\) and"
    ):
        await store.apply(declaring(same("abcdx"), origin="team"))
    assert (await store.of_origin("team")).bodies == {}
    assert await store.generation_now() == 1


async def test_an_origin_removes_what_it_declared_and_nothing_else(store: DeclarationStore) -> None:
    await store.apply(declaring(same("ab"), origin="one"))
    await store.apply(declaring(same("cd"), origin="two"))
    assert (await store.apply(declaring(same("c"), origin="two"))).removed == named("d")
    assert (await store.of_origin("one")).bodies == {"one": same("ab")}


async def test_many_are_removed_only_when_that_is_meant(store: DeclarationStore) -> None:
    await store.apply(declaring(same("abcdefghij")))
    assert (await store.apply(declaring(same("abcdefg")))).removed == named("h", "i", "j")
    with pytest.raises(UsageError, match=r"removes 4 of the 7 watches of the origin `files`.*--delete-missing"):
        await store.apply(declaring(same("abc")))
    assert (await store.of_origin(FILES)).bodies == {FILES: same("abcdefg")}
    dry = await store.apply(declaring(same("abc")), is_dry=True)
    assert (dry.removed, dry.removes_much, dry.generation) == (named(*"defg"), True, 2)
    assert (await store.apply(declaring(same("abc")), may_delete=True)).removed == named(*"defg")


async def test_a_dry_run_changes_nothing_and_needs_no_tables(postgresql_url: str) -> None:
    async with aclosing(DeclarationStore(postgresql_url)) as opened:
        dry = await opened.apply(declaring(same("ba")), is_dry=True)
        assert (dry.generation, dry.added) == (0, named("a", "b"))
        make_watch_tables(postgresql_url)
        assert (await opened.apply(declaring(same("ba")), is_dry=True)).added == named("a", "b")
        assert await opened.generation_now() == 0
        assert (await opened.of_origin(FILES)).bodies == {}


async def test_a_watch_takes_its_state_to_another_shard(store: DeclarationStore, postgresql_url: str) -> None:
    await store.apply(declaring(same("ab")))
    old, new = shard_of(HOST, HOST_SHARDS), shard_of("y.example", HOST_SHARDS)
    for table in ("state", "checked"):
        ask(postgresql_url, f"INSERT INTO watcher.{table} SELECT watch, {old}, 1, '' FROM watcher.declaration")
    await store.apply(declaring(same("ab"), host="y.example"))
    for table in ("declaration", "state", "checked"):
        assert ask(postgresql_url, f"SELECT DISTINCT shard FROM watcher.{table}") == [(new,)]
    late = f"UPDATE watcher.state SET sequence = 2 WHERE watch = 'a' AND shard = {old} AND sequence = 1 RETURNING watch"
    assert ask(postgresql_url, late) == []


async def test_a_first_check_that_is_saved_meanwhile_goes_to_the_other_shard_too(
    store: DeclarationStore, postgresql_url: str
) -> None:
    await store.apply(declaring(same("ab")))
    old, new = shard_of(HOST, HOST_SHARDS), shard_of("y.example", HOST_SHARDS)
    with psycopg.connect(postgresql_url) as saving:
        saving.execute("SELECT 1 FROM watcher.declaration WHERE watch = 'a' FOR SHARE")
        for table in ("checked", "state"):
            saving.execute(f"INSERT INTO watcher.{table} VALUES ('a', {old}, 1, '')".encode())
        moving = asyncio.create_task(store.apply(declaring(same("ab"), host="y.example")))
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(ask, postgresql_url, "SELECT 1 FROM pg_locks WHERE NOT granted"):
                pass
    assert (await moving).changed == named("a", "b")
    for table in ("checked", "state"):
        assert ask(postgresql_url, f"SELECT watch, shard FROM watcher.{table}") == [("a", new)]


async def test_who_saves_a_check_and_who_declares_lock_declarations_in_one_order(
    store: DeclarationStore, postgresql_url: str
) -> None:
    """Else each waits for what the other has, and one of them has to begin anew."""
    await store.apply(declaring(same("abc")))
    with psycopg.connect(postgresql_url) as saving:
        saving.execute("SELECT 1 FROM watcher.declaration WHERE watch = 'a' FOR SHARE")
        applying = asyncio.create_task(store.apply(declaring({"b": "2", "c": "2"})))  # removes the first
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(ask, postgresql_url, "SELECT 1 FROM pg_locks WHERE NOT granted"):
                pass
        saving.execute("SELECT 1 FROM watcher.declaration WHERE watch IN ('b', 'c') ORDER BY watch FOR SHARE NOWAIT")
    applied = await applying
    assert (applied.changed, applied.removed) == (named("b", "c"), named("a"))


async def test_a_change_is_told_to_who_listens(store: DeclarationStore, postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}".encode())
        await store.apply(declaring(same("a")))
        await store.apply(declaring(same("a")))  # the same, of which nobody hears
        await store.apply(declaring(same("b")))
        told = await asyncio.to_thread(lambda: [each.payload for each in listening.notifies(timeout=10, stop_after=2)])
    assert told == ["1", "2"]


async def test_of_two_who_declare_at_once_one_follows_the_other(store: DeclarationStore, postgresql_url: str) -> None:
    async with aclosing(DeclarationStore(postgresql_url)) as other:
        applied = await asyncio.gather(
            *(
                opened.apply(declaring(same([f"{origin}-{n}"]), origin=origin))
                for n in range(4)
                for opened, origin in ((store, "one"), (other, "two"))
            )
        )
    assert sorted(each.generation for each in applied) == [*range(1, 9)]
    assert [len((await store.of_origin(one)).bodies[one]) for one in ("one", "two")] == [1, 1]


async def test_what_was_made_from_an_older_generation_is_refused(store: DeclarationStore) -> None:
    await store.apply(declaring(same("a")))
    await store.apply(declaring(same("c"), origin=CONSOLE, frame="", expected=1))
    with pytest.raises(StaleGenerationError):
        await store.apply(declaring(same("cd"), origin=CONSOLE, frame="", expected=1))


async def test_the_rows_of_the_console_are_read_in_the_frame_of_the_files(store: DeclarationStore) -> None:
    await store.apply(declaring(same("c"), origin=CONSOLE, frame=""))
    assert (await store.of_origin(CONSOLE)).frames == {CONSOLE: "{}"}
    await store.apply(declaring(same("a"), frame='{"defaults":{}}'))
    assert (await store.of_origin(CONSOLE)).frames == {CONSOLE: '{"defaults":{}}', FILES: '{"defaults":{}}'}


async def test_what_is_gone_is_forgotten_later(store: DeclarationStore, postgresql_url: str) -> None:
    await store.apply(declaring(same("ab")))
    await store.apply(declaring(same("a")))
    await store.forget_gone()
    assert ask(postgresql_url, "SELECT watch, is_gone FROM watcher.declaration ORDER BY 1") == [
        ("a", False),
        ("b", True),
    ]
    await store.forget_gone(timedelta(0))
    assert ask(postgresql_url, "SELECT watch FROM watcher.declaration") == [("a",)]
    ask(postgresql_url, "UPDATE watcher.generation SET applied_at = applied_at - interval '31 days'")
    await store.forget_gone()
    assert ask(postgresql_url, "SELECT number FROM watcher.generation") == [(2,)]


async def test_texts_come_back_as_they_were(store: DeclarationStore) -> None:
    bodies = {"tab": '{"a":"\\t\\\\N"}', "null": "\\N", "ü💥": '"\n\r\x7f', "quote": "'\""}
    await store.apply(declaring(bodies))
    assert (await store.of_origin(FILES)).bodies == {FILES: bodies}


async def test_a_database_without_tables_is_told_in_one_line(postgresql_url: str) -> None:
    async with aclosing(DeclarationStore(postgresql_url)) as opened:
        with pytest.raises(StoreError, match=r"watcher\.cluster"):
            await opened.generation_now()
