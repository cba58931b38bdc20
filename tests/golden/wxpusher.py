"""
WxPusher's API, asked as its clients ask it: what it says to each of their mistakes, and the shape of what it gives.

`@name` stands for something of the world: an application with its `@token` and topic `@topic`, a follower `@uid` with
its `@spt`, one who is `@rejected`, one who is `@off`, a topic of another `@foreign`, a message and its `@record`.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from tests.golden.product import Product
from tests.golden.shapes import shape

_JSON: Final = {"Content-Type": "application/json"}
_SEND: Final = "POST /api/send/message"
_SIMPLE: Final = "POST /api/send/message/simple-push"
_CODE: Final = "POST /api/fun/create/qrcode"
_GOOD: Final[Mapping[str, Mapping[str, Any]]] = {
    _SEND: {"appToken": "@token", "content": "hi", "uids": ["@uid"]},
    _SIMPLE: {"content": "hi", "spt": "@spt"},
    _CODE: {"appToken": "@token", "extra": "x"},
}
"""What is taken by each route with a body; a mistake changes some of it."""


def _with(name: str, *values: object) -> Iterator[Mapping[str, object]]:
    return ({name: value} for value in values)


_MISTAKES: Final[Mapping[str, Sequence[Mapping[str, object]]]] = {
    _SEND: (
        *_with("appToken", None, "", "AT_x", 5, True, ["x"], {}, "A" * 2_000, "\ud800"),
        *_with("content", None, "", " \n", "\u200b", 5, True, ["x"], {"a": 1}, "\ud800"),
        *_with("content", "x" * 40_001, "汉" * 21_846, "&" * 20_000),
        *_with("summary", 5, ["x"], {}, True),
        *_with("contentType", "html", 4, -1, 1.5, True, False, [1], 2**63, "9" * 30),
        *_with("topicIds", ["x"], [1.5], [2**63], [1e300], 5, "1", {}, [[1]], [1] * 6, [True], ["1\x00"]),
        *_with("uids", None, [], [""], "UID_x", [5], ["x" * 65], ["UID_\x00"], ["x"] * 2_001, {}),
        *_with("url", 5, "javascript:alert(1)", "https://x.example/".ljust(1_001, "x"), ["x"], "x y"),
        {"contentType": 3, "content": "[x](" * 400 + "<b>" * 10_000},
        {"contentType": 2, "content": "".join(f"<b style='color:#{n:06x}'>" for n in range(1_500))},
    ),
    _SIMPLE: (
        *_with("spt", None, "", "SPT_x", 5, True, ["x"], {}, "\x00", "S" * 2_000),
        *_with("sptList", ["@spt"] * 11, "@spt", [5], {}, [["x"]]),
        *({"spt": None, **each} for each in _with("sptList", [], [""], ["SPT_x"], ["SPT_x"] * 11)),
        *_with("content", None, "", 5, "x" * 40_001),
        *({"contentType": 9}, {"url": "x y"}, {"summary": 5}),
    ),
    _CODE: (
        *_with("appToken", None, "AT_x", 5),
        *_with("extra", None, "", "x" * 65, "a\x00", 5, ["x"]),
        *_with("validTime", 0, -1, 2_592_001, "x", 1.5, True),
    ),
}
_BODIES: Final = (
    *(
        "",
        "{",
        "[]",
        "5",
        "null",
        '"x"',
        "\xff",
        '{\n"content": "a\nb"}',
        '{"appToken":"@token", // yours\n"content":1}',
    ),
    *(
        '{"appToken":"@token","content":' + "9" * 5_000 + "}",
        "[" * 50_000,
        '{"content":' + "[" * 50_000,
        "{" + " " * 1_100_000 + "}",
    ),
)
"""Of a send, which are none."""
_KEYS: Final = ("", "x" * 256, "\u00e9", "a b")

_QUERIES: Final = (
    *("GET /api/send/message", "GET /api/send/message?appToken=AT_x&content=hi&uid=@uid"),
    *(
        f"GET /api/send/message?appToken=@token&{query}"
        for query in (
            *("", "content=hi", "uid=@uid", "content=&uid=@uid", "content=hi&topicId=x", "content=hi&topicId=99"),
            *("content=hi&uid=x", "content=%C4%E3&uid=@uid", "content=hi&uid=@uid&url=x%20y", "content=hi&uid=%FF"),
            *("content=hi&topicId=1.5", "content=hi&uid=@uid&url=javascript:x"),
        )
    ),
    "GET /api/send/message?appToken=%FF&content=hi&uid=@uid",
    *("DELETE /api/send/message", "DELETE /api/send/message?messageContentId=@message&appToken=AT_x"),
    *(
        f"DELETE /api/send/message?appToken=@token&{query}"
        for query in ("", *(f"messageContentId={n}" for n in ("", "x", "99", "-1", "1.5", "9" * 40, "%00")))
    ),
    *("GET /api/send/query/status", "GET /api/send/query/x", "GET /api/send/query/99"),
    *(f"GET /api/send/query/status?sendRecordId={number}" for number in ("", "x", "99", "-1", "%00", "9" * 40)),
    *("GET /api/send/message/SPT_x/hi", "GET /api/send/message/@spt/%20", "GET /api/send/message/@spt/%FF"),
    "GET /api/send/message/SPT_%FF/hi",
    *("GET /api/fun/wxuser/v2", "GET /api/fun/wxuser/v2?appToken=AT_x", "GET /api/fun/wxuser"),
    *(
        f"GET /api/fun/wxuser/v2?appToken=@token&{query}"
        for query in (
            *("page=0", "page=x", "page=-1", "page=1.5", f"page={'9' * 30}", "pageSize=0", "pageSize=101"),
            *("pageSize=x", "isBlock=maybe", "isBlock=2", "type=2", "type=x", f"isBlock={'x' * 50}"),
        )
    ),
    *(f"GET /api/fun/wxuser?appToken=@token&{query}" for query in ("page=0", "pageSize=101", "page=x")),
    *("DELETE /api/fun/remove", "DELETE /api/fun/remove?appToken=AT_x&id=1"),
    *(f"DELETE /api/fun/remove?appToken=@token&{query}" for query in ("", "id=x", "id=9999", "id=-1")),
    *("PUT /api/fun/reject", "PUT /api/fun/reject?appToken=AT_x&id=1&reject=true"),
    *(
        f"PUT /api/fun/reject?appToken=@token&{query}"
        for query in ("", "id=x&reject=true", "id=9999&reject=true", "id=@id", "id=@id&reject=5", "id=@id&reject=x")
    ),
    *("GET /api/fun/scan-qrcode-uid", "GET /api/fun/scan-qrcode-uid?code=x", "GET /api/qrcode/x.jpg"),
    *("GET /api", "GET /api/nothing", "PATCH /api/send/message", "PUT /api/send/message", "POST /api/fun/wxuser"),
    *("GET /api/v1/inbox", "POST /api/v1/inbox", "GET /api/fun/nothing"),
)
_GIVEN: Final = (
    *("GET /api/fun/wxuser/v2?appToken=@token", "GET /api/fun/wxuser?appToken=@token"),
    *("GET /api/send/query/status?sendRecordId=@record", "GET /api/send/query/@record"),
    *("GET /api/product/query-pay-end-time", "GET /api/fun/scan-qrcode-uid?code=@code"),
    *(f"PUT /api/fun/reject?appToken=@token&id=@id&reject={word}" for word in ("true", "false")),
    *("GET /api/send/message?appToken=@token&content=hi&uid=@uid", "GET /api/send/message/@spt/hi"),
    "DELETE /api/send/message?messageContentId=@message&appToken=@token",
    "DELETE /api/fun/remove?appToken=@token&id=@id",
)
_OTHER_CALLS: Final = 100
"""Calls in ten seconds: of an application that sends nothing, and of an address that guesses."""


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return what was said to mistakes, what was said of targets, and the shapes of what was given."""
    product = Product.at(directory)
    names = await _people(product)
    served = product.serving("serve --call-limit 1000000 --trusted-proxy 127.0.0.1", "http://push.example")
    async with served as server, World.at(server.url, names) as world:
        await _begin(world)
        lines = [line async for line in _of_targets(world)]
        lines += ["", *[line async for line in _mistakes(world)]]
        shapes = await _given(world)
    served = product.serving("serve --call-limit 1 --daily-limit 1", "http://push.example")
    async with served as server, World.at(server.url, names) as world:
        lines += ["", "with --call-limit 1 --daily-limit 1", *[line async for line in _limits(world)]]
    return {"wxpusher.txt": "\n".join(lines) + "\n", "wxpusher.shapes.txt": "\n".join(shapes) + "\n"}


