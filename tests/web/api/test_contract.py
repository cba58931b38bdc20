"""
WxPusher's HTTP contract, row by row, against a running server.

`@name` in a request or in an answer stands for something of the world that each row begins in: an application `@app`
with its `@token` and a topic `@topic`, a user `@uid` with a simple push token `@spt` who follows both (subscriptions
`@id` and `@topic_id`), a message `@message` to the user under the record `@record`
(the one after it will be `@next`), and a topic of another `@foreign`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
from yarl import URL

from tests.web.site import JSON, NOW, Site
from watcher.core.push import App, NewSubscriber
from watcher.push.draft import make_draft

SENT = "创建发送任务成功"
NOT_FOLLOWING = "用户UID=[UID_x]未关注应用，需要用户关注你创建的应用，你才可以给他推送消息"
ANY = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    site: Site
    app: App
    reader: NewSubscriber
    names: Mapping[str, str | int]

    def filled(self, text: str) -> str:
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(f'"@{name}"', json.dumps(self.names[name])).replace(f"@{name}", str(self.names[name]))
        return text

    async def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        data = self.filled(body if isinstance(body, str) else json.dumps(body)).encode() if body is not None else None
        url = URL(self.site.base + self.filled(path), encoded=True)
        sent = {**(JSON if body is not None else {}), **(headers or {})}
        async with self.site.client.request(method, url, data=data, headers=sent, allow_redirects=False) as answer:
            assert (answer.status, answer.content_type, answer.charset) == (200, "application/json", "utf-8")
            envelope: dict[str, Any] = await answer.json()
        assert set(envelope) == {"code", "msg", "data", "success"}
        assert envelope["success"] is (envelope["code"] == 1000)
        return envelope

    async def contents(self) -> list[str]:
        """What the user has got since the world began."""
        return [item.message.draft.content for item in await self.site.push.inbox.items(self.reader.subscriber)][1:]


@pytest.fixture
async def world(site: Site) -> World:
    return await a_world(site)


async def a_world(site: Site) -> World:
    app, token = await site.app()
    topic = await site.push.topics.add("Offers", app_id=app.id)
    foreign = await site.push.topics.add("Foreign", app_id=(await site.app())[0].id)
    reader = await site.push.subscribers.add(app_ids=[app.id], topic_ids=[topic.id])
    in_app, in_topic = (await site.push.subscriptions.page(app_id=app.id)).subscriptions
    [sent] = await site.push.messages.send(app, make_draft("the first"), uids=[reader.subscriber.uid])
    assert sent.message_id is not None
    assert sent.send_record_id is not None
    names: dict[str, str | int] = {
        "app": app.id,
        "token": token,
        "topic": topic.id,
        "foreign": foreign.id,
        "uid": reader.subscriber.uid,
        "spt": reader.spt,
        "id": in_app.id,
        "topic_id": in_topic.id,
        "message": sent.message_id,
        "next": sent.message_id + 1,
        "record": sent.send_record_id,
    }
    return World(site=site, app=app, reader=reader, names=names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """
    One line of the contract.

    Attributes:
        body: sent as JSON; a text is sent as it is.
        data: of the answer; ANY: not looked at.
        msg: is in the answer's text.
        got: the contents that the user has then got.
    """

    ask: str
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    code: int = 1000
    data: object = ANY
    msg: str = "处理成功"
    got: list[str] | None = None


SEND_BODY: dict[str, object] = {"appToken": "@token", "content": "hi", "uids": ["@uid"]}


def send(code: int = 1000, msg: str = "处理成功", got: list[str] | None = None, **fields: object) -> Row:
    """POST /api/send/message with these fields changed."""
    return Row(ask="POST /api/send/message", body=SEND_BODY | fields, code=code, msg=msg, got=got)


def refused(msg: str, **fields: object) -> Row:
    return send(1001, msg, [], **fields)


def malformed(field_name: str, **fields: object) -> Row:
    return send(1005, f"{field_name}: ", [], **fields)


SEND = {
    "appToken: required": refused("appToken不正确", appToken=None),
    "appToken: a wrong one is 1001": refused("appToken不正确", appToken="AT_x"),
    "appToken: of a number": malformed("appToken", appToken=5),
    "appToken: blanks around it": send(got=["hi"], appToken=" @token\n"),
    "appToken: very long": refused("appToken不正确", appToken="A" * 100_000),
    "appToken: with control characters": refused("appToken不正确", appToken="\x00\x1b"),
    "content: required": refused("content: empty", content=None),
    "content: nothing to see": refused("content: empty", content=" \n"),
    "content: nothing that has a width": refused("content: empty", content="\u200b\ufeff"),
    "content: 40,000 characters": send(got=["x" * 40_000], content="x" * 40_000),
    "content: 40,001 characters": refused("content: 40001 characters", content="x" * 40_001),
    "content: too many bytes raw": refused("bytes of UTF-8", content="汉" * 21_846),
    "content: too many bytes rendered": refused("bytes as HTML", content="&" * 20_000),
    "content: a number": malformed("content", content=5),
    "content: control characters are left out": send(got=["ab"], content="a\x00\x1bb"),
    "summary: over 100 characters is cut": send(got=["hi"], summary="s" * 101),
    "summary: a list with something in it": malformed("summary", summary=["x"]),
    "contentType: a text": malformed("contentType", contentType="html"),
    "contentType: a number as text": send(got=["hi"], contentType="2"),
    "contentType: 0 is text": send(got=["hi"], contentType=0),
    "contentType: 0 as text": send(got=["hi"], contentType="0"),
    "contentType: 0.0, as Lua writes it": send(got=["hi"], contentType=0.0),
    "contentType: false": malformed("contentType", contentType=False),
    "contentType: unknown": refused("contentType: 4", contentType=4),
    "contentType: true": malformed("contentType", contentType=True),
    "topicIds: numeric strings": send(got=["hi"], uids=None, topicIds=["@topic"]),
    "topicIds: five": send(uids=None, topicIds=["@topic"] * 5, got=["hi"]),
    "topicIds: 1.0, as Lua writes it": Row(
        ask="POST /api/send/message",
        body='{"appToken": "@token", "content": "hi", "contentType": 1.0, "topicIds": [@topic.0]}',
        got=["hi"],
    ),
    "topicIds: beyond 64 bits": malformed("topicIds.0", topicIds=[2**63]),
    "topicIds: far beyond": malformed("topicIds.0", topicIds=[1e300]),
    "topicIds: a fraction": malformed("topicIds.0", topicIds=[1.5]),
    "topicIds, uids: what is empty in them is passed over": send(
        got=["hi"], uids=["@uid", "", None], topicIds=["", None]
    ),
    "topicIds, uids: nothing but empty ones": refused("both are empty", uids=[""], topicIds=[""]),
    "topicIds: six": refused("topicIds: 6; at most 5", topicIds=[1] * 6),
    "topicIds: a bare number": malformed("topicIds", topicIds=5),
    "topicIds: a word": malformed("topicIds.0", topicIds=["x"]),
    "topicIds: control characters": malformed("topicIds.0", topicIds=["1\x00"]),
    "uids: a bare string": malformed("uids", uids="@uid"),
    "uids: 2,001": refused("uids: 2001; at most 2000", uids=["UID_x"] * 2001),
    "uids: numbers": malformed("uids.0", uids=[5]),
    "uids: very long": malformed("uids", uids=["x" * 65]),
    "uids: control characters": malformed("uids", uids=["UID_\x00"]),
    "url: 1,000 characters": send(got=["hi"], url="https://x.example/".ljust(1000, "x")),
    "url: 1,001 characters": refused("url: 1001 characters", url="https://x.example/".ljust(1001, "x")),
    "url: no link": refused("url: ", url="javascript:alert(1)"),
    "url: an app's": send(got=["hi"], url="yourapp://item?id=123456"),
    "url: without its scheme": send(got=["hi"], url="www.example.com"),
    "url: a number": malformed("url", url=5),
    "url: control characters are left out": send(got=["hi"], url="https://x.example/\x00"),
    "verifyPay, verifyPayType: accepted": send(got=["hi"], verifyPay=True, verifyPayType=1),
    "optional fields: null": send(got=["hi"], summary=None, contentType=None, topicIds=None, url=None, verifyPay=None),
    "optional fields: empty text": send(got=["hi"], summary="", contentType="", topicIds="", url="", verifyPay=""),
    "optional fields: empty list": send(got=["hi"], summary=[], contentType=[], topicIds=[], url=[], verifyPay=[]),
    "unknown fields are ignored": send(got=["hi"], unknown={"a": [1]}),
    "at least one target": refused("uids, topicIds: both are empty", uids=None),
    "by uid and by topic: once": send(got=["hi"], topicIds=["@topic"]),
    "HTML may hold a copy button": send(contentType=2, content='<copy data-clipboard-text="x">y</copy>'),
    "a slash at the end": Row(ask="POST /api/send/message/", body=SEND_BODY, got=["hi"]),
    "a charset parameter": Row(
        ask="POST /api/send/message", body=SEND_BODY, headers={"Content-Type": "application/json; charset=UTF-8"}
    ),
    "a form": Row(
        ask="POST /api/send/message",
        body="appToken=@token&content=hi",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        code=1005,
        msg="send application/json",
    ),
    "comments": Row(
        ask="POST /api/send/message",
        body='{"appToken":"@token", // yours\n"content":"hi"}',
        code=1005,
        msg="remove the comments",
    ),
    "deep JSON": Row(ask="POST /api/send/message", body="[" * 50_000, code=1005, msg="nested too deeply"),
    "a huge integer": Row(
        ask="POST /api/send/message",
        body='{"appToken":"@token","content":' + "9" * 5000 + "}",
        code=1005,
        msg="not JSON",
    ),
    "a huge integer where nothing is expected is passed over": Row(
        ask="POST /api/send/message",
        body='{"appToken":"@token","content":"hi","uids":["@uid"],"x":' + "9" * 5000 + "}",
        code=1000,
        msg="处理成功",
    ),
    "no JSON: where": Row(
        ask="POST /api/send/message", body='{\n"content": "a\nb"}', code=1005, msg="line 2 column 14"
    ),
    "no object": Row(ask="POST /api/send/message", body="[]", code=1005, msg="not a JSON object"),
    "a uid without its prefix is looked up as it is": Row(
        ask="POST /api/send/message",
        body=SEND_BODY | {"uids": ["x"]},
        data=[
            {"uid": "x", "topicId": None, "messageId": None, "messageContentId": None, "sendRecordId": None}
            | {"code": 1001, "status": NOT_FOLLOWING.replace("UID_x", "x")}
        ],
    ),
    "uids: blanks around them": Row(
        ask="POST /api/send/message",
        body=SEND_BODY | {"uids": [" @uid\n", "\t\u3000UID_x "], "topicIds": [" @topic "]},
        data=[
            {"uid": "@uid", "topicId": None, "messageId": "drawn", "messageContentId": "@next", "sendRecordId": "drawn"}
            | {"code": 1000, "status": SENT},
            {"uid": "UID_x", "topicId": None, "messageId": None, "messageContentId": None, "sendRecordId": None}
            | {"code": 1001, "status": NOT_FOLLOWING},
            {
                "uid": None,
                "topicId": "@topic",
                "messageId": "drawn",
                "messageContentId": "@next",
                "sendRecordId": "drawn",
            }
            | {"code": 1000, "status": SENT},
        ],
        got=["hi"],
    ),
    "one element for a uid or a topic that comes twice": Row(
        ask="POST /api/send/message",
        body=SEND_BODY | {"uids": ["UID_x", "@uid", " UID_x", "@uid "], "topicIds": ["@topic", "@topic"]},
        data=[
            {"uid": "UID_x", "topicId": None, "messageId": None, "messageContentId": None, "sendRecordId": None}
            | {"code": 1001, "status": NOT_FOLLOWING},
            {"uid": "@uid", "topicId": None, "messageId": "drawn", "messageContentId": "@next", "sendRecordId": "drawn"}
            | {"code": 1000, "status": SENT},
            {
                "uid": None,
                "topicId": "@topic",
                "messageId": "drawn",
                "messageContentId": "@next",
                "sendRecordId": "drawn",
            }
            | {"code": 1000, "status": SENT},
        ],
        got=["hi"],
    ),
    "one element per target, a failing one with its reason": Row(
        ask="POST /api/send/message",
        body=SEND_BODY | {"uids": ["UID_x", "@uid"], "topicIds": ["@foreign", "@topic"]},
        data=[
            {"uid": "UID_x", "topicId": None, "messageId": None, "messageContentId": None, "sendRecordId": None}
            | {"code": 1001, "status": NOT_FOLLOWING},
            {"uid": "@uid", "topicId": None, "messageId": "drawn", "messageContentId": "@next", "sendRecordId": "drawn"}
            | {"code": 1000, "status": SENT},
            {"uid": None, "topicId": "@foreign", "messageId": None, "messageContentId": None, "sendRecordId": None}
            | {"code": 1001, "status": "主题topicId=[@foreign]不存在"},
            {
                "uid": None,
                "topicId": "@topic",
                "messageId": "drawn",
                "messageContentId": "@next",
                "sendRecordId": "drawn",
            }
            | {"code": 1000, "status": SENT},
        ],
        got=["hi"],
    ),
}

_GET = "GET /api/send/message"
SEND_GET = {
    "to a user": Row(ask=f"{_GET}?appToken=@token&content=a%26b%2Bc+d&uid=@uid", got=["a&b+c d"]),
    "to a topic": Row(ask=f"{_GET}/?appToken=@token&content=hi&topicId=@topic&uid=&url=&summary=s", got=["hi"]),
    "a url that was encoded twice": Row(
        ask=f"{_GET}?appToken=@token&content=hi&uid=@uid&url={quote(quote('http://x.example/?a=b', safe=''), safe='')}",
        got=["hi"],
    ),
    "blanks around the uid": Row(ask=f"{_GET}?appToken=@token&content=hi&uid=%20@uid+", got=["hi"]),
    "text only": Row(ask=f"{_GET}?appToken=@token&content=<b>&contentType=2&uid=@uid", got=["<b>"]),
    "a topic that is no number": Row(
        ask=f"{_GET}?appToken=@token&content=hi&topicId=x", code=1005, msg="topicIds.0: ", got=[]
    ),
    "blanks around the token": Row(ask=f"{_GET}/?appToken=@token%20%20&uid=@uid&content=hi", got=["hi"]),
    "of two the first": Row(ask=f"{_GET}?&appToken=@token&uid=@uid&content=a&content=b&", got=["a"]),
    "a content in GBK": Row(
        ask=f"{_GET}?appToken=@token&uid=@uid&content=%C4%E3", code=1005, msg="content: not UTF-8", got=[]
    ),
    "a wrong token": Row(ask=f"{_GET}?appToken=AT_x&content=hi&uid=@uid", code=1001, msg="appToken不正确", got=[]),
    "no content": Row(ask=f"{_GET}?appToken=@token&uid=@uid", code=1001, msg="content: empty", got=[]),
    "a body that means nothing": Row(ask=f"{_GET}?appToken=@token&content=hi&uid=@uid", body="{", got=["hi"]),
}

_DELETE = "DELETE /api/send/message"
DELETE = {
    "data is a bool": Row(ask=f"{_DELETE}?messageContentId=@message&appToken=@token", data=True),
    "a slash, and a body that means nothing": Row(
        ask=f"{_DELETE}/?messageContentId=@message&appToken=@token", body="{", data=True
    ),
    "no message": Row(ask=f"{_DELETE}?messageContentId=99&appToken=@token", code=1001, msg="消息不存在", data=None),
    "an endless number": Row(
        ask=f"{_DELETE}?messageContentId={'9' * 40}&appToken=@token", code=1005, msg="messageContentId: "
    ),
    "no number": Row(ask=f"{_DELETE}?messageContentId=x&appToken=@token", code=1005, msg="messageContentId: "),
    "nothing": Row(ask=f"{_DELETE}?appToken=@token", code=1005, msg="messageContentId: missing"),
    "a wrong token": Row(ask=f"{_DELETE}?messageContentId=@message&appToken=AT_x", code=1001, msg="appToken不正确"),
}

_QUERY = "GET /api/send/query"
STATUS = {
    "an int, and its text": Row(ask=f"{_QUERY}/status?sendRecordId=@record", data=3, msg="发送成功"),
    "a slash at the end": Row(ask=f"{_QUERY}/status/?sendRecordId=@record", data=3, msg="发送成功"),
    "the old route": Row(ask=f"{_QUERY}/@record", data=3, msg="发送成功"),
    "the old route with a bare question mark": Row(ask=f"{_QUERY}/@record?", data=3, msg="发送成功"),
    "unknown": Row(ask=f"{_QUERY}/status?sendRecordId=99", code=1001, msg="消息不存在", data=None),
    "no number": Row(ask=f"{_QUERY}/status?sendRecordId=%00", code=1005, msg="sendRecordId: "),
    "nothing": Row(ask=f"{_QUERY}/status", code=1005, msg="sendRecordId: "),
}

_PATH = "GET /api/send/message/@spt"
_SIMPLE = "POST /api/send/message/simple-push"
SIMPLE = {
    "GET": Row(ask=f"{_PATH}/hello", got=["hello"]),
    "GET with a slash at the end": Row(ask=f"{_PATH}/hello/", got=["hello"]),
    "GET at a base URL with a slash at its end": Row(ask="GET //api/send/message/@spt/hello", got=["hello"]),
    "GET with what was encoded": Row(ask=f"{_PATH}/{quote('你好 a/b?c=d&e%2F+', safe='')}", got=["你好 a/b?c=d&e%2F+"]),
    "GET with what is no UTF-8": Row(ask=f"{_PATH}/%ff", code=1005, msg="content: not UTF-8", got=[]),
    "GET with nothing to see": Row(ask=f"{_PATH}/%20%00", code=1001, msg="content: empty", got=[]),
    "GET with a wrong token": Row(ask="GET /api/send/message/SPT_x/hi", code=1001, msg="SPT不正确", data=None),
    "POST with spt": Row(
        ask=_SIMPLE,
        body={"content": "# hi", "summary": "s", "contentType": 3, "url": "https://x.example", "spt": "@spt"},
        data=[
            {"uid": "@uid", "topicId": None, "messageId": "drawn", "messageContentId": "@next", "sendRecordId": "drawn"}
            | {"code": 1000, "status": SENT}
        ],
        got=["# hi"],
    ),
    "POST with one token twice, and blanks around it": Row(
        ask=f"{_SIMPLE}/",
        body={"content": "hi", "spt": "\u3000@spt ", "sptList": ["@spt", " @spt\n"], "contentType": 0},
        data=[
            {"uid": "@uid", "topicId": None, "messageId": "drawn", "messageContentId": "@next", "sendRecordId": "drawn"}
            | {"code": 1000, "status": SENT}
        ],
        got=["hi"],
    ),
    "GET with blanks around the token": Row(ask="GET /api/send/message/%20@spt%20/hi", got=["hi"]),
    "POST with one that nobody has": Row(
        ask=_SIMPLE,
        body={"content": "hi", "spt": None, "sptList": ["SPT_x", "@spt"]},
        data=[
            {"uid": None, "topicId": None, "messageId": None, "messageContentId": None, "sendRecordId": None}
            | {"code": 1001, "status": "SPT不正确 · nobody has this simple push token"},
            {"uid": "@uid", "topicId": None, "messageId": "drawn", "messageContentId": "@next", "sendRecordId": "drawn"}
            | {"code": 1000, "status": SENT},
        ],
        got=["hi"],
    ),
    "POST with eleven": Row(
        ask=_SIMPLE, body={"content": "hi", "sptList": ["@spt"] * 11}, code=1001, msg="sptList: 11; at most 10", got=[]
    ),
    "POST with none": Row(ask=_SIMPLE, body={"content": "hi"}, code=1001, msg="spt, sptList: both are empty"),
    "POST with a number": Row(ask=_SIMPLE, body={"content": "hi", "spt": 5}, code=1005, msg="spt: "),
    "POST with a bare list": Row(ask=_SIMPLE, body={"content": "hi", "sptList": "@spt"}, code=1005, msg="sptList: "),
    "POST with control characters": Row(ask=_SIMPLE, body={"content": "hi", "spt": "\x00"}, code=1001, msg="SPT不正确"),
    "POST without content": Row(ask=_SIMPLE, body={"spt": "@spt"}, code=1001, msg="content: empty"),
    "POST of a form": Row(
        ask=_SIMPLE, body="spt=@spt", headers={"Content-Type": "text/plain"}, code=1005, msg="Content-Type"
    ),
}

_BORN = int(NOW.timestamp() * 1000)
IN_APP = {
    "uid": "@uid",
    "appOrTopicId": "@app",
    "headImg": "",
    "createTime": _BORN,
    "nickName": "",
    "reject": False,
    "id": "@id",
    "type": 0,
    "target": "Shop",
    "payEndTime": 0,
    "enable": True,
    "name": "Shop",
}
IN_TOPIC = IN_APP | {"appOrTopicId": "@topic", "id": "@topic_id", "type": 1, "target": "Offers", "name": "Offers"}
V1 = {"uid": "@uid", "enable": True, "headImg": "", "createTime": _BORN, "nickName": ""}


def page(*records: object, total: int | None = None, page: int = 1, size: int = 100) -> dict[str, object]:
    return {
        "total": len(records) if total is None else total,
        "page": page,
        "pageSize": size,
        "records": list(records),
    }


_V2 = "GET /api/fun/wxuser/v2"
_V2_MINE = f"{_V2}?appToken=@token"
USERS = {
    "v2: application and topics": Row(ask=f"{_V2_MINE}&page=1&pageSize=20", data=page(IN_APP, IN_TOPIC, size=20)),
    "v2: a slash, and what is empty is absent": Row(
        ask=f"{_V2}/?appToken=@token&page=&pageSize=&uid=&isBlock=&type=", body="{", data=page(IN_APP, IN_TOPIC)
    ),
    "v2: type 0": Row(ask=f"{_V2_MINE}&type=0", data=page(IN_APP)),
    "v2: type 1": Row(ask=f"{_V2_MINE}&type=1", data=page(IN_TOPIC)),
    "v2: type 2": Row(ask=f"{_V2_MINE}&type=2", code=1001, msg="type: 2"),
    "v2: uid": Row(ask=f"{_V2_MINE}&uid=@uid&type=0", data=page(IN_APP)),
    "v2: a foreign uid": Row(ask=f"{_V2_MINE}&uid=UID_x", data=page()),
    "v2: isBlock": Row(ask=f"{_V2_MINE}&isBlock=true", data=page()),
    "v2: not isBlock": Row(ask=f"{_V2_MINE}&isBlock=false&type=0", data=page(IN_APP)),
    "v2: isBlock of Python": Row(ask=f"{_V2_MINE}&isBlock=False&type=0", data=page(IN_APP)),
    "v2: isBlock is a word": Row(ask=f"{_V2_MINE}&isBlock=maybe", code=1005, msg="isBlock: "),
    "v2: the second page": Row(ask=f"{_V2_MINE}&page=2&pageSize=1", data=page(IN_TOPIC, total=2, page=2, size=1)),
    "v2: beyond the last page": Row(
        ask=f"{_V2_MINE}&page={'9' * 18}&pageSize=100", data=page(total=2, page=int("9" * 18))
    ),
    "v2: page 0": Row(ask=f"{_V2_MINE}&page=0", code=1001, msg="page: 0"),
    "v2: page is a word": Row(ask=f"{_V2_MINE}&page=x", code=1005, msg="page: 'x'"),
    "v2: pageSize 101": Row(ask=f"{_V2_MINE}&pageSize=101", code=1001, msg="pageSize: 101"),
    "v2: pageSize with control characters": Row(ask=f"{_V2_MINE}&pageSize=1%00", code=1005, msg="pageSize: "),
    "v2: a wrong token": Row(ask=f"{_V2}?appToken=AT_x", code=1001, msg="appToken不正确"),
    "v1": Row(ask="GET /api/fun/wxuser?appToken=@token&page=1&pageSize=10", data=page(V1, size=10)),
    "v1: a slash, and a uid": Row(ask="GET /api/fun/wxuser/?appToken=@token&uid=@uid", data=page(V1)),
    "v1: pageSize 101": Row(ask="GET /api/fun/wxuser?appToken=@token&pageSize=101", code=1001, msg="pageSize: 101"),
    "remove": Row(ask="DELETE /api/fun/remove?appToken=@token&id=@id", data="删除成功"),
    "remove with a slash and a body": Row(
        ask="DELETE /api/fun/remove/?appToken=@token&id=@topic_id", body="{", data="删除成功"
    ),
    "remove nobody": Row(ask="DELETE /api/fun/remove?appToken=@token&id=99", code=1001, msg="id: "),
    "remove no number": Row(ask="DELETE /api/fun/remove?appToken=@token&id=x", code=1005, msg="id: "),
    "remove nothing": Row(ask="DELETE /api/fun/remove?appToken=@token", code=1005, msg="id: missing"),
    "remove with a wrong token": Row(ask="DELETE /api/fun/remove?appToken=x&id=@id", code=1001, msg="appToken不正确"),
    "reject": Row(ask="PUT /api/fun/reject?appToken=@token&id=@id&reject=true", data="删除成功"),
    "un-reject": Row(ask="PUT /api/fun/reject/?appToken=@token&id=@id&reject=false", body="{", data="删除成功"),
    "reject, as PHP writes true": Row(ask="PUT /api/fun/reject?appToken=@token&id=@id&reject=1", data="删除成功"),
    "un-reject, as PHP writes false": Row(ask="PUT /api/fun/reject?appToken=@token&id=@id&reject=0", data="删除成功"),
    "reject nobody": Row(ask="PUT /api/fun/reject?appToken=@token&id=99&reject=true", code=1001, msg="id: "),
    "reject without saying": Row(ask="PUT /api/fun/reject?appToken=@token&id=@id", code=1001, msg="reject: missing"),
    "reject with a word": Row(ask="PUT /api/fun/reject?appToken=@token&id=@id&reject=5", code=1005, msg="reject: '5'"),
    "payment": Row(ask="GET /api/product/query-pay-end-time?appToken=@token", data=[]),
    "payment with a slash": Row(ask="GET /api/product/query-pay-end-time/", data=[]),
}

CODES = {
    "1004: no such route": Row(ask="GET /api/nothing", code=1004, msg="接口不存在"),
    "1004: no such method": Row(ask="PATCH /api/send/message", code=1004, msg="接口不存在"),
    "1004: nothing at all": Row(ask="GET /api", code=1004, msg="接口不存在"),
    "1002: not logged in": Row(ask="GET /api/v1/inbox", code=1002, msg="未登录"),
}


TABLES = {
    "send": SEND,
    "GET send": SEND_GET,
    "delete": DELETE,
    "status": STATUS,
    "simple push": SIMPLE,
    "users": USERS,
    "codes": CODES,
}
ROWS_OF_A_SERVER = 12
"""So few that no number, and no limit of an address, is reached that a row names as out of reach."""


def parts() -> Iterator[Any]:
    """Yield the rows, as many at once as one server answers."""
    for title, table in TABLES.items():
        rows = iter(table.items())
        while part := dict(itertools.islice(rows, ROWS_OF_A_SERVER)):
            yield pytest.param(part, id=f"{title} · {next(iter(part))}")


@pytest.mark.parametrize("part", [*parts()])
async def test_rows_of_the_contract(site: Site, part: Mapping[str, Row], subtests: pytest.Subtests) -> None:
    for says, row in part.items():
        with subtests.test(says):
            await _holds(await a_world(site), row)


async def _holds(world: World, row: Row) -> None:
    method, path = row.ask.split(" ", 1)
    answer = await world.ask(method, path, row.body, row.headers)
    assert answer["code"] == row.code, answer["msg"]
    assert row.msg in answer["msg"]
    if row.code == 1000 and row.msg == "处理成功":
        assert answer["msg"] == "处理成功"
    if row.data is not ANY:
        expected = json.loads(world.filled(json.dumps(row.data, ensure_ascii=False)))
        assert _without_numbers(answer["data"]) == expected
    if row.got is not None:
        assert await world.contents() == row.got


def _without_numbers(data: Any) -> Any:
    """Return what a send answered, with `drawn` for the two equal numbers of a record, which JavaScript can hold."""
    if not (isinstance(data, list) and all("sendRecordId" in element for element in data)):
        return data
    for element in data:
        if (number := element["sendRecordId"]) is not None:
            assert element["messageId"] == number
            assert 0 < number < 2**53
            element |= {"messageId": "drawn", "sendRecordId": "drawn"}
    return data


ODD_VALUES: dict[str, object] = {
    "null": None,
    "a number": 5,
    "a fraction": 1.5,
    "infinity": float("inf"),
    "a boolean": True,
    "a long text": "x" * 60_000,
    "control characters": "\x00\x1b\r\n\u202e",
    "half a surrogate pair": "\ud800",
    "a list": ["x", 5, None, []],
    "an object": {"a": {"b": []}},
    "a huge number": 10**400,
    "minus one": -1,
}
FIELDS = {
    "/api/send/message": ["appToken", "content", "summary", "contentType", "topicIds", "uids", "url", "verifyPay"],
    "/api/send/message/simple-push": ["content", "summary", "contentType", "url", "spt", "sptList"],
}


@pytest.mark.parametrize(("path", "names"), FIELDS.items())
async def test_no_value_of_any_field_is_a_failure_of_ours(site: Site, path: str, names: list[str]) -> None:
    sound = {"appToken": "@token", "content": "hi", "uids": ["@uid"], "spt": "@spt"}
    for name in names:
        world = await a_world(site)
        for says, value in ODD_VALUES.items():
            answer = await world.ask("POST", path, sound | {name: value})
            assert answer["code"] in {1000, 1001, 1005}, (name, says, answer)
            assert len(answer["msg"]) < 300, (name, says)


PARAMETERS = {
    "GET /api/send/message": ["appToken", "content", "uid", "topicId", "url", "summary"],
    "DELETE /api/send/message": ["appToken", "messageContentId"],
    "GET /api/send/query/status": ["sendRecordId"],
    "GET /api/fun/wxuser/v2": ["appToken", "page", "pageSize", "uid", "isBlock", "type"],
    "GET /api/fun/wxuser": ["appToken", "page", "pageSize", "uid"],
    "DELETE /api/fun/remove": ["appToken", "id"],
    "PUT /api/fun/reject": ["appToken", "id", "reject"],
}


ODD_PARAMETERS = ("", "x", "%00%1b%0d%0a", "%ff%fe", "-1", "9" * 400, "x" * 6_000, "%F0%9F%98%80", "null")


@pytest.mark.faults
@pytest.mark.parametrize(("route", "names"), PARAMETERS.items())
async def test_no_value_of_any_parameter_is_a_failure_of_ours(site: Site, route: str, names: list[str]) -> None:
    method, path = route.split(" ")
    for name in names:
        world = await a_world(site)
        for odd in ODD_PARAMETERS:
            given = {"appToken": "@token", "content": "hi", "uid": "@uid", "id": "@id", "reject": "true"}
            query = "&".join(
                f"{key}={value}" for key, value in ({"messageContentId": "@message"} | given | {name: odd}).items()
            )
            answer = await world.ask(method, f"{path}?{query}")
            assert answer["code"] in {1000, 1001, 1005}, (name, odd, answer)
            assert len(answer["msg"]) < 300, (name, odd)


async def test_nobody_counts_through_what_others_sent(world: World) -> None:
    """A status query needs no token: who has the number of one send must not find those of others beside it."""
    body = {"appToken": "@token", "content": "hi", "uids": ["@uid"], "topicIds": ["@topic"]}
    told = [world.names["record"]]
    for _ in range(5):
        told += [element["sendRecordId"] for element in (await world.ask("POST", "/api/send/message", body))["data"]]
        await world.site.tell("what another application sends in between")
    guesses = {*range(100), *(int(number) + step for number in told for step in (-2, -1, 1, 2))} - {*told}
    for number in guesses:
        assert await world.site.push.deliveries.status(int(number)) is None
    for number in told:
        assert (await world.ask("GET", f"/api/send/query/status?sendRecordId={number}"))["data"] == 3


async def test_a_deleted_message_is_gone_for_everybody_and_stays_answered(world: World) -> None:
    push, reader = world.site.push, world.reader.subscriber
    [item] = await push.inbox.items(reader)
    page_of_it = f"/api/message/{item.message.slug}"
    assert (await world.site.get(page_of_it)).status == 200
    for _ in range(2):
        assert (await world.ask("DELETE", "/api/send/message?messageContentId=@message&appToken=@token"))["data"]
    assert (await world.site.get(page_of_it)).status == 404
    assert await push.inbox.items(reader) == []
    assert (await world.ask("GET", "/api/send/query/@record"))["data"] == 3


async def test_a_message_of_another_application_cannot_be_deleted(world: World) -> None:
    _, token = await world.site.app()
    answer = await world.ask("DELETE", f"/api/send/message?messageContentId=@message&appToken={token}")
    assert answer["code"] == 1001
    assert len(await world.site.push.inbox.items(world.reader.subscriber)) == 1


async def test_an_owner_removes_and_rejects_nobody_of_another_application(world: World) -> None:
    _, token = await world.site.app()
    for method, path in (("DELETE", "remove"), ("PUT", "reject")):
        answer = await world.ask(method, f"/api/fun/{path}?appToken={token}&id=@id&reject=true")
        assert (answer["code"], "不存在" in answer["msg"]) == (1001, True)


async def test_a_rejected_user_gets_nothing_and_is_on_the_block_list_until_taken_back(world: World) -> None:
    body = {"appToken": "@token", "content": "hi", "uids": ["@uid"]}
    await world.ask("PUT", "/api/fun/reject?appToken=@token&id=@id&reject=true")
    answer = await world.ask("POST", "/api/send/message", body)
    assert "拉黑" in answer["data"][0]["status"]
    listed = await world.ask("GET", "/api/fun/wxuser/v2?appToken=@token&isBlock=true")
    assert [(one["uid"], one["reject"]) for one in listed["data"]["records"]] == [(world.names["uid"], True)]
    assert (await world.ask("GET", "/api/fun/wxuser?appToken=@token"))["data"]["records"][0]["enable"] is False
    follow_page = f"/a/{world.app.slug}"
    refusal = await world.site.post(follow_page, device=world.reader)
    assert refusal.status == 400
    await world.ask("PUT", "/api/fun/reject?appToken=@token&id=@id&reject=false")
    assert (await world.ask("POST", "/api/send/message", body))["data"][0]["code"] == 1000


async def test_who_was_removed_may_follow_again(world: World) -> None:
    await world.ask("DELETE", "/api/fun/remove?appToken=@token&id=@id")
    body = {"appToken": "@token", "content": "hi", "uids": ["@uid"]}
    assert "未关注应用" in (await world.ask("POST", "/api/send/message", body))["data"][0]["status"]
    assert (await world.site.post(f"/a/{world.app.slug}", device=world.reader)).status == 303
    assert (await world.ask("POST", "/api/send/message", body))["data"][0]["code"] == 1000


async def test_who_switched_messages_off_is_no_silent_success(world: World) -> None:
    await world.site.push.subscribers.describe(world.reader.subscriber, is_receiving=False)
    body = {"appToken": "@token", "content": "hi", "uids": ["@uid"], "topicIds": ["@topic"]}
    user, _ = (await world.ask("POST", "/api/send/message", body))["data"]
    assert (user["code"], user["status"]) == (1001, f"用户UID=[{world.names['uid']}]已关闭消息接收")
    assert await world.contents() == []
    [record, _] = (await world.ask("GET", "/api/fun/wxuser/v2?appToken=@token"))["data"]["records"]
    assert (record["enable"], record["reject"]) == (False, False)


@pytest.mark.parametrize(
    "path",
    [
        "/api/send/message?appToken=@token&content=hi&uid=@uid",
        "/api/send/message/?appToken=@token&content=hi&uid=@uid",
        "/api/send/message/@spt/hi",
    ],
)
async def test_an_absolute_request_target_reaches_the_api(world: World, path: str) -> None:
    """Clients behind an HTTP proxy setting send one."""
    target = world.filled(f"http://push.example{path}")
    reader, writer = await asyncio.open_connection("127.0.0.1", world.site.server.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: push.example\r\nConnection: close\r\n\r\n".encode())
    assert b'"code":1000' in await asyncio.wait_for(reader.read(), 30)
    writer.close()
    assert await world.contents() == ["hi"]


@pytest.mark.parametrize(
    "target",
    [
        "/api/send/message?appToken=@token&uid=@uid&content=你好",
        "/api/send/message?appToken=@token&uid=@uid&content=a b",
        "/api/send/message/@spt/你好",
    ],
)
async def test_a_text_that_was_not_encoded_gets_advice(world: World, target: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.site.server.port)
    writer.write(f"GET {world.filled(target)} HTTP/1.1\r\nHost: push.example\r\n\r\n".encode())
    head, _, body = (await asyncio.wait_for(reader.read(), 30)).partition(b"\r\n\r\n")
    writer.close()
    answer = json.loads(body)
    assert (head.split()[1], answer["code"], answer["success"]) == (b"400", 1005, False)
    assert "percent-encoded" in answer["msg"]
    assert "URL 编码" in answer["msg"]
    assert str(world.names["token"]) not in answer["msg"]
    assert await world.contents() == []


async def test_a_body_that_never_comes_keeps_nobody_from_deleting(world: World) -> None:
    path = world.filled("/api/fun/remove?appToken=@token&id=@id")
    reader, writer = await asyncio.open_connection("127.0.0.1", world.site.server.port)
    head = f"DELETE {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
    writer.write(head.encode())
    assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    writer.close()


async def test_the_twenty_first_send_within_ten_seconds_is_told_to_wait(world: World) -> None:
    _, other = await world.site.app()
    send = "/api/send/message?appToken={}&content=hi&uid=@uid"
    for _ in range(20):
        assert (await world.ask("GET", send.format("@token")))["code"] == 1000
    for _ in range(2):
        answer = await world.ask("GET", send.format("@token"))
        assert (answer["code"], "请求过于频繁" in answer["msg"], "rate limit" in answer["msg"]) == (1001, True, True)
    assert len(await world.contents()) == 20
    assert (await world.ask("GET", send.format(other)))["code"] == 1000
    assert (await world.ask("GET", "/api/fun/wxuser?appToken=@token"))["code"] == 1000


OTHER_CALLS = {
    "users": ("GET", "/api/fun/wxuser/v2?appToken=@token"),
    "users, as they were": ("GET", "/api/fun/wxuser?appToken=@token"),
    "remove": ("DELETE", "/api/fun/remove?appToken=@token&id=999"),
    "reject": ("PUT", "/api/fun/reject?appToken=@token&id=999&reject=true"),
    "delete": ("DELETE", "/api/send/message?appToken=@token&messageContentId=999"),
}


@pytest.mark.faults
@pytest.mark.parametrize("name", OTHER_CALLS)
async def test_what_sends_nothing_has_a_limit_of_its_own(world: World, name: str) -> None:
    method, path = OTHER_CALLS[name]
    answers = [await world.ask(method, path) for _ in range(101)]
    assert ["rate limit" in answer["msg"] for answer in answers] == [False] * 100 + [True]
    assert (await world.ask("GET", "/api/send/message?appToken=@token&content=hi&uid=@uid"))["code"] == 1000


@pytest.mark.faults
@pytest.mark.parametrize(
    "path", ["/api/send/query/@record", "/api/fun/wxuser?appToken=AT_x", "/api/send/message/SPT_x/hi"]
)
async def test_an_address_may_guess_and_ask_only_so_often(world: World, path: str) -> None:
    spts = itertools.count()
    for _ in range(100):
        answer = await world.ask("GET", path.replace("SPT_x", f"SPT_{next(spts)}"))
        assert "rate limit" not in answer["msg"]
    answer = await world.ask("GET", path)
    assert (answer["code"], "rate limit" in answer["msg"]) == (1001, True)


async def test_our_own_api_says_429_and_when_to_come_back(world: World) -> None:
    answers = [await world.site.get("/api/v1/inbox", device=world.reader) for _ in range(101)]
    assert {answer.status for answer in answers[:-1]} == {200}
    assert answers[-1].status == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10
