"""A process of its own that hands over what a database has queued: DATABASE PORT."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.push.builders import NOON
from watcher.core.channels import Address, ChannelName, Notification, SendResult, Sent
from watcher.push.opening import open_push_service


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Says each item's id and address on a connection of its own, and waits for the answer."""

    port: int
    name: ChannelName = ChannelName.WEB_PUSH
    at_once: int = 50

    def lane(self, address: Address) -> str:
        return address.value.partition("@")[2]

    async def send(self, notification: Notification, address: Address) -> SendResult:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"{notification.item_id} {address.value}\n".encode())
        await reader.readline()
        writer.close()
        return Sent()


async def main(database: str, port: str) -> None:
    service = await open_push_service(Path(database), now=lambda: NOON)
    wire = Wire(port=int(port))
    await service.deliveries.deliverer({wire.name: wire}, chance=lambda: 0.0, link=lambda message: message.slug).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