@dataclass(frozen=True, kw_only=True)
class World:
    """
    A server, and what stands for names in requests and answers.

    Attributes:
        callers: addresses that nobody has asked from yet, for an address may guess only so often.
    """

    client: ClientSession
    url: str
    names: dict[str, str]
    callers: Iterator[int] = field(default_factory=count)

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str, names: dict[str, str]) -> AsyncIterator[World]:
        """Ask a server, without keeping cookies."""
        async with ClientSession(cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=30)) as client:
            yield cls(client=client, url=url, names=names)

    async def ask(self, line: str, body: object = None, **headers: str) -> tuple[int, Any, ClientResponse]:
        """Send a request; return the answer's status, its JSON, or its text where it has none, and itself."""
        method, target = line.split(" ", 1)
        sent = {**({} if body is None else _JSON), "X-Forwarded-For": self._caller(), **headers}
        data = body if isinstance(body, bytes) or body is None else self._filled(json.dumps(body)).encode()
        url = URL(self.url + self._filled(target), encoded=True)
        async with self.client.request(
            method, url, data=data and BytesIO(data), headers=sent, allow_redirects=False
        ) as answer:
            text = await answer.text()
        is_json = answer.content_type == "application/json"
        return answer.status, json.loads(text) if is_json else text, answer

    async def said(self, line: str, body: object = None, **headers: str) -> str:
        """Send a request; return the status, and the code and the text of the envelope."""
        status, answer, _ = await self.ask(line, body, **headers)
        if not isinstance(answer, dict):
            return f"{status} · {answer!r}"
        assert answer.keys() == {"code", "msg", "data", "success"}
        return f"{status} · {answer['code']} · {self.still(answer['msg'])}"

    def still(self, text: str) -> str:
        """Return a text of an answer as it is each time."""
        drawn = {name: value for name, value in self.names.items() if not value.isdigit()}
        for name, value in sorted(drawn.items(), key=lambda pair: -len(pair[1])):
            text = text.replace(value, f"@{name}")
        return re.sub(r"\d+(?= s$|秒后)", "N", text)

    def _caller(self) -> str:
        return str(IPv4Address("203.0.0.1") + next(self.callers))

    def _filled(self, text: str) -> str:
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(f"@{name}", self.names[name])
        return text


