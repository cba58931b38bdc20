"""A real Chromium subscribes, and shows what the channel sends; Google is played by an emulator on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from tests.browser import needs_chromium, open_profile
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.gcm import ENDPOINTS, FakeGcm
from tests.running import serving
from watcher.core.channels import Gone, Sent
from watcher.net import Sessions
from watcher.push.channels.webpush.channel import WebPushChannel
from watcher.push.channels.webpush.encryption import CURVE
from watcher.push.channels.webpush.keys import VapidKeys
from watcher.push.channels.webpush.subscription import PushSubscription

pytestmark = [pytest.mark.faults, needs_chromium]

_PAGE = """<!doctype html><title>Push</title><script>
async function subscribe(key) {
  await navigator.serviceWorker.register("/worker.js");
  const worker = await navigator.serviceWorker.ready;
  const made = await worker.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key});
  return JSON.stringify(made);
}
async function unsubscribe() {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.pushManager.getSubscription()).unsubscribe();
}
</script>"""
_WORKER = """
self.addEventListener("push", event => {
  const said = event.data.json();
  event.waitUntil(Promise.all([
    self.registration.showNotification(said.notification.title, said.notification),
    fetch("/received", {method: "POST", body: event.data.text()}),
  ]));
});
"""


@dataclass(slots=True, kw_only=True)
class Site:
    """The page that subscribes, and what its service worker received."""

    url: str
    received: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)


@asynccontextmanager
async def a_site() -> AsyncIterator[Site]:
    site = Site(url="")

    async def receive(request: web.Request) -> web.Response:
        site.received.put_nowait(json.loads(await request.text()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/", _page)
    app.router.add_get("/worker.js", _worker)
    app.router.add_post("/received", receive)
    async with serving(app) as site.url:
        yield site


async def _page(_: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html")


async def _worker(_: web.Request) -> web.Response:
    return web.Response(text=_WORKER, content_type="text/javascript")


async def test_a_browser_subscribes_receives_and_unsubscribes(tmp_path: Path) -> None:
    keys = VapidKeys.of(ec.generate_private_key(CURVE))
    async with (
        asyncio.timeout(60),
        FakeGcm() as gcm,
        a_site() as site,
        open_profile(tmp_path, *gcm.chromium_arguments) as browser,
        Sessions(is_allowed=lambda _: True) as sessions,
    ):
        channel = WebPushChannel(
            sessions, keys, "mailto:operator@push.example", now=lambda: datetime.now(UTC), route=gcm.route
        )
        page = await browser.new_page()
        await page.goto(site.url)

        subscription = PushSubscription.parse(await page.evaluate("key => subscribe(key)", keys.public))
        assert subscription.endpoint.startswith(str(ENDPOINTS))
        address = an_address(subscription.text)

        for number, summary in enumerate(("Dune 12.00 → 8.50", "降价：12.00 → 8.50"), start=1):
            notification = a_notification(summary, item_id=number, lasts=timedelta(days=10_000))
            assert await channel.send(notification, address) == Sent()
            received = await site.received.get()
            assert received["notification"]["body"] == summary
            assert received["d"]["id"] == number

        assert await page.evaluate("unsubscribe()")
        await gcm.has(subscriptions=0)
        assert isinstance(await channel.send(a_notification(), address), Gone)

        again = PushSubscription.parse(await page.evaluate("key => subscribe(key)", keys.public))
        assert again.fingerprint != subscription.fingerprint
        gcm.forget()
        assert isinstance(await channel.send(a_notification(), an_address(again.text)), Gone)
