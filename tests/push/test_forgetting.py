"""Deleting everything about a subscriber, and nothing about anybody else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.push.builders import a_declared_topic, a_draft, a_reader, texts, to_topic
from tests.push.relays import a_room
from watcher.core.callbacks import Source
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.push import AppProfile, NewSubscriber
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.forgetting import forget_app
from watcher.push.service import PushService
from watcher.store.push.store import open_push_store
from watcher.store.push.tables import metadata, subscribers


async def _with_everything(service: PushService) -> NewSubscriber:
    """Somebody of whom there is a row in every table that knows of subscribers."""
    topic = await a_declared_topic(service)
    made = await service.subscribers.add(topic_ids=[topic.id])
    one = made.subscriber
    app, _ = await service.apps.add(AppProfile(name=f"shop {one.uid}", callback_url="https://shop.example/cb"))
    await service.subscriptions.follow_app(one, app.id, Source.LINK)
    await service.codes.scan((await service.codes.add(app, "extra")).slug, one)
    await service.addresses.add(one, AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint=one.uid, value="v"))
    await service.claims.add(one)
    await service.confirmations.ask(ChannelName.EMAIL, one, f"{one.id}@example.org", page=str, lang="en")
    scene = Scene(kind=SceneKind.CLAIM, slug=await service.claims.add_for_wechat(one))
    asked = await service.followers.arrive(f"o{one.id}", scene)
    await service.followers.say(f"o{one.id}", asked.answer)
    await service.audience.set_remark(app.id, one, f"remark {one.uid}")
    [judged] = (await service.subscriptions.page(app_id=app.id, uid=one.uid)).subscriptions
    await service.subscriptions.reject(judged.id)
    await service.subscriptions.reject(judged.id, is_rejected=False)
    await service.messages.publish([to_topic("deals", key=f"news {one.id}")])
    await service.messages.send(app, a_draft("for your eyes"), uids=[one.uid])
    return made


def _rows(database: Path, uid: str, subscriber_id: int) -> dict[str, int]:
    """Count, by table, the rows that refer to the subscriber or name the UID; the record of a send may."""
    found = {}
    with closing(sqlite3.connect(database)) as connection:
        for table in metadata.sorted_tables:
            texts = [f"instr(coalesce({column.name}, ''), '{uid}') > 0" for column in table.columns]
            own = [
                f"{key.parent.name} = {subscriber_id}" for key in table.foreign_keys if key.column.table is subscribers
            ]
            if table is subscribers:
                own.append(f"id = {subscriber_id}")
            if table.name in ("targets", "apps"):
                texts = []
            where = " OR ".join(texts + own) or "0"
            found[table.name] = connection.execute(f"SELECT count(*) FROM {table.name} WHERE {where}").fetchone()[0]
    return {name: count for name, count in found.items() if count}


@pytest.mark.on_sqlite("looks into the file")
async def test_nothing_that_names_a_deleted_subscriber_is_left(service: PushService, tmp_path: Path) -> None:
    one, other = await _with_everything(service), await _with_everything(service)
    database, who = tmp_path / "push.db", one.subscriber
    before = _rows(database, other.subscriber.uid, other.subscriber.id)
    referring = {
        key.parent.table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is subscribers
    }
    assert referring <= set(_rows(database, who.uid, who.id)) == set(before)

    await service.subscribers.forget(who)

    assert _rows(database, who.uid, who.id) == {}
    assert _rows(database, other.subscriber.uid, other.subscriber.id) == before
    assert await service.devices.owner(one.device_token) is None
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert "for your eyes" not in str(
            connection.execute(
                "SELECT content FROM messages JOIN targets ON message_id = messages.id WHERE uid = ?", (who.uid,)
            ).fetchall()
        )


async def test_what_others_have_too_stays_theirs(service: PushService) -> None:
    one, other = await _with_everything(service), await _with_everything(service)
    app, _ = await service.apps.add(AppProfile(name="bank"))
    for each in (one, other):
        await service.subscriptions.follow(each.subscriber, app_id=app.id)
    await service.messages.send(app, a_draft("for both"), uids=[one.subscriber.uid, other.subscriber.uid])
    before = await texts(service, other.subscriber)
    await service.subscribers.forget(one.subscriber)
    assert await texts(service, other.subscriber) == before
    assert "for both" in before


async def test_a_sender_is_told_that_nobody_is_there_and_its_repeat_sends_nothing(service: PushService) -> None:
    app, _ = await service.apps.add(AppProfile(name="bank"))
    one = (await service.subscribers.add(app_ids=[app.id])).subscriber
    [sent] = await service.messages.send(app, a_draft("once"), uids=[one.uid], idempotency_key="k")
    await service.subscribers.forget(one)
    assert await service.messages.send(app, a_draft("once"), uids=[one.uid], idempotency_key="k") == [sent]
    assert sent.message_id is not None
    [again] = await service.messages.send(app, a_draft("twice"), uids=[one.uid])
    assert again.message_id is None


async def test_deleting_twice_is_no_error(service: PushService) -> None:
    one = (await _with_everything(service)).subscriber
    await service.subscribers.forget(one)
    await service.subscribers.forget(one)


@pytest.mark.on_sqlite("opens the file again")
async def test_an_application_goes_in_bounded_steps_its_topics_and_subscriptions_too(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room:
        for name in ("News", "Weather", "Bread"):
            topic = await room.service.topics.add(name, app_id=room.app.id)
            await a_reader(room.service, topics=(topic.id,))
        store = await open_push_store(tmp_path / "push.db")
        left = []
        while not await store.write(lambda tx: forget_app(tx, room.app.id, limit=2)):
            left.append(room.sql("SELECT (SELECT count(*) FROM subscriptions), (SELECT count(*) FROM topics)")[0])
        await store.close()
        assert left == [(1, 3), (0, 2), (0, 1), (0, 0)]
        assert await room.service.apps.of_id(room.app.id) is None
