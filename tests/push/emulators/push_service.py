"""A push service (RFC 8030): a real one on loopback, that checks who sends and reads what only browsers could."""

from __future__ import annotations

import asyncio
import json
import os
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from yarl import URL

from tests.running import serving
from watcher.push.channels.webpush.encryption import encoded_point
from watcher.push.channels.webpush.keys import base64url

ORIGIN = "https://fcm.googleapis.com"


class Browser:
    """The keys that a browser keeps for one subscription, and that subscription."""

    def __init__(self, token: str = "a-token", origin: str = ORIGIN) -> None:
        self.endpoint = f"{origin}/fcm/send/{token}"
        self.path = URL(self.endpoint).path
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    @property
    def subscription(self) -> str:
        """What its page posts."""
        keys = {"p256dh": base64url(encoded_point(self._private.public_key())), "auth": base64url(self._auth)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def read(self, body: bytes) -> dict[str, Any]:
        """Return what was encrypted for it; raises what `http_ece` raises."""
        plaintext = http_ece.decrypt(body, private_key=self._private, auth_secret=self._auth, version="aes128gcm")
        said: dict[str, Any] = json.loads(plaintext)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One request: its headers, the size of its body, whom its token names, and what it says when decrypted."""

    headers: dict[str, str]
    size: int
    claims: dict[str, Any]
    said: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered to a request."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class PushServer:
    """
    Attributes:
        answer: gives the answer to each request.
        browsers: those that subscribed, by the path of their endpoint; anything else is not there.
        gate: holds answers back while it is clear.
    """

    url: URL
    answer: Callable[[Push], Answer] = lambda _: Answer()
    browsers: dict[str, Browser] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    pushes: list[Push] = field(default_factory=list)
    busy: int = 0
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    def subscribe(self, token: str = "a-token", origin: str = ORIGIN) -> Browser:
        browser = Browser(token, origin)
        self.browsers[browser.path] = browser
        return browser

    def route(self, endpoint: URL) -> URL:
        """Return where an endpoint of any push service is really served: here."""
        return self.url.with_path(endpoint.raw_path, encoded=True)

    async def holds(self, number: int) -> None:
        """Return once so many requests wait for their answer."""
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: self.busy >= number)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        browser = self.browsers.get(request.path)
        if browser is None:
            return web.Response(status=404)
        push = _checked(request, body, browser)
        self.pushes.append(push)
        async with self._came:
            self.busy += 1
            self._came.notify_all()
        await self.gate.wait()
        self.busy -= 1
        answer = self.answer(push)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


def _checked(request: web.Request, body: bytes, browser: Browser) -> Push:
    claims = claims_of(request.headers["Authorization"])
    return Push(headers=dict(request.headers), size=len(body), claims=claims, said=browser.read(body))


def claims_of(authorization: str) -> dict[str, Any]:
    """Return the claims of a `vapid t=…, k=…` header (RFC 8292 §3) whose signature is right."""
    scheme, _, parameters = authorization.partition(" ")
    assert scheme == "vapid"
    named = dict(part.strip().split("=", 1) for part in parameters.split(","))
    # py_vapid knows no space after the comma.
    assert Vapid02.verify(f"vapid t={named['t']},k={named['k']}")
    _, claims, _ = named["t"].split(".")
    found: dict[str, Any] = json.loads(urlsafe_b64decode(claims + "=="))
    return found


@asynccontextmanager
async def a_push_service() -> AsyncIterator[PushServer]:
    """Run one that takes everything."""
    app = web.Application()
    service = PushServer(url=URL())
    service.gate.set()
    app.router.add_post("/{path:.*}", service.handle)
    async with serving(app) as url:
        service.url = URL(url)
        try:
            yield service
        finally:
            service.gate.set()
