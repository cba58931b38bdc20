"""What the tests of the web side say often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count

from aiohttp import ClientResponse, ClientSession

from watcher.core.push import App, AppProfile, NewSubscriber, PushTopic, TargetResult, TopicDraft
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.web.sessions.device import DEVICE_COOKIE
from watcher.web.transport.server import RunningServer

JSON = {"Content-Type": "application/json"}
PASSWORD = "correct horse battery staple"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running server with its push service, and a client that keeps no cookies."""

    push: PushService
    client: ClientSession
    server: RunningServer
    base: str
    _numbers: count[int] = field(default_factory=lambda: count(1))

    async def topic(self) -> PushTopic:
        """The watcher's topic `demo`."""
        return (await self.push.topics.all())[0]

    async def reader(self) -> NewSubscriber:
        """Someone who follows the topic."""
        return await self.push.subscribers.add(topic_ids=[(await self.topic()).id])

    async def app(self) -> tuple[App, str]:
        """An application of a sender, with its token."""
        return await self.push.apps.add(AppProfile(name="Shop", contact="shop@example.org", description="Sells books"))

    async def tell(
        self, content: str, *, summary: str | None = None, content_type: int = 1, url: str | None = None
    ) -> TargetResult:
        """Publish to the topic, as the watcher does."""
        draft = make_draft(content, summary=summary, content_type=content_type, url=url)
        key = f"told-{next(self._numbers)}"
        return (await self.push.messages.publish([TopicDraft(idempotency_key=key, topic="demo", draft=draft)]))[0]

    async def get(
        self, path: str, *, device: NewSubscriber | None = None, headers: Mapping[str, str] | None = None
    ) -> ClientResponse:
        """GET without following redirects."""
        return await self.client.get(path, headers=_headers(device, headers), allow_redirects=False)

    async def post(
        self,
        path: str,
        *,
        device: NewSubscriber | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ClientResponse:
        """POST without following redirects."""
        return await self.client.post(
            path, data=BytesIO(body or b""), headers=_headers(device, headers), allow_redirects=False
        )


def _headers(device: NewSubscriber | None, headers: Mapping[str, str] | None) -> dict[str, str]:
    return {**(headers or {}), **({"Cookie": f"{DEVICE_COOKIE}={device.device_token}"} if device else {})}
