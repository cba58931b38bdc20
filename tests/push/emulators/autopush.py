"""
Mozilla's side of Web Push in Firefox, on loopback, as far as a browser needs it to subscribe and to receive.

    Firefox ══ WebSocket ═▶ hello               ◀══ who it is from now on
                            register            ◀══ the endpoint of one page
                            unregister          ◀══ 200
                            ack                 ◀── nothing; before it, a notification for each push
    sender  ── RFC 8030 ──▶ POST /wpush/v2/…    ◀── 201, or 410 once the browser has unsubscribed

Source: Firefox's dom/push/PushServiceWebSocket.sys.mjs, whose messages are those of Mozilla's autopush.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

from aiohttp import web
from yarl import URL

from tests.push.emulators.push_service import claims_of
from watcher.push.channels.webpush.keys import base64url

ENDPOINTS: Final = URL("https://updates.push.services.mozilla.com/wpush/v2/")
"""Where a Firefox believes that it is reached."""
_USER_AGENT_ID: Final = "9e0b4a0f6a5c4d6fa2e1c7b8d9e0f1a2"
_SECONDS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One page's subscription. `channel` is how Firefox finds the page again, `key` whose tokens it takes."""

    channel: str
    key: str


class FakeAutopush:
    """A Mozilla for one Firefox, inside `async with`."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._registrations: dict[str, Registration] = {}
        self._changed = asyncio.Condition()
        self._ids = count(1)
        self._waiting: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self._port = 0

    @property
    def firefox_preferences(self) -> dict[str, bool | str]:
        """What a Firefox is started with, so that it takes this for Mozilla."""
        return {
            "dom.push.connection.enabled": True,
            "dom.push.serverURL": f"ws://127.0.0.1:{self._port}/",
            "dom.push.testing.allowInsecureServerURL": True,
        }

    def route(self, endpoint: URL) -> URL:
        """Return where an endpoint of Mozilla's is really served: here."""
        return URL(f"http://127.0.0.1:{self._port}").with_path(endpoint.raw_path, encoded=True)

    async def has(self, subscriptions: int) -> None:
        """Return once there are so many: a browser tells of an end after its page knows."""
        async with asyncio.timeout(_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self._registrations) == subscriptions)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._connected)
        app.router.add_post("/wpush/v2/{token}", self._push)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._port = runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=["push-notification"])
        await socket.prepare(request)
        telling = asyncio.create_task(self._tell(socket))
        try:
            async for message in socket:
                answer = await self._answer(message.json())
                if answer is not None:
                    await socket.send_json(answer)
        finally:
            telling.cancel()
        return socket

    async def _tell(self, socket: web.WebSocketResponse) -> None:
        while True:
            await socket.send_json(await self._waiting.get())

    async def _answer(self, said: dict[str, str]) -> dict[str, object] | None:
        match said:
            case {"messageType": "hello"}:
                return {**_ok("hello"), "uaid": _USER_AGENT_ID, "use_webpush": True, "broadcasts": {}}
            case {"messageType": "register", "channelID": channel, "key": key}:
                endpoint = await self._register(channel, key)
                return {**_ok("register"), "channelID": channel, "pushEndpoint": str(endpoint)}
            case {"messageType": "unregister", "channelID": channel}:
                await self._unregister(channel)
                return {**_ok("unregister"), "channelID": channel}
            case {"messageType": "ack" | "broadcast_subscribe"}:
                return None
            case _:
                assert not said, f"no such message: {said}"
                return {}  # a ping, and its answer

    async def _register(self, channel: str, key: str) -> URL:
        token = f"token-{next(self._ids)}"
        async with self._changed:
            self._registrations[token] = Registration(channel=channel, key=key.rstrip("="))
            self._changed.notify_all()
        return ENDPOINTS / token

    async def _unregister(self, channel: str) -> None:
        async with self._changed:
            self._registrations = {
                token: registration
                for token, registration in self._registrations.items()
                if registration.channel != channel
            }
            self._changed.notify_all()

    async def _push(self, request: web.Request) -> web.Response:
        body = await request.read()
        registration = self._registrations.get(request.match_info["token"])
        if registration is None:
            return web.Response(status=410)
        authorization = request.headers["Authorization"]
        is_meant_for_us = claims_of(authorization)["aud"] == str(ENDPOINTS.origin())
        if not is_meant_for_us or not authorization.endswith(f"k={registration.key}"):
            return web.Response(status=403)
        assert request.headers["Content-Encoding"] == "aes128gcm"
        assert int(request.headers["TTL"]) >= 0
        await self._waiting.put(self._notification(registration, body))
        return web.Response(status=201)

    def _notification(self, registration: Registration, body: bytes) -> dict[str, object]:
        return {
            "messageType": "notification",
            "channelID": registration.channel,
            "version": f"message-{next(self._ids)}",
            "headers": {"encoding": "aes128gcm"},
            "data": base64url(body),
        }


def _ok(name: str) -> dict[str, object]:
    return {"messageType": name, "status": 200}
