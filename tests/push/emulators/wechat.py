"""
WeChat's side: a fake api.weixin.qq.com on loopback, and what posts its events to a callback.

It knows one account with one template, and gives out access tokens that can be taken back. It answers as WeChat does:
always HTTP 200, and an `errcode`. Scripted answers come first, in order, whatever is asked.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from aiohttp import ClientSession, ClientTimeout, web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.running import serving
from watcher.push.channels.wechat.settings import WeChatSettings

AES_KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT: Final = WeChatSettings(
    app_id="wx0123456789abcdef",
    secret="0123456789abcdef0123456789abcdef",
    token="callbacktoken",
    template_id="TM00000000000000000000000000000000000000001",
)

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """One answer out of the ordinary; it hangs while `is_silent`."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    is_silent: bool = False


def an_error(code: int, said: str = "scripted") -> Scripted:
    return Scripted(body=json.dumps({"errcode": code, "errmsg": said}).encode())


@dataclass(slots=True, kw_only=True)
class WeChat:
    """
    The fake.

    Attributes:
        left: followers who are none any more, with the errcode that a send to them is answered with.
        quota: how many messages may still be sent today; None: any number.
        tokens_asked, tokens_forced: how often.
        sent: the messages taken, without repeats.
        scenes: of the QR codes made.
        scripts: answers to calls other than for tokens; `token_scripts`: to those.
        gate: while it is clear, no request for a token is answered.
    """

    url: str
    left: dict[str, int] = field(default_factory=dict)
    quota: int | None = None
    expires_in: int = 7200
    tokens_asked: int = 0
    tokens_forced: int = 0
    calls: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    sent: list[Json] = field(default_factory=list)
    scenes: list[str] = field(default_factory=list)
    scripts: deque[Scripted] = field(default_factory=deque)
    token_scripts: deque[Scripted] = field(default_factory=deque)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _token: str = field(default_factory=lambda: secrets.token_hex(64))
    _good: set[str] = field(default_factory=set)
    _spoilt: set[str] = field(default_factory=set)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    @property
    def settings(self) -> WeChatSettings:
        return replace(ACCOUNT, api=self.url)

    def revoke(self) -> None:
        """Somebody else forced another token, and the five minutes in which both are good have passed."""
        self._good.clear()
        self._token = secrets.token_hex(64)

    def spoil(self) -> None:
        """The token is refused from now on, and yet given out again until another one is forced."""
        self._good.clear()
        self._spoilt.add(self._token)

    async def stable_token(self, request: web.Request) -> web.StreamResponse:
        said = json.loads(await request.read())
        self.tokens_asked += 1
        await self.gate.wait()
        if self.token_scripts:
            return await self._scripted(self.token_scripts.popleft())
        if said["appid"] != ACCOUNT.app_id:
            return _error(40013)
        if said["secret"] != ACCOUNT.secret:
            return _error(40001)
        if said["force_refresh"]:
            self.tokens_forced += 1
            self._token = secrets.token_hex(64)
        if self._token not in self._spoilt:
            self._good.add(self._token)
        return web.json_response({"access_token": self._token, "expires_in": self.expires_in})

    async def send(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.bodies.append(body)
        if (early := await self._early(request)) is not None:
            return early
        said = json.loads(body)
        if said["touser"] in self.left:
            return _error(self.left[said["touser"]])
        if said["template_id"] != ACCOUNT.template_id:
            return _error(40037)
        if not all(one["value"] for one in said["data"].values()):
            return _error(47003)
        repeat = (said["touser"], said["client_msg_id"])
        if repeat not in self._seen:
            if self.quota is not None and len(self.sent) >= self.quota:
                return _error(45009)
            self._seen.add(repeat)
            self.sent.append(said)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": len(self.sent)})

    async def create_code(self, request: web.Request) -> web.StreamResponse:
        if (early := await self._early(request)) is not None:
            return early
        said = json.loads(await request.read())
        scene = said["action_info"]["scene"]["scene_str"]
        if said["action_name"] != "QR_STR_SCENE" or not 1 <= len(scene) <= 64 or said["expire_seconds"] > 2_592_000:
            return _error(40053)
        self.scenes.append(scene)
        url = f"http://weixin.qq.com/q/{scene}"
        return web.json_response({"ticket": "gQ", "expire_seconds": said["expire_seconds"], "url": url})

    async def callers(self, request: web.Request) -> web.StreamResponse:
        if (early := await self._early(request)) is not None:
            return early
        return web.json_response({"ip_list": ["101.226.62.77", "101.226.103.0/25"]})

    async def _early(self, request: web.Request) -> web.StreamResponse | None:
        self.calls.append(request.path)
        if self.scripts:
            return await self._scripted(self.scripts.popleft())
        return None if request.query.get("access_token") in self._good else _error(40001)

    async def _scripted(self, script: Scripted) -> web.StreamResponse:
        if script.is_silent:
            await self.over.wait()
        return web.Response(status=script.status, body=script.body, headers=script.headers)


def _error(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "as WeChat says it"})


@asynccontextmanager
async def a_wechat() -> AsyncIterator[WeChat]:
    """Run one."""
    wechat = WeChat(url="")
    wechat.gate.set()
    app = web.Application()
    app.router.add_post("/cgi-bin/stable_token", wechat.stable_token)
    app.router.add_post("/cgi-bin/message/template/send", wechat.send)
    app.router.add_post("/cgi-bin/qrcode/create", wechat.create_code)
    app.router.add_get("/cgi-bin/getcallbackip", wechat.callers)
    async with serving(app) as wechat.url:
        try:
            yield wechat
        finally:
            wechat.gate.set()
            wechat.over.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What WeChat sends to the callback: query and body."""

    query: Mapping[str, str]
    body: bytes


def an_event(fields: Mapping[str, str], *, at: datetime, nonce: str = "1320562132") -> Post:
    """Return a signed event as plain mode has it."""
    stamp = str(int(at.timestamp()))
    query = {"signature": _sign(ACCOUNT.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    return Post(query=query, body=_xml(fields))


def a_sealed_event(fields: Mapping[str, str], *, at: datetime, nonce: str = "1320562132") -> Post:
    """Return a signed event as AES mode has it."""
    plain = an_event(fields, at=at, nonce=nonce)
    sealed = _seal(plain.body)
    signed = _sign(ACCOUNT.token, plain.query["timestamp"], nonce, sealed)
    body = _xml({"ToUserName": fields.get("ToUserName", "gh_1"), "Encrypt": sealed})
    return Post(query={**plain.query, "encrypt_type": "aes", "msg_signature": signed}, body=body)


async def tell(url: str, post: Post) -> tuple[int, bytes]:
    """Post it to the callback; return status and body."""
    async with (
        ClientSession(timeout=ClientTimeout(total=30)) as session,
        session.post(url, params=post.query, data=post.body) as response,
    ):
        return response.status, await response.read()


async def ask_for_echo(url: str, query: Mapping[str, str]) -> tuple[int, str]:
    """Do what saving the callback URL in the account's settings does."""
    async with (
        ClientSession(timeout=ClientTimeout(total=30)) as session,
        session.get(url, params=query) as response,
    ):
        return response.status, await response.text()


def _xml(fields: Mapping[str, str]) -> bytes:
    inner = "".join(f"<{name}><![CDATA[{text}]]></{name}>\n" for name, text in fields.items())
    return f"<xml>{inner}</xml>".encode()


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _seal(xml: bytes) -> str:
    key = base64.b64decode(AES_KEY + "=")
    plain = secrets.token_bytes(16) + len(xml).to_bytes(4, "big") + xml + ACCOUNT.app_id.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()
