"""The service worker in a real browser: what it shows, what it tells the server, what it keeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.browser import in_one_browser
from tests.web.pages.phone import open_phone
from tests.web.site import Site
from watcher.core.push import DeliveryState, InboxItem, Subscriber
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

pytestmark = in_one_browser


_NOTIFICATIONS = """navigator.serviceWorker.ready
  .then((registration) => registration.getNotifications())
  .then((found) => found.map(({ title, body, tag, data }) => ({ title, body, tag, path: data.path })))"""
_CLOSE_ALL = """navigator.serviceWorker.ready
  .then((registration) => registration.getNotifications())
  .then((found) => found.forEach((notification) => notification.close()))"""
_SECONDS = 30
_STATE = "navigator.serviceWorker.controller?.state ?? ''"
_COPY = "caches.match('/inbox', { cacheName: 'private' }).then((answer) => answer ? answer.text() : '')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A browser that follows the topic and has our worker."""

    page: Page
    site: Site
    tools: CDPSession
    registration: str

    @property
    def base(self) -> str:
        return f"http://localhost:{self.site.server.port}"

    async def push(self, data: str) -> None:
        """
        Hand the worker a push message, as the browser does; returns when it has told the server what it showed.

        Whoever asks for the notifications earlier makes Chromium drop them: those that it keeps and does not show yet
        it takes for closed.
        """
        told = {"origin": self.base, "registrationId": self.registration, "data": data}
        async with self.page.context.expect_event("response", lambda answer: answer.url.endswith("/inbox/shown")):
            await self.tools.send("ServiceWorker.deliverPushMessage", told)

    async def shown(self, count: int) -> list[dict[str, str]]:
        """Wait for so many notifications; return them, oldest first, as title, body, path."""
        async with asyncio.timeout(_SECONDS):
            while True:
                found: list[dict[str, str]] = await self.page.evaluate(_NOTIFICATIONS)
                if len(found) == count:
                    return found

    async def subscriber(self) -> Subscriber:
        [(subscriber, _, _)] = await self.site.push.subscribers.all()
        return subscriber

    async def items(self) -> list[InboxItem]:
        return list(await self.site.push.inbox.items(await self.subscriber()))

    async def until_shown(self, *summaries: str) -> None:
        """Wait until exactly these messages count as shown."""
        async with asyncio.timeout(_SECONDS):
            while True:
                items = await self.items()
                shown = [each.message.draft.summary for each in items if each.state is DeliveryState.SHOWN]
                if shown == list(summaries):
                    return


@pytest_asyncio.fixture(loop_scope="package")
async def device(whole_browser: Browser, site: Site) -> AsyncIterator[Device]:
    """A device whose inbox was opened once, and left for the topic's page: nothing is on its screen."""
    async with open_phone(whole_browser, may_notify=True) as page:
        link = f"http://localhost:{site.server.port}/t/{(await site.topic()).slug}"
        await page.goto(link)
        await page.get_by_role("button", name="Subscribe").click()
        await expect(page.get_by_role("status")).to_have_text("Live")
        async with asyncio.timeout(_SECONDS):
            while await page.evaluate(_STATE) != "activated":
                pass
        await page.goto(link)
        tools = await page.context.new_cdp_session(page)
        registrations: list[str] = []
        tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: _note(registrations, event))
        await tools.send("ServiceWorker.enable")
        async with asyncio.timeout(_SECONDS):
            while not registrations:
                await page.evaluate(_STATE)
        yield Device(page=page, site=site, tools=tools, registration=registrations[-1])


def _note(registrations: list[str], event: Mapping[str, list[Mapping[str, str]]]) -> None:
    registrations += [each["registrationId"] for each in event["registrations"]]


def _payload(item: InboxItem, **more: Json) -> str:
    notification: dict[str, Json] = {
        "title": "Price drops",
        "body": item.message.draft.summary,
        "navigate": f"https://push.example/m/{item.message.slug}",
        "tag": "t",
        "lang": "en",
        "dir": "auto",
        "silent": False,
    }
    said: Json = {"web_push": 8030, "notification": notification | more, "d": {"id": item.id, "topic": "x", "ts": 1}}
    return json.dumps(said)


async def test_a_push_is_shown_and_the_server_hears_of_it(device: Device) -> None:
    await device.site.tell("Dune 12.00 → 8.50")
    [item] = await device.items()
    assert item.state is DeliveryState.SENT
    await device.push(_payload(item))
    [shown] = await device.shown(1)
    assert (shown["title"], shown["body"]) == ("Price drops", "Dune 12.00 → 8.50")
    assert shown["path"] == f"/m/{item.message.slug}"
    await device.until_shown("Dune 12.00 → 8.50")


@pytest.mark.faults
async def test_what_cannot_be_read_is_shown_as_something_all_the_same(device: Device) -> None:
    for data in ("", "not JSON", "[]", "{}", '{"notification": null}'):
        await device.push(data)
        [shown] = await device.shown(1)
        assert (shown["title"], shown["path"]) == ("watcher", "/inbox"), data
        await device.page.evaluate(_CLOSE_ALL)
        await device.shown(0)


