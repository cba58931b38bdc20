"""Who loses an application, and who is blocked: told by real servers that hear, or do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from tests.clock import Clock
from tests.docs.test_credentials import TREATED, columns_under
from tests.push.builders import a_reader, an_owner
from tests.push.callback_server import CallbackServer, a_callback_server
from tests.push.emulators.robots import WECOM
from tests.running import meanwhile
from watcher.core.access import Scope
from watcher.core.callbacks import CallbackState
from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile, PushTopic, SendStatus, Slice, Subscriber, SubscriptionFilter
from watcher.core.webhooks import WebhookEvent
from watcher.errors import RefusedError
from watcher.net import Sessions
from watcher.push.channels.places import read_place
from watcher.push.channels.wechat.scenes import Scene as WeChatScene
from watcher.push.channels.wechat.scenes import SceneKind
from watcher.push.commands import CommandResult
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.push.store import Transaction
from watcher.store.push.tables import metadata

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class _OpenSessions(Sessions):
    """Lets owners, too, have their servers on loopback."""

    def of(self, allow_private: bool) -> ClientSession:  # noqa: ARG002
        return super().of(True)


@asynccontextmanager
async def _sending(push: PushService, sessions: Sessions) -> AsyncIterator[None]:
    async with sessions:
        sender = push.callbacks.sender(sessions, chance=lambda: 0.5, allow_private=True)
        async with meanwhile(sender.run()):
            yield


class Scene:
    """Grace's shop with all that an application can have, a reader of it, and two servers that hear."""

    def __init__(self, push: PushService, clock: Clock, mine: CallbackServer, theirs: CallbackServer) -> None:
        self.push, self.clock, self.mine, self.theirs = push, clock, mine, theirs
        self.grace = self.linus = 0
        self.shop: App
        self.topic: PushTopic
        self.reader: Subscriber
        self.token = self.api_token = self.feed = self.code = ""
        self.sent = 0

    async def begin(self) -> None:
        push = self.push
        self.grace, self.linus = await an_owner(push), await an_owner(push, "Linus")
        profile = AppProfile(name="Shop", callback_url=self.mine.url, settings_url="https://grace.example/settings")
        self.shop, self.token = await push.apps.add(profile, account_id=self.grace)
        self.topic = await push.topics.add("News", app_id=self.shop.id)
        self.reader = await a_reader(push, topics=(self.topic.id,), apps=(self.shop.id,))
        self.token = await push.apps.reset_token(self.shop.id, grace=_DAY)
        hook, _ = await push.webhooks.add(self.shop.id, self.mine.url, [WebhookEvent.MESSAGE_SENT])
        await push.webhooks.renew_secret(hook.id)
        self.feed = (await push.feeds.make(self.topic.id)).feed_slug or ""
        await push.mirrors.add(self.topic.id, read_place(WECOM), "Grace's group", lang="en")
        _, self.api_token = await push.tokens.add(
            "robot", [Scope.MESSAGES_READ], app_id=self.shop.id, account_id=self.grace
        )
        code = await push.codes.add(self.shop, "poster", seconds=3 * 86_400)
        self.code = code.code
        await push.codes.scan(code.slug, self.reader)
        self.sent = await self.send("before")
        self.clock.at += _SECOND

    async def send(self, text: str) -> int:
        [shop] = await self.push.apps.of_ids([self.shop.id])
        results = await self.push.messages.send(shop, make_draft(text), topic_ids=[self.topic.id])
        return results[0].send_record_id or 0

    async def told(self) -> list[str]:
        """Return what Grace's server heard, once nothing waits for anybody: the kinds of events."""
        await self.quiet()
        return sorted(call.said.get("action") or call.said["type"] for call in self.mine.calls)

    async def quiet(self) -> None:
        """Return once no call waits."""
        async with asyncio.timeout(20):
            while (await self.push.queues()).callbacks:  # noqa: ASYNC110  what it waits for is in a database
                await asyncio.sleep(0.01)

    async def refused(self) -> None:
        """Return once a call of each kind was tried, and refused."""
        [hook] = await self.push.webhooks.slice(Slice())
        async with asyncio.timeout(20):
            while not (  # noqa: ASYNC110  as above
                any(each.attempts for each in await self.push.callbacks.newest(self.shop.id))
                and any(each.attempts for each in await self.push.webhooks.deliveries(hook.id, Slice()))
            ):
                await asyncio.sleep(0.01)

    async def reads(self) -> dict[str, bool]:
        """Return what Grace still reads of the shop, by what she has."""
        push = self.push
        code = await push.codes.of_code(self.code)
        return {
            "its token": await push.tokens.caller(self.token) is not None,
            "her API token": await push.tokens.caller(self.api_token) is not None,
            "the feed": await push.feeds.look(self.feed) is not None,
            "who scanned": code is not None and code.uid is not None,
            "the status of a send": await push.deliveries.status(self.sent) is not None,
        }


