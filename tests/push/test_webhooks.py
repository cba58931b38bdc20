"""Webhooks, told to a real server on loopback."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from msgspec.structs import replace

from tests.clock import Clock
from tests.core.builders import play, price, watch
from tests.push.builders import NOON, an_owner
from tests.push.callback_server import Call, a_callback_server
from tests.push.prepared import place_tables
from tests.running import meanwhile
from watcher.core.callbacks import Callback, CallbackState
from watcher.core.check import NotedEvent
from watcher.core.databases import DatabasePlace
from watcher.core.event_streams import Position
from watcher.core.push import App, AppProfile, Slice, TopicDraft
from watcher.core.wakeups import Wakeup
from watcher.core.watch import Topic
from watcher.core.webhooks import DELAYS, MOST, Webhook, WebhookEvent
from watcher.errors import RefusedError
from watcher.net import Sessions
from watcher.push.background.callback_sender import CALLS_OF_ONE_OWNER, webhook_signature
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.push.webhook_events import BODY_BYTES

SENT = [WebhookEvent.MESSAGE_SENT]
ALL = [*WebhookEvent]


@pytest.fixture
async def service(place: DatabasePlace, clock: Clock) -> AsyncIterator[PushService]:
    opened = await open_push_service(place, now=clock)
    await opened.topics.declare([Topic(key="deals", name="Deals"), Topic(key="other", name="Other")])
    yield opened
    await opened.close()


@asynccontextmanager
async def sending(service: PushService, *, allow_private: bool = True) -> AsyncIterator[None]:
    async with Sessions() as sessions:
        sender = service.callbacks.sender(sessions, chance=lambda: 0.5, allow_private=allow_private)
        async with meanwhile(sender.run()):
            yield


async def _shop(service: PushService) -> App:
    return (await service.apps.add(AppProfile(name="Shop")))[0]


async def _tried(service: PushService, hook: Webhook, attempts: int = 1) -> Callback:
    """Return the oldest delivery of an endpoint, once it was tried so often."""
    async with asyncio.timeout(20):
        while True:
            [first, *_] = await service.webhooks.deliveries(hook.id, Slice())
            if first.attempts >= attempts:
                return first
            await asyncio.sleep(0.01)


async def _settled(service: PushService, hook: Webhook) -> Sequence[Callback]:
    """Return the deliveries of an endpoint, once none is pending."""
    async with asyncio.timeout(20):
        while True:
            found = await service.webhooks.deliveries(hook.id, Slice())
            if all(one.state is not CallbackState.PENDING for one in found):
                return found
            await asyncio.sleep(0.01)


async def _fill(service: PushService, hook: Webhook) -> None:
    for _ in range(20):
        await service.webhooks.send_test(hook.id)


def _verify(call: Call, *secrets: str) -> None:
    """Verify a call as Standard Webhooks has it: each of these secrets made one of its signatures."""
    name, timestamp = call.headers["webhook-id"], call.headers["webhook-timestamp"]
    expected = []
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        assert 24 <= len(key) <= 64
        made = hmac.new(key, f"{name}.{timestamp}.".encode() + call.body, hashlib.sha256).digest()
        expected.append("v1," + base64.b64encode(made).decode())
    assert call.headers["webhook-signature"].split(" ") == expected
    assert call.headers["Content-Type"] == "application/json"


def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    headers = webhook_signature(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        key="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        at=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_an_endpoint_is_told_of_messages_of_its_application_and_of_its_topic_alone(service: PushService) -> None:
    app = await _shop(service)
    news, club = [await service.topics.add(name, app_id=app.id) for name in ("News", "Club")]
    reader = (await service.subscribers.add(app_ids=[app.id])).subscriber
    async with a_callback_server("/app") as whole, a_callback_server("/topic") as single, sending(service):
        _, secret = await service.webhooks.add(app.id, whole.url, SENT)
        await service.webhooks.add(app.id, single.url, SENT, topic_id=club.id)
        await service.messages.send(app, make_draft("One", url="https://a.example/1"), topic_ids=[news.id])
        await service.messages.send(
            app, make_draft("**Two**", summary="Two", content_type=3), topic_ids=[news.id, club.id]
        )
        await service.messages.send(app, make_draft("Three"), uids=[reader.uid])
        one, two, three = await whole.hears(3)
        await single.hears(1)
    _verify(one, secret)
    assert [call.said["data"]["summary"] for call in single.calls] == ["Two"]
    assert one.said == {
        "type": "message.sent",
        "timestamp": NOON.isoformat().replace("+00:00", "Z"),
        "data": {
            "message_id": one.said["data"]["message_id"],
            "app_id": app.id,
            "topics": [{"id": news.id, "key": None, "name": "News"}],
            "summary": "One",
            "content": "One",
            "content_type": "text",
            "link": "https://a.example/1",
        },
    }
    assert [topic["name"] for topic in two.said["data"]["topics"]] == ["News", "Club"]
    assert three.said["data"]["topics"] == []
    assert len({call.headers["webhook-id"] for call in whole.calls}) == 3


async def test_a_change_comes_with_its_types_to_whom_its_topic_concerns(service: PushService) -> None:
    topics = {topic.key: topic for topic in await service.topics.all()}
    own = topics["deals"].app_id
    baseline, changed = play(watch(topics=("deals",)), price(12, stock="in_stock"), price(9, stock="in_stock"))
    noted = NotedEvent(number=1, event=changed.events[0], change=changed.change)
    async with a_callback_server("/a") as whole, a_callback_server("/b") as deals, a_callback_server("/c") as other:
        await service.webhooks.add(own, whole.url, ALL)
        await service.webhooks.add(own, deals.url, [WebhookEvent.CHANGE], topic_id=topics["deals"].id)
        await service.webhooks.add(own, other.url, [WebhookEvent.CHANGE], topic_id=topics["other"].id)
        async with sending(service):
            await service.webhooks.tell_changes([noted], Position(epoch="e", number=1))
            [call] = await whole.hears(1)
            await deals.hears(1)
    assert other.calls == []
    data = call.said["data"]
    assert call.said["type"] == "change"
    assert data["old"] == {"": {"price": 12, "stock": "in_stock"}}
    assert data["new"] == {"": {"price": 9, "stock": "in_stock"}}
    assert (data["watch"], data["topics"], data["link"]) == ("dune", ["deals"], "https://shop.example/dune")
    assert data["rules"]
    assert baseline.events == ()


async def test_a_repeated_send_and_one_that_reaches_nobody_tell_nothing(service: PushService) -> None:
    app = await _shop(service)
    hook, _ = await service.webhooks.add(app.id, "https://a.example/", SENT)
    topic = await service.topics.add("News", app_id=app.id)
    for _ in range(2):
        await service.messages.send(app, make_draft("Once"), topic_ids=[topic.id], idempotency_key="k")
    await service.messages.send(app, make_draft("Nobody"), uids=["UID_x"])
    drafts = [TopicDraft(idempotency_key="k", topic="deals", draft=make_draft("x"))] * 2
    await service.messages.publish(drafts)
    assert len(await service.webhooks.deliveries(hook.id, Slice())) == 1


async def test_a_failure_is_tried_again_with_the_same_id_and_holds_back_nothing(
    service: PushService, clock: Clock
) -> None:
    app = await _shop(service)
    topic = await service.topics.add("News", app_id=app.id)
    async with a_callback_server() as owner:
        owner.answer = lambda call: 500 if call.said["data"].get("summary") == "Bad" and len(owner.calls) < 3 else 200
        hook, secret = await service.webhooks.add(app.id, owner.url, SENT)
        async with sending(service):
            await service.messages.send(app, make_draft("Bad"), topic_ids=[topic.id])
            await owner.hears(1)
            await service.messages.send(app, make_draft("Good"), topic_ids=[topic.id])
            await owner.hears(2)
            assert (await _tried(service, hook)).state is CallbackState.PENDING
            clock.at += DELAYS[0]
            service.wakeups.wake({Wakeup.CALLBACK: None})
            first, good, again = await owner.hears(3)
            assert (await _tried(service, hook, 2)).state is CallbackState.DELIVERED
    assert good.said["data"]["summary"] == "Good"
    assert (first.body, first.headers["webhook-id"]) == (again.body, again.headers["webhook-id"])
    assert first.headers["webhook-timestamp"] != again.headers["webhook-timestamp"]
    _verify(again, secret)


async def test_a_replaced_secret_signs_as_well_for_a_day(service: PushService, clock: Clock) -> None:
    app = await _shop(service)
    async with a_callback_server() as owner, sending(service):
        hook, old = await service.webhooks.add(app.id, owner.url, SENT)
        new = await service.webhooks.renew_secret(hook.id)
        for number, secrets in enumerate(((new, old), (new,)), start=1):
            await service.webhooks.send_test(hook.id)
            [*_, call] = await owner.hears(number)
            _verify(call, *secrets)
            assert call.said["type"] == "test"
            clock.at += timedelta(days=1)


async def test_410_disables_an_endpoint_until_its_owner_enables_it(service: PushService) -> None:
    app = await _shop(service)
    topic = await service.topics.add("News", app_id=app.id)
    async with a_callback_server() as owner, sending(service):
        owner.answer = lambda _: 410
        hook, _ = await service.webhooks.add(app.id, owner.url, SENT)
        await service.messages.send(app, make_draft("One"), topic_ids=[topic.id])
        assert (await _tried(service, hook)).state is CallbackState.DEAD
        found = await service.webhooks.of_id(hook.id)
        assert found is not None
        assert "410" in found.disabled
        await service.messages.send(app, make_draft("Two"), topic_ids=[topic.id])
        assert len(await service.webhooks.deliveries(hook.id, Slice())) == 1
        with pytest.raises(RefusedError, match="disabled"):
            await service.webhooks.send_test(hook.id)
        owner.answer = lambda _: 200
        assert (await service.webhooks.enable(hook.id)).is_enabled
        await service.messages.send(app, make_draft("Three"), topic_ids=[topic.id])
        *_, call = await owner.hears(2)
    assert call.said["data"]["summary"] == "Three"


async def test_an_endpoint_that_is_removed_while_it_answers_is_no_fault_and_holds_up_no_other(
    service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    app = await _shop(service)
    async with a_callback_server() as owner, sending(service):
        owner.gate.clear()
        gone, _ = await service.webhooks.add(app.id, owner.url, SENT)
        await service.webhooks.send_test(gone.id)
        await owner.hears(1)
        await service.webhooks.remove(gone.id)
        owner.gate.set()
        hook, _ = await service.webhooks.add(app.id, owner.url, SENT)
        await service.webhooks.send_test(hook.id)
        assert [each.state for each in await _settled(service, hook)] == [CallbackState.DELIVERED]
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("status", "said"), [(302, "redirects are not followed"), (None, "is not a public address")], ids=["302", "private"]
)
async def test_redirects_are_not_followed_and_private_addresses_refused(
    service: PushService, status: int | None, said: str
) -> None:
    app = await _shop(service)
    async with a_callback_server() as owner, sending(service, allow_private=status is not None):
        owner.answer = lambda _: status or 200
        hook, _ = await service.webhooks.add(app.id, owner.url, SENT)
        await service.webhooks.send_test(hook.id)
        tried = await _tried(service, hook)
        assert len(owner.calls) == (0 if status is None else 1)
    assert tried.state is CallbackState.PENDING
    assert said in tried.reason


async def test_a_body_is_bounded_and_says_that_it_is_cut(service: PushService) -> None:
    app = await _shop(service)
    topic = await service.topics.add("News", app_id=app.id)
    hook, _ = await service.webhooks.add(app.id, "https://a.example/", SENT)
    await service.messages.send(app, make_draft("长" * 10_000, summary="Long"), topic_ids=[topic.id])
    [told] = await service.webhooks.deliveries(hook.id, Slice())
    assert len(told.body.encode()) < BODY_BYTES
    data = json.loads(told.body)["data"]
    assert (data["summary"], data["content"], data["is_cut"]) == ("Long", None, True)


@pytest.mark.parametrize(
    ("status", "state"), [(200, CallbackState.DELIVERED), (410, CallbackState.DEAD)], ids=["taken", "given up"]
)
async def test_of_what_is_settled_the_type_is_kept_and_not_the_body(
    service: PushService, status: int, state: CallbackState
) -> None:
    app = await _shop(service)
    topic = await service.topics.add("News", app_id=app.id)
    async with a_callback_server() as owner:
        owner.answer = lambda _: status
        hook, _ = await service.webhooks.add(app.id, owner.url, SENT)
        for number in range(2):
            await service.messages.send(app, make_draft("x" * 9_000 + str(number)), topic_ids=[topic.id])
        async with sending(service):
            settled = await _settled(service, hook)
    assert {one.state for one in settled} == {state}
    assert [json.loads(one.body) for one in settled] == [{"type": "message.sent"}] * 2
    assert len(owner.calls[0].body) > 9_000
    with pytest.raises(RefusedError, match="there is no callback"):
        await service.callbacks.retry(app.id, settled[0].id)


async def test_what_is_no_text_everywhere_is_replaced_in_what_is_told_of_a_page(service: PushService) -> None:
    """Half a surrogate pair has no UTF-8, and PostgreSQL reads no JSON that has U+0000."""
    own = (await service.topics.all())[0].app_id
    _, changed = play(watch(topics=("deals",)), price(12), price(9))
    assert changed.change
    change = replace(changed.change, new={"": {"half": "a\ud800b", "zero": "a\0b\\\0", "words": r"a\u0000 \ud800"}})
    noted = NotedEvent(number=1, event=changed.events[0], change=change)
    async with a_callback_server() as owner:
        hook, _ = await service.webhooks.add(own, owner.url, ALL)
        async with sending(service):
            await service.webhooks.tell_changes([noted], Position(epoch="e", number=1))
            [call] = await owner.hears(1)
            [settled] = await _settled(service, hook)
    new = {"half": "a?b", "zero": "a\ufffdb\\\ufffd", "words": r"a\u0000 \ud800"}
    assert call.said["data"]["new"] == {"": new}
    assert json.loads(settled.body) == {"type": "change"}


async def test_what_waits_for_all_endpoints_of_an_application_is_bounded_and_each_has_room(tmp_path: Path) -> None:
    service = await open_push_service(await place_tables(tmp_path / "few.db"), now=lambda: NOON, max_callbacks=8)
    app, other = await _shop(service), await _shop(service)
    waiting = []
    for app_id in [app.id] * 5 + [other.id]:
        hook, _ = await service.webhooks.add(app_id, "https://a.example/", SENT)
        with pytest.raises(RefusedError, match="too many deliveries wait"):
            await _fill(service, hook)
        waiting.append(len(await service.webhooks.deliveries(hook.id, Slice())))
    assert waiting == [4, 2, 1, 1, 0, 4]
    await service.close()


class AllTrusted(Sessions):
    """Sessions by which an owner's endpoints, too, may stand on loopback."""

    def of(self, allow_private: bool) -> ClientSession:  # noqa: ARG002 - as it is there
        return super().of(True)


