from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import logging
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON, a_reader, an_owner
from tests.push.callback_server import a_callback_server
from tests.running import meanwhile
from watcher.core.acts import Act
from watcher.core.callbacks import Callback, CallbackState, Source
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile
from watcher.core.wakeups import Woken
from watcher.errors import RefusedError
from watcher.net import Sessions
from watcher.push.background.callback_sender import CallbackSender, event_id, signature, understand
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.push.store import PushStore, T, Transaction, open_push_store


async def an_app(service: PushService, callback_url: str, name: str = "商店") -> App:
    app, _ = await service.apps.add(AppProfile(name=name, callback_url=callback_url))
    return app


async def redirect_callbacks(place: DatabasePlace, app: App, url: str) -> None:
    """Change the callback URL past all checks, as an older version may have left it."""
    store = await open_push_store(place)
    await store.write(lambda tx: tx.apps.describe(app.id, replace(app.profile, callback_url=url)))
    await store.close()


@asynccontextmanager
async def sending(service: PushService, *, allow_private: bool = True) -> AsyncIterator[None]:
    async with Sessions() as sessions:
        sender = service.callbacks.sender(sessions, chance=lambda: 0.5, allow_private=allow_private)
        async with meanwhile(sender.run()):
            yield


async def nothing_pending(service: PushService, app: App) -> list[Callback]:
    """Return the application's callbacks once none is pending."""
    async with asyncio.timeout(20):
        while True:
            found = list(await service.callbacks.newest(app.id))
            if all(one.state is not CallbackState.PENDING for one in found):
                return found
            await asyncio.sleep(0.01)


async def settled(service: PushService, app: App, *, attempts: int = 1, number: int = 1) -> list[Callback]:
    """Return the application's callbacks, oldest first, once the oldest ones were tried so often."""
    async with asyncio.timeout(20):
        while True:
            found = list(await service.callbacks.newest(app.id))[::-1]
            if len(found) >= number and all(one.attempts >= attempts for one in found[:number]):
                return found
            await asyncio.sleep(0.01)


