from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_draft, a_reader, an_app, an_owner
from watcher.core.acts import Act, Actor
from watcher.core.databases import DatabasePlace
from watcher.core.push import WATCHER_APP_KEY, AppFigures, AppProfile, Slice
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.actor import ACTOR
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


async def test_the_watcher_is_itself_an_application_from_the_start(service: PushService) -> None:
    [own] = await service.apps.all()
    assert own.key == WATCHER_APP_KEY
    assert own.created_at == NOON


async def test_an_application_is_found_by_its_token_and_its_slug(service: PushService) -> None:
    app, token = await service.apps.add(AppProfile(name="shop", contact="me@x.example", description="a\nb"))
    assert await service.apps.of_token(token) == app
    assert await service.apps.of_slug(app.slug) == app
    assert [each.id for each in await service.apps.all()] == [1, app.id]
    assert app.profile.description == "a\nb"


@pytest.mark.parametrize("asked", ["", "AT_wrong", "\ud800", "' OR 1=1 --", "\x00"])
async def test_a_wrong_token_or_slug_finds_nothing(service: PushService, asked: str) -> None:
    await an_app(service)
    assert await service.apps.of_token(asked) is None
    assert await service.apps.of_slug(asked) is None
    assert await service.topics.of_slug(asked) is None
    assert await service.messages.of_slug(asked) is None
    assert await service.devices.owner(asked) is None


@pytest.mark.on_sqlite("looks into the file")
async def test_no_secret_is_in_the_file(service: PushService, tmp_path: Path) -> None:
    _, token = await service.apps.add(AppProfile(name="shop"))
    new = await service.subscribers.add()
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection:
        dump = "\n".join(connection.iterdump())
    assert "shop" in dump
    assert new.subscriber.uid in dump
    assert not [secret for secret in (token, new.spt, new.device_token) if secret in dump]


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (AppProfile(name=" \n"), "name"),
        (AppProfile(name="x" * 501), "name"),
        (AppProfile(name="x", contact="y" * 501), "contact"),
    ],
)
async def test_a_profile_beyond_its_limits_is_refused(service: PushService, profile: AppProfile, field: str) -> None:
    with pytest.raises(RefusedError, match=field):
        await service.apps.add(profile)
    assert len(await service.apps.all()) == 1


async def test_a_profile_that_is_no_text_is_malformed(service: PushService) -> None:
    with pytest.raises(InvalidRequestError, match="contact"):
        await service.apps.add(AppProfile(name="x", contact="\ud800"))


async def test_a_reset_token_replaces_the_old_one_at_once(service: PushService) -> None:
    app, old = await service.apps.add(AppProfile(name="shop"))
    new = await service.apps.reset_token(app.id)
    assert await service.apps.of_token(old) is None
    assert await service.apps.of_token(new) == app


async def test_an_old_token_lives_for_its_grace_time_and_an_older_one_not_at_all(place: DatabasePlace) -> None:
    now = [NOON]
    service = await open_push_service(place, now=lambda: now[0])
    app, first = await service.apps.add(AppProfile(name="shop"))
    second = await service.apps.reset_token(app.id, grace=timedelta(hours=1))
    assert await _id_of(service, first) == await _id_of(service, second) == app.id
    now[0] += timedelta(minutes=59)
    third = await service.apps.reset_token(app.id, grace=timedelta(hours=1))
    assert await service.apps.of_token(first) is None
    now[0] += timedelta(minutes=59)
    assert await _id_of(service, second) == app.id
    now[0] += timedelta(minutes=1)
    assert await service.apps.of_token(second) is None
    assert await _id_of(service, third) == app.id
    await service.close()


async def _id_of(service: PushService, token: str) -> int | None:
    app = await service.apps.of_token(token)
    return None if app is None else app.id


