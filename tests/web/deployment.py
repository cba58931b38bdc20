"""The whole of the program over one data directory, and a watch whose topic it serves, for a real browser to follow."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from yarl import URL

from watcher.core.channels import ChannelName
from watcher.core.push import DeliveryState
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.net import Sessions
from watcher.push.channels.offered import Channels
from watcher.push.channels.webpush.channel import WebPushChannel
from watcher.push.channels.webpush.keys import keys_of
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

NOTIFICATIONS: Final = """navigator.serviceWorker.ready
  .then((registration) => registration.getNotifications())
  .then((found) => found.map(({ title, body }) => `${title}: ${body}`))"""
UNSUBSCRIBE: Final = """navigator.serviceWorker.ready
  .then((registration) => registration.pushManager.getSubscription())
  .then((subscription) => subscription.unsubscribe())"""
WATCHES: Final = """
topics:
  deals: {{name: Price drops}}
watches:
  dune:
    url: {url}/dune
    allow_private: true
    topic: deals
    extract:
      price: {{css: .price, type: money}}
    message:
      summary: "Dune {{{{ price.old }}}} → {{{{ price.new }}}}"
"""
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A data directory with its push service, its server and its deliverer."""

    data: Path
    service: PushService
    base: str

    async def check(self, watches: Path) -> None:
        """Run `watcher check`, as cron does."""
        command = [sys.executable, "-m", "watcher", "check", "--config", str(watches), "--data", str(self.data)]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()

    async def topic_page(self) -> str:
        [topic] = [topic for topic in await self.service.topics.all() if topic.key == "deals"]
        return f"{self.base}/t/{topic.slug}"

    async def until_shown(self, summary: str) -> None:
        """Wait until the subscriber's device said that it showed the message."""
        [(subscriber, _, _)] = await self.service.subscribers.all()
        while True:
            items = await self.service.inbox.items(subscriber)
            if [each.state for each in items if each.message.draft.summary == summary] == [DeliveryState.SHOWN]:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def until_reached_by(self, *channels: ChannelName) -> None:
        """Wait until exactly these lead to somebody."""
        while await self._channels() != [*channels]:  # noqa: ASYNC110 the database is what is looked at
            await asyncio.sleep(_LOOK_SECONDS)

    async def _channels(self) -> list[ChannelName]:
        subscribers = [subscriber for subscriber, _, _ in await self.service.subscribers.all()]
        addresses = [await self.service.addresses.of(subscriber) for subscriber in subscribers]
        return [address.channel for of_one in addresses for address in of_one]


@asynccontextmanager
async def deployed(data: Path, route: Callable[[URL], URL]) -> AsyncIterator[Deployment]:
    """Serve a data directory while the context lasts; `route` leads from its push services to an emulator."""
    listening = open_socket("127.0.0.1", 0)
    base = f"http://localhost:{listening.getsockname()[1]}"
    keys = keys_of(data)
    service = await open_push_service(data / "push.db", now=lambda: datetime.now(UTC))
    await service.topics.declare([Topic(key="deals", name="Price drops")])
    async with Sessions(is_allowed=lambda _: True) as sessions:
        channel = WebPushChannel(
            sessions, keys, "mailto:operator@push.example", now=lambda: datetime.now(UTC), route=route
        )
        deliverer = service.deliveries.deliverer(
            {ChannelName.WEB_PUSH: channel}, chance=random.random, link=lambda message: f"{base}/m/{message.slug}"
        )
        channels = Channels(by_name={channel.name: channel}, push_key=keys.public)
        settings = Settings(data=data, base_url=base)
        server = await start_server(
            build_app(service, settings, DiskWatchReader(settings.watches), channels), listening
        )
        delivering = asyncio.create_task(deliverer.run())
        try:
            yield Deployment(data=data, service=service, base=base)
        finally:
            delivering.cancel()
            await asyncio.wait([delivering])
            await server.stop()
            await service.close()