async def _people(product: Product) -> dict[str, str]:
    """Make applications, topics and those who follow them, as an operator does."""
    app = (await product.done("apps add Shop --json")).record
    other = (await product.done("apps add Other --json")).record
    slugs = {str(each["app_id"]): each["slug"] for each in (await product.done("apps --json")).records}
    names = {"app": str(app["app_id"]), "token": app["app_token"]}
    names["follow"] = slugs[names["app"]]
    names["topic"] = str((await product.done(f"topics add Offers --app {names['app']} --json")).record["topic_id"])
    foreign = (await product.done(f"topics add Foreign --app {other['app_id']} --json")).record
    names["foreign"] = str(foreign["topic_id"])
    added = f"subscribers add --app {names['app']} --json"
    reader = (await product.done(f"{added} --topic {names['topic']}")).record
    names |= {"uid": reader["uid"], "spt": reader["spt"], "rejected": (await product.done(added)).record["uid"]}
    await product.done(f"subscribers reject {names['rejected']} --app {names['app']}")
    return names


async def _begin(world: World) -> None:
    """Send a first message, make a code and scan it, and switch somebody's messages off."""
    _, answer, _ = await world.ask(_SEND, {**_GOOD[_SEND], "content": "the first"})
    world.names["message"] = str(answer["data"][0]["messageContentId"])
    world.names["record"] = str(answer["data"][0]["sendRecordId"])
    _, answer, _ = await world.ask("GET /api/fun/wxuser/v2?appToken=@token&uid=@rejected")
    world.names["id"] = str(answer["data"]["records"][0]["id"])
    _, answer, _ = await world.ask(_CODE, _GOOD[_CODE])
    world.names["code"] = answer["data"]["code"]
    world.names["scan"] = re.sub(r".*/q/(\w+)/.*", r"\1", answer["data"]["shortUrl"])
    *_, followed = await world.ask("POST /a/@follow")
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in followed.cookies.items())
    await world.ask("POST /q/@scan", Cookie=cookie)
    await world.ask("POST /subscriptions/mute", Cookie=cookie)
    _, page, _ = await world.ask("GET /subscriptions", Cookie=cookie)
    world.names["off"] = re.findall(r"UID_\w+", page)[0]