@pytest.fixture
async def scene(place: DatabasePlace, clock: Clock) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        push = await open_push_service(place, now=clock)
        stack.push_async_callback(push.close)
        mine, theirs = [await stack.enter_async_context(a_callback_server()) for _ in range(2)]
        scene = Scene(push, clock, mine, theirs)
        await scene.begin()
        yield scene


_BEFORE = ["app_subscribe", "app_subscribe", "message.sent"]


@pytest.mark.faults
@pytest.mark.parametrize("is_blocked", [False, True], ids=["active", "blocked"])
@pytest.mark.parametrize("is_operators", [False, True], ids=["to another owner", "to the operator"])
async def test_a_former_owner_reads_and_hears_nothing_more(scene: Scene, is_operators: bool, is_blocked: bool) -> None:
    push = scene.push
    async with _sending(push, _OpenSessions()):
        assert await scene.told() == _BEFORE
        assert set((await scene.reads()).values()) == {True}
        if is_blocked:
            await push.accounts.block(scene.grace)
        await push.accounts.hand_over(scene.grace, None if is_operators else scene.linus)
        await push.webhooks.add(scene.shop.id, scene.theirs.url, [WebhookEvent.MESSAGE_SENT])
        await scene.send("CONFIDENTIAL")
        await push.commands.run(scene.reader, "a private question")
        await a_reader(push, apps=(scene.shop.id,))
        assert len(await scene.theirs.hears(1)) == 1  # the new owner does hear
        assert await scene.told() == _BEFORE
    assert set((await scene.reads()).values()) == {False}
    assert await push.mirrors.of(scene.topic) == []
    shop = await push.apps.of_id(scene.shop.id)
    assert shop is not None
    assert shop.signing_key not in (None, scene.shop.signing_key)
    assert (shop.profile.callback_url, shop.profile.settings_url) == ("", "")
    assert push.apps.settings_link(shop, scene.reader) is None


@pytest.mark.faults
@pytest.mark.parametrize("is_blocked", [False, True], ids=["active", "blocked"])
async def test_nothing_that_ends_is_left_anywhere_in_the_database(scene: Scene, is_blocked: bool) -> None:
    ends = {name for name, row in columns_under(TREATED).items() if row[4].startswith("end")}
    [mirror] = await scene.push.mirrors.of(scene.topic)
    [posts] = await scene.push.subscriptions.slice(SubscriptionFilter(uid=mirror.uid), Slice())
    await scene.push.subscriptions.reject(posts.id)  # its robot is kept, and the next owner could admit it again
    before = await _stored(scene.push)
    assert {name for name in ends if not before[name]} == set(), "the scene has one of each"
    if is_blocked:
        await scene.push.accounts.block(scene.grace)
    await scene.push.accounts.hand_over(scene.grace, scene.linus)
    left = set().union(*(await _stored(scene.push)).values())
    assert {name for name in ends if before[name] & left} == set()


async def _stored(push: PushService) -> Mapping[str, set[str]]:
    """Return the texts that each column of the database has, but for empty ones."""

    def look(tx: Transaction) -> Mapping[str, set[str]]:
        return {
            f"{table.name}.{column.name}": {
                value for value in tx.apps._connection.scalars(select(column)) if isinstance(value, str) and value
            }
            for table in metadata.sorted_tables
            for column in table.c
        }

    return await push._store.read(look)


