"""Mirrors: what is sent to a topic is posted into groups too, once each, whatever happens in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.push.builders import a_draft
from tests.push.emulators.robots import DINGTALK, FEISHU, SECRET, WECOM, Robots, robot_services
from tests.push.relays import Room, a_room, until
from watcher.core.channels import Channel, ChannelName, Refused, Sent
from watcher.core.handovers import NOT_SET_UP
from watcher.core.mirrors import MAX_MIRRORS, Mirror
from watcher.core.push import DeliveryState, PushTopic, Slice
from watcher.errors import RefusedError
from watcher.net import Sessions
from watcher.push.channels.places import read_place
from watcher.push.channels.robots.channel import RobotChannel
from watcher.push.channels.robots.kind import service_of

GROUPS = (WECOM, FEISHU, DINGTALK)


@asynccontextmanager
async def services_of(room: Room) -> AsyncIterator[Robots]:
    async with robot_services(lambda: room.clock().timestamp()) as services:
        yield services


@asynccontextmanager
async def channels_to(room: Room, services: Robots) -> AsyncIterator[list[Channel]]:
    async with Sessions() as sessions:
        yield [
            RobotChannel(
                service_of(name),
                sessions,
                now=room.clock,
                seconds=lambda: room.clock().timestamp(),
                route=services.route,
            )
            for name in (ChannelName.WECOM, ChannelName.FEISHU, ChannelName.DINGTALK)
        ]


async def a_topic(room: Room) -> PushTopic:
    return await room.service.topics.add("Deals", app_id=room.app.id)


async def a_mirror(room: Room, topic: PushTopic, webhook: str = WECOM, name: str = "Buyers", **about: str) -> Mirror:
    return await room.service.mirrors.add(topic.id, read_place(webhook, **about), name, lang="zh")


async def send(room: Room, topic: PushTopic, text: str) -> int:
    [result] = await room.service.messages.send(room.app, a_draft(text), topic_ids=[topic.id])
    assert result.message_id is not None
    return result.message_id


def _has_said(services: Robots, most: int) -> bool:
    return len(services.said) == most


async def the_mirrors(room: Room, topic: PushTopic) -> list[Mirror]:
    return list(await room.service.mirrors.of(topic))


async def test_a_message_is_posted_into_each_group_and_stands_in_the_log_of_deliveries(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic = await a_topic(room)
        for webhook in GROUPS:
            services.add(webhook, secret="" if webhook == WECOM else SECRET)
            await a_mirror(room, topic, webhook, secret="" if webhook == WECOM else SECRET)
        reader = (await room.service.subscribers.add(topic_ids=[topic.id])).subscriber
        async with room.delivering(*channels):
            message = await send(room, topic, "Dune 8.50")
            await room.quiet()
        found = await room.service.deliveries.slice(message, Slice(limit=50))
        log = sorted((each.uid[:4], each.channel, each.state) for each in found if each.channel != "inbox")
        mirrors = await the_mirrors(room, topic)
        assert [item.message.draft.content for item in await room.service.inbox.items(reader)] == ["Dune 8.50"]
    assert len(services.said) == 3
    assert all(said.startswith("Deals · Dune 8.50\n") for said in services.said)
    assert log == [("BOT_", channel, "sent") for channel in ("dingtalk", "feishu", "wecom")]
    assert [each.last.state for each in mirrors if each.last] == [DeliveryState.SENT] * 3


async def test_what_waits_behind_a_limit_is_posted_in_order_and_once(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic = await a_topic(room)
        services.add(WECOM)
        await a_mirror(room, topic)
        async with room.delivering(*channels):
            for number in range(45):
                await send(room, topic, f"message {number}")
            for most in (20, 40, 45):
                await until(partial(_has_said, services, most))
                if most < 45:
                    await room.tried(1)
                    room.pass_time(timedelta(minutes=1, seconds=1))
            await room.quiet()
    assert [said.splitlines()[0] for said in services.said] == [f"Deals · message {number}" for number in range(45)]
    assert services.asked["wecom"] == 45, "none was refused for coming too soon"


async def test_a_refusal_in_a_200_fails_says_why_and_tells_the_operator(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic = await a_topic(room)
        await a_mirror(room, topic)
        async with room.delivering(*channels):
            message = await send(room, topic, "Dune")
            await room.quiet()
            await until(lambda: bool(room.alarms))
        [mirror] = await the_mirrors(room, topic)
        assert mirror.last is not None
        assert mirror.last.state is DeliveryState.FAILED
        assert mirror.last.message_id == message
        assert "93000" in (mirror.last.reason or "")
        assert mirror.address is not None, "who mends the robot need not add it again"
        assert [alarm.channel for alarm in room.alarms] == [ChannelName.WECOM]


async def test_busy_is_tried_again_and_posted_once(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic = await a_topic(room)
        services.add(WECOM)
        services.answers.append(-1)
        await a_mirror(room, topic)
        async with room.delivering(*channels):
            await send(room, topic, "Dune")
            await room.tried(1)
            room.pass_time(timedelta(seconds=2))
            await room.quiet()
    assert len(services.said) == 1


async def test_a_removed_mirror_gets_nothing_more_and_its_robot_is_forgotten(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic = await a_topic(room)
        services.add(WECOM)
        mirror = await a_mirror(room, topic)
        await send(room, topic, "waits")
        await room.service.mirrors.remove(topic.id, mirror.uid)
        async with room.delivering(*channels):
            await send(room, topic, "later")
            await room.quiet()
        assert await the_mirrors(room, topic) == []
        assert room.sql("SELECT 1 FROM addresses") == []
        with pytest.raises(RefusedError):
            await room.service.mirrors.remove(topic.id, mirror.uid)
    assert services.said == []


@pytest.mark.parametrize("how", ["topic", "subscription"])
async def test_a_mirror_that_ends_with_its_topic_leaves_no_robot_behind(tmp_path: Path, how: str) -> None:
    async with a_room(tmp_path) as room:
        topic = await a_topic(room)
        mirror = await a_mirror(room, topic)
        await send(room, topic, "Dune")
        if how == "topic":
            await room.service.topics.remove(topic.id)
        else:
            [(subscription,)] = room.sql("SELECT id FROM subscriptions")
            assert isinstance(subscription, int)
            await room.service.subscriptions.remove(subscription)
            assert await the_mirrors(room, topic) == []
        assert await room.service.mirrors.tidy() == 0, "what was sent before is still on its way"
        async with room.delivering():
            await room.quiet()
        assert await room.service.mirrors.tidy() == 1
        assert await room.service.mirrors.tidy() == 0
        assert room.sql("SELECT 1 FROM addresses") == []
        assert room.sql("SELECT uid FROM subscribers") == [(mirror.uid,)], "its deliveries name it"


async def test_a_merged_topic_brings_its_groups_along(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic, other = await a_topic(room), await room.service.topics.add("All", app_id=room.app.id)
        services.add(WECOM)
        await a_mirror(room, topic)
        await room.service.merge_topics(topic.id, other.id)
        async with room.delivering(*channels):
            await send(room, other, "Dune")
            await room.quiet()
    assert [said.splitlines()[0] for said in services.said] == ["All · Dune"]


async def test_a_topic_has_so_many_groups_and_each_robot_once(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room:
        topic, other = await a_topic(room), await room.service.topics.add("All", app_id=room.app.id)
        await a_mirror(room, topic)
        await a_mirror(room, other)
        with pytest.raises(RefusedError, match="already, as Buyers"):
            await a_mirror(room, topic)
        with pytest.raises(RefusedError, match="name"):
            await a_mirror(room, topic, FEISHU, name=" ")
        for number in range(MAX_MIRRORS - 1):
            await a_mirror(room, topic, WECOM[:-1] + str(number))
        with pytest.raises(RefusedError, match="the most"):
            await a_mirror(room, topic, FEISHU)
        assert len(await the_mirrors(room, topic)) == MAX_MIRRORS
        with pytest.raises(RefusedError):
            await room.service.mirrors.add(999, read_place(FEISHU), "x", lang="en")


async def test_a_test_shows_what_the_robot_says_and_is_stored_nowhere(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room, services_of(room) as services, channels_to(room, services) as channels:
        topic = await a_topic(room)
        mirror, wecom = await a_mirror(room, topic), channels[0]
        link = "https://push.example/t/x"
        refused = await room.service.mirrors.test(topic, mirror, wecom, link=link)
        assert isinstance(refused, Refused)
        assert "93000" in refused.reason
        services.add(WECOM)
        assert await room.service.mirrors.test(topic, mirror, wecom, link=link) == Sent()
        assert services.said == [f"Deals · 测试\n这是一条测试消息。这个主题的消息会发到这里。\n{link}"]
        nothing = await room.service.mirrors.test(topic, mirror, None, link=link)
        assert getattr(nothing, "reason", "") == NOT_SET_UP
        assert room.sql("SELECT 1 FROM messages") == []


async def test_nobody_can_send_to_a_mirror_by_its_uid(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room:
        mirror = await a_mirror(room, await a_topic(room))
        [result] = await room.service.messages.send(room.app, a_draft("Hello"), uids=[mirror.uid])
        assert result.message_id is None
