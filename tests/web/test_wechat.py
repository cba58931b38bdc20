"""WeChat, from the code on a page to a message on the phone: our server, and the fake of theirs."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.browser import needs_chromium, open_shell
from tests.push.emulators.wechat import (
    ACCOUNT,
    AES_KEY,
    Post,
    Scripted,
    WeChat,
    a_sealed_event,
    a_wechat,
    an_error,
    an_event,
    ask_for_echo,
    tell,
)
from tests.push.relays import until
from tests.running import meanwhile
from tests.web.login import serving
from tests.web.site import NOW, Site
from watcher.core.channels import ChannelName
from watcher.core.pace import RateLimit
from watcher.core.push import AppProfile, NewSubscriber, Subscriber, TopicMode
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.offered import Channels
from watcher.push.channels.wechat.account import WeChatAccount
from watcher.push.channels.wechat.api import WeChatApi
from watcher.push.channels.wechat.channel import WeChatChannel
from watcher.push.channels.wechat.codes import KEPT_FOR, REST
from watcher.push.channels.wechat.crypto import Seal
from watcher.push.channels.wechat.envelope import MAX_BYTES, read_envelope
from watcher.push.channels.wechat.settings import WeChatSettings
from watcher.push.opening import open_push_service
from watcher.push.qr import qr_svg


@dataclass(slots=True, kw_only=True)
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Ours at WeChat: in plain or in AES mode, with the API that both we and the channel call."""

    settings: WeChatSettings
    api: WeChatApi
    make: Callable[..., Post]

    def words(self, body: bytes) -> str:
        """What a reply says."""
        outer = read_envelope(body) or {}
        if self.settings.aes_key is not None:
            sealed = Seal(self.settings.aes_key, self.settings.app_id).open(outer["Encrypt"])
            outer = read_envelope(sealed or b"") or {}
        return outer["Content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A follower's WeChat. What happens on it, WeChat tells our server."""

    openid: str
    site: Site
    account: Account
    clock: Clock
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def event(self, **fields: str) -> Post:
        number = str(next(self._numbers))
        who = {"ToUserName": "gh_1", "FromUserName": self.openid, "CreateTime": number}
        return self.account.make({**who, **fields}, at=self.clock(), nonce=f"{self.openid}{number}")

    async def does(self, **fields: str) -> str:
        """Return what our server answers: the words of its reply, or `success`."""
        status, body = await tell(f"{self.site.base}/wechat", self.event(**fields))
        assert status == 200
        return "success" if body == b"success" else self.account.words(body)

    async def joins(self, scene: str | None = None) -> str:
        return await self.does(MsgType="event", Event="subscribe", EventKey=f"qrscene_{scene}" if scene else "")

    async def scans(self, scene: str) -> str:
        return await self.does(MsgType="event", Event="SCAN", EventKey=scene)

    async def leaves(self) -> str:
        return await self.does(MsgType="event", Event="unsubscribe")

    async def says(self, text: str) -> str:
        return await self.does(MsgType="text", Content=text)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def wechat() -> AsyncIterator[WeChat]:
    async with a_wechat() as running:
        yield running


@pytest.fixture(params=["plain", "AES"])
async def account(request: pytest.FixtureRequest, wechat: WeChat, clock: Clock) -> AsyncIterator[Account]:
    is_sealed = request.param == "AES"
    settings = dataclasses.replace(ACCOUNT, api=wechat.url, aes_key=AES_KEY if is_sealed else None)
    async with Sessions() as sessions:
        api = WeChatApi(settings, sessions, now=clock, call_seconds=5)
        yield Account(settings=settings, api=api, make=a_sealed_event if is_sealed else an_event)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, base_url="https://push.example")


@pytest.fixture
def channels(account: Account, clock: Clock) -> Channels:
    return Channels(wechat=WeChatAccount(account.settings, account.api, now=clock))


@pytest.fixture
def phone(site: Site, account: Account, clock: Clock) -> Phone:
    return Phone(openid="oA-1_b", site=site, account=account, clock=clock)


only_plain = pytest.mark.parametrize("account", ["plain"], indirect=True)


@asynccontextmanager
async def delivering(site: Site, account: Account, clock: Clock) -> AsyncIterator[None]:
    channel = WeChatChannel(account.settings, account.api, now=clock)
    deliverer = site.push.deliveries.deliverer(
        {ChannelName.WECHAT: channel}, chance=lambda: 0.5, link=lambda message: f"https://push.example/m/{message.slug}"
    )
    async with meanwhile(deliverer.run()):
        yield


