"""Posting a topic into groups, over the API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.push.emulators.robots import DINGTALK, SECRET, WECOM, Robots, robot_services
from tests.web.api.v1.api import Api
from tests.web.site import NOW
from watcher.core.access import Scope
from watcher.core.channels import ChannelName
from watcher.net import Sessions
from watcher.push.channels.offered import Channels
from watcher.push.channels.robots.channel import RobotChannel
from watcher.push.channels.robots.kind import service_of


@pytest.fixture
async def robots() -> AsyncIterator[Robots]:
    async with robot_services(NOW.timestamp) as services:
        yield services


@pytest.fixture
async def channels(robots: Robots) -> AsyncIterator[Channels]:
    async with Sessions() as sessions:
        name = ChannelName.DINGTALK
        channel = RobotChannel(service_of(name), sessions, now=lambda: NOW, seconds=lambda: 0.0, route=robots.route)
        yield Channels(by_name={name: channel})


async def test_a_group_is_added_shown_tried_and_removed_and_its_webhook_is_in_no_answer(
    api: Api, robots: Robots
) -> None:
    robots.add(DINGTALK, secret=SECRET, keyword="ops")
    topic = await api.site.push.topics.add("Bread", app_id=api.app.id)
    path = f"/topics/{topic.id}/mirrors"
    body = {"name": "Operations", "webhook": DINGTALK, "secret": SECRET, "keyword": "ops"}
    made = await api("POST", path, body)
    assert (made.status, made.said["channel"], made.said["address"]) == (201, "dingtalk", "oapi.dingtalk.com …beef")
    assert made.said["uid"].startswith("BOT_")
    listed = await api("GET", path, token=api.app_token)
    assert listed.said == {"items": [made.said]}
    one = f"{path}/{made.said['uid']}"
    assert (await api("GET", one)).said == made.said
    tried = await api("POST", f"{one}/test")
    assert tried.said == {"is_sent": True, "reason": None}
    assert robots.said[0].startswith("ops · Bread · Test\n")
    robots.robots.clear()
    refused = (await api("POST", f"{one}/test")).said
    assert refused["is_sent"] is False
    assert "300005" in refused["reason"]
    for answer in (made, listed, tried):
        assert SECRET not in str(answer.said)
        assert "5555" not in str(answer.said)
    assert (await api("DELETE", one)).status == 204
    assert (await api("DELETE", one)).status == 404
    assert (await api("GET", path)).said == {"items": []}


async def test_what_is_no_robots_webhook_is_named_and_not_quoted(api: Api) -> None:
    topic = await api.site.push.topics.add("Bread", app_id=api.app.id)
    path = f"/topics/{topic.id}/mirrors"
    wrong = await api("POST", path, {"name": "x", "webhook": "https://10.0.0.1/hook?key=verysecret"})
    assert (wrong.status, wrong.said["errors"][0]["pointer"]) == (422, "#/webhook")
    assert "verysecret" not in str(wrong.said)
    assert (await api("POST", path, {"name": "x", "webhook": WECOM})).status == 201
    twice = await api("POST", path, {"name": "y", "webhook": WECOM})
    assert (twice.status, twice.said["errors"][0]["pointer"]) == (422, "#/webhook")


async def test_a_topic_that_is_anothers_is_not_there(api: Api) -> None:
    topic = await api.site.topic()
    key = await api.key([Scope.TOPICS_READ, Scope.TOPICS_WRITE], app_id=api.app.id)
    path = f"/topics/{topic.id}/mirrors"
    assert (await api("GET", path, token=key)).status == 404
    assert (await api("POST", path, {"name": "x", "webhook": WECOM}, token=key)).status == 404
    made = (await api("POST", path, {"name": "x", "webhook": WECOM})).said
    assert (await api("DELETE", f"{path}/{made['uid']}", token=key)).status == 404
    other = await api.site.push.topics.add("Bread", app_id=api.app.id)
    assert (await api("DELETE", f"/topics/{other.id}/mirrors/{made['uid']}")).status == 404