@pytest.mark.faults
async def test_what_a_push_service_dropped_is_shown_with_the_next_push_at_most_three(device: Device) -> None:
    await device.site.tell("first")
    [first] = await device.items()
    await device.push(_payload(first))
    await device.until_shown("first")
    for number in range(5):
        await device.site.tell(f"missed {number}")
    await device.site.tell("last")
    *_, last = await device.items()
    await device.push(_payload(last, tag="u"))
    shown = await device.shown(5)
    assert {each["body"] for each in shown} == {"first", "missed 2", "missed 3", "missed 4", "last"}
    await device.until_shown("first", "missed 2", "missed 3", "missed 4", "last")


@pytest.mark.faults
async def test_what_was_missed_and_comes_after_all_stands_there_once(device: Device) -> None:
    for number in range(3):
        await device.site.tell(f"n{number}")
    first, late, last = await device.items()
    await device.push(_payload(first, tag="a"))
    await device.until_shown("n0")
    await device.push(_payload(last, tag="c"))
    await device.until_shown("n0", "n1", "n2")
    await device.push(_payload(late, tag="b"))
    async with asyncio.timeout(_SECONDS):
        while "b" not in {each["tag"] for each in await device.shown(3)}:
            pass
    assert sorted(each["body"] for each in await device.shown(3)) == ["n0", "n1", "n2"]


@pytest.mark.faults
async def test_a_tap_on_a_notification_tells_that_it_was_opened(device: Device) -> None:
    await device.site.tell("hello")
    [item] = await device.items()
    await device.push(_payload(item))
    await device.until_shown("hello")
    [worker] = device.page.context.service_workers
    async with device.page.context.expect_event(
        "response", lambda answer: answer.url.endswith("/inbox/opened")
    ) as told:
        # What a browser does on a tap, but for the right to open a window.
        await worker.evaluate(
            """registration.getNotifications().then(([notification]) =>
              void dispatchEvent(new NotificationEvent("notificationclick", { notification })))"""
        )
    answer = await told.value
    assert (answer.status, answer.request.post_data) == (204, f'{{"ids":[{item.id}]}}')
    assert await device.shown(0) == []


@pytest.mark.faults
async def test_opening_the_inbox_takes_its_notifications_back(device: Device) -> None:
    await device.site.tell("hello")
    [item] = await device.items()
    await device.push(_payload(item))
    await device.shown(1)
    await device.page.goto(f"{device.base}/inbox")
    assert await device.shown(0) == []


@pytest.mark.faults
async def test_without_a_network_the_inbox_shows_what_came_last(device: Device, settings: Settings) -> None:
    await device.site.tell("still readable")
    [item] = await device.items()
    await device.push(_payload(item))
    await device.until_shown("still readable")
    await _kept(device, "still readable")
    await device.site.server.stop()
    await device.page.goto(f"{device.base}/inbox")
    await expect(device.page.get_by_role("link", name="still readable")).to_be_visible()
    await expect(device.page.get_by_role("status")).to_have_text("Reconnecting…")
    assert await device.page.evaluate("getComputedStyle(document.querySelector('.item')).borderRadius") != "0px"

    await device.page.goto(f"{device.base}/m/{item.message.slug}")
    assert device.page.url.endswith("/inbox")

    again = await start_server(
        build_app(device.site.push, settings, DiskWatchReader(settings.watches)),
        open_socket("127.0.0.1", _port(device)),
    )
    await device.page.goto(f"{device.base}/m/{item.message.slug}")
    await expect(device.page.get_by_role("heading", name="still readable")).to_be_visible()
    await device.page.goto("about:blank")
    await again.stop()


@pytest.mark.faults
async def test_nothing_private_stays_after_a_form_that_may_change_whose_inbox_it_is(device: Device) -> None:
    await device.site.tell("secret")
    await device.page.goto(f"{device.base}/inbox")
    await _kept(device, "secret")
    other = (await device.site.reader()).subscriber
    claim = await device.site.push.claims.add(other)
    await device.page.goto(f"{device.base}/claim/{claim}")
    await expect(device.page.get_by_text("has an inbox of its own")).to_be_visible()
    await device.page.get_by_role("button", name="Continue").click()
    await expect(device.page.get_by_text("Nothing has been sent to you yet")).to_be_visible()
    await _kept(device, 'data-after="0"')


@pytest.mark.faults
async def test_nothing_private_stays_on_a_device_that_is_nobodys(device: Device) -> None:
    await device.site.tell("secret")
    await device.page.goto(f"{device.base}/inbox")
    await _kept(device, "secret")
    await device.page.context.clear_cookies()
    await device.page.goto(f"{device.base}/inbox")
    await expect(device.page.get_by_role("link", name="Try it")).to_be_visible()
    await _kept(device, "")


async def _kept(device: Device, words: str) -> None:
    """Wait until the device's copy of the inbox has these words; without words: until there is none."""
    async with asyncio.timeout(_SECONDS):
        while True:
            copy: str = await device.page.evaluate(_COPY)
            if words in copy and bool(words) == bool(copy):
                return


def _port(device: Device) -> int:
    return int(device.base.rpartition(":")[2])
