from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from watcher.core.callbacks import Callback, CallbackState
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile, Slice
from watcher.store.push.callbacks import KEPT_FOR
from watcher.store.push.store import PushStore, open_push_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
async def store(place: DatabasePlace) -> AsyncIterator[PushStore]:
    opened = await open_push_store(place)
    yield opened
    await opened.close()


async def an_app(store: PushStore, name: str) -> App:
    profile = AppProfile(name=name, callback_url=f"http://{name}.example/")
    return await store.write(lambda tx: tx.apps.add(profile, slug=name, created_at=NOW, signing_key=f"key of {name}"))


async def add(store: PushStore, app: App, body: str, *, at: datetime = NOW) -> None:
    await store.write(lambda tx: tx.callbacks.add(app.id, body, created_at=at))


async def settle(store: PushStore, callback: Callback) -> None:
    await store.write(lambda tx: tx.callbacks.settle(callback))


async def test_the_heads_are_each_applications_oldest_with_where_it_goes(store: PushStore) -> None:
    one, two = await an_app(store, "one"), await an_app(store, "two")
    for app, body in ((one, "1"), (two, "2"), (one, "3")):
        await add(store, app, body)
    heads = await store.read(lambda tx: tx.callbacks.heads())
    assert [(head.callback.body, head.url, head.key) for head in heads] == [
        ("1", "http://one.example/", "key of one"),
        ("2", "http://two.example/", "key of two"),
    ]
    await settle(store, replace(heads[0].callback, state=CallbackState.DELIVERED, status=200))
    await settle(store, replace(heads[1].callback, state=CallbackState.DEAD, reason="no"))
    assert [head.callback.body for head in await store.read(lambda tx: tx.callbacks.heads())] == ["3"]


async def test_one_that_waits_holds_back_those_after_it(store: PushStore) -> None:
    app = await an_app(store, "one")
    await add(store, app, "first")
    await add(store, app, "second")
    [head] = await store.read(lambda tx: tx.callbacks.heads())
    waiting = replace(head.callback, attempts=3, due_at=NOW + timedelta(hours=1), status=500, reason="answered 500")
    await settle(store, waiting)
    assert [head.callback for head in await store.read(lambda tx: tx.callbacks.heads())] == [waiting]


async def test_only_old_pending_ones_of_the_application_are_given_up(store: PushStore) -> None:
    one, two = await an_app(store, "one"), await an_app(store, "two")
    for app in (one, two):
        for age in (2, 1, 0):
            await add(store, app, str(age), at=NOW - timedelta(days=age))
    await store.write(lambda tx: tx.callbacks.give_up(one.id, "no", older_than=NOW - timedelta(hours=1)))
    mine = await store.read(lambda tx: tx.callbacks.slice(one.id, Slice(limit=9, is_newest_first=True)))
    assert [(each.body, each.state) for each in mine] == [
        ("0", CallbackState.PENDING),
        ("1", CallbackState.DEAD),
        ("2", CallbackState.DEAD),
    ]
    others = await store.read(lambda tx: tx.callbacks.slice(two.id, Slice(limit=2, is_newest_first=True)))
    assert [(other.body, other.state) for other in others] == [
        ("0", CallbackState.PENDING),
        ("1", CallbackState.PENDING),
    ]


async def test_what_was_settled_long_ago_is_forgotten_and_what_is_pending_is_not(store: PushStore) -> None:
    app = await an_app(store, "one")
    for body in ("settled", "pending"):
        await add(store, app, body, at=NOW - KEPT_FOR - timedelta(seconds=1))
    [head] = await store.read(lambda tx: tx.callbacks.heads())
    await settle(store, replace(head.callback, state=CallbackState.DELIVERED))
    await store.write(lambda tx: tx.callbacks.forget(at=NOW))
    assert [
        one.body
        for one in await store.read(lambda tx: tx.callbacks.slice(app.id, Slice(limit=9, is_newest_first=True)))
    ] == ["pending"]


async def test_of_what_was_settled_each_application_keeps_its_newest(store: PushStore) -> None:
    one, two = await an_app(store, "one"), await an_app(store, "two")
    for app in (one, two):
        for body in ("1", "2", "3"):
            await add(store, app, body)
    await store.write(lambda tx: tx.callbacks.give_up(one.id, "no"))
    await store.write(lambda tx: tx.callbacks.forget(at=NOW, most=2))
    assert [
        each.body
        for each in await store.read(lambda tx: tx.callbacks.slice(one.id, Slice(limit=9, is_newest_first=True)))
    ] == ["3", "2"]
    assert len(await store.read(lambda tx: tx.callbacks.slice(two.id, Slice(limit=9, is_newest_first=True)))) == 3