async def test_the_fields_of_an_application_are_edited_one_by_one(service: PushService) -> None:
    app, _ = await service.apps.add(AppProfile(name="shop", contact="me"))
    edited = await service.apps.edit(app.id, name="store", callback_url="https://x.example/cb")
    assert edited.profile == AppProfile(name="store", contact="me", callback_url="https://x.example/cb")
    assert (await service.apps.all())[1] == edited
    with pytest.raises(RefusedError, match="callback_url"):
        await service.apps.edit(app.id, callback_url="javascript:alert(1)")
    with pytest.raises(RefusedError, match="no application 99"):
        await service.apps.edit(99, name="x")
    assert (await service.apps.all())[1] == edited


async def test_what_publishes_from_inside_has_no_token_to_reset(service: PushService) -> None:
    with pytest.raises(RefusedError, match="no token"):
        await service.apps.reset_token(1)


async def test_each_application_has_a_key_that_can_be_changed(service: PushService) -> None:
    app = await an_app(service)
    key = await service.apps.reset_signing_key(app.id)
    assert app.signing_key not in (None, key)
    assert (await service.apps.all())[1].signing_key == key
    assert key not in repr((await service.apps.all())[1])


async def test_a_page_of_applications_is_of_one_account_and_newest_first(service: PushService) -> None:
    await an_owner(service)
    made = [(await service.apps.add(AppProfile(name=f"a{nth}"), account_id=nth % 2 or None))[0] for nth in range(5)]
    everything = await service.apps.page(Slice(limit=3, is_newest_first=True))
    assert [app.id for app in everything] == [app.id for app in made[:1:-1]]
    older = await service.apps.page(Slice(after=everything[-1].id, is_newest_first=True))
    assert [app.id for app in older] == [made[1].id, made[0].id, 1]
    assert [app.id for app in await service.apps.page(Slice(), account_id=1)] == [made[1].id, made[3].id]
    assert await service.apps.page(Slice(), account_id=2) == []


async def test_what_an_application_has_is_counted(service: PushService) -> None:
    app, other = await an_app(service), await an_app(service)
    topics = [await service.topics.add(name, app_id=app.id) for name in ("a", "b")]
    reader = await a_reader(service, topics=(topics[0].id, topics[1].id), apps=(app.id,))
    left = await a_reader(service, topics=(topics[0].id,), apps=(app.id,))
    await service.messages.send(app, a_draft(), uids=[reader.uid])
    [subscription, *_] = (await service.subscriptions.page(uid=left.uid)).subscriptions
    await service.subscriptions.reject(subscription.id)
    figures = await service.apps.figures([app.id, other.id, 99])
    assert figures[app.id] == AppFigures(topics=2, followers=1, topic_followers=3, messages=1)
    assert figures[other.id] == AppFigures(topics=0, followers=0, topic_followers=0, messages=0)
    assert len(figures) == 2


async def test_who_changed_an_application_is_in_the_log(service: PushService) -> None:
    owner = await an_owner(service)
    before = ACTOR.set(Actor(account_id=owner, by="Chrome · Windows"))
    app, _ = await service.apps.add(AppProfile(name="shop"), account_id=owner)
    ACTOR.reset(before)
    await service.apps.edit(app.id, contact="me")
    await service.apps.reset_token(app.id)
    await service.apps.reset_signing_key(app.id)
    await service.apps.remove(app.id)
    log = (await service.acts.latest(Slice(limit=5, is_newest_first=True)))[::-1]
    assert [entry.act for entry in log] == [
        Act.APP_MADE, Act.APP_EDITED, Act.APP_TOKEN_RESET, Act.APP_KEY_RENEWED, Act.APP_REMOVED
    ]  # fmt: skip
    assert {(entry.subject, entry.app_id) for entry in log} == {("shop", app.id)}
    assert log[0].actor == Actor(account_id=owner, by="Chrome · Windows")
    assert {entry.actor for entry in log[1:]} == {Actor(account_id=None, by="command")}