async def _of_targets(world: World) -> AsyncIterator[str]:
    """Yield what is said of each target of one send, the good and the bad."""
    body = {"uids": ["@uid", "UID_x", "@rejected", "@off", "x"], "topicIds": ["@topic", "@foreign", 9999]}
    _, answer, _ = await world.ask(_SEND, {**_GOOD[_SEND], **body})
    yield f"{_SEND} {json.dumps(body)}"
    for target in answer["data"]:
        yield f"  {target['code']} · {world.still(target['status'])}"
    _, answer, _ = await world.ask(_SIMPLE, {"content": "hi", "sptList": ["@spt", "SPT_x"]})
    yield f"{_SIMPLE} with a good one and SPT_x"
    for target in answer["data"]:
        yield f"  {target['code']} · {world.still(target['status'])}"


async def _mistakes(world: World) -> AsyncIterator[str]:
    for route, mistakes in _MISTAKES.items():
        for mistake in mistakes:
            yield f"{route} {_short(json.dumps(mistake))}"
            yield f"  {await world.said(route, {**_GOOD[route], **mistake})}"
    for body in _BODIES:
        yield f"{_SEND} {_short(repr(body))}"
        yield f"  {await world.said(_SEND, body.encode('latin-1'))}"
    for route in (_SEND, _SIMPLE):
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            yield f"{route} Content-Type: {kind}"
            yield f"  {await world.said(route, b'appToken=x', **{'Content-Type': kind})}"
        for key in _KEYS:
            yield f"{route} Idempotency-Key: {_short(key)}"
            yield f"  {await world.said(route, _GOOD[route], **{'Idempotency-Key': key})}"
        for content in ("once", "once", "twice"):
            status, answer, head = await world.ask(
                route, {**_GOOD[route], "content": content}, **{"Idempotency-Key": "k"}
            )
            yield f"{route} Idempotency-Key: k, content {content}"
            said = f"{status} · {answer['code']} · {answer['msg']}"
            yield f"  {said} · replayed: {head.headers.get('Idempotency-Replayed')}"
    for line in _QUERIES:
        yield _short(line)
        yield f"  {await world.said(line)}"


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:80]}… ({len(text)})"


async def _given(world: World) -> list[str]:
    """Return the shape of what each route answers when all is well."""
    lines = []
    asked = [*((line, None) for line in _GIVEN[:-2]), *_GOOD.items(), *((line, None) for line in _GIVEN[-2:])]
    for line, body in asked:
        _, answer, _ = await world.ask(line, body)
        lines += [line, *(f"  {each}" for each in shape([answer], words=["msg", "status"])), ""]
    return [world.still(line) for line in lines[:-1]]


async def _limits(world: World) -> AsyncIterator[str]:
    """Yield what is said to those who ask too often."""
    send, simple = "GET /api/send/message?appToken=@token&content=hi&uid=@uid", "GET /api/send/message/@spt/hi"
    _, answer, _ = await world.ask(send)
    yield f"{send}\n  {[(target['code'], world.still(target['status'])) for target in answer['data']]}"
    yield f"{send}\n  {await world.said(send)}"
    await world.ask(simple)
    yield f"{simple}\n  {await world.said(simple)}"
    for line in ("GET /api/fun/wxuser?appToken=@token", "GET /api/fun/wxuser?appToken=AT_x", "GET /api/send/query/99"):
        for _ in range(_OTHER_CALLS):
            await world.ask(line)
        yield f"{line}, once more than {_OTHER_CALLS} times\n  {await world.said(line)}"