class LateLooks(PushStore):
    """A push store whose second look is handed on only when something was saved meanwhile."""

    def __init__(self, store: PushStore) -> None:
        super().__init__(store._database)
        self.has_looked = asyncio.Event()
        self._saved = asyncio.Event()
        self._looks = 0

    async def read(self, work: Callable[[Transaction], T], *, is_one_statement: bool = False) -> T:
        self._looks += 1
        seen = await super().read(work, is_one_statement=is_one_statement)
        if self._looks == 2:
            self._saved.clear()
            self.has_looked.set()
            await asyncio.wait_for(self._saved.wait(), 20)
        return seen

    async def write(
        self,
        work: Callable[[Transaction], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        then: Callable[[T], object] | None = None,
        is_send: bool = False,
    ) -> T:
        result = await super().write(work, wakes=wakes, then=then, is_send=is_send)
        self._saved.set()
        return result


async def test_a_callback_that_is_settled_while_the_queue_is_looked_at_is_not_sent_again(
    service: PushService, place: DatabasePlace
) -> None:
    store = LateLooks(await open_push_store(place))
    async with a_callback_server() as owner, Sessions() as sessions:
        owner.gate.clear()
        app = await an_app(service, owner.url)
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        sender = CallbackSender(store, sessions, now=lambda: NOON, chance=lambda: 0.0, allow_private=True)
        async with meanwhile(sender.run()):
            await owner.hears(1)
            sender.loop.wake()
            await asyncio.wait_for(store.has_looked.wait(), 20)
            owner.gate.set()
            await nothing_pending(service, app)
            await service.subscriptions.follow_app(None, app.id, Source.LINK)
            sender.loop.wake()
            one, another = await owner.hears(2)
    await store.close()
    assert one.said["data"]["uid"] != another.said["data"]["uid"]


async def test_the_owner_is_told_of_a_new_follower_and_how_that_one_came(service: PushService) -> None:
    async with a_callback_server() as owner, sending(service):
        app, reader = await an_app(service, owner.url), await a_reader(service)
        await service.subscriptions.follow_app(reader, app.id, Source.LINK)
        [call] = await owner.hears(1)
        assert call.said == {
            "action": "app_subscribe",
            "data": {
                "appId": app.id,
                "appKey": f"AK_{app.slug}",
                "appName": "商店",
                "source": "link",
                "userName": "",
                "userHeadImg": "",
                "time": int(NOON.timestamp() * 1000),
                "uid": reader.uid,
                "extra": "",
                "code": "",
            },
        }
        assert call.headers["Content-Type"] == "application/json"
        [callback] = await settled(service, app)
        assert (callback.state, callback.status, callback.body) == (
            CallbackState.DELIVERED,
            200,
            call.body.decode(),
        )


async def test_a_present_follower_and_a_topic_tell_nobody(service: PushService) -> None:
    app = await an_app(service, "http://owner.example/")
    topic = await service.topics.add("Offers", app_id=app.id)
    reader = await a_reader(service, topics=(topic.id,))
    assert await service.callbacks.newest(app.id) == []
    for _ in range(2):
        await service.subscriptions.follow_app(reader, app.id, Source.SCAN)
    assert len(await service.callbacks.newest(app.id)) == 1


async def test_an_application_without_a_callback_url_gathers_nothing(service: PushService) -> None:
    app = await an_app(service, "")
    await service.subscriptions.follow_app(None, app.id, Source.LINK)
    assert await service.callbacks.newest(app.id) == []


async def test_the_signature_is_of_the_timestamp_and_the_body(service: PushService) -> None:
    async with a_callback_server() as owner, sending(service):
        app = await an_app(service, owner.url)
        assert app.signing_key
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        [call] = await owner.hears(1)
    timestamp = call.headers["X-Watcher-Timestamp"]
    assert timestamp == str(int(NOON.timestamp() * 1000))
    expected = hmac.new(app.signing_key.encode(), timestamp.encode() + b"." + call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Watcher-Signature"] == expected


async def test_each_event_has_an_id_of_its_own_that_its_attempts_share(place: DatabasePlace) -> None:
    clock = itertools.count()
    opened = await open_push_service(place, now=lambda: NOON + timedelta(minutes=next(clock)))
    statuses = iter([500])
    async with a_callback_server() as owner:
        owner.answer = lambda _: next(statuses, 200)
        app = await an_app(opened, owner.url)
        for _ in range(2):
            await opened.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(opened):
            calls = await owner.hears(3)
            await settled(opened, app, number=2)
    await opened.close()
    first, again, second = (call.headers.get("X-Watcher-Event-Id", "") for call in calls)
    assert first == again != second
    assert re.fullmatch("[0-9a-f]{32}", first)


def test_without_a_key_nothing_is_signed() -> None:
    assert signature("", b"{}", at=NOON) == {}


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    assert understand(status).reason == ""


@pytest.mark.parametrize("status", [199, 301, 302, 307, 400, 404, 410, 429, 500, 999])
def test_anything_else_is_a_failure(status: int) -> None:
    assert str(status) in understand(status).reason


async def test_a_redirect_is_not_followed(service: PushService) -> None:
    async with a_callback_server() as owner, sending(service):
        owner.answer = lambda _: 307
        app = await an_app(service, owner.url)
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        [callback] = await settled(service, app)
        assert (callback.state, callback.status) == (CallbackState.PENDING, 307)
        assert "not followed" in callback.reason
        assert len(owner.calls) == 1


async def test_it_is_tried_again_with_the_same_bytes_and_in_order(place: DatabasePlace) -> None:
    """The clock runs a minute with each look, so that no wait is real."""
    clock = itertools.count()
    opened = await open_push_service(place, now=lambda: NOON + timedelta(minutes=next(clock)))
    statuses = iter([500, 503, 200])
    async with a_callback_server() as owner:
        owner.answer = lambda _: next(statuses, 200)
        app = await an_app(opened, owner.url)
        readers = [await a_reader(opened) for _ in range(3)]
        for reader in readers:
            await opened.subscriptions.follow_app(reader, app.id, Source.LINK)
        async with sending(opened):
            calls = await owner.hears(5)
            await settled(opened, app, number=3)
    assert [call.said["data"]["uid"] for call in calls] == [readers[0].uid] * 3 + [readers[1].uid, readers[2].uid]
    assert len({call.body for call in calls[:3]}) == 1
    assert len({call.headers["X-Watcher-Timestamp"] for call in calls[:3]}) == 3
    await opened.close()


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_a_clock_that_is_set_back_lets_no_callback_wait_that_long(
    place: DatabasePlace, is_restarted: bool
) -> None:
    clock = [NOON]
    opened = await open_push_service(place, now=lambda: clock[0])
    statuses = iter([500])
    async with a_callback_server() as owner, Sessions() as sessions, AsyncExitStack() as running:
        owner.answer = lambda _: next(statuses, 200)
        app = await an_app(opened, owner.url)
        sender = opened.callbacks.sender(sessions, chance=lambda: 0.0, allow_private=True)
        await running.enter_async_context(meanwhile(sender.run()))
        await opened.subscriptions.follow_app(await a_reader(opened), app.id, Source.LINK)
        await settled(opened, app, attempts=1)
        if is_restarted:
            await running.aclose()
            await running.enter_async_context(meanwhile(sender.run()))
        clock[0] = NOON - timedelta(minutes=59)
        sender.loop.wake()
        [callback] = await settled(opened, app, attempts=2)
    assert callback.state is CallbackState.DELIVERED
    await opened.close()


async def test_one_application_has_one_call_under_way_and_does_not_hold_up_another(service: PushService) -> None:
    async with a_callback_server() as slow, a_callback_server() as quick, sending(service):
        slow.gate.clear()
        first, second = await an_app(service, slow.url, "slow"), await an_app(service, quick.url, "quick")
        for _ in range(3):
            await service.subscriptions.follow_app(None, first.id, Source.LINK)
        await slow.hears(1)
        for _ in range(3):
            await service.subscriptions.follow_app(None, second.id, Source.LINK)
        await quick.hears(3)
        assert len(slow.calls) == 1
        slow.gate.set()
        await slow.hears(3)
        assert slow.busiest == 1


@pytest.mark.on_sqlite("opens the file again")
async def test_what_was_saved_and_not_sent_is_sent_after_a_restart(tmp_path: Path) -> None:
    database = tmp_path / "push.db"
    async with a_callback_server() as owner:
        before = await open_push_service(database, now=lambda: NOON)
        app, reader = await an_app(before, owner.url), await a_reader(before)
        await before.subscriptions.follow_app(reader, app.id, Source.SCAN)
        await before.close()
        assert owner.calls == []
        after = await open_push_service(database, now=lambda: NOON)
        async with sending(after):
            [call] = await owner.hears(1)
            [callback] = await settled(after, app)
        assert call.said["data"]["uid"] == reader.uid
        assert callback.state is CallbackState.DELIVERED
        await after.close()


KILLED = """
import asyncio, datetime, os, pathlib, signal, sys
from tests.running import meanwhile
from watcher.core.callbacks import Source
from watcher.core.push import AppProfile
from watcher.push.opening import open_push_service

async def main():
    service = await open_push_service(pathlib.Path(sys.argv[1]), now=lambda: datetime.datetime.now(datetime.UTC))
    app, _ = await service.apps.add(AppProfile(name="shop", callback_url=sys.argv[2]))
    await service.subscriptions.follow_app(None, app.id, Source.SCAN)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.faults
@pytest.mark.on_sqlite("opens the file again")
async def test_a_kill_between_the_commit_and_the_call_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "push.db"
    async with a_callback_server() as owner:
        killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(database), owner.url)
        assert await asyncio.wait_for(killed.wait(), 30) == -signal.SIGKILL
        opened = await open_push_service(database, now=lambda: NOON)
        async with sending(opened):
            [call] = await owner.hears(1)
        [(subscriber, _, [app])] = await opened.subscribers.all()
        assert (call.said["data"]["uid"], call.said["data"]["appId"]) == (subscriber.uid, app.id)
        await opened.close()


class BusyWriter(PushStore):
    """A push store whose second save waits behind another one, until its caller goes away; the first tidies."""

    def __init__(self, store: PushStore) -> None:
        super().__init__(store._database)
        self.is_waiting = asyncio.Event()
        self._saves = 0

    async def write(
        self,
        work: Callable[[Transaction], T],
        *,
        wakes: Callable[[T], Woken] | None = None,
        then: Callable[[T], object] | None = None,
        is_send: bool = False,
    ) -> T:
        self._saves += 1
        if self._saves == 2:
            self.is_waiting.set()
            await asyncio.Event().wait()
        return await super().write(work, wakes=wakes, then=then, is_send=is_send)


async def test_what_an_owner_answered_is_saved_when_a_stop_comes_before_the_save(
    service: PushService, place: DatabasePlace
) -> None:
    store = BusyWriter(await open_push_store(place))
    async with a_callback_server() as owner, Sessions() as sessions:
        app = await an_app(service, owner.url)
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        sender = CallbackSender(store, sessions, now=lambda: NOON, chance=lambda: 0.0, allow_private=True)
        async with meanwhile(sender.run()):
            await asyncio.wait_for(store.is_waiting.wait(), 20)
    await store.close()
    [callback] = await service.callbacks.newest(app.id)
    assert callback.state is CallbackState.DELIVERED


async def test_a_call_that_a_stop_broke_off_is_made_again(service: PushService) -> None:
    async with a_callback_server() as owner:
        owner.gate.clear()
        app = await an_app(service, owner.url)
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(service):
            await owner.hears(1)
        [callback] = await service.callbacks.newest(app.id)
        assert (callback.state, callback.attempts) == (CallbackState.PENDING, 0)
        owner.gate.set()
        async with sending(service):
            calls = await owner.hears(2)
        assert calls[0].body == calls[1].body


@pytest.mark.faults
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/callback",
        "http://localhost:{port}/callback",
        "http://[::ffff:127.0.0.1]:{port}/callback",
        "http://①②⑦.0.0.1:{port}/callback",
        "http://169.254.169.254/latest",
        "ftp://owner.example/",
        "owner.example",
        "http://[bad",
        "http://xn--0.example:99999/",
    ],
)
async def test_an_owners_url_reaches_nothing_that_is_not_public(
    service: PushService, place: DatabasePlace, url: str
) -> None:
    async with a_callback_server() as owner, sending(service, allow_private=False):
        app = await an_app(service, "http://owner.example/")
        await redirect_callbacks(place, app, url.replace("{port}", owner.url.split(":")[2].split("/")[0]))
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        [callback] = await settled(service, app)
        assert (callback.state, callback.status) == (CallbackState.PENDING, None)
        assert callback.reason
        assert owner.calls == []


async def test_a_url_that_was_taken_away_ends_what_is_pending(service: PushService, place: DatabasePlace) -> None:
    app = await an_app(service, "http://owner.example/")
    await service.subscriptions.follow_app(None, app.id, Source.LINK)
    await redirect_callbacks(place, app, "")
    async with sending(service):
        [callback] = await nothing_pending(service, app)
    assert callback.state is CallbackState.DEAD
    assert "no callback URL" in callback.reason


async def test_a_receiver_that_is_dead_for_a_day_takes_the_old_ones_with_it(
    place: DatabasePlace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    hours = itertools.count()
    opened = await open_push_service(place, now=lambda: _later(next(hours)))
    async with a_callback_server() as owner:
        owner.answer = lambda _: 500
        app = await an_app(opened, owner.url)
        for _ in range(3):
            await opened.subscriptions.follow_app(None, app.id, Source.LINK)
        async with sending(opened):
            found = await nothing_pending(opened, app)
        assert len({call.body for call in owner.calls}) <= 2
        assert all("given up after a day" in one.reason for one in found)
    assert "was given up: given up after a day: answered 500" in caplog.text
    await opened.close()


async def test_a_receiver_that_never_answers_is_left_after_the_time(service: PushService, place: DatabasePlace) -> None:
    async with a_callback_server() as owner, Sessions() as sessions:
        owner.gate.clear()
        app = await an_app(service, owner.url)
        await service.subscriptions.follow_app(None, app.id, Source.LINK)
        store = await open_push_store(place)
        sender = CallbackSender(
            store, sessions, now=lambda: NOON, chance=lambda: 0.0, allow_private=True, call_seconds=0.05
        )
        async with meanwhile(sender.run()):
            [callback] = await settled(service, app)
            assert "no answer within 0.05 s" in callback.reason
        await store.close()


def _later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


async def test_a_test_callback_is_sent_as_any_other(service: PushService) -> None:
    async with a_callback_server() as owner:
        app = await an_app(service, owner.url)
        async with sending(service):
            await service.callbacks.send_test(app.id)
            [call] = await owner.hears(1)
    assert call.said == {"action": "test", "data": {"appId": app.id, "appName": "商店", "time": 1772366400123}}
    assert "X-Watcher-Signature" in call.headers
    assert (await service.acts.latest())[0].act == Act.CALLBACK_TESTED


async def test_what_was_given_up_is_tried_again_when_its_owner_asks(service: PushService, place: DatabasePlace) -> None:
    async with a_callback_server() as owner:
        app, other = await an_app(service, owner.url), await an_app(service, owner.url)
        await service.callbacks.send_test(app.id)
        store = await open_push_store(place)
        await store.write(lambda tx: tx.callbacks.give_up(app.id, "it was down"))
        [dead] = await service.callbacks.newest(app.id)
        with pytest.raises(RefusedError, match="no callback"):
            await service.callbacks.retry(other.id, dead.id)
        async with sending(service):
            await service.callbacks.retry(app.id, dead.id)
            [call] = await owner.hears(1)
            [done] = await nothing_pending(service, app)
            await service.callbacks.retry(app.id, dead.id)  # delivered: nothing to do
        await store.close()
    assert (call.body.decode(), done.state) == (dead.body, CallbackState.DELIVERED)
    assert call.headers["X-Watcher-Event-Id"] == event_id(dead)
    assert [entry.act for entry in await service.acts.latest()].count(Act.CALLBACK_RETRIED) == 1


async def test_an_application_without_a_callback_url_has_nothing_to_test_or_to_try_again(service: PushService) -> None:
    async with a_callback_server() as owner:
        app = await an_app(service, owner.url)
        await service.callbacks.send_test(app.id)
        [one] = await service.callbacks.newest(app.id)
        await service.apps.edit(app.id, callback_url="")
        for asked in (service.callbacks.send_test(app.id), service.callbacks.retry(app.id, one.id)):
            with pytest.raises(RefusedError, match="callback_url"):
                await asked


async def test_an_owners_callback_never_goes_to_a_private_address_though_the_operators_may(
    service: PushService,
) -> None:
    async with a_callback_server() as server:
        profile, grace = AppProfile(name="shop", callback_url=server.url), await an_owner(service)
        theirs, ours = [(await service.apps.add(profile, account_id=account_id))[0] for account_id in (grace, None)]
        async with sending(service, allow_private=True):
            for app in (theirs, ours):
                await service.callbacks.send_test(app.id)
            await server.hears(1)
            [refused] = await settled(service, theirs)
    assert "is not a public address" in refused.reason
    assert [call.said["data"]["appId"] for call in server.calls] == [ours.id]