async def test_slow_endpoints_of_one_account_hold_up_no_other_account(service: PushService) -> None:
    grace, ada = await an_owner(service), await an_owner(service, "Ada")
    slow = [(await service.apps.add(AppProfile(name=name), account_id=grace))[0] for name in ("One", "Two")]
    quick, _ = await service.apps.add(AppProfile(name="Quick"), account_id=ada)
    async with a_callback_server() as hanging, a_callback_server() as owner, AllTrusted() as sessions:
        hanging.gate.clear()
        for number in range(18):
            hook, _ = await service.webhooks.add(slow[number % 2].id, hanging.url, SENT)
            await service.webhooks.send_test(hook.id)
        sender = service.callbacks.sender(sessions, chance=lambda: 0.5)
        async with meanwhile(sender.run()):
            await hanging.hears(CALLS_OF_ONE_OWNER)
            hook, _ = await service.webhooks.add(quick.id, owner.url, SENT)
            await service.webhooks.send_test(hook.id)
            await owner.hears(1)
            assert hanging.busiest == CALLS_OF_ONE_OWNER
            hanging.gate.set()
            await hanging.hears(18)


async def test_what_cannot_be_an_endpoint_is_refused(service: PushService) -> None:
    app, other = await _shop(service), await _shop(service)
    topic = await service.topics.add("News", app_id=other.id)
    for url, events, topic_id in (
        ("ftp://a.example/", SENT, None),
        ("https://a.example/" + "x" * 1_000, SENT, None),
        ("https://a.example/", [], None),
        ("https://a.example/", ALL, None),
        ("https://a.example/", SENT, topic.id),
        ("https://a.example/", SENT, 999),
    ):
        with pytest.raises(RefusedError):
            await service.webhooks.add(app.id, url, events, topic_id=topic_id)
    for _ in range(MOST):
        await service.webhooks.add(app.id, "https://a.example/", SENT)
    with pytest.raises(RefusedError, match="20 webhooks"):
        await service.webhooks.add(app.id, "https://a.example/", SENT)


