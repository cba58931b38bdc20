"""What is sent to an application that moved here goes on through the hosted WxPusher, to each person once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON, a_draft
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.hosted import Hosted, a_hosted_wxpusher, a_token, a_uid
from tests.running import meanwhile
from watcher.core.channels import AddressDraft, ChannelName, Retry, Sent
from watcher.core.push import AppProfile
from watcher.net import Sessions
from watcher.push.channels.upstream.channel import UpstreamChannel
from watcher.push.channels.upstream.moved import MovedApps
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.hosted import HostedApp, move_of
from watcher.push.ids import hash_token
from watcher.push.service import PushService

APP, CLINIC = 97123, 5
DEALS = 40211


@pytest.fixture
async def hosted() -> AsyncIterator[Hosted]:
    """Two applications: 1 follows both, and Deals of the first; 2 the first; 3 Deals alone."""
    async with a_hosted_wxpusher() as fake:
        fake.an_app(APP, "Shop")
        fake.an_app(CLINIC, "Clinic")
        fake.a_topic(DEALS, "Deals", APP)
        for uid, app_id, topic_id in ((1, APP, None), (1, APP, DEALS), (2, APP, None), (3, APP, DEALS)):
            fake.follow(a_uid(uid), app_id, topic_id)
        fake.follow(a_uid(1), CLINIC)
        yield fake


async def move(service: PushService, hosted: Hosted, directory: Path, *app_ids: int) -> None:
    async with Sessions() as sessions:
        for app_id in app_ids:
            account = UpstreamSettings(token=a_token(app_id), url=hosted.url)
            session = sessions.of(allow_private=True)
            app = HostedApp(session, account, now=lambda: NOON, seconds=lambda: 0.0)
            moved = move_of(await app.followers(), app_id=None, name=None, topics={}, now=NOON)
            keep = partial(MovedApps(directory).put, app_id, account)
            await service.moving.carry_out(moved, account, keep)


@asynccontextmanager
async def delivering(service: PushService, directory: Path, own: UpstreamSettings | None = None) -> AsyncIterator[None]:
    """Hand over what is queued, as a server does whose environment has this account there."""
    async with Sessions() as sessions:
        moved = MovedApps(directory).of
        channel = UpstreamChannel(sessions, own, moved=moved, now=lambda: NOON, seconds=lambda: 0.0)
        deliverer = service.deliveries.deliverer(
            {channel.name: channel}, chance=lambda: 0.0, link=lambda message: f"https://push.example/m/{message.slug}"
        )
        async with meanwhile(deliverer.run()):
            yield


async def send(service: PushService, text: str, *uids: int, topics: tuple[int, ...] = (), app_id: int = APP) -> None:
    app = await service.apps.of_id(app_id)
    assert app is not None
    results = await service.messages.send(app, a_draft(text), uids=[a_uid(uid) for uid in uids], topic_ids=topics)
    assert {result.code for result in results} == {1000}


async def settled(service: PushService) -> None:
    """Return when nothing waits any more."""
    async with asyncio.timeout(10):
        while (await service.queues()).handovers:  # noqa: ASYNC110  what it waits for is in a database
            await asyncio.sleep(0.01)


async def test_each_gets_what_is_sent_by_uid_by_topic_and_by_both_once(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await move(service, hosted, tmp_path, APP)
    async with delivering(service, tmp_path):
        await send(service, "by uid", 1, 2)
        await send(service, "by topic", topics=(DEALS,))
        await send(service, "by both", 1, topics=(DEALS,))
        await settled(service)
    assert sorted(hosted.inbox(a_uid(1))) == ["by both", "by topic", "by uid"]
    assert hosted.inbox(a_uid(2)) == ["by uid"]
    assert sorted(hosted.inbox(a_uid(3))) == ["by both", "by topic"]
    assert hosted.last_url(a_uid(1)).startswith("https://push.example/m/")


async def test_an_application_that_somebody_left_there_takes_nothing_from_the_others(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await move(service, hosted, tmp_path, APP, CLINIC)
    left = next(each for each in hosted.follows.values() if (each.uid, each.app_id) == (a_uid(1), CLINIC))
    del hosted.follows[left.id]
    async with delivering(service, tmp_path):
        await send(service, "from the clinic", 1, app_id=CLINIC)
        await settled(service)
        await send(service, "from the shop", 1)
        await settled(service)
    assert hosted.inbox(a_uid(1)) == ["from the shop"]
    assert hosted.sends == {CLINIC: 1, APP: 1}, "each goes as its own application"


async def test_who_confirmed_a_uid_to_the_operators_application_is_told_by_that(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await move(service, hosted, tmp_path, APP)
    reader = (await service.subscribers.add(app_ids=[APP])).subscriber
    draft = AddressDraft(channel=ChannelName.UPSTREAM, fingerprint=hash_token(a_uid(8)), value=a_uid(8))
    await service.addresses.add(reader, draft)
    hosted.an_app(9, "Operator")
    hosted.follow(a_uid(8), 9)
    own = UpstreamSettings(token=a_token(9), url=hosted.url)
    app = await service.apps.of_id(APP)
    assert app is not None
    async with delivering(service, tmp_path, own):
        await service.messages.send(app, a_draft("hello"), uids=[reader.uid])
        await settled(service)
    assert hosted.inbox(a_uid(8)) == ["hello"]


async def test_who_came_from_one_server_is_told_nothing_through_another(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    """The operator's own application is on another server, where somebody else has that UID."""
    await move(service, hosted, tmp_path, APP)
    shop, moved = await service.apps.of_id(APP), await service.subscribers.of_uid(a_uid(2))
    assert shop is not None
    assert moved is not None
    news, _ = await service.apps.add(AppProfile(name="News"))
    await service.subscriptions.follow(moved, app_id=news.id)
    left = next(each for each in hosted.follows.values() if each.uid == a_uid(2))
    del hosted.follows[left.id]
    async with a_hosted_wxpusher() as other:
        other.an_app(9, "Operator")
        other.follow(a_uid(2), 9)
        async with delivering(service, tmp_path, UpstreamSettings(token=a_token(9), url=other.url)):
            for app in (shop, news):
                await service.messages.send(app, a_draft("a secret"), uids=[a_uid(2)])
            await settled(service)
        assert other.inbox(a_uid(2)) == []
    async with delivering(service, tmp_path):
        hosted.follow(a_uid(2), APP)
        await send(service, "back again", 2)
        await settled(service)
    assert hosted.inbox(a_uid(2)) == ["back again"], "the address is kept"