async def scene_on(site: Site, wechat: WeChat, path: str) -> str:
    """The scene of the WeChat code on a follow page."""
    assert f'src="{path}/wechat.svg"' in await (await site.get(path)).text()
    answer = await site.get(f"{path}/wechat.svg")
    assert (answer.status, answer.content_type) == (200, "image/svg+xml")
    [scene] = {scene for scene in wechat.scenes if qr_svg(f"http://weixin.qq.com/q/{scene}") == await answer.text()}
    return scene


async def topic_path(site: Site) -> str:
    return f"/t/{(await site.topic()).slug}"


async def the_subscriber(site: Site) -> Subscriber:
    [(subscriber, _, _)] = await site.push.subscribers.all()
    return subscriber


async def test_from_the_code_on_the_page_to_the_message_on_the_phone_and_out_again(
    site: Site, wechat: WeChat, account: Account, phone: Phone, clock: Clock
) -> None:
    async with delivering(site, account, clock):
        scene = await scene_on(site, wechat, await topic_path(site))

        words = await phone.joins(scene)
        assert "已订阅“Price drops”" in words
        assert "You are subscribed to “Price drops”" in words
        await site.tell("Dune 12.00 → 8.50")
        await until(lambda: len(wechat.sent) == 1)
        [sent] = wechat.sent
        assert (sent["touser"], sent["data"]["title"]["value"]) == ("oA-1_b", "Dune 12.00 → 8.50")
        assert (await site.get(sent["url"].removeprefix("https://push.example"))).status == 200

        assert await phone.leaves() == "success"
        await site.tell("Dune 8.50 → 7.00")
        [_, report] = await site.push.messages.reports()
        assert (report.deliveries.queued, report.deliveries.sent) == (0, 1)

        assert "You are subscribed to" in await phone.joins(scene)
        await site.tell("Dune 7.00 → 5.00")
        await until(lambda: len(wechat.sent) == 2)
    assert wechat.sent[1]["data"]["title"]["value"] == "Dune 7.00 → 5.00"
    assert len(await site.push.subscribers.all()) == 1


async def test_the_reply_leads_to_an_inbox_of_ones_own(site: Site, wechat: WeChat, phone: Phone) -> None:
    words = await phone.joins(await scene_on(site, wechat, await topic_path(site)))
    link = re.search(r"https://push\.example(/claim/\w+)", words)
    assert link is not None
    assert (await site.get(link[1])).status == 200

    answer = await site.post(link[1])

    assert (answer.status, answer.headers["Location"]) == (303, "/inbox")
    device = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    assert await site.push.devices.owner(device) == await the_subscriber(site)
    assert (await site.post(link[1])).status == 410


async def test_the_account_is_taken_when_its_owner_saves_our_address(site: Site, clock: Clock) -> None:
    query = {**an_event({}, at=clock()).query, "echostr": "5837392857"}
    assert await ask_for_echo(f"{site.base}/wechat", query) == (200, "5837392857")
    assert (await ask_for_echo(f"{site.base}/wechat", {**query, "nonce": "0"}))[0] == 403


async def test_what_wechat_repeats_is_done_once(site: Site, account: Account, phone: Phone, clock: Clock) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="Shop", callback_url="https://shop.example/cb"))
    assert f"已订阅“{app.profile.name}”" in await phone.says(f"#{app.id}")
    fields = {"FromUserName": phone.openid, "ToUserName": "gh_1", "MsgType": "text", "Content": "one", "MsgId": "77"}
    posts = [account.make(fields, at=clock(), nonce=f"again{number}") for number in range(4)]

    # All at once, as when the first is answered too late.
    answers = await asyncio.gather(*(tell(f"{site.base}/wechat", post) for post in posts))

    assert sorted(body == b"success" for _, body in answers) == [False, True, True, True]
    assert len(await site.push.callbacks.newest(app.id)) == 2  # followed, and said


