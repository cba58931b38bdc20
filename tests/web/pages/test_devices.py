"""Another device for the same subscriber."""

from __future__ import annotations

import asyncio
import logging
import re
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientResponse
from msgspec.structs import replace

from tests.push.relays import Relay
from tests.web.pages.test_reach import ANDROID, subscription
from tests.web.site import JSON, Site
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.masking import masked
from watcher.core.push import NewSubscriber
from watcher.push.channels.offered import Channels
from watcher.web.sessions.device import DEVICE_COOKIE


async def _claim(site: Site, reader: NewSubscriber) -> str:
    html = await (await site.post("/devices", device=reader)).text()
    found = re.search(r"http://push\.example(/claim/\w{32})<", html)
    assert found, html
    return found[1]


def _device(answer: ClientResponse) -> str:
    return SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE].value


async def test_a_code_makes_another_device_a_reader_of_the_same_inbox_once(site: Site) -> None:
    reader = await site.reader()
    path = await _claim(site, reader)
    answer = await site.post(path)
    assert (answer.status, answer.headers["Location"]) == (303, "/inbox")
    assert await site.push.devices.owner(_device(answer)) == reader.subscriber
    again = await site.post(path)
    assert again.status == 410
    assert "Set-Cookie" not in again.headers
    assert "This link has expired" in await again.text()


async def test_looking_at_a_claim_takes_nothing(site: Site) -> None:
    path = await _claim(site, await site.reader())
    for _ in range(3):
        answer = await site.get(path)
        assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Read your messages on this device too" in await answer.text()
    assert (await site.post(path)).status == 303


async def test_a_device_with_an_inbox_of_its_own_is_told_what_it_leaves_behind(site: Site) -> None:
    reader, other = await site.reader(), await site.push.subscribers.add()
    path = await _claim(site, reader)
    page = await (await site.get(path)).text()
    assert "has an inbox of its own" not in page
    assert f"{reader.subscriber.uid}</code>, subscribed to “Price drops”" in page
    assert "Continue only if you made this link yourself." in page
    page = await (await site.get(path, device=other)).text()
    assert f"{other.subscriber.uid}</code>, without subscriptions. If you continue" in page
    assert await site.push.devices.owner(_device(await site.post(path, device=other))) == reader.subscriber
    assert await site.push.devices.owner(other.device_token) == other.subscriber


async def _taken(site: Site, path: str, cookies: dict[str, str]) -> dict[str, str]:
    """Take a claim in a browser with these cookies; return those that it has then."""
    return _kept(cookies, await site.post(path, headers={"Cookie": _line(cookies)}))