async def test_an_application_that_moves_here_while_the_server_runs_is_used_at_once(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    async with delivering(service, tmp_path):
        await move(service, hosted, tmp_path, APP)
        await send(service, "at once", 2)
        await settled(service)
    assert hosted.inbox(a_uid(2)) == ["at once"]


async def test_a_file_that_is_damaged_is_waited_for(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    await move(service, hosted, tmp_path, APP)
    file = tmp_path / "upstream.json"
    good = file.read_text()
    file.write_text(good[:-20])
    async with Sessions() as sessions:
        channel = UpstreamChannel(sessions, None, moved=MovedApps(tmp_path).of, now=lambda: NOON, seconds=lambda: 0.0)
        notification = a_notification()
        message = replace(notification.message, app_id=APP)
        to = an_address(a_uid(2), ChannelName.UPSTREAM)
        answer = await channel.send(replace(notification, message=message), to)
        assert isinstance(answer, Retry)
        assert a_token(APP)[:20] not in answer.reason
        file.write_text(good)
        assert await channel.send(replace(notification, message=message), to) == Sent()


async def test_without_a_mirror_followers_of_a_topic_are_told_by_their_uids(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await move(service, hosted, tmp_path, APP)
    page = await service.subscriptions.page(app_id=APP, page_size=100)
    [mirror] = [each for each in page.subscriptions if each.subscriber.uid.startswith("BOT_")]
    await service.subscriptions.remove(mirror.id)
    async with delivering(service, tmp_path):
        await send(service, "by topic", topics=(DEALS,))
        await settled(service)
    assert (hosted.inbox(a_uid(1)), hosted.inbox(a_uid(3))) == (["by topic"], [])
