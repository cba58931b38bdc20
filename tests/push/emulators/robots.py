"""Services of group robots: a real one on loopback, that checks what theirs do, and answers errors in a 200."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web
from yarl import URL

from tests.running import serving

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-1111-2222-3333-444455556666"
LARK = "https://open.larksuite.com/open-apis/bot/v2/hook/0a1b2c3d-9999-2222-3333-444455556666"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=" + "5" * 60 + "beef"
SECRET = "SECf00dfeedf00dfeedf00dfeedf00dfeed"
_MINUTE = 60.0
_HOUR = 3_600.0


@dataclass(slots=True, kw_only=True)
class Robot:
    """A robot as its service knows it."""

    secret: str = ""
    keyword: str = ""
    is_there: bool = True
    posts: deque[float] = field(default_factory=deque)


@dataclass(slots=True, kw_only=True)
class Robots:
    """
    The services of WeCom, Feishu and DingTalk.

    Attributes:
        robots: those that there are, by their keys.
        said: what was posted into the groups, as text, in order.
        bodies: of these, the JSON.
        answers: codes that are answered to the next requests in place of looking at them; a body as bytes too, and an
            HTTP status as a pair.
        clock: seconds since 1970.
        gate: what comes while this is cleared gets its answer when it is set.
    """

    url: str = ""
    robots: dict[str, Robot] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    answers: deque[int | bytes | tuple[int, bytes]] = field(default_factory=deque)
    clock: Callable[[], float] = lambda: 0.0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: Counter[str] = field(default_factory=Counter)

    def route(self, webhook: URL) -> URL:
        """Return where a webhook of any service is really served: here."""
        return URL(self.url + webhook.raw_path_qs, encoded=True)

    def add(self, webhook: str, **about: Any) -> Robot:
        """Let a group have this robot."""
        url = urlsplit(webhook)
        key = next(iter(parse_qs(url.query).values()), [url.path.rpartition("/")[2]])[0]
        self.robots[key] = Robot(**about)
        return self.robots[key]

    async def wecom(self, request: web.Request) -> web.Response:
        body = await self._received(request, "wecom")
        if (scripted := self._scripted("errcode")) is not None:
            return scripted
        robot = self.robots.get(request.query["key"])
        if robot is None or not robot.is_there:
            return _says(errcode=93000, errmsg="invalid webhook url, hint: [1756]")
        kind = body["msgtype"]
        text = body[kind]["content"]
        if len(text.encode()) > {"text": 2_048, "markdown": 4_096}[kind]:
            return _says(errcode=40058, errmsg=f"{kind}.content exceed max length")
        if self._is_too_fast(robot, (20, _MINUTE)):
            return _says(errcode=45009, errmsg="api freq out of limit")
        self._take(text, body)
        return _says(errcode=0, errmsg="ok")

    async def feishu(self, request: web.Request) -> web.Response:
        body = await self._received(request, "feishu")
        if (scripted := self._scripted("code")) is not None:
            return scripted
        robot = self.robots.get(request.match_info["key"])
        if robot is None or not robot.is_there:
            return _says(code=19001, msg="param invalid: incoming webhook access token invalid", data={})
        if robot.secret:
            signed = hmac.new(f"{body['timestamp']}\n{robot.secret}".encode(), b"", hashlib.sha256).digest()
            is_new = abs(self.clock() - int(body["timestamp"])) < _HOUR
            if body["sign"] != base64.b64encode(signed).decode() or not is_new:
                return _says(code=19021, msg="sign match fail or timestamp is not within one hour", data={})
        text = _words_of_feishu(body)
        if robot.keyword not in text:
            return _says(code=19024, msg="Key Words Not Found", data={})
        if self._is_too_fast(robot, (100, _MINUTE), (5, 1.0)):
            return _says(code=11232, msg="frequency limited", data={})
        self._take(text, body)
        return _says(StatusCode=0, StatusMessage="success", code=0, data={}, msg="success")

    async def dingtalk(self, request: web.Request) -> web.Response:
        body = await self._received(request, "dingtalk")
        if (scripted := self._scripted("errcode")) is not None:
            return scripted
        robot = self.robots.get(request.query["access_token"])
        if robot is None or not robot.is_there:
            return _says(errcode=300005, errmsg="token is not exist")
        if robot.secret:
            timestamp = request.query.get("timestamp", "0")
            signed = hmac.new(robot.secret.encode(), f"{timestamp}\n{robot.secret}".encode(), hashlib.sha256).digest()
            if abs(self.clock() - int(timestamp) / 1_000) >= _HOUR:
                return _says(errcode=310000, errmsg="invalid timestamp")
            if request.query.get("sign") != base64.b64encode(signed).decode():
                return _says(errcode=310000, errmsg="sign not match")
        text = body["markdown"]["text"] if body["msgtype"] == "markdown" else body["text"]["content"]
        if robot.keyword not in text:
            return _says(errcode=310000, errmsg="keywords not in content, more: [https://open.dingtalk.com]")
        if self._is_too_fast(robot, (20, _MINUTE)):
            return _says(errcode=130101, errmsg="send too fast, exceed 20 times per minute")
        self._take(text, body)
        return _says(errcode=0, errmsg="ok")

    async def _received(self, request: web.Request, service: str) -> dict[str, Any]:
        self.asked[service] += 1
        raw = await request.read()
        await self.gate.wait()
        assert request.content_type == "application/json"
        assert len(raw) <= 20_000, "no robot takes more"
        body: dict[str, Any] = json.loads(raw)
        return body

    def _scripted(self, key: str) -> web.Response | None:
        if not self.answers:
            return None
        answer = self.answers.popleft()
        match answer:
            case int():
                return _says(**{key: answer}, errmsg="as told", msg="as told")
            case bytes():
                return web.Response(body=answer)
            case (status, body):
                return web.Response(status=status, body=body)

    def _is_too_fast(self, robot: Robot, *limits: tuple[int, float]) -> bool:
        now = self.clock()
        robot.posts.append(now)
        return any(sum(now - at < per for at in robot.posts) > most for most, per in limits)

    def _take(self, text: str, body: dict[str, Any]) -> None:
        self.said.append(text)
        self.bodies.append(body)


def _says(**body: Any) -> web.Response:
    # WeCom and DingTalk say so of JSON as well; none of ours may depend on it.
    return web.Response(text=json.dumps(body), content_type="text/plain")


def _words_of_feishu(body: dict[str, Any]) -> str:
    if body["msg_type"] == "post":
        post = body["content"]["post"]["zh_cn"]
        parts = [part.get("href") or part["text"] for line in post["content"] for part in line]
        return "\n".join([post["title"], *parts])
    card = body["card"]
    return "\n".join([card["header"]["title"]["content"], *(each["content"] for each in card["elements"])])


@asynccontextmanager
async def robot_services(clock: Callable[[], float] = lambda: 0.0) -> AsyncIterator[Robots]:
    """Run them, without any robot."""
    services = Robots(clock=clock)
    services.gate.set()
    app = web.Application()
    app.router.add_post("/cgi-bin/webhook/send", services.wecom)
    app.router.add_post("/open-apis/bot/v2/hook/{key}", services.feishu)
    app.router.add_post("/robot/send", services.dingtalk)
    async with serving(app) as url:
        services.url = url
        try:
            yield services
        finally:
            services.gate.set()