def _line(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _kept(cookies: dict[str, str], answer: ClientResponse) -> dict[str, str]:
    jar = dict(cookies)
    for line in answer.headers.getall("Set-Cookie", []):
        [(name, morsel)] = SimpleCookie(line).items()
        jar[name] = morsel.value
        if morsel["max-age"] == "0":
            del jar[name]
    return jar


async def _inbox_of(site: Site, cookies: dict[str, str]) -> str:
    """Return the UID whose subscriptions a browser with these cookies shows; empty for none."""
    answer = await site.get("/subscriptions", headers={"Cookie": _line(cookies)})
    found = re.search(r"<code>(UID_\w+)</code>", await answer.text()) if answer.status == 200 else None
    return found[1] if found else ""


async def test_who_took_a_strangers_claim_gets_the_own_inbox_back(site: Site) -> None:
    victim, attacker, another = [await site.reader() for _ in range(3)]
    cookies = await _taken(site, await _claim(site, attacker), {DEVICE_COOKIE: victim.device_token})
    assert await _inbox_of(site, cookies) == attacker.subscriber.uid
    # Not even a second one makes it forget whose it was.
    cookies = await _taken(site, await _claim(site, another), cookies)
    assert await _inbox_of(site, cookies) == another.subscriber.uid

    html = await (await site.get("/subscriptions", headers={"Cookie": _line(cookies)})).text()
    cookies = _kept(cookies, await site.post(_ends(html)[-1], headers={"Cookie": _line(cookies)}))
    assert await _inbox_of(site, cookies) == victim.subscriber.uid
    cookies = _kept(cookies, await site.get("/", headers={"Cookie": _line(cookies)}))
    assert cookies == {DEVICE_COOKIE: victim.device_token}


async def test_who_is_signed_out_of_a_claimed_inbox_by_another_is_at_home_again(site: Site) -> None:
    victim, owner = await site.reader(), await site.reader()
    cookies = await _taken(site, await _claim(site, owner), {DEVICE_COOKIE: victim.device_token})
    await site.post("/devices/end-others", device=owner)
    answer = await site.get("/inbox", headers={"Cookie": _line(cookies)})
    assert answer.status == 200
    assert _kept(cookies, answer) == {DEVICE_COOKIE: victim.device_token}


async def test_the_claim_of_the_inbox_that_a_device_reads_already_is_left_for_another_device(site: Site) -> None:
    reader = await site.reader()
    path = await _claim(site, reader)
    for ask in (site.get, site.post):
        answer = await ask(path, device=reader)
        assert (answer.status, answer.headers["Location"], "Set-Cookie" in answer.headers) == (303, "/inbox", False)
    assert len(await site.push.devices.of(reader.subscriber)) == 1
    assert (await site.post(path)).status == 303


async def test_an_icon_whose_claim_was_taken_opens_the_inbox(site: Site) -> None:
    reader = await site.reader()
    path = await _claim(site, reader)
    await site.post(path)
    assert (await site.get(path, device=reader)).headers["Location"] == "/inbox"
    assert (await site.get(path)).status == 410


@pytest.mark.parametrize("token", ["x", "A" * 32, "%00", "%ff"])
async def test_a_claim_that_nobody_made_is_over(site: Site, token: str) -> None:
    assert (await site.get(f"/claim/{token}")).status == (await site.post(f"/claim/{token}")).status == 410


async def test_a_get_makes_no_claim(site: Site) -> None:
    reader = await site.reader()
    for path in ("/devices", "/devices/home"):
        assert (await site.get(path, device=reader)).status in {404, 405}


async def test_the_icon_on_an_iphones_home_screen_begins_with_a_claim(site: Site) -> None:
    reader = await site.reader()
    answer = await site.post("/devices/home", device=reader, body=b"{}", headers=JSON)
    manifest = await (await site.get((await answer.json())["manifest"])).json(content_type=None)
    taken = await site.post(manifest["start_url"])
    assert await site.push.devices.owner(_device(taken)) == reader.subscriber


async def test_who_makes_claims_without_end_waits(site: Site) -> None:
    reader = await site.reader()
    statuses = {(await site.post("/devices", device=reader)).status for _ in range(31)}
    assert statuses == {200, 429}


async def test_no_log_names_a_claim(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        path = await _claim(site, await site.reader())
        await site.get(path)
        await site.post(path)
    assert path not in caplog.text
    assert masked(path) == "/claim/***"


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def channels() -> Channels:
    return Channels(by_name={ChannelName.WEB_PUSH: Relay()}, push_key="x" * 87)


async def _second_device(site: Site, reader: NewSubscriber, user_agent: str = FIREFOX) -> NewSubscriber:
    """Another device of the same subscriber, that took a claim."""
    answer = await site.post(await _claim(site, reader), headers={"User-Agent": user_agent})
    return replace(reader, device_token=_device(answer))


def _ends(html: str) -> list[str]:
    """Return the forms that sign a device out, in the order of the page."""
    return re.findall(r'action="(/devices/\d+/end)"', html)


async def _page(site: Site, reader: NewSubscriber) -> str:
    answer = await site.get("/subscriptions", device=reader)
    assert answer.status == 200
    return await answer.text()


async def test_the_devices_that_read_are_listed_by_what_they_are_called(site: Site) -> None:
    topic = await site.topic()
    answer = await site.post(f"/t/{topic.slug}", headers={"User-Agent": ANDROID})
    [(subscriber, _, _)] = await site.push.subscribers.all()
    phone = NewSubscriber(subscriber=subscriber, spt="", device_token=_device(answer))
    await _second_device(site, phone)

    html = await _page(site, phone)

    assert re.findall(r"<p>((?:Chrome|Firefox) · \w+)( <span)?", html) == [
        ("Chrome · Android", " <span"),
        ("Firefox · Linux", ""),
    ]
    assert "AppleWebKit" not in html
    assert "rv:140" not in html
    assert 'last seen <time datetime="2026-11-24T09:30:00+00:00">' in html
    chinese = await (await site.get("/subscriptions?lang=zh", device=phone)).text()
    assert "退出其他所有设备" in chinese


async def test_a_device_that_took_a_claim_is_signed_out_by_the_first_one(site: Site) -> None:
    first = await site.reader()
    second = await _second_device(site, first)
    assert (await site.get("/inbox", device=second)).status == 200

    [_, end] = _ends(await _page(site, first))
    answer = await site.post(end, device=first)

    assert (answer.status, answer.headers["Location"]) == (303, "/subscriptions#devices")
    assert (await site.get("/inbox", device=second)).headers["Location"] == "/"
    assert (await site.post("/inbox/shown", device=second, body=b'{"ids": []}', headers=JSON)).status == 401
    assert (await site.get("/inbox", device=first)).status == 200
    assert _ends(await _page(site, first)) == [_ends(await _page(site, first))[0]]


async def test_nothing_is_pushed_to_a_device_that_is_signed_out(site: Site) -> None:
    first = await site.reader()
    second = await _second_device(site, first)
    for device, token, agent in ((first, "one", ANDROID), (second, "two", FIREFOX)):
        await site.post("/push", device=device, body=subscription(token), headers=JSON | {"User-Agent": agent})
    await site.post(_ends(await _page(site, first))[1], device=first)
    [address] = await site.push.addresses.of(first.subscriber)
    assert address.label == "Chrome · Android"


async def test_what_may_be_the_browser_of_a_device_that_is_signed_out_is_not_pushed_to_either(site: Site) -> None:
    """Of before it was noted which device gave which address."""
    first = await site.reader()
    await _second_device(site, first)
    for fingerprint, label in (("a", "Firefox · Linux"), ("b", ""), ("c", "Chrome · Android")):
        await site.push.addresses.add(
            first.subscriber,
            AddressDraft(channel=ChannelName.WEB_PUSH, fingerprint=fingerprint, value=fingerprint, label=label),
        )
    await site.post(_ends(await _page(site, first))[1], device=first)
    assert [each.label for each in await site.push.addresses.of(first.subscriber)] == ["Chrome · Android"]


async def test_the_live_inbox_of_a_device_that_is_signed_out_ends_at_once(site: Site) -> None:
    first = await site.reader()
    second = await _second_device(site, first)
    here, there = [await site.get("/inbox/events", device=device) for device in (first, second)]
    assert await here.content.readline() == await there.content.readline() == b"retry: 2000\n"

    await site.post(_ends(await _page(site, first))[1], device=first)

    async with asyncio.timeout(30):
        rest = await there.content.read()
    assert rest.endswith(b"event: over\ndata:\n\n")
    await site.tell("Dune 12.00 → 8.50")
    async with asyncio.timeout(30):
        while b"event: message" not in (line := await here.content.readline()):
            assert line, "the stream has ended"
    here.close()


async def test_all_other_devices_are_signed_out_together(site: Site) -> None:
    first = await site.reader()
    others = [await _second_device(site, first) for _ in range(3)]
    assert (await site.post("/devices/end-others", device=first)).headers["Location"] == "/subscriptions#devices"
    assert {(await site.get("/inbox", device=other)).headers.get("Location") for other in others} == {"/"}
    html = await _page(site, first)
    assert len(_ends(html)) == 1
    assert "/devices/end-others" not in html


async def test_a_device_signs_itself_out(site: Site) -> None:
    reader = await site.reader()
    [end] = _ends(await _page(site, reader))
    answer = await site.post(end, device=reader)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE]
    assert (cookie.value, cookie["max-age"]) == ("", "0")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert await site.push.devices.owner(reader.device_token) is None


async def test_nobody_signs_out_anothers_device(site: Site) -> None:
    victim, attacker = await site.reader(), await site.reader()
    [end] = _ends(await _page(site, victim))
    assert (await site.post(end, device=attacker)).headers["Location"] == "/subscriptions#devices"
    await site.post("/devices/end-others", device=attacker)
    assert (await site.get("/inbox", device=victim)).status == 200


async def test_everything_about_a_subscriber_is_deleted_on_every_device(site: Site) -> None:
    reader, other = await site.reader(), await site.reader()
    second = await _second_device(site, reader)
    stream = await site.get("/inbox/events", device=second)
    page = await site.get("/subscriptions/delete", device=reader)
    assert "It cannot be undone" in await page.text()
    assert (await site.get("/inbox", device=reader)).status == 200

    answer = await site.post("/subscriptions/delete", device=reader)

    assert (answer.status, "is deleted" in await answer.text()) == (200, True)
    assert SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE]["max-age"] == "0"
    async with asyncio.timeout(30):
        assert (await stream.content.read()).endswith(b"event: over\ndata:\n\n")
    for device in (reader, second):
        assert (await site.get("/inbox", device=device)).headers["Location"] == "/"
    assert [one for one, _, _ in await site.push.subscribers.all()] == [other.subscriber]
    await site.tell("Dune 12.00 → 8.50")
    assert len(await site.push.inbox.items(other.subscriber)) == 1
