"""
Google's side of Web Push in Chromium, on loopback, as far as a browser needs it to subscribe and to receive.

    Chromium ── check-in ──▶ who am I            ◀── AndroidCheckinResponse: an id and its secret
             ── register ──▶ a page subscribes   ◀── token=…, the end of its endpoint
             ══ MCS (TLS) ═▶ LoginRequest        ◀══ LoginResponse, then a DataMessageStanza for each push
    sender   ── RFC 8030 ──▶ POST /fcm/send/…    ◀── 201, or 410 once the browser has unsubscribed

Source: Chromium's google_apis/gcm/protocol (checkin.proto, mcs.proto) and google_apis/gcm/engine.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from aiohttp import web
from yarl import URL

from tests.certificates import an_identity
from tests.push.emulators.push_service import claims_of

ENDPOINTS: Final = URL("https://jmt17.google.com/fcm/send/")
"""Where a Chromium without Google's keys believes that it is reached."""
_VERSION: Final = 41
_PING, _PING_ACK, _LOGIN, _LOGIN_ANSWER, _DATA_MESSAGE = 0, 1, 2, 3, 8
_ANDROID_ID: Final = 1234567890123456789
_SECONDS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One page's subscription. `app` and `subtype` are how Chromium finds the page again."""

    app: str
    subtype: str
    sender: str


class FakeGcm:
    """A Google for one Chromium, inside `async with`."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._registrations: dict[str, Registration] = {}
        self._changed = asyncio.Condition()
        self._ids = count(1)
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._web_port = self._push_port = self._mcs_port = 0

    @property
    def chromium_arguments(self) -> list[str]:
        """What a Chromium is started with, so that it takes this for Google."""
        web_url = f"https://127.0.0.1:{self._web_port}"
        return [
            f"--gcm-checkin-url={web_url}/checkin",
            f"--gcm-registration-url={web_url}/register",
            f"--gcm-mcs-endpoint=https://127.0.0.1:{self._mcs_port}",
            "--ignore-certificate-errors",
        ]

    def route(self, endpoint: URL) -> URL:
        """Return where an endpoint of Google's is really served: here."""
        return URL(f"http://127.0.0.1:{self._push_port}").with_path(endpoint.raw_path, encoded=True)

    async def has(self, subscriptions: int) -> None:
        """Return once there are so many: a browser tells of an end after its page knows."""
        async with asyncio.timeout(_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self._registrations) == subscriptions)

    def forget(self) -> None:
        """End all subscriptions without telling the browser: whoever sends gets 410."""
        self._registrations.clear()

    async def __aenter__(self) -> Self:
        context = an_identity().server(Path(self._stack.enter_context(TemporaryDirectory())))
        app = web.Application()
        app.router.add_post("/checkin", self._check_in)
        app.router.add_post("/register", self._register)
        app.router.add_post("/fcm/send/{token}", self._push)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        for tls in (context, None):
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        self._web_port, self._push_port = (address[1] for address in runner.addresses)
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=context)
        self._stack.callback(server.close)
        self._mcs_port = server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _check_in(self, request: web.Request) -> web.Response:
        await request.read()
        now = int(datetime.now(UTC).timestamp() * 1000)
        body = _number(1, 1) + _number(3, now) + _fixed(7, _ANDROID_ID) + _fixed(8, _ANDROID_ID)
        return web.Response(body=body, content_type="application/x-protobuf")

    async def _register(self, request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        subtype = form.get("X-subtype", "")
        token = f"token-{next(self._ids)}:emulated"
        async with self._changed:
            if form.get("delete") == "true":
                self._drop(subtype)
            elif subtype.startswith("wp:"):  # the browser registers for purposes of its own, too
                self._registrations[token] = Registration(app=form["app"], subtype=subtype, sender=form["sender"])
            self._changed.notify_all()
        return web.Response(text=f"token={token}")

    def _drop(self, subtype: str) -> None:
        self._registrations = {
            token: registration
            for token, registration in self._registrations.items()
            if registration.subtype != subtype
        }

    async def _push(self, request: web.Request) -> web.Response:
        body = await request.read()
        registration = self._registrations.get(request.match_info["token"])
        if registration is None:
            return web.Response(status=410)
        if claims_of(request.headers["Authorization"])["aud"] != str(ENDPOINTS.origin()):
            return web.Response(status=403)
        assert request.headers["Content-Encoding"] == "aes128gcm"
        assert int(request.headers["TTL"]) >= 0
        await self._waiting.put(self._stanza(registration, body))
        return web.Response(status=201)

    def _stanza(self, registration: Registration, body: bytes) -> bytes:
        number = next(self._ids)
        return _packet(
            _DATA_MESSAGE,
            _text(2, f"message-{number}")
            + _text(3, registration.sender)
            + _text(5, registration.app)
            + _bytes(7, _text(1, "subtype") + _text(2, registration.subtype))
            + _bytes(7, _text(1, "content-encoding") + _text(2, "aes128gcm"))
            + _text(9, f"0:{number}")
            + _bytes(21, body),
        )

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            await self._converse(reader, writer)
        writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_SECONDS):
            assert (await reader.readexactly(1))[0] == _VERSION
            tag, _ = await _read_packet(reader)
        assert tag == _LOGIN
        writer.write(bytes([_VERSION]) + _packet(_LOGIN_ANSWER, _text(1, "login-1")))
        telling = asyncio.create_task(self._tell(writer))
        try:
            while True:
                tag, _ = await _read_packet(reader)
                if tag == _PING:
                    writer.write(_packet(_PING_ACK, b""))
        finally:
            telling.cancel()

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(await self._waiting.get())


async def _read_packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    [tag] = await reader.readexactly(1)
    size = shift = 0
    while True:
        [part] = await reader.readexactly(1)
        size |= (part & 0x7F) << shift
        shift += 7
        if part < 0x80:
            return tag, await reader.readexactly(size)


def _packet(tag: int, message: bytes) -> bytes:
    return bytes([tag]) + _varint(len(message)) + message


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _fixed(field: int, value: int) -> bytes:
    return _varint(field << 3 | 1) + value.to_bytes(8, "little")


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())
