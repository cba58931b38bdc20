"""A process of its own that posts what a database has queued for robots: DATABASE URL."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from yarl import URL

from tests.push.builders import NOON
from watcher.core.channels import ChannelName
from watcher.net import Sessions
from watcher.push.channels.robots.channel import RobotChannel
from watcher.push.channels.robots.kind import service_of
from watcher.push.opening import open_push_service

_NAMES = (ChannelName.WECOM, ChannelName.FEISHU, ChannelName.DINGTALK)


async def main(database: str, url: str) -> None:
    service = await open_push_service(Path(database), now=lambda: NOON)
    async with Sessions() as sessions:
        channels = {
            name: RobotChannel(
                service_of(name),
                sessions,
                now=lambda: NOON,
                seconds=time.monotonic,
                route=lambda webhook: URL(url + webhook.raw_path_qs, encoded=True),
            )
            for name in _NAMES
        }
        await service.deliveries.deliverer(channels, chance=lambda: 0.0, link=lambda message: message.slug).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
