"""A process of its own that publishes to a topic: DATABASE TOPIC COUNT."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from tests.push.builders import NOON, to_topic
from watcher.push.opening import open_push_service


async def main(database: str, topic: str, count: str) -> None:
    service = await open_push_service(Path(database), now=lambda: NOON)
    for number in range(int(count)):
        [result] = await service.messages.publish([to_topic(topic, key=f"{os.getpid()} {number}")])
        assert result.code == 1000
    await service.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
