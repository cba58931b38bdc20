"""Posting a topic into groups, in the console."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from tests.push.emulators.robots import FEISHU, SECRET, WECOM, Robots, robot_services
from tests.web.console_desk import an_owner, page_of, send_form, session_of
from tests.web.login import as_operator
from tests.web.site import NOW, Site
from watcher.core.channels import ChannelName
from watcher.core.mirrors import MAX_MIRRORS
from watcher.core.push import App, AppProfile, PushTopic
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
        name = ChannelName.FEISHU
        channel = RobotChannel(service_of(name), sessions, now=lambda: NOW, seconds=lambda: 0.0, route=robots.route)
        yield Channels(by_name={name: channel})


async def _owned(site: Site, database: Path) -> tuple[App, PushTopic, Mapping[str, str]]:
    app, _ = await site.push.apps.add(AppProfile(name="Ann's shop"))
    headers = as_operator(session_of(database, an_owner(database, app)))
    return app, await site.push.topics.add("Deals", app_id=app.id), headers


async def _page(site: Site, topic: PushTopic, headers: Mapping[str, str], *, language: str = "en") -> str:
    return await page_of(site, f"/console/topics/{topic.id}", headers, language=language)


@pytest.mark.faults
async def test_an_owner_adds_a_group_tries_it_and_removes_it(site: Site, robots: Robots, tmp_path: Path) -> None:
    robots.add(FEISHU, secret=SECRET)
    app, topic, headers = await _owned(site, tmp_path / "push.sqlite3")
    path = f"/console/topics/{topic.id}/mirrors"
    added = await send_form(site, path, headers, mirror_name="Buyers & co", webhook=FEISHU, secret=SECRET, keyword="")
    assert added.status == 303
    html = await _page(site, topic, headers)
    assert "Buyers &amp; co" in html
    assert "open.feishu.cn …6666" in html
    assert "Nothing was posted yet." in html
    assert "发到群里" in await _page(site, topic, headers, language="zh")
    [uid] = set(re.findall(r"mirrors/(BOT_\w+)/test", html))
    assert f'/subscribers/{uid}">Buyers &amp; co</a>' in html, "it counts among the subscribers"
    tried = await (await send_form(site, f"{path}/{uid}/test", headers)).text()
    assert "The robot took the test." in tried
    robots.robots.clear()
    refused = await (await send_form(site, f"{path}/{uid}/test", headers)).text()
    assert "Feishu answered 19001" in refused
    for page in (html, tried, refused):
        assert SECRET not in page
        assert "0a1b2c3d" not in page
    assert (await send_form(site, f"{path}/{uid}/remove", headers)).status == 303
    assert uid not in await _page(site, topic, headers)
    acts = await (await site.get("/console/acts", headers=headers)).text()
    assert "Deals → Buyers &amp; co" in acts
    assert app.id


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"webhook": "https://example.org/hook?key=verysecret"}, "no address of a robot"),
        ({"webhook": WECOM, "secret": "verysecret"}, "WeCom and Bark have none"),
        ({"webhook": FEISHU, "keyword": "k" * 60}, "At most 50 characters"),
        ({"webhook": FEISHU, "mirror_name": " "}, "Give it a name."),
    ],
)
async def test_a_mistake_is_named_and_no_secret_is_shown_again(
    site: Site, tmp_path: Path, fields: dict[str, str], said: str
) -> None:
    _, topic, headers = await _owned(site, tmp_path / "push.sqlite3")
    answer = await send_form(site, f"/console/topics/{topic.id}/mirrors", headers, **{"mirror_name": "x", **fields})
    html = await answer.text()
    assert answer.status == 422
    assert said in html
    assert "verysecret" not in html
    assert await site.push.mirrors.of(topic) == []


async def test_the_form_goes_where_a_topic_has_as_many_groups_as_it_can(site: Site, tmp_path: Path) -> None:
    _, topic, headers = await _owned(site, tmp_path / "push.sqlite3")
    path = f"/console/topics/{topic.id}/mirrors"
    for number in range(MAX_MIRRORS):
        assert (await send_form(site, path, headers, mirror_name="x", webhook=WECOM[:-1] + str(number))).status == 303
    assert 'name="webhook"' not in await _page(site, topic, headers)
    full = await send_form(site, path, headers, mirror_name="x", webhook=FEISHU)
    assert full.status == 422


async def test_another_owner_finds_neither_topic_nor_group(site: Site, tmp_path: Path) -> None:
    database = tmp_path / "push.sqlite3"
    _, topic, headers = await _owned(site, database)
    _, other, others = await _owned(site, database)
    await send_form(site, f"/console/topics/{topic.id}/mirrors", headers, mirror_name="x", webhook=WECOM)
    [mirror] = await site.push.mirrors.of(topic)
    for path in (f"/console/topics/{topic.id}/mirrors", f"/console/topics/{topic.id}/mirrors/{mirror.uid}/test"):
        assert (await send_form(site, path, others, mirror_name="x", webhook=FEISHU)).status == 404
    for act in ("test", "remove"):
        assert (await send_form(site, f"/console/topics/{other.id}/mirrors/{mirror.uid}/{act}", others)).status == 404
    assert len(await site.push.mirrors.of(topic)) == 1
