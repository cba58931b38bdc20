"""Numbers, tokens and UIDs that another server gave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.push.builders import a_reader, an_app
from watcher.core.push import AppProfile
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.foreign_ids import MAX_NUMBER
from watcher.push.service import PushService

TOKEN = "AT_" + "k3J" * 10 + "xy"
UID = "UID_" + "a9Z4" * 7
SHOP = AppProfile(name="shop")


async def test_what_was_given_elsewhere_stays_as_it_is(service: PushService) -> None:
    app, token = await service.apps.add(SHOP, token=TOKEN, app_id=97123)
    topic = await service.topics.add("Deals", app_id=app.id, topic_id=40211)
    new = await service.subscribers.add(uid=UID, app_ids=[app.id], topic_ids=[topic.id])
    assert (app.id, token, topic.id, new.subscriber.uid) == (97123, TOKEN, 40211, UID)
    assert await service.apps.of_token(TOKEN) == app
    assert await service.subscribers.of_uid(UID) == new.subscriber


async def test_what_is_made_afterwards_meets_no_number_that_was_given(service: PushService) -> None:
    app, _ = await service.apps.add(SHOP, app_id=MAX_NUMBER)
    topic = await service.topics.add("Deals", app_id=app.id, topic_id=5)
    assert [(await an_app(service)).id for _ in range(2)] == [MAX_NUMBER + 1, MAX_NUMBER + 2]
    assert [(await service.topics.add(name, app_id=app.id)).id for name in "ab"] == [6, 7]
    await service.topics.remove(7)
    await service.topics.add("below", app_id=app.id, topic_id=2)
    assert (await service.topics.add("c", app_id=app.id)).id == 8, "a number below the highest moves nothing"
    assert topic.id == 5


async def test_what_is_taken_is_refused_and_nothing_is_made(service: PushService) -> None:
    app, _ = await service.apps.add(SHOP, token=TOKEN, app_id=97123)
    topic = await service.topics.add("Deals", app_id=app.id, topic_id=40211)
    into = await service.topics.add("Sales", app_id=app.id)
    await service.merge_topics(topic.id, into.id)
    await service.subscribers.add(uid=UID)
    with pytest.raises(RefusedError, match="application 97123 is there already: shop"):
        await service.apps.add(SHOP, app_id=97123)
    with pytest.raises(RefusedError, match="application 97123 has this token: shop") as refused:
        await service.apps.add(SHOP, token=TOKEN)
    assert TOKEN not in str(refused.value)
    with pytest.raises(RefusedError, match="topic 40211 is there already: which was merged"):
        await service.topics.add("Deals", app_id=app.id, topic_id=40211)
    with pytest.raises(RefusedError, match=f"there is a subscriber {UID} already"):
        await service.subscribers.add(uid=UID)
    assert [app.id for app in await service.apps.all()] == [1, 97123]


async def test_a_token_that_an_application_had_before_its_reset_is_taken_too(service: PushService) -> None:
    app, _ = await service.apps.add(SHOP, token=TOKEN)
    await service.apps.reset_token(app.id, grace=timedelta(hours=1))
    with pytest.raises(RefusedError, match="has this token"):
        await service.apps.add(SHOP, token=TOKEN)


@pytest.mark.parametrize("token", ["", "AT_", "AT_" + "x" * 31, "AT_" + "x" * 33, "WT_" + "x" * 32, f"{TOKEN}\n"])
async def test_what_is_no_token_is_refused_and_not_quoted(service: PushService, token: str) -> None:
    with pytest.raises(InvalidRequestError, match="AT_ and 32 letters or digits") as refused:
        await service.apps.add(SHOP, token=token)
    assert len(token) < 10 or token not in str(refused.value)


@pytest.mark.parametrize("uid", ["", "UID_x", "UID_" + "x" * 29, "uid_" + "x" * 28, f"{UID}\n", "UID_" + "é" * 28])
async def test_what_is_no_uid_is_refused(service: PushService, uid: str) -> None:
    with pytest.raises(InvalidRequestError, match="UID_ and 28 letters or digits"):
        await service.subscribers.add(uid=uid)


@pytest.mark.parametrize("number", [0, -1, MAX_NUMBER + 1, 2**63])
async def test_a_number_that_leaves_no_room_for_others_is_refused(service: PushService, number: int) -> None:
    with pytest.raises(InvalidRequestError, match="1 to 1,000,000,000"):
        await service.apps.add(SHOP, app_id=number)
    with pytest.raises(InvalidRequestError, match="1 to 1,000,000,000"):
        await service.topics.add("Deals", topic_id=number)


async def test_the_uid_of_somebody_who_was_removed_is_free_again(service: PushService) -> None:
    reader = await a_reader(service)
    await service.subscribers.forget(reader)
    assert (await service.subscribers.add(uid=reader.uid)).subscriber.uid == reader.uid
