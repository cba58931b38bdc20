"""Wake-ups from one process to another, over a real PostgreSQL that goes away and comes back."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
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
from watcher.core.wakeups import EVERYBODY, Wakeup
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse
from watcher.store.push.notify import ALL, ids_in, new_sender, notify, parts, sender_of
from watcher.store.push.wakeups import Wakeups

FLOOD = 2_000
Heard = list[Sequence[int] | None]
_LISTENERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' OR application_name = 'watcher wake-ups'"
)
_END_LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watcher wake-ups'"


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[sqlalchemy.Engine]:
    opened = open_engine(parse(postgresql_url), schema="push", connections=1, are_reading=False)
    yield opened
    opened.dispose()


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.mark.both_loops
async def test_who_listens_hears_whom_a_commit_concerns(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: Heard
) -> None:
    async with listening(postgresql_url, heard):
        with engine.begin() as connection:
            notify(connection, {Wakeup.DELIVERY: {7, 3}, Wakeup.SENT: {5}, Wakeup.FAN_OUT: None}, sender="other")
            notify(connection, {Wakeup.DELIVERY: set()}, sender="other")
        await until(lambda: heard == [None, [3, 7]])


@pytest.mark.parametrize("kind", list(Wakeup))
async def test_each_kind_is_heard_with_ids_and_without(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: Heard, kind: Wakeup
) -> None:
    async with listening(postgresql_url, heard, kind=kind):
        with engine.begin() as connection:
            notify(connection, {each: {8} for each in Wakeup}, sender="other")
        with engine.begin() as connection:
            notify(connection, EVERYBODY, sender="other")
        await until(lambda: heard == [None, [8], None])


async def test_a_sender_does_not_hear_itself_and_hears_who_has_its_connection_later(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: Heard
) -> None:
    """PostgreSQL's process has the same number for both, as after a restart in a container."""
    own, other = new_sender(), new_sender()
    async with listening(postgresql_url, heard, own=own):
        for sender, woken in ((own, {7}), (other, {8}), (own, {9}), (other, None)):
            with engine.begin() as connection:
                notify(connection, {Wakeup.DELIVERY: woken}, sender=sender)
        await until(lambda: heard == [None, [8], None])


@pytest.mark.parametrize("password", ["sec%ret", "100%"])
async def test_a_password_that_the_driver_would_read_otherwise_is_taken_and_not_logged(
    postgresql_url: str, heard: Heard, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    user, _, address = postgresql_url.partition("@")
    async with listening(f"{user}:{password}@{address}", heard):
        assert heard == [None]
    assert password not in caplog.text


async def test_what_was_taken_back_wakes_nobody(postgresql_url: str, engine: sqlalchemy.Engine, heard: Heard) -> None:
    async with listening(postgresql_url, heard):
        with engine.connect() as connection:
            notify(connection, {Wakeup.DELIVERY: {7}}, sender="other")
            connection.rollback()
            notify(connection, {Wakeup.DELIVERY: {8}}, sender="other")
            connection.commit()
        await until(lambda: heard == [None, [8]])


async def test_a_defect_of_who_is_woken_is_logged_and_others_are_heard_on(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(postgresql_url, heard) as waiting:
        waiting.on(Wakeup.SENT, _fail)
        for woken in ({Wakeup.SENT: {7}}, {Wakeup.DELIVERY: {8}}):
            with engine.begin() as connection:
                notify(connection, woken, sender="other")
        await until(lambda: heard == [None, [8]])
    assert "a wake-up on watcher_sent came to nothing" in caplog.text


async def test_a_flood_of_notices_leaves_others_their_turn(
    postgresql_url: str, engine: sqlalchemy.Engine, heard: Heard
) -> None:
    """Whoever may connect to the database may send notices, without any right to what is in it."""
    turn = 0
    in_turn: Counter[int] = Counter()

    async def take_turns() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    notices = f"SELECT pg_notify('watcher_delivery', 'a:' || i) FROM generate_series(1, {FLOOD}) AS i"
    async with listening(postgresql_url, heard) as waiting, meanwhile(take_turns()):
        waiting.on(Wakeup.DELIVERY, lambda _: in_turn.update([turn]))
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text(notices))
        await until(lambda: len(heard) > FLOOD)
    assert in_turn.total() == FLOOD
    assert max(in_turn.values()) <= 2


def _fail(_: object) -> None:
    raise RuntimeError("a defect")


@pytest.mark.faults
async def test_everybody_is_woken_when_the_connection_is_lost_and_when_it_is_there_again(
    postgresql_url: str,
    postgresql_server: server.Server,
    engine: sqlalchemy.Engine,
    heard: Heard,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was said meanwhile is not said again. The log has one line for the loss, and one for the return."""
    caplog.set_level(logging.INFO, "watcher.cluster.wakeups")
    async with listening(postgresql_url, heard) as waiting:
        postgresql_server.kill()
        await until(lambda: not waiting.are_heard)
        await asyncio.to_thread(postgresql_server.start)
        await until(lambda: waiting.are_heard)
        assert len(heard) >= 3
        engine.dispose()
        with engine.begin() as connection:
            notify(connection, {Wakeup.DELIVERY: {5}}, sender="other")
        await until(lambda: heard[-1] == [5])
    assert set(map(str, heard)) == {"None", "[5]"}
    lost, again = [record.message for record in caplog.records]
    assert lost.startswith("wake-ups of other servers are not heard, and looked for until they are: ")
    assert again == "wake-ups of other servers are heard again"


@pytest.mark.faults
async def test_a_connection_that_stands_still_is_given_up(
    postgresql_url: str, postgresql_server: server.Server, heard: Heard
) -> None:
    async with listening(postgresql_url, heard) as waiting:
        with postgresql_server.standing_still(postgresql_url.rpartition("/")[2]):
            await until(lambda: not waiting.are_heard)
            await until(lambda: waiting.are_heard)
    assert heard[-1] is None


@given(st.lists(st.integers(min_value=1, max_value=2**63 - 1), unique=True, max_size=5_000))
def test_each_id_is_named_once_or_everybody_is(ids: list[int]) -> None:
    sender = new_sender()
    made = [f"{sender}:{part}" for part in parts(ids)]
    assert all(len(payload) < 8_000 and sender_of(payload) == sender for payload in made)
    named = [ids_in(payload) for payload in made]
    assert named == [None] or [each for part in named for each in part or ()] == ids


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (1, 1), (1_000, 1), (1_330, 1), (1_331, 2), (10_640, 8), (10_641, 1)]
)
def test_ids_of_five_digits_take_so_many_payloads(count: int, expected: int) -> None:
    made = parts(range(10_000, 10_000 + count))
    assert len(made) == expected
    assert (made == [ALL]) == (count > 10_640)


@pytest.mark.parametrize("payload", [ALL, "elephants", "1,,2", "1,x", "sender:", "1:x"])
def test_what_names_nobody_wakes_everybody(payload: str) -> None:
    assert ids_in(payload) is None


@pytest.mark.parametrize("payload", [ALL, "1,2", "elephants"])
def test_who_does_not_say_who_it_is_is_another(payload: str) -> None:
    assert sender_of(payload) == ""


@asynccontextmanager
async def listening(
    url: str, heard: Heard, *, kind: Wakeup = Wakeup.DELIVERY, own: str = "me"
) -> AsyncIterator[Wakeups]:
    """Note what is heard of a kind while the context lasts."""
    waiting = Wakeups()
    waiting.on(kind, heard.append)
    async with meanwhile(WakeupListener(url, waiting, is_own=lambda sender: sender == own).run()):
        await until(lambda: heard == [None])
        yield waiting
