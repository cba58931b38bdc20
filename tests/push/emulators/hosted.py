"""
The hosted WxPusher: a fake of its API on loopback, with applications, topics and people who follow them.

It answers as the service does: business errors are HTTP 200 with a code in the envelope; a page has at most 100
records; an application has 20 sends in 10 s; an Idempotency-Key is ignored; who follows a topic alone cannot be reached
by UID.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from tests.running import serving

SENDS: Final = 20
SENDS_PER_SECONDS: Final = 10.0


def a_token(number: int) -> str:
    return f"AT_{number:032d}"


def a_uid(number: int) -> str:
    return f"UID_{number:028d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Somebody follows an application, or a topic of it."""

    id: int
    uid: str
    app_id: int
    topic_id: int | None
    is_rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What somebody's phone shows."""

    uid: str
    content: str
    url: str


@dataclass(slots=True, kw_only=True)
class Hosted:
    """
    The fake.

    Attributes:
        apps: names by number.
        topics: name and application by number.
        received: in the order in which it came to people.
        on_page: is called before a page is answered.
        failing: how many of the next answers are 502.
        limited: how many of the next lists are refused for their frequency.
        sends_per_window: of one application; None: any number.
    """

    url: str = ""
    apps: dict[int, str] = field(default_factory=dict)
    topics: dict[int, tuple[str, int]] = field(default_factory=dict)
    follows: dict[int, Follow] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    sends: Counter[int] = field(default_factory=Counter)
    on_page: Callable[[int], object] = lambda _: None
    failing: int = 0
    limited: int = 0
    sends_per_window: int | None = SENDS
    _times: dict[int, deque[float]] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(7_000_001))

    def an_app(self, app_id: int, name: str) -> str:
        """Add an application; return its token."""
        self.apps[app_id] = name
        return a_token(app_id)

    def a_topic(self, topic_id: int, name: str, app_id: int) -> int:
        self.topics[topic_id] = (name, app_id)
        return topic_id

    def follow(self, uid: str, app_id: int, topic_id: int | None = None, *, is_rejected: bool = False) -> Follow:
        follow = Follow(id=next(self._ids), uid=uid, app_id=app_id, topic_id=topic_id, is_rejected=is_rejected)
        self.follows[follow.id] = follow
        return follow

    def topics_of(self, uid: str) -> set[int]:
        return {each.topic_id for each in self.follows.values() if each.uid == uid and each.topic_id is not None}

    def inbox(self, uid: str) -> list[str]:
        """What somebody's phone shows, oldest first."""
        return [each.content for each in self.received if each.uid == uid]

    def last_url(self, uid: str) -> str:
        return [each.url for each in self.received if each.uid == uid][-1]

    async def send(self, request: web.Request) -> web.Response:
        if self.failing:
            self.failing -= 1
            return web.Response(status=502, text="bad gateway")
        body = await request.json()
        app_id = self._app(body.get("appToken", ""))
        if app_id is None:
            return envelope(1001, "appToken不正确")
        if self._is_over(app_id):
            return envelope(1001, "发送消息过于频繁，请稍后再试")
        self.sends[app_id] += 1
        results = [self._to_uid(app_id, uid, body) for uid in body.get("uids") or ()]
        results += [self._to_topic(app_id, int(topic_id), body) for topic_id in body.get("topicIds") or ()]
        return envelope(1000, "处理成功", results)

    async def list_users(self, request: web.Request) -> web.Response:
        if self.failing:
            self.failing -= 1
            return web.Response(status=502, text="bad gateway")
        if self.limited:
            self.limited -= 1
            return envelope(1001, "请求过于频繁，请稍后再试")
        query = request.query
        app_id = self._app(query.get("appToken", ""))
        if app_id is None:
            return envelope(1001, "appToken不正确")
        page, size = int(query["page"]), int(query["pageSize"])
        if not 1 <= size <= 100:
            return envelope(1001, "pageSize不能超过100")
        self.on_page(page)
        self.pages.append(page)
        found = [each for each in self.follows.values() if each.app_id == app_id]
        found = [each for each in found if query.get("uid", "") in ("", each.uid)]
        if query.get("type"):
            found = [each for each in found if (each.topic_id is not None) == (query["type"] == "1")]
        shown = [self._record(each) for each in found[(page - 1) * size : page * size]]
        return envelope(1000, "处理成功", {"total": len(found), "page": page, "pageSize": size, "records": shown})

    async def remove(self, request: web.Request) -> web.Response:
        follow = self.follows.get(int(request.query["id"]))
        if follow is None or follow.app_id != self._app(request.query.get("appToken", "")):
            return envelope(1001, "用户不存在")
        del self.follows[follow.id]
        return envelope(1000, "处理成功", "删除成功")

    def _app(self, token: str) -> int | None:
        return next((app_id for app_id in self.apps if a_token(app_id) == token), None)

    def _is_over(self, app_id: int) -> bool:
        if self.sends_per_window is None:
            return False
        times, now = self._times.setdefault(app_id, deque()), time.monotonic()
        while times and now - times[0] >= SENDS_PER_SECONDS:
            times.popleft()
        if len(times) >= self.sends_per_window:
            return True
        times.append(now)
        return False

    def _to_uid(self, app_id: int, uid: str, body: dict[str, Any]) -> dict[str, Any]:
        follow = next(
            (each for each in self.follows.values() if (each.uid, each.app_id, each.topic_id) == (uid, app_id, None)),
            None,
        )
        if follow is None:
            words = f"用户UID=[{uid}]未关注应用，需要用户关注你创建的应用，你才可以给他推送消息"
            return {"uid": uid, "topicId": None, "messageId": None, "code": 1001, "status": words}
        if follow.is_rejected:
            return {"uid": uid, "topicId": None, "messageId": None, "code": 1001, "status": "用户已被拉黑"}
        self._show(uid, body)
        return {"uid": uid, "topicId": None, "messageId": 1, "code": 1000, "status": "创建发送任务成功"}

    def _to_topic(self, app_id: int, topic_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if self.topics.get(topic_id, ("", 0))[1] != app_id:
            return {"uid": None, "topicId": topic_id, "messageId": None, "code": 1001, "status": "主题不存在"}
        for follow in [*self.follows.values()]:
            if follow.topic_id == topic_id and not follow.is_rejected:
                self._show(follow.uid, body)
        return {"uid": None, "topicId": topic_id, "messageId": 1, "code": 1000, "status": "创建发送任务成功"}

    def _show(self, uid: str, body: dict[str, Any]) -> None:
        self.received.append(Received(uid=uid, content=body["content"], url=body.get("url") or ""))

    def _record(self, follow: Follow) -> dict[str, Any]:
        is_topic = follow.topic_id is not None
        return {
            "uid": follow.uid,
            "appOrTopicId": follow.topic_id if is_topic else follow.app_id,
            "headImg": "",
            "createTime": 1_572_755_754_416,
            "nickName": "",
            "reject": follow.is_rejected,
            "id": follow.id,
            "type": 1 if is_topic else 0,
            "target": self.topics[follow.topic_id][0] if follow.topic_id is not None else self.apps[follow.app_id],
            "payEndTime": 0,
        }


def envelope(code: int, msg: str, data: Any = None) -> web.Response:
    return web.json_response({"code": code, "msg": msg, "data": data, "success": code == 1000})


@asynccontextmanager
async def a_hosted_wxpusher() -> AsyncIterator[Hosted]:
    """Run the fake."""
    hosted = Hosted()
    app = web.Application()
    app.router.add_post("/api/send/message", hosted.send)
    app.router.add_get("/api/fun/wxuser/v2", hosted.list_users)
    app.router.add_delete("/api/fun/remove", hosted.remove)
    async with serving(app) as url:
        hosted.url = url
        yield hosted