@only_plain
async def test_what_we_failed_to_do_is_done_when_wechat_repeats_it(site: Site, phone: Phone, tmp_path: Path) -> None:
    post = phone.event(MsgType="event", Event="subscribe")
    database = tmp_path / "push.sqlite3"
    await _alter(database, "CREATE TRIGGER broken BEFORE INSERT ON openids BEGIN SELECT RAISE(ABORT, 'broken'); END")
    assert (await tell(f"{site.base}/wechat", post))[0] == 500
    assert await site.push.subscribers.all() == []
    await _alter(database, "DROP TRIGGER broken")
    status, body = await tell(f"{site.base}/wechat", post)
    assert (status, "Welcome." in phone.account.words(body)) == (200, True)


async def _alter(database: Path, statement: str) -> None:
    """Change it from outside, in a thread: the server may write, and has to end that."""

    def alter() -> None:
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute(statement)

    await asyncio.to_thread(alter)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda post: dataclasses.replace(post, query={}), id="unsigned"),
        pytest.param(lambda post: dataclasses.replace(post, query={**post.query, "timestamp": "1"}), id="another time"),
        pytest.param(lambda post: dataclasses.replace(post, query={**post.query, "nonce": "1"}), id="another nonce"),
    ],
)
async def test_a_forged_event_does_nothing(
    site: Site, phone: Phone, caplog: pytest.LogCaptureFixture, spoil: Callable[[Post], Post]
) -> None:
    with caplog.at_level(logging.WARNING, "watcher.web.api.wechat"):
        forged = spoil(phone.event(MsgType="event", Event="subscribe"))
        assert await tell(f"{site.base}/wechat", forged) == (403, b"")
    assert await site.push.subscribers.all() == []
    assert "the signature is wrong; is WATCHER_WECHAT_TOKEN the account's?" in caplog.text


async def test_a_recorded_event_does_nothing_later(site: Site, phone: Phone, clock: Clock) -> None:
    post = phone.event(MsgType="event", Event="subscribe")
    assert (await tell(f"{site.base}/wechat", post))[0] == 200
    await phone.leaves()
    assert await tell(f"{site.base}/wechat", post) == (200, b"success")
    clock.at += timedelta(minutes=6)
    assert await tell(f"{site.base}/wechat", post) == (403, b"")
    assert await site.push.addresses.of(await the_subscriber(site)) == []


@only_plain
async def test_a_recorded_signature_speaks_for_nobody_else(site: Site, phone: Phone) -> None:
    post = phone.event(MsgType="event", Event="subscribe")
    await tell(f"{site.base}/wechat", post)
    other = phone.event(MsgType="event", Event="unsubscribe")
    assert await tell(f"{site.base}/wechat", dataclasses.replace(other, query=post.query)) == (403, b"")


@asynccontextmanager
async def another_process(phone: Phone, settings: Settings, database: Path) -> AsyncIterator[str]:
    """Serve the same data as a second server of a cluster does, or the first one after a restart; the address."""
    push = await open_push_service(database, now=phone.clock)
    account = WeChatAccount(phone.account.settings, phone.account.api, now=phone.clock)
    async with serving(push, settings, channels=Channels(wechat=account)) as site:
        yield f"{site.base}/wechat"
    await push.close()


@only_plain
async def test_in_another_process_a_recorded_signature_speaks_for_nobody_else(
    site: Site, phone: Phone, clock: Clock, settings: Settings, tmp_path: Path
) -> None:
    victim = dataclasses.replace(phone, openid="oVictim")
    await victim.joins()
    post = phone.event(MsgType="event", Event="subscribe")
    forged = dataclasses.replace(victim.event(MsgType="event", Event="unsubscribe"), query=post.query)
    asked = an_event({}, at=clock(), nonce="asked")
    assert (await tell(f"{site.base}/wechat", post))[0] == 200
    assert await ask_for_echo(f"{site.base}/wechat", {**asked.query, "echostr": "1"}) == (200, "1")
    async with another_process(phone, settings, tmp_path / "push.sqlite3") as address:
        for query in (post.query, asked.query):
            assert await tell(address, dataclasses.replace(forged, query=query)) == (403, b"")
        for minutes in range(11):
            clock.at = NOW + timedelta(minutes=minutes)
            assert (await tell(address, forged))[0] == 403
    [reached] = await site.push.addresses.of((await site.push.subscribers.all())[0][0])
    assert reached.channel is ChannelName.WECHAT


