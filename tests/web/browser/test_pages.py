"""The pages in a real browser, reached as a phone on the LAN reaches them: by a name, over plain http."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.site import Site
from watcher.core.push import AppProfile, DeliveryState
from watcher.core.settings import Settings
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

_PAYLOADS = (
    "<script>window.pwned=1</script>",
    '<img src=x onerror="top.pwned=1;alert(1)">',
    "<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<a href="javascript:alert(1)" id=x>click</a>[click](javascript:alert(1))',
    '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
    '"><script src=/static/inbox.js></script><style>*{display:none}</style>',
    "<form action=//evil.example><button formaction=javascript:alert(1)>go</button></form>",
    "{{ 7 * 7 }}</iframe></template><img src=x onerror=alert(1)>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
)

pytestmark = in_one_browser


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A browser window, and everything that it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)


async def _phone(browser: Browser) -> Phone:
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    phone = Phone(page=await context.new_page())
    phone.page.on("console", lambda message: phone.complaints.append(message.text))
    phone.page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    phone.page.on("dialog", lambda dialog: phone.complaints.append(f"dialog {dialog.message}"))
    return phone


async def _subscribe(phone: Phone, site: Site) -> None:
    await phone.page.goto(f"http://push.example:{site.server.port}/t/{(await site.topic()).slug}")
    await phone.page.get_by_role("button", name="Subscribe").click()
    await expect(phone.page.get_by_role("status")).to_have_text("Live")


async def test_a_phone_is_not_shown_the_code_that_phones_scan(browser: Browser, site: Site) -> None:
    page = (await _phone(browser)).page
    await page.goto(f"http://push.example:{site.server.port}/t/{(await site.topic()).slug}")
    await expect(page.get_by_role("heading", name="Price drops")).to_be_visible()
    await expect(page.get_by_role("heading", name="On your phone")).to_be_hidden()


async def test_a_double_tap_sends_a_form_once_and_with_the_name_of_the_button(browser: Browser, site: Site) -> None:
    phone = await _phone(browser)
    await _subscribe(phone, site)
    await site.tell("Dune 8.50")
    await phone.page.get_by_role("link", name="Dune 8.50").first.click()
    await phone.page.locator("details.mute summary").click()
    sent: list[str | None] = []
    phone.page.on("request", lambda asked: sent.append(asked.post_data) if asked.method == "POST" else None)
    await phone.page.get_by_role("button", name="For an hour").dblclick()
    await expect(phone.page.get_by_text("is muted until")).to_be_visible()
    assert sent == ["for=hour"]


async def test_who_subscribes_reads_what_comes_without_a_reload(browser: Browser, site: Site) -> None:
    phone = await _phone(browser)
    page = phone.page
    await _subscribe(phone, site)
    assert page.url.endswith("/inbox")
    await expect(page.get_by_text("Nothing has been sent to you yet")).to_be_visible()
    await page.evaluate("window.sameDocument = true")

    async with page.expect_response("**/inbox/shown") as shown:
        await site.tell("The price fell.\n\nhttps://shop.example/dune", summary="Dune 12.00 → 8.50")
    assert (await shown.value).status == 204
    [(subscriber, _, _)] = await site.push.subscribers.all()
    assert [item.state for item in await site.push.inbox.items(subscriber)] == [DeliveryState.SHOWN]
    await expect(page.get_by_text("Nothing has been sent to you yet")).to_be_hidden()
    assert await page.evaluate("window.sameDocument")

    await page.get_by_role("link", name="Dune 12.00 → 8.50").click()
    await expect(page.get_by_role("heading", name="Dune 12.00 → 8.50")).to_be_visible()
    await page.clock.install(time=0)
    await page.clock.pause_at(1_000)
    await page.get_by_role("button", name="Copy text").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    await page.clock.fast_forward(2_000)
    await expect(page.get_by_role("button", name="Copy text")).to_be_visible()
    assert phone.complaints == []


@pytest.mark.faults
async def test_an_inbox_finds_back_after_the_server_was_away(
    browser: Browser, push: PushService, settings: Settings, site: Site
) -> None:
    phone = await _phone(browser)
    await _subscribe(phone, site)
    await site.server.stop()
    await expect(phone.page.get_by_role("status")).to_have_text("Reconnecting…")
    await site.tell("sent while away")
    again = await start_server(
        build_app(push, settings, DiskWatchReader(settings.watches)), open_socket("127.0.0.1", site.server.port)
    )
    await expect(phone.page.get_by_role("link", name="sent while away")).to_be_visible()
    await expect(phone.page.get_by_role("status")).to_have_text("Live")
    await phone.page.close()
    await again.stop()


async def test_nothing_that_a_sender_writes_runs(browser: Browser, site: Site) -> None:
    phone = await _phone(browser)
    await _subscribe(phone, site)
    for payload in _PAYLOADS:
        for content_type in (1, 2, 3):
            await site.tell(f"x {payload}", summary=payload, content_type=content_type)
    links = phone.page.locator(".item a")
    await expect(links).to_have_count(3 * len(_PAYLOADS))
    for path in await links.evaluate_all("links => links.map(link => link.href)"):
        await phone.page.goto(path)
        assert [await frame.evaluate("window.pwned") for frame in phone.page.frames[:1]] == [None]
    assert not [text for text in phone.complaints if "Failed to load resource" not in text]


@pytest.mark.faults
async def test_a_visitor_sees_the_test_message_arrive_on_the_device_that_scanned(browser: Browser, site: Site) -> None:
    visitor, reader = await _phone(browser), await _phone(browser)
    base = f"http://push.example:{site.server.port}"
    await visitor.page.goto(base)
    await visitor.page.get_by_role("link", name="Try it").click()
    await visitor.page.get_by_role("button", name="Show me a QR code").click()
    await expect(visitor.page.get_by_role("img", name="QR code")).to_be_visible()
    link = await visitor.page.get_by_role("link", name="Open it on this device").get_attribute("href")
    await reader.page.goto(f"{base}{link}")
    await reader.page.get_by_role("button", name="Subscribe").click()
    await expect(reader.page.get_by_role("link", name="It works")).to_be_visible()
    await expect(visitor.page.get_by_text("Shown on the device")).to_be_visible()
    assert visitor.complaints == reader.complaints == []


@pytest.mark.faults
async def test_no_name_makes_a_page_wider_than_the_phone(browser: Browser, site: Site) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="Donaudampfschifffahrtsgesellschaft" * 4))
    phone = await _phone(browser)
    await phone.page.goto(f"http://push.example:{site.server.port}/a/{app.slug}")
    await phone.page.get_by_role("button", name="Subscribe").click()
    await expect(phone.page.get_by_role("status")).to_have_text("Live")
    [(subscriber, _, _)] = await site.push.subscribers.all()
    await site.push.messages.send(app, make_draft("W" * 300, content_type=2, summary="W" * 100), uids=[subscriber.uid])
    await expect(phone.page.locator(".item")).to_have_count(1)
    [item] = await site.push.inbox.items(subscriber)
    for path in ("/inbox", "/subscriptions", f"/a/{app.slug}", f"/m/{item.message.slug}"):
        await phone.page.goto(f"http://push.example:{site.server.port}{path}")
        assert await phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.faults
async def test_a_wide_table_scrolls_and_breaks_no_word(browser: Browser, site: Site) -> None:
    phone = await _phone(browser)
    await _subscribe(phone, site)
    await site.tell("<table><tr>" + "<td>edition</td>" * 9 + "</tr></table>", content_type=2, summary="Table")
    await phone.page.get_by_role("link", name="Table").click()
    cell = phone.page.frame_locator("iframe").locator("td").first
    await expect(cell).to_be_visible()
    assert await cell.evaluate("cell => cell.clientHeight < 50")
