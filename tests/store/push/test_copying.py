"""Copying everything from a data directory to a real PostgreSQL, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, Table, create_engine, select, text, update

from tests import postgresql
from tests.push.prepared import place_tables
from watcher.core.accounts import AccountState
from watcher.core.databases import ClusterDatabase, DatabasePlace
from watcher.core.push import AppProfile
from watcher.errors import ConfigError, LockedError, StoreError, UsageError
from watcher.store.cluster.watch_side import ClusterWatches
from watcher.store.lock import RoleLock
from watcher.store.push import copying
from watcher.store.push.copying import SLICE_ROWS, TABLES, Plan
from watcher.store.push.epoch import epoch_of
from watcher.store.push.server_side import ServerSide
from watcher.store.push.sides import FileSide, Side
from watcher.store.push.store import open_database, open_push_store
from watcher.store.push.tables import Id, Instant, acts, messages, topics
from watcher.store.watch_copying import WatchCopy, WatchSide
from watcher.store.watch_side import DirectoryWatches

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = 3
Kept = Mapping[str, list[tuple[Any, ...]]]


def nothing() -> None:
    """Hear of progress, and do nothing."""


def copy(source: Side, target: Side, *, advance: Callable[[], None]) -> Plan:
    """Copy everything; there are no watches."""
    return copying.copy(source, target, WatchCopy(watches_of(source), watches_of(target)), advance=advance)


def plan(source: Side, target: Side) -> Plan:
    return copying.plan(source, target, WatchCopy(watches_of(source), watches_of(target)))


def watches_of(side: Side) -> WatchSide:
    return ClusterWatches(side.shown) if "://" in side.shown else DirectoryWatches(Path(side.shown))


def fill(connection: Connection) -> None:
    """Put rows into every table."""
    for table in TABLES:
        number = 2 * SLICE_ROWS + 1 if table is acts else ROWS
        connection.execute(table.insert(), [row_of(table, n) for n in range(1, number + 1)])


def row_of(table: Table, number: int) -> dict[str, Any]:
    row = {column.name: value_of(column, number) for column in table.columns}
    if table.name == "subscriptions":
        row["app_id" if number % 2 else "topic_id"] = None
    return row


def value_of(column: Column[Any], number: int) -> object:
    if column.nullable and number == ROWS and not column.foreign_keys:
        return None
    match column.type:
        case Instant():
            return NOON + timedelta(microseconds=number)
        case Boolean():
            return number % 2 == 0
        case Id() | Integer():
            return number
        case kind if kind.python_type is int:
            return number
        case _:
            return f"{'Zaé你'[number % 4]} {column.name} {number}"


async def kept_in(place: DatabasePlace) -> Kept:
    """Return every row of a database."""
    database = await open_database(place)
    try:
        return await database.read(
            lambda connection: (
                {table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr) for table in TABLES}
                | {"epoch": [(epoch_of(connection),)]}
            )
        )
    finally:
        await database.close()


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data directory with rows in every table, the newest act and topic of which were removed."""
    directory = tmp_path / "data"
    directory.mkdir()
    database = await open_database(await place_tables(directory / "push.db"))
    await database.write(fill)
    await database.write(lambda connection: connection.execute(acts.delete().where(acts.c.id > 2 * SLICE_ROWS)))
    await database.close()
    return directory


@pytest.fixture
def to_server(postgresql_url: str) -> Side:
    """An empty database."""
    return ServerSide(postgresql_url)


def shared(url: str, data: Path) -> ClusterDatabase:
    return ClusterDatabase(url=url, data=data)


async def test_every_row_is_there_and_back_again(
    data: Path, to_server: Side, postgresql_url: str, tmp_path: Path
) -> None:
    before = await kept_in(data / "push.db")
    assert all(before.values()), "every table has rows"
    steps: list[None] = []
    copied = copy(FileSide(data), to_server, advance=lambda: steps.append(None))
    assert await kept_in(shared(postgresql_url, data)) == before
    assert copied.rows == {table.name: len(before[table.name]) for table in TABLES}
    assert len(steps) == copied.slices
    copy(to_server, FileSide(tmp_path / "elsewhere"), advance=nothing)
    assert await kept_in(tmp_path / "elsewhere" / "push.db") == before


