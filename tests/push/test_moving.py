"""Moving an application here from the hosted WxPusher, of which there is a fake."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON
from tests.push.emulators.hosted import Hosted, a_hosted_wxpusher, a_token, a_uid
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.moves import Move, MoveReport
from watcher.core.push import AppProfile, Slice, SubscriptionState
from watcher.errors import InvalidRequestError, StoreError, UsageError
from watcher.net import Sessions
from watcher.push.channels.upstream.moved import MovedApps
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.hosted import HostedApp, move_of
from watcher.push.ids import hash_token
from watcher.push.service import PushService
from watcher.runtime.serving.moving import forget_removed

APP = 97123
DEALS, NEWS = 40211, 40212


@pytest.fixture
async def hosted() -> AsyncIterator[Hosted]:
    """An application with two topics: 1 follows it and Deals, 2 it, 3 Deals alone; 4 was blocked."""
    async with a_hosted_wxpusher() as fake:
        fake.an_app(APP, "Shop")
        fake.a_topic(DEALS, "Deals", APP)
        fake.a_topic(NEWS, "News", APP)
        fake.follow(a_uid(1), APP)
        fake.follow(a_uid(1), APP, DEALS)
        fake.follow(a_uid(2), APP)
        fake.follow(a_uid(3), APP, DEALS)
        fake.follow(a_uid(4), APP, is_rejected=True)
        yield fake


async def read(
    hosted: Hosted,
    token: str = a_token(APP),
    *,
    app_id: int | None = None,
    name: str | None = None,
    topics: Mapping[int, str] | None = None,
    rests: list[float] | None = None,
) -> Move:
    async def rest(seconds: float) -> None:
        if rests is not None and seconds:
            rests.append(seconds)

    async with Sessions() as sessions:
        account = UpstreamSettings(token=token, url=hosted.url)
        session = sessions.of(allow_private=True)
        app = HostedApp(session, account, now=lambda: NOON, seconds=lambda: 0.0 if rests is None else 1e9, rest=rest)
        records = await app.followers()
    return move_of(records, app_id=app_id, name=name, topics=topics or {}, now=NOON)


async def carry_out(
    service: PushService, hosted: Hosted, directory: Path, move: Move, token: str = a_token(APP)
) -> MoveReport:
    account = UpstreamSettings(token=token, url=hosted.url)
    return await service.moving.carry_out(move, account, partial(MovedApps(directory).put, move.app_id, account))


def dump(directory: Path) -> str:
    with closing(sqlite3.connect(directory / "push.db")) as connection:
        return "\n".join(line for line in connection.iterdump() if '"commits"' not in line)


async def test_tokens_numbers_and_uids_stay_as_they_are(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    report = await carry_out(service, hosted, tmp_path, await read(hosted, topics={NEWS: "News"}))
    assert (report.is_new, report.topic_ids, report.subscribers, report.subscriptions) == (True, [DEALS, NEWS], 4, 5)
    app = await service.apps.of_token(a_token(APP))
    assert app is not None
    assert (app.id, app.profile.name) == (APP, "Shop")
    assert [(topic.id, topic.app_id, topic.name) for topic in await service.topics.all()] == [
        (DEALS, APP, "Deals"),
        (NEWS, APP, "News"),
    ]
    page = await service.subscriptions.page(app_id=APP, page_size=100)
    assert {(each.subscriber.uid, each.topic_id, each.state) for each in page.subscriptions} >= {
        (a_uid(1), None, SubscriptionState.FOLLOWING),
        (a_uid(1), DEALS, SubscriptionState.FOLLOWING),
        (a_uid(3), DEALS, SubscriptionState.FOLLOWING),
        (a_uid(4), None, SubscriptionState.REJECTED),
    }
    assert {each.created_at for each in page.subscriptions if each.subscriber.uid == a_uid(1)} == {
        datetime(2019, 11, 3, 4, 35, 54, tzinfo=UTC)
    }


async def test_the_token_is_hashed_in_the_database_and_readable_in_a_private_file_alone(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    assert a_token(APP) not in dump(tmp_path)
    file = tmp_path / "upstream.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == {str(APP): {"token": a_token(APP), "url": hosted.url}}
    [account] = MovedApps(tmp_path).all().values()
    assert a_token(APP) not in repr(account)


async def test_the_same_again_changes_nothing(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    before = dump(tmp_path)
    assert (await carry_out(service, hosted, tmp_path, await read(hosted))).is_nothing
    assert dump(tmp_path) == before


async def test_who_came_since_is_added(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    hosted.follow(a_uid(5), APP)
    again = await carry_out(service, hosted, tmp_path, await read(hosted))
    assert (again.is_new, again.topic_ids, again.subscribers, again.subscriptions) == (False, [], 1, 1)


async def test_a_look_writes_nothing(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    before, move = dump(tmp_path), await read(hosted)
    looked = await service.moving.look(move, UpstreamSettings(token=a_token(APP), url=hosted.url))
    assert (looked.subscribers, looked.by_topic_alone, looked.taken) == (4, 1, ())
    assert dump(tmp_path) == before
    assert looked == await carry_out(service, hosted, tmp_path, move)


async def test_what_is_taken_is_listed_and_nothing_is_written(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await service.topics.add("Offers", topic_id=DEALS)
    await service.subscribers.add(uid=a_uid(2))
    before = dump(tmp_path)
    report = await carry_out(service, hosted, tmp_path, await read(hosted))
    assert report.taken == [
        f"topic {DEALS} is there already: Offers, of application 1",
        f"there is a subscriber {a_uid(2)} already, who did not come by a move",
    ]
    assert dump(tmp_path) == before
    assert not (tmp_path / "upstream.json").exists()


async def test_a_number_or_a_token_of_another_application_here_is_listed(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    move = await read(hosted)
    await service.apps.add(AppProfile(name="Twin"), token=a_token(APP), app_id=6)
    twin = await carry_out(service, hosted, tmp_path, move)
    assert twin.taken == ["the token is that of application 6 here: Twin"]
    await service.apps.add(AppProfile(name="Other"), app_id=APP)
    other = await carry_out(service, hosted, tmp_path, move)
    assert other.taken == [f"application {APP} is there already, with another token: Other"]


async def test_a_merged_topic_is_taken(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    await service.topics.add("Offers", topic_id=DEALS)
    await service.merge_topics(DEALS, (await service.topics.add("Sales")).id)
    report = await carry_out(service, hosted, tmp_path, await read(hosted))
    assert report.taken == [f"topic {DEALS} is there already: it was merged into another one"]


async def test_a_second_application_with_the_same_people_comes_too(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    token = hosted.an_app(5, "Clinic")
    hosted.follow(a_uid(1), 5)
    second = await carry_out(service, hosted, tmp_path, await read(hosted, token), token)
    assert (second.is_new, second.subscribers, second.subscriptions) == (True, 0, 1)
    assert MovedApps(tmp_path).all().keys() == {5, APP}


async def test_a_uid_that_came_from_another_server_is_taken(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    async with a_hosted_wxpusher() as other:
        token = other.an_app(5, "Clinic")
        other.follow(a_uid(1), 5)
        other.follow(a_uid(7), 5)
        before, move = dump(tmp_path), await read(other, token)
        report = await carry_out(service, other, tmp_path, move, token)
    assert report.taken == [f"there is a subscriber {a_uid(1)} already, who came from {hosted.url}"]
    assert dump(tmp_path) == before
    assert MovedApps(tmp_path).all().keys() == {APP}


async def test_a_disk_that_refuses_the_token_takes_all_of_it_back(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    before, move = dump(tmp_path), await read(hosted)
    with pytest.raises(StoreError, match=r"cannot write .*upstream\.json"):
        await carry_out(service, hosted, tmp_path / "gone", move)
    assert dump(tmp_path) == before


async def test_who_confirmed_the_uid_for_another_inbox_keeps_it(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    reader = (await service.subscribers.add()).subscriber
    fingerprint = hash_token(a_uid(1))
    draft = AddressDraft(channel=ChannelName.UPSTREAM, fingerprint=fingerprint, value=a_uid(1))
    await service.addresses.add(reader, draft)
    await carry_out(service, hosted, tmp_path, await read(hosted))
    assert [each.value for each in await service.addresses.of(reader)] == [a_uid(1)]
    moved = await service.subscribers.of_uid(a_uid(1))
    assert moved is not None
    assert [each.value for each in await service.addresses.of(moved)] == [f"{a_uid(1)} {hosted.url}"]


async def test_a_token_that_is_somebody_elses_is_refused(hosted: Hosted) -> None:
    with pytest.raises(UsageError, match="does not know this token") as refused:
        await read(hosted, "AT_" + "z" * 32)
    assert "zzz" not in str(refused.value)
    with pytest.raises(UsageError, match=f"the token is that of application {APP}, not of 5"):
        await read(hosted, app_id=5)


async def test_what_no_list_says_is_said_by_hand(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    token = hosted.an_app(8, "Quiet")
    with pytest.raises(UsageError, match="give --app-id"):
        await read(hosted, token)
    with pytest.raises(UsageError, match="give --name"):
        await read(hosted, token, app_id=8)
    move = await read(hosted, token, app_id=8, name="Quiet", topics={9: "Rare"})
    report = await carry_out(service, hosted, tmp_path, move, token)
    assert (report.is_new, report.topic_ids, report.subscribers) == (True, [9], 0)


async def test_a_long_list_is_read_by_pages_at_the_services_pace(hosted: Hosted) -> None:
    for number in range(10, 510):
        hosted.follow(a_uid(number), APP)
    rests: list[float] = []
    hosted.limited, hosted.failing = 1, 2
    move = await read(hosted, rests=rests)
    assert len(move.followers) == 505
    assert hosted.pages == [1, 2, 3, 4, 5, 6]
    assert rests == [1.0, 2.0, 10.0]


async def test_a_list_that_changes_while_it_is_read_is_read_again(hosted: Hosted) -> None:
    for number in range(10, 210):
        hosted.follow(a_uid(number), APP)
    first = next(iter(hosted.follows))
    hosted.on_page = lambda page: hosted.follows.pop(first, None) if page == 2 else None
    move = await read(hosted)
    assert len(move.followers) == 204
    assert hosted.pages == [1, 2, 3, 1, 2, 3]


async def test_a_list_that_always_changes_is_given_up(hosted: Hosted) -> None:
    more = iter(range(10, 100))
    hosted.on_page = lambda _: hosted.follow(a_uid(next(more)), APP)
    for number in range(100, 250):
        hosted.follow(a_uid(number), APP)
    with pytest.raises(UsageError, match="people come and go"):
        await read(hosted)


async def test_a_service_that_answers_nothing_good_is_given_up(hosted: Hosted) -> None:
    hosted.failing = 100
    with pytest.raises(UsageError, match="it answered 502; nothing was written, try again"):
        await read(hosted)


async def test_what_is_no_number_or_uid_is_refused(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    move = await read(hosted)
    odd = replace(move, followers=[replace(move.followers[0], uid="UID_x")])
    for wrong in (replace(move, app_id=0), replace(move, topics={2**40: "Deals"}), odd):
        with pytest.raises(InvalidRequestError):
            await carry_out(service, hosted, tmp_path, wrong)
    hosted.follow("ann@example.org", APP)
    with pytest.raises(UsageError, match="which is no UID"):
        await read(hosted)


async def test_nobody_is_told_of_a_move(service: PushService, hosted: Hosted, tmp_path: Path) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    assert (await service.queues()).callbacks == 0
    assert not await service.subscribers.slice(Slice(limit=10), uid=a_uid(99))


async def test_the_token_of_an_application_that_was_removed_is_forgotten(
    service: PushService, hosted: Hosted, tmp_path: Path
) -> None:
    await carry_out(service, hosted, tmp_path, await read(hosted))
    await forget_removed(service, tmp_path)
    assert MovedApps(tmp_path).of(APP) is not None
    await service.apps.remove(APP)
    await forget_removed(service, tmp_path)
    assert a_token(APP) not in (tmp_path / "upstream.json").read_text()