@pytest.mark.faults
async def test_in_another_process_a_settled_event_is_a_repeat_however_it_is_signed(
    site: Site, account: Account, phone: Phone, clock: Clock, settings: Settings, tmp_path: Path
) -> None:
    clock.at += timedelta(minutes=4)
    fields = {"FromUserName": phone.openid, "ToUserName": "gh_1", "MsgType": "event", "Event": "subscribe"}
    posts = [account.make({**fields, "CreateTime": "1"}, at=clock(), nonce=f"again{number}") for number in range(2)]
    clock.at -= timedelta(minutes=4)
    assert (await tell(f"{site.base}/wechat", posts[0]))[0] == 200
    await phone.leaves()
    async with another_process(phone, settings, tmp_path / "push.sqlite3") as address:
        for minutes in range(60):
            clock.at = NOW + timedelta(minutes=minutes)
            for post in posts:
                assert await tell(address, post) in ((200, b"success"), (403, b""))
    assert await site.push.addresses.of(await the_subscriber(site)) == []


@only_plain
async def test_what_wechat_told_is_forgotten_ten_minutes_later(
    phone: Phone, clock: Clock, settings: Settings, tmp_path: Path
) -> None:
    async with another_process(phone, settings, tmp_path / "push.sqlite3") as address:
        for _ in range(30):
            assert (await tell(address, phone.event(MsgType="event", Event="subscribe")))[0] == 200
            clock.at += timedelta(minutes=1)
    with closing(sqlite3.connect(tmp_path / "push.sqlite3")) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM wechat_calls").fetchall()
    assert count == 2 * 10


async def test_a_scene_of_somebody_elses_is_a_welcome_and_no_more(site: Site, phone: Phone) -> None:
    slug = (await site.topic()).slug
    assert "Welcome." in await phone.joins("t" + slug + "0" * 32)
    assert await site.push.subscriptions.following(await the_subscriber(site)) == ([], [])


async def test_each_follow_page_has_the_code_of_its_own_kind(site: Site, wechat: WeChat, phone: Phone) -> None:
    app, _ = await site.push.apps.add(
        AppProfile(name="Shop", callback_url="https://shop.example/cb", follow_prompt="Your id: {UID}")
    )
    words = await phone.scans(await scene_on(site, wechat, f"/a/{app.slug}"))
    subscriber = await the_subscriber(site)
    assert words.startswith("已订阅“Shop”")
    assert words.endswith(f"Your id: {subscriber.uid}")
    [told] = await site.push.callbacks.newest(app.id)
    assert '"source":"scan"' in told.body


@pytest.mark.parametrize(
    ("mode", "words"), [(TopicMode.APPROVAL, "has to approve it"), (TopicMode.CLOSED, "takes no new subscribers")]
)
async def test_who_cannot_follow_is_told_why(
    site: Site, wechat: WeChat, phone: Phone, mode: TopicMode, words: str
) -> None:
    topic = await site.push.topics.add("News", mode=mode)
    assert words in await phone.joins(await scene_on(site, wechat, f"/t/{topic.slug}"))
    assert await site.push.subscriptions.following(await the_subscriber(site)) == ([], [])


async def test_a_long_name_leaves_room_for_the_link(site: Site, wechat: WeChat, phone: Phone) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="名" * 500, follow_prompt="问" * 500))
    words = await phone.joins(await scene_on(site, wechat, f"/a/{app.slug}"))
    assert "https://push.example/claim/" in words
    assert len(words.encode()) <= 2_048


async def test_a_follower_who_blocks_our_messages_is_sent_none(site: Site, phone: Phone) -> None:
    await phone.joins()
    finished = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH"}
    for status, left in (("success", 1), ("failed: system failed", 1), ("failed:user block", 0)):
        assert await phone.does(**finished, MsgID=status, Status=status) == "success"
        assert len(await site.push.addresses.of(await the_subscriber(site))) == left


async def test_pictures_and_menus_are_passed_over(site: Site, phone: Phone) -> None:
    assert await phone.does(MsgType="image", MsgId="1") == "success"
    assert await site.push.subscribers.all() == []


