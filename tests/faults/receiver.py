"""A subscriber's device and a sender, over HTTP, that go on whatever becomes of the server."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

PAUSE_SECONDS = 0.05
"""Between two tries."""
_CALL = ClientTimeout(total=5)
_STREAM = ClientTimeout(total=None, sock_connect=5)
_TROUBLE = (ClientError, OSError, TimeoutError, ValueError)
"""What a server that is killed does to its clients; half an answer is no JSON."""


class Receiver:
    """
    Reads its inbox: the live stream from where it was, now and then `since=` first, as a device that slept.

    Attributes:
        ids: of all items that it was given, in the order given.
    """

    def __init__(self, session: ClientSession, url: str, device_token: str, hear: Callable[[str], None]) -> None:
        """
        Args:
            hear: told the text of each item.
        """
        self._session = session
        self._url = url
        self._headers = {"Cookie": f"watcher_device={device_token}"}
        self._hear = hear
        self.ids: list[int] = []

    async def run(self) -> None:
        """Receive until cancelled."""
        while True:
            with suppress(*_TROUBLE):
                if random.random() < 0.3:
                    await self._catch_up()
                await self._listen()
            await asyncio.sleep(PAUSE_SECONDS)

    async def all_items(self) -> list[dict[str, Any]]:
        """Return the whole inbox, oldest first, as the server has it now."""
        items: list[dict[str, Any]] = []
        while page := await self._since(items[-1]["id"] if items else 0):
            items += page
        return items

    async def _catch_up(self) -> None:
        for item in await self._since(self._newest):
            self._take(item["id"], item["summary"] + "\n" + item["content"])

    async def _since(self, newest: int) -> list[dict[str, Any]]:
        """Return the next items, once the server lets this device ask."""
        while True:
            url = f"{self._url}/api/v1/inbox?since={newest}"
            async with self._session.get(url, headers=self._headers, timeout=_CALL) as response:
                if response.status != 429:
                    response.raise_for_status()
                    found: list[dict[str, Any]] = (await response.json())["data"]
                    return found
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        headers = {**self._headers, "Last-Event-ID": str(self._newest)}
        async with self._session.get(f"{self._url}/inbox/events", headers=headers, timeout=_STREAM) as response:
            response.raise_for_status()
            await self._read(response)

    async def _read(self, response: ClientResponse) -> None:
        async for line in response.content:
            if line.startswith(b"data: {") and line.endswith(b"\n"):
                item = json.loads(line.removeprefix(b"data: "))
                self._take(item["id"], item["html"])

    def _take(self, item_id: int, text: str) -> None:
        self.ids.append(item_id)
        self._hear(text)

    @property
    def _newest(self) -> int:
        return self.ids[-1] if self.ids else 0


class Sender:
    """
    Sends one message after the other to a topic, each with a key of its own and until it is acknowledged.

    Attributes:
        name: what its contents begin with.
        acknowledged: the contents that were, in their order.
        tries: calls in all.
    """

    def __init__(self, session: ClientSession, url: str, app_token: str, topic_id: int, name: str) -> None:
        self._session = session
        self._url = f"{url}/api/send/message"
        self._body = {"appToken": app_token, "topicIds": [topic_id]}
        self.name = name
        self.acknowledged: list[str] = []
        self.tries = 0

    async def run(self, is_over: Callable[[], bool]) -> None:
        """Send until it is over; then end with the message under way acknowledged."""
        while not is_over():
            content = f"{self.name}n{len(self.acknowledged) + 1}"
            while not await self._try(content):  # noqa: ASYNC110 - the server may be dead
                await asyncio.sleep(PAUSE_SECONDS)
            self.acknowledged.append(content)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _try(self, content: str) -> bool:
        self.tries += 1
        with suppress(*_TROUBLE):
            headers = {"Idempotency-Key": content}
            body = {**self._body, "content": content}
            async with self._session.post(self._url, json=body, headers=headers, timeout=_CALL) as response:
                answer = await response.json()
                return bool(answer["code"] == 1000 and answer["data"][0]["code"] == 1000)
        return False
