"""Where a device says how it is reached, and where a subscriber takes that back."""

from __future__ import annotations

import base64
import json
import re
from html import escape
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse
from playwright.async_api import expect

from tests.browser import needs_chromium, open_shell
from tests.push.relays import Relay
from tests.web.site import JSON, Site
from watcher.core.channels import AddressDraft, ChannelName, Preferences
from watcher.core.push import NewSubscriber
from watcher.core.quiet import parse_quiet_hours
from watcher.push.channels.offered import Channels
from watcher.web.pages.reach import moved
from watcher.web.sessions.device import DEVICE_COOKIE, device_name

KEY = "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"
"""Any point of the curve."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


def subscription(token: str = "abc") -> bytes:
    keys = {"p256dh": KEY, "auth": base64.urlsafe_b64encode(b"a" * 16).decode()}
    endpoint = f"https://fcm.googleapis.com/fcm/send/{token}"
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys}).encode()


@pytest.fixture
def channels() -> Channels:
    return Channels(push_key=KEY)


async def test_a_browser_that_gives_its_subscription_is_an_address_with_a_name(site: Site) -> None:
    reader = await site.reader()
    answer = await site.post("/push", device=reader, body=subscription(), headers=JSON | {"User-Agent": ANDROID})
    [address] = await site.push.addresses.of(reader.subscriber)
    assert await answer.json() == {"id": address.id}
    assert (address.channel, address.label) == (ChannelName.WEB_PUSH, "Chrome · Android")
    html = await (await site.get("/reach", device=reader)).text()
    assert "Notifications · Chrome · Android" in html
    assert "fcm.googleapis.com" not in html


async def test_the_same_browser_again_is_no_second_address(site: Site) -> None:
    reader = await site.reader()
    for _ in range(2):
        await site.post("/push", device=reader, body=subscription(), headers=JSON)
    assert len(await site.push.addresses.of(reader.subscriber)) == 1


async def test_a_browser_that_changes_hands_notifies_its_last_reader_only(site: Site) -> None:
    first, second = await site.reader(), await site.reader()
    for reader in (first, second):
        await site.post("/push", device=reader, body=subscription(), headers=JSON)
    assert await site.push.addresses.of(first.subscriber) == []
    assert len(await site.push.addresses.of(second.subscriber)) == 1


async def test_the_language_of_the_reader_is_kept_for_what_is_pushed(site: Site) -> None:
    reader = await site.reader()
    await site.post("/push", device=reader, body=subscription(), headers=JSON | {"Accept-Language": "zh-CN"})
    assert (await site.push.preferences.of(reader.subscriber)).lang == "zh"


@pytest.mark.parametrize("body", [b"", b"[]", subscription().replace(b"fcm.googleapis.com", b"127.0.0.1"), b"[" * 9999])
async def test_what_is_no_subscription_to_a_known_push_service_is_refused(site: Site, body: bytes) -> None:
    reader = await site.reader()
    assert (await site.post("/push", device=reader, body=body, headers=JSON)).status == 400
    assert await site.push.addresses.of(reader.subscriber) == []


async def test_one_tap_removes_an_address_and_nobody_removes_anothers(site: Site) -> None:
    reader, stranger = await site.reader(), await site.reader()
    await site.post("/push", device=reader, body=subscription(), headers=JSON)
    [address] = await site.push.addresses.of(reader.subscriber)
    assert (await site.post(f"/reach/{address.id}/remove", device=stranger)).status == 303
    assert len(await site.push.addresses.of(reader.subscriber)) == 1
    answer = await site.post(f"/reach/{address.id}/remove", device=reader)
    assert (answer.status, answer.headers["Location"]) == (303, "/reach#addresses")
    assert await site.push.addresses.of(reader.subscriber) == []


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (ANDROID, "Chrome · Android"),
        (ANDROID.replace("Mobile Safari", "Mobile MicroMessenger/8.0 Safari"), "WeChat · Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) CriOS/140.0 Mobile Safari/604.1", "Chrome · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


class TestWithoutWebPush:
    @pytest.fixture
    def channels(self) -> Channels:
        return Channels()

    async def test_nothing_is_offered_and_nothing_taken(self, site: Site) -> None:
        reader = await site.reader()
        assert (await site.post("/push", device=reader, body=subscription(), headers=JSON)).status == 404
        assert "data-ask" not in await (await site.get("/inbox", device=reader)).text()


async def test_without_wechat_there_is_no_code_of_it(site: Site) -> None:
    assert (await site.get(f"/t/{(await site.topic()).slug}/wechat.svg")).status == 404


async def _send(site: Site, path: str, reader: NewSubscriber, **form: str) -> ClientResponse:
    return await site.post(path, device=reader, body=urlencode(form).encode(), headers=FORM)


async def _reached_over(site: Site, *channels: ChannelName) -> NewSubscriber:
    """A reader with one address in each of these channels."""
    reader = await site.reader()
    for channel in channels:
        await site.push.addresses.add(
            reader.subscriber,
            AddressDraft(
                channel=channel, fingerprint=f"{channel} {reader.subscriber.id}", value="a value", label="a label"
            ),
        )
    return reader


async def _order(site: Site, reader: NewSubscriber) -> list[str]:
    html = await (await site.get("/reach", device=reader)).text()
    return re.findall(r'name="channel" value="(\w+)"', html)


class TestTheOrderOfChannels:
    @pytest.fixture
    def channels(self) -> Channels:
        names = (ChannelName.WEB_PUSH, ChannelName.WECHAT, ChannelName.UPSTREAM, ChannelName.EMAIL)
        return Channels(by_name={name: Relay(name=name) for name in names})

    async def test_the_channels_in_use_are_moved_and_tried_in_that_order(self, site: Site) -> None:
        reader = await _reached_over(site, ChannelName.WEB_PUSH, ChannelName.UPSTREAM, ChannelName.EMAIL)
        assert await _order(site, reader) == ["webpush", "upstream", "email"]
        answer = await _send(site, "/reach/order", reader, channel="email", move="up")
        assert (answer.status, answer.headers["Location"]) == (303, "/reach#order")
        assert await _order(site, reader) == ["webpush", "email", "upstream"]
        await _send(site, "/reach/order", reader, channel="webpush", move="down")
        assert await _order(site, reader) == ["email", "webpush", "upstream"]
        addresses = await site.push.addresses.of(reader.subscriber)
        assert [address.channel for address in addresses] == ["email", "webpush", "upstream"]

    async def test_at_the_ends_nothing_moves(self, site: Site) -> None:
        reader = await _reached_over(site, ChannelName.WEB_PUSH, ChannelName.EMAIL)
        await _send(site, "/reach/order", reader, channel="webpush", move="up")
        await _send(site, "/reach/order", reader, channel="email", move="down")
        await _send(site, "/reach/order", reader, channel="wechat", move="up")
        assert await _order(site, reader) == ["webpush", "email"]

    async def test_an_order_keeps_quiet_hours_and_language(self, site: Site) -> None:
        reader = await _reached_over(site, ChannelName.WEB_PUSH, ChannelName.EMAIL)
        before = Preferences(quiet=parse_quiet_hours("22:00-07:00 UTC"), lang="zh")
        await site.push.preferences.change(reader.subscriber, lambda _: before)
        await _send(site, "/reach/order", reader, channel="email", move="up")
        after = await site.push.preferences.of(reader.subscriber)
        assert (after.quiet, after.lang) == (before.quiet, before.lang)

    @pytest.mark.parametrize("form", [{}, {"channel": "inbox"}, {"channel": "email", "move": "away"}, {"move": "up"}])
    async def test_what_is_no_move_is_refused(self, site: Site, form: dict[str, str]) -> None:
        reader = await _reached_over(site, ChannelName.WEB_PUSH, ChannelName.EMAIL)
        assert (await _send(site, "/reach/order", reader, **form)).status == 400

    async def test_a_single_channel_is_in_no_order(self, site: Site) -> None:
        assert await _order(site, await _reached_over(site, ChannelName.EMAIL)) == []


async def test_a_channel_that_the_server_has_no_more_is_listed_and_in_no_order(site: Site) -> None:
    reader = await _reached_over(site, ChannelName.WECHAT, ChannelName.EMAIL)
    html = await (await site.get("/reach", device=reader)).text()
    assert html.count("not in use on this server") == 2
    assert await _order(site, reader) == []


async def test_what_machines_know_an_address_by_is_not_shown(site: Site) -> None:
    html = await (await site.get("/reach", device=await _reached_over(site, ChannelName.WECHAT))).text()
    assert "WeChat · a label" in html
    assert "a value" not in html


async def test_who_is_reached_nowhere_is_told_so(site: Site) -> None:
    assert "only your inbox" in await (await site.get("/reach", device=await site.reader())).text()


async def test_quiet_hours_are_set_shown_and_switched_off(site: Site) -> None:
    reader = await site.reader()
    assert "/reach/quiet/off" not in await (await site.get("/reach", device=reader)).text()
    answer = await _send(site, "/reach/quiet", reader, start="23:30", end="06:15", timezone="Asia/Shanghai")
    assert (answer.status, answer.headers["Location"]) == (303, "/reach#quiet")
    assert str((await site.push.preferences.of(reader.subscriber)).quiet) == "23:30-06:15 Asia/Shanghai"
    html = await (await site.get("/reach", device=reader)).text()
    for value in ("23:30", "06:15", "Asia/Shanghai"):
        assert f'value="{value}" required' in html
    assert (await _send(site, "/reach/quiet/off", reader)).status == 303
    assert (await site.push.preferences.of(reader.subscriber)).quiet is None


@pytest.mark.parametrize(
    ("start", "end", "timezone", "part"),
    [
        ("", "07:00", "UTC", "start"),
        ("24:00", "07:00", "UTC", "start"),
        ("22:00", "7 o'clock", "UTC", "end"),
        ("22:00", "22:00", "UTC", "end"),
        ("22:00", "07:00", "", "timezone"),
        ("22:00", "07:00", "Mars/Olympus", "timezone"),
        ("22:00", "07:00", "../../etc/passwd", "timezone"),
        ("22:00", "07:00", "<b>", "timezone"),
        ("22:00", "07:00", "a" * 10_000, "timezone"),
    ],
)
async def test_what_is_wrong_with_quiet_hours_is_said_beside_its_field(
    site: Site, start: str, end: str, timezone: str, part: str
) -> None:
    reader = await site.reader()
    answer = await _send(site, "/reach/quiet", reader, start=start, end=end, timezone=timezone)
    assert answer.status == 422
    html = await answer.text()
    assert re.findall(r'<p class="wrong" id="(\w+)-wrong"', html) == [part]
    assert f'value="{escape(timezone)}" required' in html
    assert (await site.push.preferences.of(reader.subscriber)).quiet is None


async def test_a_body_that_is_no_form_is_no_error_of_ours(site: Site) -> None:
    reader = await site.reader()
    assert (await site.post("/reach/quiet", device=reader, body=b"{}", headers=JSON)).status == 422
    assert (await site.post("/reach/quiet", device=reader, body=b"start=%ff", headers=FORM)).status == 422
    odd = {"Content-Type": f"{FORM['Content-Type']}; charset=klingon"}
    assert (await site.post("/reach/quiet", device=reader, body=b"start=1", headers=odd)).status == 400


async def test_the_page_of_a_form_can_be_loaded_again_and_only_those(site: Site) -> None:
    reader = await site.reader()
    for form in ("quiet", "mail", "upstream", "code"):
        assert (await site.get(f"/reach/{form}", device=reader)).status == 200
    for path in ("/reach/order", "/reach/quiet/off", "/reach/1/remove"):
        assert (await site.get(path, device=reader)).status in {404, 405}


async def test_subscriptions_lead_here(site: Site) -> None:
    assert 'href="/reach"' in await (await site.get("/subscriptions", device=await site.reader())).text()


@pytest.mark.parametrize(
    ("order", "shown", "channel", "step", "expected"),
    [
        ("", "webpush email", "email", -1, "email wechat upstream webpush"),
        ("email", "email webpush", "email", 1, "webpush email wechat upstream"),
        ("", "webpush email", "webpush", -1, "webpush wechat upstream email"),
        ("", "webpush email", "wechat", -1, "webpush wechat upstream email"),
        ("email wechat", "email wechat upstream", "upstream", -1, "email upstream webpush wechat"),
    ],
)
def test_a_channel_changes_places_with_its_neighbour_on_the_page(
    order: str, shown: str, channel: str, step: int, expected: str
) -> None:
    place = moved(_names(order), _names(shown), ChannelName(channel), step).index
    assert sorted(_names(expected), key=place) == _names(expected)


def _names(text: str) -> list[ChannelName]:
    return [ChannelName(name) for name in text.split()]


@pytest.mark.faults
@needs_chromium
async def test_the_browser_fills_in_its_timezone_and_offers_all_that_it_knows(site: Site) -> None:
    reader = await site.reader()
    async with open_shell("--host-resolver-rules=MAP push.example 127.0.0.1") as browser:
        context = await browser.new_context(timezone_id="Asia/Kathmandu", locale="en-US")
        url = f"http://push.example:{site.server.port}"
        await context.add_cookies([{"name": DEVICE_COOKIE, "value": reader.device_token, "url": url}])
        page = await context.new_page()
        await page.goto(f"{url}/reach")
        await expect(page.get_by_label("Timezone")).to_have_value(re.compile("Asia/Ka.*"))
        assert await page.locator("#timezones option").count() > 100
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("button", name="Switch off")).to_be_visible()
        await page.get_by_role("button", name="Switch off").click()
        await expect(page.get_by_role("button", name="Switch off")).to_have_count(0)
