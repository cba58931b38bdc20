"""Wake-ups from one process to another, over a real PostgreSQL that goes away and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st

from tests import postgresql as server
from tests.push.relays import until
from tests.running import meanwhile
from watcher.cluster.wakeups import WakeupListener
from watcher.store.cluster.wakeups import EVERYBODY, ids_in, notify, payloads
from watcher.store.push import postgresql

CHANNEL = "watcher_inbox"
_LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[sqlalchemy.Engine]:
    opened = postgresql.open_engine(postgresql.parse(postgresql_url), connections=1, are_reading=False)
    yield opened
    opened.dispose()


@pytest.fixture
def heard() -> list[Sequence[int] | None]:
    return []


@pytest.mark.both_loops
async def test_who_listens_hears_whom_a_commit_concerns(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: list[Sequence[int] | None]
) -> None:
    async with listening(postgresql_url, heard):
        with engine.begin() as connection:
            notify(connection, CHANNEL, {7, 3})
            notify(connection, CHANNEL, set())
        await until(lambda: heard == [None, [3, 7]])


@pytest.mark.parametrize("password", ["sec%ret", "100%"])
async def test_a_password_that_the_driver_would_read_otherwise_is_taken_and_not_logged(
    postgresql_url: str, heard: list[Sequence[int] | None], password: str, caplog: pytest.LogCaptureFixture
) -> None:
    user, _, address = postgresql_url.partition("@")
    async with listening(f"{user}:{password}@{address}", heard):
        assert heard == [None]
    assert password not in caplog.text


async def test_what_was_taken_back_wakes_nobody(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: list[Sequence[int] | None]
) -> None:
    async with listening(postgresql_url, heard):
        with engine.connect() as connection:
            notify(connection, CHANNEL, {7})
            connection.rollback()
            notify(connection, CHANNEL, {8})
            connection.commit()
        await until(lambda: heard == [None, [8]])


async def test_another_channel_is_not_heard(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: list[Sequence[int] | None]
) -> None:
    async with listening(postgresql_url, heard):
        with engine.begin() as connection:
            notify(connection, "watcher_topics", {7})
            notify(connection, CHANNEL, {8})
        await until(lambda: heard == [None, [8]])


async def test_everybody_is_woken_while_nothing_is_heard_and_when_it_is_again(
    postgresql_url: str, postgresql_server: server.Server, heard: list[Sequence[int] | None]
) -> None:
    async with listening(postgresql_url, heard, poll_seconds=0.2):
        postgresql_server.kill()
        await until(lambda: len(heard) > 4)
        await asyncio.to_thread(postgresql_server.start)
        await until(lambda: postgresql_server.ask(_LISTENERS) == [(1,)])
        postgresql_server.ask(f"NOTIFY {CHANNEL}, '5'", database=postgresql_url.rpartition("/")[2])
        await until(lambda: heard[-1] == [5])
    assert set(map(str, heard)) == {"None", "[5]"}


@given(st.lists(st.integers(min_value=1, max_value=2**63 - 1), unique=True, max_size=5_000))
def test_each_id_is_named_once_or_everybody_is(ids: list[int]) -> None:
    made = payloads(ids)
    assert all(len(payload) < 8_000 for payload in made)
    named = [ids_in(payload) for payload in made]
    assert named == [None] or [each for part in named for each in part or ()] == ids


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (1, 1), (1_000, 1), (1_333, 1), (1_334, 2), (10_664, 8), (10_665, 1)]
)
def test_ids_of_five_digits_take_so_many_payloads(count: int, expected: int) -> None:
    made = payloads(range(10_000, 10_000 + count))
    assert len(made) == expected
    assert (made == [EVERYBODY]) == (count > 10_664)


@pytest.mark.parametrize("payload", [EVERYBODY, "elephants", "1,,2", "1,x"])
def test_what_names_nobody_wakes_everybody(payload: str) -> None:
    assert ids_in(payload) is None


@asynccontextmanager
async def listening(url: str, heard: list[Sequence[int] | None], *, poll_seconds: float = 60.0) -> AsyncIterator[None]:
    """Listen while the context lasts."""
    listener = WakeupListener(url, poll_seconds=poll_seconds)
    listener.listen(CHANNEL, heard.append)
    async with meanwhile(listener.run()):
        await until(lambda: heard == [None])
        yield