async def test_a_subscriber_who_is_here_takes_the_same_inbox_to_wechat(
    site: Site, wechat: WeChat, phone: Phone
) -> None:
    reader = await site.reader()
    assert "/devices/wechat" in await (await site.get("/subscriptions", device=reader)).text()
    page = await site.post("/devices/wechat", device=reader)
    [scene] = wechat.scenes
    assert qr_svg(f"http://weixin.qq.com/q/{scene}") in await page.text()

    asked = await phone.joins(scene)

    assert await site.push.addresses.of(reader.subscriber) == []
    assert f"Link this WeChat to this inbox? {reader.subscriber.uid}, subscribed to “Price drops”." in asked
    assert "如果二维码是您自己生成的" in asked
    assert "/claim/" not in asked
    assert "nothing was linked" in await phone.says("yes")

    words = await phone.says(_answer(asked))

    assert "收件箱的消息也会发到这里" in words
    assert "/claim/" not in words
    [address] = await site.push.addresses.of(reader.subscriber)
    assert address.value == phone.openid
    other = dataclasses.replace(phone, openid="oOther")
    assert "used already" in await other.joins(scene)


async def test_who_scans_an_attackers_code_keeps_their_inbox_and_hears_why(
    site: Site, wechat: WeChat, account: Account, phone: Phone, clock: Clock
) -> None:
    code = await scene_on(site, wechat, await topic_path(site))
    await phone.joins(code)
    victim, attacker = await the_subscriber(site), await site.push.subscribers.add()
    await site.post("/devices/wechat", device=attacker)

    words = await phone.scans(wechat.scenes[-1])

    [address] = await site.push.addresses.of(victim)
    assert address.value == phone.openid
    assert await site.push.addresses.of(attacker.subscriber) == []
    assert "没有做任何改动" in words
    assert "nothing was changed" in words
    topic = await site.push.topics.add("Later")
    await phone.scans(await scene_on(site, wechat, f"/t/{topic.slug}"))
    assert await site.push.subscriptions.following(attacker.subscriber) == ([], [])
    async with delivering(site, account, clock):
        await site.tell("Dune 12.00 → 8.50")
        await until(lambda: len(wechat.sent) == 1)


async def test_a_question_about_an_inbox_that_follows_much_fits_into_a_reply(
    site: Site, wechat: WeChat, phone: Phone
) -> None:
    topics = [await site.push.topics.add("名" * 200) for _ in range(7)]
    owner = await site.push.subscribers.add(topic_ids=[topic.id for topic in topics])
    await phone.joins()
    await phone.leaves()
    await site.post("/devices/wechat", device=owner)
    words = await phone.joins(wechat.scenes[-1])
    assert "and 2 more" in words
    assert "另有 2 项" in words
    assert f"Only if you made this code yourself: answer {_answer(words)} within 10 minutes." in words
    assert len(words.encode()) < 2_048


def _answer(words: str) -> str:
    found = re.search(r"回复 (\d{6})", words)
    assert found is not None
    return found[1]


async def test_while_wechat_makes_no_code_the_page_of_it_says_so(site: Site, wechat: WeChat) -> None:
    reader = await site.reader()
    wechat.scripts.append(an_error(45009))
    for _ in range(2):
        answer = await site.post("/devices/wechat", device=reader)
        assert answer.status == 503
        assert "no code right now" in await answer.text()
    assert len(wechat.calls) == 1


