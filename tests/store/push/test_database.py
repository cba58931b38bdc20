from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.files import no_more_files
from tests.push.prepared import place_tables
from watcher.core.push import AppProfile
from watcher.errors import StoreError
from watcher.store.push.file_database import FileDatabase, open_file
from watcher.store.push.schema import bring_up_to_date
from watcher.store.push.store import Transaction, open_push_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BOUND_SECONDS = 20


async def names(database: FileDatabase) -> list[str]:
    return await database.read(names_over)


def names_over(connection: Connection) -> list[str]:
    return [app.profile.name for app in Transaction(connection).apps.all()]


async def add(database: FileDatabase, name: str) -> None:
    await database.write(partial(add_over, name=name))


def add_over(connection: Connection, name: str) -> None:
    Transaction(connection).apps.add(AppProfile(name=name), slug=name, created_at=NOW)


def nothing(_: Connection) -> None:
    """Do nothing in a transaction."""


class Holding:
    """Work that takes until it is told to end."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.may_end = threading.Event()
        self._loop = asyncio.get_running_loop()

    def __call__(self, _: Connection) -> None:
        self._loop.call_soon_threadsafe(self.has_begun.set)
        assert self.may_end.wait(BOUND_SECONDS)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[FileDatabase]:
    """A database of its own, with the tables of today."""
    opened = await open_file(await place_tables(tmp_path / "push.db"), together_seconds=BOUND_SECONDS)
    await bring_up_to_date(opened)
    yield opened
    await opened.close()


async def test_only_its_user_may_look_into_the_file(tmp_path: Path) -> None:
    database = tmp_path / "new" / "deep" / "push.db"
    store = await open_push_store(database)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [database.parent, *database.parent.iterdir()]}
    await store.close()
    files = ("push.db", "push.db-wal", "push.db-shm", "push.epoch", "push.commits")
    assert modes == {"deep": 0o700, **dict.fromkeys(files, 0o600)}


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)]
)
async def test_it_is_opened_for_keeps(tmp_path: Path, pragma: str, value: str | int) -> None:
    database = await open_file(tmp_path / "push.db")
    for transact in (database.write, database.read):
        assert await transact(lambda connection: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()) == value
    await database.close()


async def test_an_odd_path_is_no_url(tmp_path: Path) -> None:
    database = tmp_path / "a b?mode=ro#%41" / "push.db"
    await (await open_push_store(database)).close()
    assert database.stat().st_size > 0


async def test_an_error_in_a_transaction_saves_nothing(database: FileDatabase) -> None:
    def fail(connection: Connection) -> None:
        add_over(connection, "x")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail)
    assert await names(database) == []


@asynccontextmanager
async def waiting_behind(
    database: FileDatabase, *works: Callable[[Connection], object]
) -> AsyncIterator[list[asyncio.Task[object]]]:
    """Have these writes wait behind one that takes; they go on at the end."""
    held = Holding()
    first = asyncio.create_task(database.write(held))
    await held.has_begun.wait()
    tasks = [asyncio.create_task(database.write(work)) for work in works]
    await asyncio.sleep(0)
    yield tasks
    held.may_end.set()
    await asyncio.wait([first, *tasks], timeout=BOUND_SECONDS)
    first.exception()  # may fail with them


def commits_over(connection: Connection) -> int:
    number: int = connection.exec_driver_sql("SELECT number FROM commits").scalar_one()
    return number


async def test_writes_that_wait_are_committed_together(database: FileDatabase) -> None:
    await add(database, "first")
    before = await database.read(commits_over)
    async with waiting_behind(database, *(partial(add_over, name=name) for name in "abc")):
        pass
    assert (await names(database), await database.read(commits_over) - before) == (["first", "a", "b", "c"], 1)


async def test_a_write_that_fails_takes_back_nothing_of_those_beside_it(database: FileDatabase) -> None:
    def fail(connection: Connection) -> None:
        add_over(connection, "x")
        raise ZeroDivisionError

    works = partial(add_over, name="a"), fail, partial(add_over, name="c")
    async with waiting_behind(database, *works) as tasks:
        pass
    assert [type(task.exception()) for task in tasks] == [type(None), ZeroDivisionError, type(None)]
    assert await names(database) == ["a", "c"]


async def test_what_the_database_takes_back_is_told_to_nobody_as_saved(database: FileDatabase) -> None:
    def take_all_back(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT OR ROLLBACK INTO commits (single, number) VALUES (1, 1)")

    await add(database, "first")
    works = partial(add_over, name="a"), take_all_back, partial(add_over, name="c")
    async with waiting_behind(database, *works) as tasks:
        pass
    assert [type(task.exception()) for task in tasks] == [StoreError, StoreError, type(None)]
    assert await names(database) == ["first", "c"]


async def test_where_a_commit_fails_nothing_of_it_is_saved_and_nobody_is_told_that_it_is(
    database: FileDatabase,
) -> None:
    def break_a_rule_at_the_end(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("INSERT INTO fan_outs (message_id) VALUES (99)")

    told: list[object] = []
    async with waiting_behind(database, break_a_rule_at_the_end, partial(add_over, name="b")) as tasks:
        tasks.append(asyncio.create_task(database.write(partial(add_over, name="c"), then=told.append)))
        await asyncio.sleep(0)
    errors = [task.exception() for task in tasks]
    assert ([type(error) for error in errors], len({id(error) for error in errors})) == ([StoreError] * 3, 3)
    assert (await names(database), told) == ([], [])
    await add(database, "later")
    assert await names(database) == ["later"]


async def test_what_is_no_write_comes_in_its_turn_among_those_that_wait(database: FileDatabase) -> None:
    async with waiting_behind(database, partial(add_over, name="a")) as tasks:
        for other in (database.foreign_commit(), add(database, "b"), database.remember_version(), add(database, "c")):
            tasks.append(asyncio.create_task(other))
        await asyncio.sleep(0)
    assert [task.exception() for task in tasks] == [None] * 5
    assert await names(database) == ["a", "b", "c"]


async def test_a_write_whose_caller_went_away_before_it_began_is_not_done_beside_others(database: FileDatabase) -> None:
    works = partial(add_over, name="a"), partial(add_over, name="b")
    async with waiting_behind(database, *works) as tasks:
        tasks[0].cancel()
        await asyncio.sleep(0)
    assert (tasks[0].cancelled(), await names(database)) == (True, ["b"])


async def test_a_reader_sees_one_snapshot_and_waits_for_no_writer(database: FileDatabase) -> None:
    await add(database, "before")
    has_written = threading.Event()

    def look_twice(connection: Connection) -> tuple[list[str], list[str]]:
        first = names_over(connection)
        loop.call_soon_threadsafe(has_looked.set)
        assert has_written.wait(BOUND_SECONDS)
        return first, names_over(connection)

    def write(connection: Connection) -> None:
        add_over(connection, "after")
        asyncio.run_coroutine_threadsafe(names_meanwhile(), loop).result(BOUND_SECONDS)

    async def names_meanwhile() -> None:
        assert await names(database) == ["before"]

    loop, has_looked = asyncio.get_running_loop(), asyncio.Event()
    looks = asyncio.create_task(database.read(look_twice))
    await has_looked.wait()
    await database.write(write)
    has_written.set()
    assert await looks == (["before"], ["before"])
    assert await names(database) == ["before", "after"]


async def test_writers_of_one_process_take_turns(database: FileDatabase) -> None:
    holding = Holding()

    def add_slowly(connection: Connection) -> None:
        holding(connection)
        add_over(connection, "first")

    first = asyncio.create_task(database.write(add_slowly))
    await holding.has_begun.wait()
    second = asyncio.create_task(add(database, "second"))
    assert await names(database) == []
    holding.may_end.set()
    await asyncio.gather(first, second)
    assert await names(database) == ["first", "second"]


async def test_a_writer_waits_for_another_process(database: FileDatabase, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "push.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        task = asyncio.create_task(add(database, "late"))
        # The reader's answer comes while the writer waits.
        assert await names(database) == []
        assert not task.done()
        other.execute("COMMIT")
        async with asyncio.timeout(BOUND_SECONDS):
            await task
    assert await names(database) == ["late"]


async def test_a_writer_gives_up_when_another_process_never_ends(tmp_path: Path) -> None:
    database = await open_file(tmp_path / "push.db", busy_seconds=0.01)
    with closing(sqlite3.connect(tmp_path / "push.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="database is locked"):
            await database.write(nothing)
        other.execute("COMMIT")
    await database.write(nothing)
    await database.close()


async def test_a_broken_rule_of_the_tables_is_a_store_error_without_its_values(database: FileDatabase) -> None:
    await add(database, "secret")
    with pytest.raises(StoreError, match=r"push\.db: UNIQUE constraint failed: apps\.slug") as caught:
        await add(database, "secret")
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"
    assert await names(database) == ["secret"]


@pytest.mark.parametrize("content", [b"not a database at all " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
async def test_a_file_that_is_no_database_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "push.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"push\.db"):
        await open_push_store(tmp_path / "push.db")
    assert (tmp_path / "push.db").read_bytes() == content


async def test_a_directory_in_its_place_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot open"):
        await open_push_store(tmp_path)


async def test_connections_that_a_disk_let_only_read_are_opened_anew(tmp_path: Path) -> None:
    database = await open_file(tmp_path / "push.db")

    def ran(*statements: str) -> Callable[[Connection], object]:
        return lambda connection: [connection.exec_driver_sql(each) for each in statements]

    try:
        await database.write(ran("CREATE TABLE seen (number INTEGER)", "PRAGMA query_only = ON"))
        await database.read(ran("CREATE TEMP TABLE mark (number INTEGER)"))
        with pytest.raises(StoreError, match="readonly"):
            await database.write(ran("INSERT INTO seen VALUES (1)"))
        await database.write(ran("INSERT INTO seen VALUES (2)"))
        with pytest.raises(StoreError, match="no such table: mark"):  # readers too, for they share what is refused
            await database.read(ran("SELECT * FROM mark"))
    finally:
        await database.close()


async def test_what_waits_while_connections_are_opened_anew_is_done_then(tmp_path: Path) -> None:
    def ran(statement: str) -> Callable[[Connection], object]:
        return lambda connection: connection.exec_driver_sql(statement)

    database = await open_file(tmp_path / "push.db")
    await database.write(ran("CREATE TABLE seen (number INTEGER)"))
    reader = Holding()
    reading = asyncio.create_task(database.read(reader))
    await reader.has_begun.wait()
    await database.write(ran("PRAGMA query_only = ON"))
    refused = asyncio.create_task(database.write(ran("INSERT INTO seen VALUES (0)")))
    await asyncio.sleep(0.05)
    later = [asyncio.create_task(database.write(ran(f"INSERT INTO seen VALUES ({number})"))) for number in (1, 2, 3)]
    refused.cancel()
    await asyncio.sleep(0)
    reader.may_end.set()
    async with asyncio.timeout(BOUND_SECONDS):
        await asyncio.gather(reading, *later)
        total = await database.read(lambda tx: tx.exec_driver_sql("SELECT sum(number) FROM seen").scalar())
    assert total == 6
    await asyncio.wait([refused])
    await database.close()


async def test_what_comes_after_the_end_is_told_so_at_once(tmp_path: Path) -> None:
    database = await open_file(tmp_path / "push.db")
    await database.close()
    for transact in (database.write, database.read):
        with pytest.raises(StoreError, match="closed"):
            await transact(nothing)


async def test_a_fifth_reader_waits_for_one_of_four_to_end(database: FileDatabase) -> None:
    async with four_readers(database):
        fifth = asyncio.create_task(names(database))
        done, _ = await asyncio.wait([fifth], timeout=0.05)
        assert not done
    async with asyncio.timeout(BOUND_SECONDS):
        assert await fifth == []


async def test_a_reader_that_waits_too_long_is_told_so(tmp_path: Path) -> None:
    database = await open_file(tmp_path / "push.db", read_seconds=1)
    async with four_readers(database):
        with pytest.raises(StoreError, match="4 readers are busy, and none ended in time"):
            await database.read(nothing)
    await database.read(nothing)
    await database.close()


@asynccontextmanager
async def four_readers(database: FileDatabase) -> AsyncIterator[None]:
    """Four who read for as long as the body lasts."""
    readers = [Holding() for _ in range(4)]
    async with asyncio.TaskGroup() as group:
        for reader in readers:
            group.create_task(database.read(reader))
            await reader.has_begun.wait()
        try:
            yield
        finally:
            for reader in readers:
                reader.may_end.set()


async def test_a_database_that_cannot_be_opened_for_lack_of_files_says_what_to_do_and_is_read_later(
    tmp_path: Path,
) -> None:
    store = await open_push_store(tmp_path / "push.db")
    both = threading.Barrier(2)

    def read(tx: Transaction) -> int:
        with suppress(threading.BrokenBarrierError):
            both.wait(BOUND_SECONDS)  # each over a connection of its own, one of which is there already
        return tx.handovers.count()

    reading = [asyncio.ensure_future(store.read(read)) for _ in range(2)]
    try:
        with no_more_files(), pytest.raises(StoreError, match="LimitNOFILE"):
            await asyncio.gather(*reading)
        both.abort()  # the one that found a file reads to its end
        assert await store.read(lambda tx: tx.handovers.count()) == 0
    finally:
        both.abort()
        await asyncio.gather(*reading, return_exceptions=True)
        await store.close()
