"""Somebody who came from the hosted WxPusher claims their UID, by a link that came through it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from tests.clock import Clock
from tests.push.builders import a_draft
from tests.push.emulators.hosted import Hosted, a_hosted_wxpusher, a_token, a_uid
from tests.push.prepared import place_tables
from tests.web.site import NOW, Site
from watcher.core.callbacks import Source
from watcher.core.moves import INVITATION_LIFE
from watcher.core.push import Subscriber
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.offered import Channels
from watcher.push.channels.upstream.channel import UpstreamChannel
from watcher.push.channels.upstream.moved import MovedApps
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.hosted import HostedApp, move_of
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.serving.moving import invitable, invite, invite_topic
from watcher.web.sessions.device import DEVICE_COOKIE

APP, CLINIC = 97123, 5
DEALS, VISITS = 40211, 40300
ANN = a_uid(1)


@pytest.fixture
async def hosted() -> AsyncIterator[Hosted]:
    """Ann follows an application and its topic; 3 the topic alone."""
    async with a_hosted_wxpusher() as fake:
        fake.an_app(APP, "Shop")
        fake.a_topic(DEALS, "Deals", APP)
        fake.follow(ANN, APP)
        fake.follow(ANN, APP, DEALS)
        fake.follow(a_uid(3), APP, DEALS)
        yield fake


@pytest.fixture
async def push(tmp_path: Path, clock: Clock) -> AsyncIterator[PushService]:
    service = await open_push_service(await place_tables(tmp_path / "push.db"), now=clock)
    yield service
    await service.close()


@pytest.fixture
async def channels(tmp_path: Path) -> AsyncIterator[Channels]:
    async with Sessions() as sessions:
        moved = MovedApps(tmp_path).of
        yield Channels(
            upstream=UpstreamChannel(sessions, None, moved=moved, now=lambda: NOW, seconds=lambda: 0.0, send_seconds=5)
        )


async def move(push: PushService, hosted: Hosted, directory: Path, app_id: int = APP) -> None:
    account = UpstreamSettings(token=a_token(app_id), url=hosted.url)
    async with Sessions() as sessions:
        app = HostedApp(sessions.of(allow_private=True), account, now=lambda: NOW, seconds=lambda: 0.0)
        records = await app.followers()
    moved = move_of(records, app_id=None, name=None, topics={}, now=NOW)
    await push.moving.carry_out(moved, account, partial(MovedApps(directory).put, app_id, account))


async def invited(push: PushService, settings: Settings) -> list[tuple[str, str | None]]:
    found = await invitable(push, settings, None, 100)
    return [(each.uid, why) async for each, why in invite(push, settings, found)]


async def link_of(push: PushService, hosted: Hosted, settings: Settings, uid: str = ANN) -> str:
    """Move, invite, and return the path of the link that the phone of this UID shows."""
    await move(push, hosted, settings.data)
    assert (uid, None) in await invited(push, settings)
    return hosted.last_url(uid).removeprefix("http://push.example")


def device_of(answer: ClientResponse) -> str:
    return SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE].value


async def subscriber(push: PushService, uid: str = ANN) -> Subscriber:
    found = await push.subscribers.of_uid(uid)
    assert found is not None
    return found


async def test_a_claim_opens_the_inbox_and_leaves_the_topics_there(
    site: Site, hosted: Hosted, settings: Settings
) -> None:
    path = await link_of(site.push, hosted, settings)
    app = await site.push.apps.of_id(APP)
    assert app is not None
    await site.push.messages.send(app, a_draft("before"), topic_ids=[DEALS])
    answer = await site.post(path)
    assert (answer.status, answer.headers["Location"]) == (303, "/inbox")
    ann = await subscriber(site.push)
    assert await site.push.devices.owner(device_of(answer)) == ann
    assert hosted.topics_of(ANN) == set()
    assert hosted.topics_of(a_uid(3)) == {DEALS}
    assert [item.message.draft.content for item in await site.push.inbox.items(ann)] == ["before"]
    assert await site.push.moving.carried(ann.id) == {}
    assert await site.push.moving.is_to_claim(ann) is False


async def test_who_came_by_an_invitation_sees_the_uid_there_and_not_the_servers_address(
    site: Site, hosted: Hosted, settings: Settings
) -> None:
    device = device_of(await site.post(await link_of(site.push, hosted, settings)))
    async with site.client.get("/reach", cookies={DEVICE_COOKIE: device}) as answer:
        text = await answer.text()
    assert ANN in text
    assert hosted.url not in text


async def test_looking_at_the_link_takes_nothing_and_says_what_it_means(
    site: Site, hosted: Hosted, settings: Settings
) -> None:
    path = await link_of(site.push, hosted, settings)
    for _ in range(2):
        page = await site.get(path)
        assert (page.status, "Set-Cookie" in page.headers) == (200, False)
        text = await page.text()
        assert "Get your messages here" in text
        assert "Deals" in text
    assert hosted.topics_of(ANN) == {DEALS}


async def test_a_link_is_good_once(site: Site, hosted: Hosted, settings: Settings) -> None:
    path = await link_of(site.push, hosted, settings)
    assert (await site.post(path)).status == 303
    again = await site.post(path)
    assert (again.status, "Set-Cookie" in again.headers) == (410, False)
    assert "ask whoever sends you these messages for a new one" in await again.text()


async def test_who_knows_a_uid_and_no_link_gets_nothing(site: Site, hosted: Hosted, settings: Settings) -> None:
    await link_of(site.push, hosted, settings)
    for guess in (ANN, "x" * 32, ANN.removeprefix("UID_") + "0000"):
        answer = await site.post(f"/claim/{guess}")
        assert (answer.status, "Set-Cookie" in answer.headers) == (410, False)
    assert await site.push.devices.of(await subscriber(site.push)) == []
    assert hosted.topics_of(ANN) == {DEALS}


async def test_who_was_invited_is_invited_again_when_the_link_is_over_and_never_after_the_claim(
    push: PushService, hosted: Hosted, settings: Settings, clock: Clock
) -> None:
    await move(push, hosted, settings.data)
    assert await invited(push, settings) == [(ANN, None)], "who follows a topic alone is not reached by UID"
    assert await invited(push, settings) == []
    clock.at += INVITATION_LIFE
    assert await invited(push, settings) == [(ANN, None)]
    await push.moving.settle(await subscriber(push))
    clock.at += INVITATION_LIFE
    assert await invited(push, settings) == []


async def test_a_service_that_does_not_answer_keeps_nobody_from_claiming(
    site: Site, hosted: Hosted, settings: Settings
) -> None:
    path = await link_of(site.push, hosted, settings)
    hosted.apps.clear()  # it knows the token no more
    assert (await site.post(path)).status == 303
    assert await site.push.moving.is_to_claim(await subscriber(site.push)) is False


async def test_a_second_application_is_claimed_by_the_same_phone(
    site: Site, hosted: Hosted, settings: Settings
) -> None:
    path = await link_of(site.push, hosted, settings)
    cookie = device_of(await site.post(path))
    hosted.an_app(CLINIC, "Clinic")
    hosted.a_topic(VISITS, "Visits", CLINIC)
    hosted.follow(ANN, CLINIC)
    hosted.follow(ANN, CLINIC, VISITS)
    await move(site.push, hosted, settings.data, CLINIC)
    ann = await subscriber(site.push)
    assert await site.push.moving.carried(ann.id) == {CLINIC: {VISITS}}
    assert await invited(site.push, settings) == [(ANN, None)]
    second = hosted.last_url(ANN).removeprefix("http://push.example")
    cookies = {"Cookie": f"{DEVICE_COOKIE}={cookie}"}
    assert "Get your messages here" in await (await site.get(second, headers=cookies)).text()
    answer = await site.client.post(second, headers=cookies, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/inbox")
    assert hosted.topics_of(ANN) == set()
    assert await site.push.moving.carried(ann.id) == {}


async def test_no_link_goes_through_a_server_that_the_uid_did_not_come_from(
    push: PushService, hosted: Hosted, settings: Settings
) -> None:
    async with a_hosted_wxpusher() as other:
        other.an_app(CLINIC, "Clinic")
        other.follow(a_uid(7), CLINIC)
        await move(push, hosted, settings.data)
        await move(push, other, settings.data, CLINIC)
        other.follow(ANN, CLINIC)  # the UID is somebody else's there
        await push.subscriptions.follow_app(await subscriber(push), CLINIC, Source.LINK)
        assert sorted(await invited(push, settings)) == [(ANN, None), (a_uid(7), None)]
        assert [each.uid for each in other.received] == [a_uid(7)]
        assert [each.uid for each in hosted.received] == [ANN]


async def test_the_followers_of_a_topic_get_its_link_all_at_once(
    push: PushService, hosted: Hosted, settings: Settings
) -> None:
    await move(push, hosted, settings.data)
    topic = await push.topics.of_id(DEALS)
    assert topic is not None
    assert await invite_topic(settings, topic) is None
    assert hosted.last_url(a_uid(3)) == settings.topic_link(topic) == hosted.last_url(ANN)
    assert hosted.sends == {APP: 1}