async def test_what_stays_is_what_subscribers_have(scene: Scene) -> None:
    push = scene.push
    await push.accounts.hand_over(scene.grace, scene.linus)
    scene.clock.at += _SECOND
    assert await push.codes.of_slug(scene.code[:28]) is not None
    assert await push.codes.of_code(scene.code) is not None  # its picture
    assert [app.id for app in (await push.subscriptions.following(scene.reader))[1]] == [scene.shop.id]
    code = await push.codes.add(scene.shop, "of Linus")
    await push.codes.scan(code.slug, scene.reader)
    scanned = await push.codes.of_code(code.code)
    assert scanned is not None
    assert scanned.uid == scene.reader.uid
    assert await push.deliveries.status(await scene.send("of Linus")) is SendStatus.SENT


async def test_what_waited_for_a_former_owner_is_given_up(scene: Scene) -> None:
    await scene.push.accounts.hand_over(scene.grace, scene.linus)
    assert (await scene.push.queues()).callbacks == 0
    left = await scene.push.callbacks.newest(scene.shop.id)
    assert {(each.state, each.reason) for each in left} == {
        (CallbackState.DEAD, "the application was handed over to another owner")
    }
    assert await scene.push.webhooks.slice(Slice()) == []


async def test_a_hand_over_to_the_operator_leads_nobody_into_the_private_network(scene: Scene) -> None:
    push = scene.push
    async with _sending(push, Sessions()):
        await scene.push.webhooks.send_test((await push.webhooks.slice(Slice()))[0].id)
        await scene.refused()
        assert scene.mine.calls == []  # an owner's calls go to public addresses alone
        await push.accounts.hand_over(scene.grace, None)
        await push.webhooks.add(scene.shop.id, scene.theirs.url, [WebhookEvent.MESSAGE_SENT])
        await scene.send("after")
        assert len(await scene.theirs.hears(1)) == 1  # the operator's own may go to private ones
        async with asyncio.timeout(20):
            while (await push.queues()).callbacks and not scene.mine.calls:  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)
    assert scene.mine.calls == []


async def test_a_token_works_until_the_named_time_and_not_after(scene: Scene, clock: Clock) -> None:
    push = scene.push
    await push.accounts.hand_over(scene.grace, scene.linus, grace=_DAY)
    assert [name for name, may in (await scene.reads()).items() if may] == [
        "its token",
        "who scanned",
        "the status of a send",
    ]
    own = await push.apps.reset_token(scene.shop.id, grace=timedelta(hours=1))
    clock.at += _DAY - _SECOND
    assert await push.apps.of_token(scene.token) is not None, "a first token of the new owner ends it no sooner"
    assert await push.apps.of_token(own) is not None
    clock.at += _SECOND
    assert set((await scene.reads()).values()) == {False}
    assert await push.apps.of_token(own) is not None


async def test_the_new_owner_ends_a_grace_time_sooner(scene: Scene) -> None:
    await scene.push.accounts.hand_over(scene.grace, scene.linus, grace=_DAY)
    await scene.push.apps.reset_token(scene.shop.id)
    assert set((await scene.reads()).values()) == {False}


async def test_a_grace_time_ends_while_the_former_owner_is_blocked(scene: Scene) -> None:
    push = scene.push
    await push.accounts.hand_over(scene.grace, scene.linus, grace=_DAY)
    await push.accounts.block(scene.grace)
    assert set((await scene.reads()).values()) == {False}
    await push.accounts.approve(scene.grace)
    assert await push.apps.of_token(scene.token) is not None
    await push.accounts.remove(scene.grace)
    assert set((await scene.reads()).values()) == {False}


@pytest.mark.parametrize("case", ["of a blocked account", "to the operator"])
async def test_a_grace_time_is_between_active_accounts(scene: Scene, case: str) -> None:
    if case == "of a blocked account":
        await scene.push.accounts.block(scene.grace)
    with pytest.raises(RefusedError, match="between two active accounts"):
        await scene.push.accounts.hand_over(scene.grace, None if case == "to the operator" else scene.linus, grace=_DAY)
    assert (await scene.push.accounts.holdings(scene.grace)).apps == 1


