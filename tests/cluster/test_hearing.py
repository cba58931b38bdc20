"""Two servers on one PostgreSQL, in one process: what is done at one is heard at the other, and by no look there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

import psycopg
import pytest
from msgspec import Struct

from tests.push.builders import NOON, a_declared_topic, a_draft, a_reader, an_app
from tests.push.relays import until
from tests.running import meanwhile
from watcher.core.accounts import Purpose
from watcher.core.databases import ClusterDatabase
from watcher.core.findings import Check, State
from watcher.core.push import App, PushTopic, Subscriber
from watcher.core.wakeups import Wakeup
from watcher.push.channels.ntfy import NtfyChannel
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.cluster.hearing import hear_others, look_and_hear
from watcher.web.keys import no_look

Woken = list[tuple[Wakeup, Sequence[int] | None]]


class Town(Struct, frozen=True, kw_only=True):
    """Two servers, and who is there; what each server heard from the other."""

    url: str
    one: PushService
    other: PushService
    heard_at_one: Woken
    heard_at_other: Woken
    app: App
    topic: PushTopic
    reader: Subscriber


@pytest.fixture
async def town(postgresql_place: ClusterDatabase) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        one, other = [await open_push_service(postgresql_place, now=lambda: NOON) for _ in range(2)]
        stack.push_async_callback(one.close)
        stack.push_async_callback(other.close)
        app, topic = await an_app(one), await a_declared_topic(one)
        reader = await a_reader(one, topics=(topic.id,), apps=(app.id,))
        heard: list[Woken] = [_noting(one), _noting(other)]
        for service in (one, other):
            await stack.enter_async_context(meanwhile(hear_others(postgresql_place.url, service)))
        await until(lambda: all(len(each) == len(Wakeup) for each in heard))  # each that hears is woken whole
        for each in heard:
            each.clear()
        yield Town(
            url=postgresql_place.url,
            one=one,
            other=other,
            heard_at_one=heard[0],
            heard_at_other=heard[1],
            app=app,
            topic=topic,
            reader=reader,
        )


def _noting(service: PushService) -> Woken:
    woken: Woken = []
    for kind in Wakeup:
        service.wakeups.on(kind, partial(_note, woken, kind))
    return woken


def _note(woken: Woken, kind: Wakeup, ids: Sequence[int] | None) -> None:
    woken.append((kind, ids))


async def _send(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    await town.one.messages.send(town.app, a_draft(), uids=[town.reader.uid])
    return Wakeup.DELIVERY, [town.reader.id]


async def _send_to_topic(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    topic = await town.one.topics.add("News", app_id=town.app.id)
    await town.one.messages.send(town.app, a_draft(), topic_ids=[topic.id])
    return Wakeup.SENT, [topic.id]


async def _queue(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    await town.one.ntfy.follow(town.reader)
    await town.one.messages.send(town.app, a_draft(), uids=[town.reader.uid])
    return Wakeup.HANDOVER, None


async def _refuse(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    code = await town.one.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    shown = await town.one.sign_in_codes.shown(code)
    assert shown is not None
    await town.one.sign_ins.refuse(code.code)
    return Wakeup.SIGN_IN, [shown.id]


async def _follow(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    await town.one.subscriptions.follow(town.reader, app_id=town.app.id)
    return Wakeup.CALLBACK, None


async def _hand_over_to_nobody(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    await _queue(town)
    channel = NtfyChannel()
    deliverer = town.one.deliveries.deliverer(
        {channel.name: channel}, chance=lambda: 0.0, link=lambda message: message.slug
    )
    async with meanwhile(deliverer.run()):
        await until(lambda: any(kind is Wakeup.UNFETCHED for kind, _ in town.heard_at_other))
    return Wakeup.UNFETCHED, [town.reader.id]


async def _fetch(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    address = await town.one.ntfy.follow(town.reader)
    await town.one.messages.send(town.app, a_draft(), uids=[town.reader.uid])
    await town.one.ntfy.take([address], failover_after=timedelta(minutes=5))
    return Wakeup.HANDED_OVER, [town.reader.id]


async def _send_behind_many(town: Town) -> tuple[Wakeup, Sequence[int] | None]:
    town.one.messages.share_fan_out()
    topic = await town.one.topics.add("News", app_id=town.app.id)
    await town.one.messages.send(town.app, a_draft(), uids=[town.reader.uid])
    with psycopg.connect(town.url) as connection:
        connection.execute("INSERT INTO push.fan_outs (message_id) SELECT id FROM push.messages")
    await town.one.messages.send(town.app, a_draft(), topic_ids=[topic.id])
    return Wakeup.FAN_OUT, None


CONCERNED: Mapping[Wakeup, Callable[[Town], Awaitable[tuple[Wakeup, Sequence[int] | None]]]] = {
    Wakeup.DELIVERY: _send,
    Wakeup.HANDED_OVER: _fetch,
    Wakeup.UNFETCHED: _hand_over_to_nobody,
    Wakeup.SENT: _send_to_topic,
    Wakeup.SIGN_IN: _refuse,
    Wakeup.HANDOVER: _queue,
    Wakeup.CALLBACK: _follow,
    Wakeup.FAN_OUT: _send_behind_many,
}


def test_there_is_a_row_for_each_kind() -> None:
    assert CONCERNED.keys() == set(Wakeup)


@pytest.mark.faults
@pytest.mark.parametrize("kind", CONCERNED)
async def test_the_other_server_hears_whom_it_concerns(town: Town, kind: Wakeup) -> None:
    expected = await CONCERNED[kind](town)
    assert expected[0] is kind
    await until(lambda: expected in town.heard_at_other)


async def test_what_a_server_does_wakes_its_own_once(town: Town) -> None:
    await town.one.messages.send(town.app, a_draft(), uids=[town.reader.uid])
    await town.other.messages.send(town.app, a_draft(), uids=[town.reader.uid])
    woken = (Wakeup.DELIVERY, [town.reader.id])
    await until(lambda: town.heard_at_one.count(woken) == 2)
    await until(lambda: town.heard_at_other.count(woken) == 2)


async def test_who_hears_does_not_look_for_what_others_wrote(town: Town) -> None:
    for are_heard in (True, False):
        town.other.wakeups.are_heard = are_heard
        await town.one.messages.send(town.app, a_draft(), uids=[town.reader.uid])
        assert await town.other.foreign_commit() is not are_heard


@pytest.mark.parametrize(("are_heard", "state"), [(True, State.OK), (False, State.WARNING)])
async def test_the_page_of_the_server_says_whether_others_are_heard(
    town: Town, state: State, *, are_heard: bool
) -> None:
    town.one.wakeups.are_heard = are_heard
    [*_, found] = await look_and_hear(town.one, no_look)
    assert (found.check, found.state) == (Check.DATABASE, state)