@only_plain
class TestCodes:
    """What of WeChat's quota looking at pages costs."""

    async def test_a_code_is_asked_for_once_a_day(self, site: Site, wechat: WeChat, clock: Clock) -> None:
        path = await topic_path(site)
        for _ in range(3):
            await scene_on(site, wechat, path)
        assert len(wechat.scenes) == 1
        clock.at += KEPT_FOR
        await scene_on(site, wechat, path)
        assert len(wechat.scenes) == 2

    async def test_many_who_look_at_once_ask_once(self, site: Site, wechat: WeChat) -> None:
        path = await topic_path(site)
        wechat.gate.clear()
        looking = [asyncio.create_task(site.get(f"{path}/wechat.svg")) for _ in range(20)]
        await until(lambda: wechat.tokens_asked == 1)
        wechat.gate.set()
        answers = await asyncio.gather(*looking)
        assert {(answer.status, await answer.read() != b"") for answer in answers} == {(200, True)}
        assert (wechat.tokens_asked, len(wechat.scenes)) == (1, 1)

    async def test_after_a_failure_wechat_is_left_alone_for_a_minute(
        self, site: Site, wechat: WeChat, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = await topic_path(site)
        wechat.scripts.append(Scripted(status=502))
        for _ in range(3):
            assert (await site.get(f"{path}/wechat.svg")).status == 404
        assert len(wechat.calls) == 1
        [said] = [record.getMessage() for record in caplog.records if "no QR code" in record.getMessage()]
        assert said == "no QR code from WeChat, trying again in a minute: HTTP 502 in place of an answer"
        clock.at += REST
        assert (await site.get(f"{path}/wechat.svg")).status == 200

    async def test_slugs_of_nothing_are_not_asked_for(self, site: Site, wechat: WeChat) -> None:
        assert (await site.get(f"/t/{'x' * 28}/wechat.svg")).status == 404
        assert (await site.get(f"/a/{(await site.topic()).slug}/wechat.svg")).status == 404
        assert wechat.calls == []

    async def test_one_address_has_so_many_made_and_sees_those_that_are_there(self, site: Site, wechat: WeChat) -> None:
        topics = [await site.push.topics.add(f"Topic {number}") for number in range(61)]
        looks = [(await site.get(f"/t/{topic.slug}/wechat.svg")).status for topic in topics]
        assert looks == [200] * 60 + [429]
        assert len(wechat.scenes) == 60
        assert (await site.get(f"/t/{topics[0].slug}/wechat.svg")).status == 200

    @needs_chromium
    async def test_a_page_without_a_code_does_not_speak_of_one(self, site: Site, wechat: WeChat) -> None:
        path = await topic_path(site)
        wechat.scripts.append(an_error(45009))
        async with open_shell() as browser:
            page = await browser.new_page(viewport={"width": 1200, "height": 900})
            async with page.expect_response("**/wechat.svg"):
                await page.goto(site.base + path)
            await page.wait_for_selector(".wechat", state="hidden")
            assert await page.is_visible(f'img[src="{path}/qr.svg"]')

    @needs_chromium
    async def test_a_page_with_a_code_shows_it(self, site: Site) -> None:
        path = await topic_path(site)
        async with open_shell() as browser:
            page = await browser.new_page(viewport={"width": 1200, "height": 900})
            await page.goto(site.base + path, wait_until="networkidle")
            picture = page.locator(".wechat img")
            assert await picture.is_visible()
            assert await picture.evaluate("picture => picture.naturalWidth") > 0


class TestOverPlainHttp:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, base_url="http://push.example")

    async def test_the_inbox_is_not_handed_out(self, phone: Phone) -> None:
        words = await phone.joins()
        assert "Welcome." in words
        assert "claim" not in words


class TestAtTheGate:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, address_calls=RateLimit(calls=3, per=timedelta(minutes=1)))

    @only_plain
    async def test_who_knocks_again_and_again_is_not_heard_and_wechat_is(self, site: Site, phone: Phone) -> None:
        forged = dataclasses.replace(phone.event(MsgType="text", Content="x"), query={})
        statuses = [(await tell(f"{site.base}/wechat", forged))[0] for _ in range(5)]
        assert statuses == [403, 403, 403, 429, 429]
        assert "Welcome." in await phone.joins()

    @only_plain
    async def test_a_body_that_is_too_big_is_refused(self, site: Site, phone: Phone) -> None:
        post = phone.event(MsgType="text", Content="x" * MAX_BYTES)
        assert (await tell(f"{site.base}/wechat", post))[0] == 413

    @only_plain
    async def test_no_site_speaks_for_wechat_and_none_is_in_its_way(self, site: Site, phone: Phone) -> None:
        post = phone.event(MsgType="event", Event="subscribe")
        headers: Mapping[str, str] = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        async with site.client.post("/wechat", params=post.query, data=post.body, headers=headers) as answer:
            assert answer.status == 200


class TestWithoutAnAccount:
    @pytest.fixture
    def channels(self) -> Channels:
        return Channels()

    @only_plain
    async def test_there_is_no_such_address(self, site: Site, phone: Phone, wechat: WeChat) -> None:
        reader: NewSubscriber = await site.reader()
        nothing = await (await site.get("/nothing")).text()
        for path in ("/wechat", f"{await topic_path(site)}/wechat.svg"):
            answer = await site.get(path)
            assert answer.status == 404
            assert (await answer.text()).replace(path, "/nothing") == nothing
        assert (await tell(f"{site.base}/wechat", phone.event(MsgType="text", Content="x")))[0] == 404
        assert (await site.post("/devices/wechat", device=reader)).status == 404
        for page in (await topic_path(site), "/subscriptions"):
            assert "/wechat" not in await (await site.get(page, device=reader)).text()
        assert wechat.calls == []