async def test_the_database_knows_at_once_how_much_it_has(
    data: Path, to_server: Side, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    """Else it would plan as for empty tables, until it looks by itself."""
    copy(FileSide(data), to_server, advance=nothing)
    asked = "SELECT reltuples FROM pg_class WHERE oid = 'push.acts'::regclass"
    known = postgresql_server.ask(asked, database=postgresql_url.rpartition("/")[2])
    assert known[0][0] > SLICE_ROWS


@pytest.mark.faults
async def test_it_comes_back_to_where_it_was_with_what_is_new(data: Path, to_server: Side, postgresql_url: str) -> None:
    copy(FileSide(data), to_server, advance=nothing)
    store = await open_push_store(shared(postgresql_url, data))
    await store.write(lambda tx: tx.apps.add(AppProfile(name="New"), slug="new", created_at=NOON))
    await store.close()
    after = await kept_in(shared(postgresql_url, data))
    copy(to_server, FileSide(data), advance=nothing)
    assert await kept_in(data / "push.db") == after
    with pytest.raises(ConfigError, match=f"were moved to {data}: name it with --data"):
        await open_push_store(shared(postgresql_url, data))


async def test_a_number_that_was_given_once_is_given_to_nothing_else(
    data: Path, to_server: Side, postgresql_url: str, tmp_path: Path
) -> None:
    copy(FileSide(data), to_server, advance=nothing)
    act = 2 * SLICE_ROWS + 2
    assert await next_ids(shared(postgresql_url, data)) == (act, ROWS + 1)
    copy(to_server, FileSide(tmp_path / "elsewhere"), advance=nothing)
    assert await next_ids(tmp_path / "elsewhere" / "push.db") == (act + 1, ROWS + 2)


async def next_ids(place: DatabasePlace) -> tuple[int, ...]:
    """Add an act, of which the newest had been removed, and a topic; remove both, and return their ids."""

    def add(connection: Connection) -> tuple[int, ...]:
        found = []
        for table in (acts, topics):
            row = row_of(table, 1) | {"slug": "another", "key": "another", "feed_slug": None, "account_id": 1}
            values = {name: value for name, value in row.items() if name in table.c and name != "id"}
            found.append(int(connection.execute(table.insert().values(values).returning(table.c.id)).scalar_one()))
            connection.execute(table.delete().where(table.c.id == found[-1]))
        return tuple(found)

    database = await open_database(place)
    try:
        return await database.write(add)
    finally:
        await database.close()


@pytest.mark.faults
async def test_the_old_place_refuses_and_does_not_tell_the_password(
    data: Path, postgresql_server: postgresql.Server, postgresql_url: str
) -> None:
    name = postgresql_url.rpartition("/")[2]
    secret = postgresql_server.url(name, password="not told")
    copy(FileSide(data), ServerSide(secret), advance=nothing)
    with pytest.raises(ConfigError, match="were moved to postgresql://") as refused:
        await open_push_store(data / "push.db")
    assert "not told" not in str(refused.value) + (data / "push.moved").read_text(encoding="utf-8")
    with pytest.raises(ConfigError, match="was copied to postgresql://"):
        copy(FileSide(data), ServerSide(secret), advance=nothing)


@pytest.mark.faults
@pytest.mark.parametrize("is_back", [False, True], ids=["file", "postgresql"])
async def test_a_command_that_waited_to_write_is_refused_at_the_old_place(
    data: Path, to_server: Side, postgresql_url: str, tmp_path: Path, *, is_back: bool
) -> None:
    if is_back:
        copy(FileSide(data), to_server, advance=nothing)
    before = await open_push_store(shared(postgresql_url, data) if is_back else data / "push.db")
    source, target = (to_server, FileSide(tmp_path / "elsewhere")) if is_back else (FileSide(data), to_server)
    copy(source, target, advance=nothing)
    with pytest.raises(StoreError, match=r"its rows were moved to (postgresql:|/.*elsewhere)") as refused:
        await before.write(lambda tx: tx.apps.add(AppProfile(name="Late"), slug="late", created_at=NOON))
    await before.close()
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.faults
async def test_a_place_with_people_of_its_own_is_left_as_it_is(data: Path, postgresql_place: ClusterDatabase) -> None:
    store = await open_push_store(postgresql_place)
    await store.write(lambda tx: tx.accounts.add(name="Ada", state=AccountState.ACTIVE, at=NOON))
    await store.close()
    before, there = await kept_in(data / "push.db"), await kept_in(postgresql_place)
    for attempt in (plan, lambda source, target: copy(source, target, advance=nothing)):
        with pytest.raises(UsageError, match="has 1 accounts of its own"):
            attempt(FileSide(data), ServerSide(postgresql_place.url))
    assert (await kept_in(data / "push.db"), await kept_in(postgresql_place)) == (before, there)


@pytest.mark.faults
async def test_a_copy_whose_end_the_old_place_does_not_know_is_ended_by_the_next(
    data: Path, to_server: Side, postgresql_url: str
) -> None:
    copy(FileSide(data), to_server, advance=nothing)
    (data / "push.moved").unlink()  # as a kill right after the commit leaves it
    before = await kept_in(shared(postgresql_url, data))
    copy(FileSide(data), to_server, advance=nothing)
    assert (data / "push.moved").exists()
    assert await kept_in(shared(postgresql_url, data)) == before


@pytest.mark.faults
async def test_a_copy_is_not_made_again_over_one_that_went_on(data: Path, to_server: Side, postgresql_url: str) -> None:
    copy(FileSide(data), to_server, advance=nothing)
    (data / "push.moved").unlink()
    database = await open_database(shared(postgresql_url, data))
    await database.write(lambda connection: connection.execute(update(messages).values(summary="changed")))
    await database.close()
    with pytest.raises(UsageError, match="of its own"):
        copy(FileSide(data), to_server, advance=nothing)


async def test_what_was_stored_otherwise_is_noticed_and_taken_back(
    data: Path, postgresql_place: ClusterDatabase
) -> None:
    engine = create_engine(postgresql_place.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION push.spoil() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.name := 'spoiled'; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER t BEFORE INSERT ON push.accounts FOR EACH ROW EXECUTE FUNCTION push.spoil()")
        )
    engine.dispose()
    there = await kept_in(postgresql_place)
    with pytest.raises(StoreError, match="other rows of accounts than it was given"):
        copy(FileSide(data), ServerSide(postgresql_place.url), advance=nothing)
    assert await kept_in(postgresql_place) == there
    await (await open_push_store(data / "push.db")).close()


async def test_a_zero_byte_is_replaced_where_there_is_no_place_for_it(
    data: Path, to_server: Side, postgresql_url: str
) -> None:
    database = await open_database(data / "push.db")
    await database.write(lambda connection: connection.execute(update(messages).values(content="a\0b")))
    await database.close()
    copy(FileSide(data), to_server, advance=nothing)
    store = await open_database(shared(postgresql_url, data))
    found = await store.read(lambda connection: connection.scalars(select(messages.c.content)).all())
    await store.close()
    assert set(found) == {"a\N{REPLACEMENT CHARACTER}b"}


@pytest.fixture(params=["server", "watcher"])
def runs(request: pytest.FixtureRequest, data: Path) -> Iterator[str]:
    """Whoever uses the data directory."""
    with RoleLock(data, request.param, f"{request.param} here"):
        yield request.param


@pytest.mark.faults
@pytest.mark.usefixtures("runs")
def test_whoever_is_running_at_the_file_goes_on(data: Path, to_server: Side) -> None:
    with pytest.raises(LockedError, match="is already running"):
        copy(FileSide(data), to_server, advance=nothing)


async def test_whoever_serves_at_the_database_goes_on(data: Path, postgresql_place: ClusterDatabase) -> None:
    serving = ClusterDatabase(url=postgresql_place.url, data=postgresql_place.data, is_served=True)
    database = await open_database(serving)
    with pytest.raises(LockedError, match="a server uses it now; stop all of them first"):
        await asyncio.to_thread(copy, FileSide(data), ServerSide(serving.url), advance=nothing)
    await database.close()