async def test_endpoints_go_with_their_topic_and_their_application_and_move_with_a_merge(service: PushService) -> None:
    app = await _shop(service)
    one, two = [await service.topics.add(name, app_id=app.id) for name in ("One", "Two")]
    hook, _ = await service.webhooks.add(app.id, "https://a.example/", SENT, topic_id=one.id)
    whole, _ = await service.webhooks.add(app.id, "https://a.example/", SENT)
    await service.merge_topics(one.id, two.id)
    await service.messages.send(app, make_draft("Hello"), topic_ids=[one.id])
    assert len(await service.webhooks.deliveries(hook.id, Slice())) == 1
    assert [each.id for each in await service.webhooks.of_topic(two.id)] == [hook.id]
    await service.topics.remove(two.id)
    assert await service.webhooks.of_id(hook.id) is None
    assert await service.webhooks.deliveries(hook.id, Slice()) == []
    await service.apps.remove(app.id)
    assert await service.webhooks.of_id(whole.id) is None


KILLED = """
import asyncio, os, pathlib, signal, sys, datetime
from watcher.core.push import AppProfile
from watcher.core.webhooks import WebhookEvent
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service

async def main():
    service = await open_push_service(pathlib.Path(sys.argv[1]), now=lambda: datetime.datetime.now(datetime.UTC))
    app, _ = await service.apps.add(AppProfile(name="shop"))
    topic = await service.topics.add("News", app_id=app.id)
    await service.webhooks.add(app.id, sys.argv[2], [WebhookEvent.MESSAGE_SENT])
    await service.messages.send(app, make_draft("Kept"), topic_ids=[topic.id])
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.faults
async def test_a_kill_between_the_write_and_the_send_loses_nothing(tmp_path: Path) -> None:
    database = tmp_path / "killed.db"
    async with a_callback_server() as owner:
        killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(database), owner.url)
        assert await asyncio.wait_for(killed.wait(), 30) == -signal.SIGKILL
        opened = await open_push_service(database, now=lambda: NOON)
        async with sending(opened):
            [call] = await owner.hears(1)
        await opened.close()
    assert call.said["data"]["summary"] == "Kept"