async def test_a_blocked_owner_hears_and_reads_nothing_until_unblocked(scene: Scene) -> None:
    push = scene.push
    async with _sending(push, _OpenSessions()):
        assert await scene.told() == _BEFORE
        await push.accounts.block(scene.grace)
        [hook] = await push.webhooks.slice(Slice())
        with pytest.raises(RefusedError, match="paused"):
            await push.subscribers.add(app_ids=[scene.shop.id])
        with pytest.raises(RefusedError, match="paused"):
            await push.subscribers.add(topic_ids=[scene.topic.id])
        with pytest.raises(RefusedError, match="paused"):
            await push.codes.scan(scene.code[:28], scene.reader)
        with pytest.raises(RefusedError, match="paused"):
            await push.webhooks.send_test(hook.id)
        scanned = await push.followers.arrive("openid", WeChatScene(kind=SceneKind.TOPIC, slug=scene.topic.slug))
        assert scanned.outcome == "paused"
        await push.subscribers.add(app_ids=[scene.shop.id], is_approved=True)  # by the operator
        reply = await push.commands.run(scene.reader, "PRIVATE")
        assert reply.result == "paused"
        assert await scene.told() == _BEFORE
        assert set((await scene.reads()).values()) == {False}
        shop = await push.apps.of_id(scene.shop.id)
        assert shop is not None
        assert push.apps.settings_link(shop, scene.reader) is None
        await push.accounts.approve(scene.grace)
        assert set((await scene.reads()).values()) == {True}
        assert (await push.commands.run(scene.reader, "hello again")).result is CommandResult.SENT
        await scene.send("after")
        assert await scene.told() == sorted([*_BEFORE, "send_up_cmd", "message.sent"])


async def test_a_block_at_one_server_holds_at_another_at_once(scene: Scene, place: DatabasePlace, clock: Clock) -> None:
    other = await open_push_service(place, now=clock)
    try:
        assert (await other.commands.run(scene.reader, "before")).result is CommandResult.SENT
        await scene.push.accounts.block(scene.grace)
        assert (await other.commands.run(scene.reader, "after")).result == "paused"
        assert await other.apps.of_token(scene.token) is None
        assert await other.feeds.look(scene.feed) is None
    finally:
        await other.close()


async def test_what_was_queued_amid_a_block_waits_for_its_end(scene: Scene) -> None:
    """As by a server of the version before, which does not look."""
    push = scene.push
    await push.accounts.block(scene.grace)
    now = scene.shop.created_at
    await push._store.write(lambda tx: tx.callbacks.add(scene.shop.id, "{}", created_at=now))
    assert await push._store.read(lambda tx: tx.callbacks.heads()) == []
    await push.accounts.approve(scene.grace)
    assert len(await push._store.read(lambda tx: tx.callbacks.heads())) == 1


async def test_the_new_owner_is_told_once_what_ended(scene: Scene) -> None:
    push = scene.push
    await push.accounts.hand_over(scene.grace, scene.linus, grace=_DAY)
    shop = await push.apps.of_id(scene.shop.id)
    assert shop is not None
    ended = [(each.act, each.subject) for each in await push.acts.take_ended(shop)]
    assert ended == [
        ("app_token_ended", "Shop · 2026-03-02 12:00 UTC"),
        ("app_key_renewed", "Shop"),
        ("app_url_removed", "127.0.0.1"),
        ("app_url_removed", "grace.example"),
        ("webhook_removed", "#1 127.0.0.1"),
        ("feed_ended", "News"),
        ("mirror_removed", "News → Grace's group"),
        ("token_removed", "robot"),
    ]
    assert await push.acts.take_ended(shop) == []
    log = await push.acts.latest(Slice(limit=50), account_id=scene.linus)
    assert [(each.act, each.subject) for each in log if each.app_id == shop.id][1:] == ended
