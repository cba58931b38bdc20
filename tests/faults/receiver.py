"""A subscriber's device and a sender, over HTTP, that go on whatever becomes of the servers."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

PAUSE_SECONDS = 0.05
"""Between two tries."""
_CALL = ClientTimeout(total=5)
TROUBLE = (ClientError, OSError, TimeoutError, ValueError)
"""What a server that is killed does to its clients; half an answer is no JSON."""


def items_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items of an answer. Raises ValueError: the server says in it that it failed."""
    if answer["code"] != 1000:
        raise ValueError(answer["msg"])
    items: list[dict[str, Any]] = answer["data"]
    return items


class Receiver:
    """
    Reads its inbox: the live stream from where it was, now and then `since=` first, as a device that slept.

    Attributes:
        ids: of all items that it was given, in the order given.
    """

    def __init__(
        self,
        session: ClientSession,
        urls: Sequence[str],
        device_token: str,
        hear: Callable[[str], None],
        *,
        awake_seconds: float | None = None,
    ) -> None:
        """
        Args:
            urls: of servers that are one service; each time one of them is asked.
            hear: told the text of each item.
            awake_seconds: so long it listens at one server, at most.
        """
        self._session = session
        self._urls = urls
        self._stream = ClientTimeout(total=awake_seconds, sock_connect=5)
        self._headers = {"Cookie": f"watcher_device={device_token}"}
        self._hear = hear
        self.ids: list[int] = []

    async def run(self) -> None:
        """Receive until cancelled."""
        while True:
            with suppress(*TROUBLE):
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
            url = f"{random.choice(self._urls)}/api/v1/inbox?since={newest}"
            async with self._session.get(url, headers=self._headers, timeout=_CALL) as response:
                if response.status != 429:
                    return items_of(await response.json())
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        headers = {**self._headers, "Last-Event-ID": str(self._newest)}
        url = f"{random.choice(self._urls)}/inbox/events"
        async with self._session.get(url, headers=headers, timeout=self._stream) as response:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """
    A message that was acknowledged.

    Attributes:
        began_at, acknowledged_at: on the monotonic clock.
    """

    content: str
    began_at: float
    acknowledged_at: float


class Sender:
    """
    Sends one message after the other, each with a key of its own and until it is acknowledged.

    Attributes:
        name: what its contents begin with.
        sent: what was acknowledged, in order.
        tries: calls in all.
    """

    def __init__(
        self,
        session: ClientSession,
        urls: Sequence[str],
        body: Mapping[str, Any],
        name: str,
        *,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        """
        Args:
            urls: of servers that are one service; each try asks one of them.
            body: of each send, without its content.
            pause_seconds: after each that was acknowledged.
        """
        self._session = session
        self._urls = urls
        self._body = body
        self._pause_seconds = pause_seconds
        self.name = name
        self.sent: list[Sent] = []
        self.tries = 0

    @property
    def acknowledged(self) -> list[str]:
        """The contents that were acknowledged, in order."""
        return [each.content for each in self.sent]

    async def run(self, is_over: Callable[[], bool]) -> None:
        """Send until it is over; then end with the message under way acknowledged."""
        while not is_over():
            content, began_at = f"{self.name}n{len(self.sent) + 1}", time.monotonic()
            while not await self._try(content):  # noqa: ASYNC110 - the server may be dead
                await asyncio.sleep(PAUSE_SECONDS)
            self.sent.append(Sent(content=content, began_at=began_at, acknowledged_at=time.monotonic()))
            await asyncio.sleep(self._pause_seconds)

    async def _try(self, content: str) -> bool:
        self.tries += 1
        with suppress(*TROUBLE):
            url = f"{random.choice(self._urls)}/api/send/message"
            headers = {"Idempotency-Key": content}
            body = {**self._body, "content": content}
            async with self._session.post(url, json=body, headers=headers, timeout=_CALL) as response:
                answer = await response.json()
                return bool(answer["code"] == 1000 and answer["data"][0]["code"] == 1000)
        return False
