from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace
from wxpusher import WxPusher
from yarl import URL

from tests.core.builders import message
from tests.web.site import JSON, NOW, Site
from watcher.core.push import InboxItem, NewSubscriber
from watcher.core.watch import Topic
from watcher.net import Sessions
from watcher.outbox.remote import RemotePublisher


async def _post(site: Site, fields: Mapping[str, object], path: str = "/api/send/message") -> Any:
    answer = await site.post(
        path, body=json.dumps(fields).encode(), headers={"Content-Type": "application/json;charset=UTF-8"}
    )
    assert answer.status == 200
    return await answer.json()


async def _sender(site: Site) -> tuple[str, NewSubscriber, int]:
    """Return a token, a reader who follows the application and its topic, and the topic's id."""
    app, token = await site.app()
    topic = await site.push.topics.add("Offers", app_id=app.id)
    return token, await site.push.subscribers.add(app_ids=[app.id], topic_ids=[topic.id]), topic.id


async def _inbox(site: Site, reader: NewSubscriber) -> list[InboxItem]:
    return list(await site.push.inbox.items(reader.subscriber))


@pytest.mark.parametrize("path", ["/api/send/message", "/api/send/message/"])
async def test_the_documentations_post_reaches_topics_and_users(site: Site, path: str) -> None:
    token, reader, topic_id = await _sender(site)
    uid = reader.subscriber.uid
    envelope = await _post(
        site,
        {
            "appToken": token,
            "content": "<b>Hello</b>",
            "summary": "Hello",
            "contentType": 2,
            "topicIds": [topic_id],
            "uids": [uid],
            "url": "https://x.example",
            "verifyPay": False,
        },
        path,
    )
    assert {**envelope, "data": None} == {"code": 1000, "msg": "处理成功", "data": None, "success": True}
    assert [(row["uid"], row["topicId"], row["code"]) for row in envelope["data"]] == [
        (uid, None, 1000),
        (None, topic_id, 1000),
    ]
    assert all(row["messageId"] == row["sendRecordId"] and row["messageContentId"] for row in envelope["data"])
    [item] = await _inbox(site, reader)
    assert (item.message.draft.summary, item.message.draft.url) == ("Hello", "https://x.example")


async def test_the_documentations_get_with_a_slash_at_the_end_reaches_a_user(site: Site) -> None:
    token, reader, _ = await _sender(site)
    query = f"appToken={token}&content={quote('你好 & more')}&uid={reader.subscriber.uid}&topicId=&url="
    assert (await (await site.get(f"/api/send/message/?{query}")).json())["code"] == 1000
    [item] = await _inbox(site, reader)
    assert item.message.draft.content == "你好 & more"


async def test_a_url_that_was_encoded_twice_is_decoded(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    twice = quote(quote("http://x.example/a?b=c", safe=""), safe="")
    path = URL(f"/api/send/message?appToken={token}&content=x&topicId={topic_id}&url={twice}", encoded=True)
    async with site.client.get(path) as answer:
        assert (await answer.json())["code"] == 1000
    [item] = await _inbox(site, reader)
    assert item.message.draft.url == "http://x.example/a?b=c"


@pytest.mark.parametrize("empty", [None, "", []], ids=["null", "empty text", "empty list"])
async def test_what_is_empty_is_absent(site: Site, empty: object) -> None:
    token, reader, topic_id = await _sender(site)
    optional: dict[str, object] = dict.fromkeys(("summary", "contentType", "uids", "url", "verifyPay"), empty)
    envelope = await _post(site, {"appToken": token, "content": "head", "topicIds": [topic_id]} | optional)
    assert envelope["code"] == 1000
    [item] = await _inbox(site, reader)
    assert (item.message.draft.summary, item.message.draft.content_type) == ("head", 1)


async def test_numbers_may_be_written_as_texts(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    envelope = await _post(site, {"appToken": token, "content": "# x", "topicIds": [str(topic_id)], "contentType": "3"})
    assert envelope["code"] == 1000
    [item] = await _inbox(site, reader)
    assert item.message.draft.content_type == 3


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"uids": "UID_x"}, "uids", id="a bare uid"),
        pytest.param({"uids": [1]}, "uids.0", id="a number as uid"),
        pytest.param({"topicIds": ["x"]}, "topicIds.0", id="a word as topic"),
        pytest.param({"topicIds": 5}, "topicIds", id="a bare topic"),
        pytest.param({"topicIds": [True]}, "topicIds.0", id="a boolean as topic"),
        pytest.param({"content": 5}, "content", id="a number as content"),
        pytest.param({"contentType": "html"}, "contentType", id="a word as content type"),
        pytest.param({"contentType": 1.5}, "contentType", id="a fraction as content type"),
        pytest.param({"url": {}}, "url", id="an object as url"),
        pytest.param({"appToken": ["x"]}, "appToken", id="a list as token"),
    ],
)
async def test_a_field_of_the_wrong_type_is_named(site: Site, fields: dict[str, object], named: str) -> None:
    token, _, _ = await _sender(site)
    envelope = await _post(site, {"appToken": token, "content": "x", "uids": ["UID_x"]} | fields)
    assert envelope["code"] == 1005
    assert envelope["msg"].startswith(f"{named}: ")


async def test_comments_are_met_with_advice(site: Site) -> None:
    body = b'{"appToken":"AT_x", "url":"http://x", // the token\n"content":"x"}'
    envelope = await (await site.post("/api/send/message", body=body, headers=JSON)).json()
    assert envelope["code"] == 1005
    assert "remove the comments" in envelope["msg"]


async def test_a_url_in_broken_json_is_no_comment(site: Site) -> None:
    body = b'{"url":"http://x.example",}'
    envelope = await (await site.post("/api/send/message", body=body, headers=JSON)).json()
    assert envelope["code"] == 1005
    assert "comments" not in envelope["msg"]


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
async def test_a_form_is_refused(site: Site, content_type: str) -> None:
    envelope = await (
        await site.post("/api/send/message", body=b"appToken=x", headers={"Content-Type": content_type})
    ).json()
    assert envelope["code"] == 1005
    assert "Content-Type" in envelope["msg"]


@pytest.mark.parametrize("token", ["AT_wrong", "", None])
async def test_a_wrong_token_is_1001(site: Site, token: str | None) -> None:
    envelope = await _post(site, {"appToken": token, "content": "x", "uids": ["UID_x"]})
    assert envelope == {"code": 1001, "msg": "appToken不正确", "data": None, "success": False}


async def test_a_target_that_fails_has_its_own_code(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    stranger = await site.reader()
    envelope = await _post(
        site, {"appToken": token, "content": "x", "uids": [stranger.subscriber.uid], "topicIds": [topic_id, 9999]}
    )
    assert envelope["code"] == 1000
    assert [row["code"] for row in envelope["data"]] == [1001, 1000, 1001]
    assert envelope["data"][0]["messageId"] is None
    assert len(await _inbox(site, reader)) == 1


async def test_a_send_to_nobody_is_refused(site: Site) -> None:
    token, _, _ = await _sender(site)
    assert (await _post(site, {"appToken": token, "content": "x"}))["code"] == 1001


async def test_a_repeated_idempotency_key_sends_once(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    body = json.dumps({"appToken": token, "content": "once", "topicIds": [topic_id]}).encode()
    answers = [
        await (
            await site.post("/api/send/message", body=body, headers=JSON | {"Idempotency-Key": "epoch:watch:1"})
        ).json()
        for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2]
    assert len(await _inbox(site, reader)) == 1


async def _keyed(site: Site, method: str, path: str, body: object = None) -> tuple[int, str, bool]:
    """Send with the key `k`; return the code, the text, and whether the answer says that it is a replay."""
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    headers = {**(JSON if data else {}), "Idempotency-Key": "k"}
    async with site.client.request(method, path, data=data, headers=headers) as answer:
        envelope = await answer.json()
        return envelope["code"], envelope["msg"], answer.headers.get("Idempotency-Replayed") == "true"


async def test_a_key_that_comes_with_another_request_is_refused_and_sends_nothing(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    body = {"appToken": token, "content": "one", "topicIds": [topic_id]}
    assert (await _keyed(site, "POST", "/api/send/message", body))[::2] == (1000, False)
    changes: tuple[dict[str, object], ...] = (
        {"content": "two"},
        {"summary": "s"},
        {"contentType": 2},
        {"url": "https://x.example/"},
        {"uids": [reader.subscriber.uid]},
        {"topicIds": [topic_id, topic_id + 1]},
    )
    for change in changes:
        code, text, is_replay = await _keyed(site, "POST", "/api/send/message", body | change)
        assert (code, text.startswith("Idempotency-Key: "), is_replay) == (1001, True, False), change
    assert [item.message.draft.content for item in await _inbox(site, reader)] == ["one"]


async def test_a_repeat_may_be_written_in_another_way_and_says_that_it_is_one(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    path = "/api/send/message"
    body: dict[str, object] = {"appToken": token, "content": "one", "topicIds": [topic_id]}
    assert (await _keyed(site, "POST", path, body))[::2] == (1000, False)
    app = next(app for app in await site.push.apps.all() if app.key is None)
    for again in (
        body,
        {
            **dict(reversed(body.items())),
            "url": "",
            "summary": None,
            "contentType": 1,
            "verifyPay": False,
            "unknown": 1,
        },
        json.dumps(body, indent=4).encode(),
        body | {"topicIds": [str(topic_id)]},
        body | {"topicIds": [topic_id, None, ""]},
    ):
        assert await _keyed(site, "POST", path, again) == (1000, "处理成功", True)
    token = await site.push.apps.reset_token(app.id)
    assert await _keyed(site, "POST", path, body | {"appToken": token}) == (1000, "处理成功", True)
    assert (await _keyed(site, "GET", f"{path}?appToken={token}&content=one&topicId={topic_id}"))[::2] == (1000, True)
    assert (await _keyed(site, "GET", f"{path}?appToken={token}&content=two&topicId={topic_id}"))[::2] == (1001, False)
    assert len(await _inbox(site, reader)) == 1


async def test_a_key_of_a_simple_push_comes_with_one_content(site: Site) -> None:
    reader = await site.reader()
    path = "/api/send/message/simple-push"
    body = {"spt": reader.spt, "content": "one"}
    assert (await _keyed(site, "POST", path, body))[::2] == (1000, False)
    assert (await _keyed(site, "POST", path, body))[::2] == (1000, True)
    assert (await _keyed(site, "POST", path, body | {"content": "two"}))[::2] == (1001, False)
    assert (await _keyed(site, "GET", f"/api/send/message/{reader.spt}/one"))[::2] == (1000, True)
    assert (await _keyed(site, "GET", f"/api/send/message/{reader.spt}/two"))[::2] == (1001, False)
    assert len(await _inbox(site, reader)) == 1


async def test_the_outbox_of_another_watcher_takes_what_it_words_anew_for_delivered(site: Site) -> None:
    token, reader, topic_id = await _sender(site)
    topics = {"deals": Topic(key="deals", name="Deals", id=topic_id)}
    async with Sessions() as sessions:
        session = sessions.of(allow_private=True)
        publisher = RemotePublisher(session, site.base, token, topics, now=lambda: NOW, seconds=lambda: 0.0)
        for told in (message(1), replace(message(1), content="news 1, worded anew")):
            assert await publisher.publish([told]) == [None]
    assert len(await _inbox(site, reader)) == 1


@pytest.mark.parametrize(
    "path", ["/api/send/query/status?sendRecordId={}", "/api/send/query/{}", "/api/send/query/{}/?"]
)
async def test_the_status_of_a_send_is_a_number(site: Site, path: str) -> None:
    token, _, topic_id = await _sender(site)
    sent = await _post(site, {"appToken": token, "content": "x", "topicIds": [topic_id]})
    record_id = sent["data"][0]["sendRecordId"]
    answer = await (await site.get(path.format(record_id))).json()
    assert answer == {"code": 1000, "msg": "发送成功", "data": 3, "success": True}


@pytest.mark.parametrize(("asked", "code"), [("999999", 1001), ("x", 1005), ("-1", 1005), ("9" * 40, 1005)])
async def test_the_status_of_nothing_is_said(site: Site, asked: str, code: int) -> None:
    answer = await (await site.get(f"/api/send/query/{asked}")).json()
    assert answer["code"] == code


async def test_the_published_client_sends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    token, reader, topic_id = await _sender(site)
    monkeypatch.setattr("wxpusher.wxpusher.BASEURL", f"{site.base}/api")
    sent = await asyncio.to_thread(
        WxPusher.send_message, "from the client", uids=[reader.subscriber.uid], topic_ids=[topic_id], token=token
    )
    assert sent["code"] == 1000
    assert [item.message.draft.content for item in await _inbox(site, reader)] == ["from the client"]
    status = await asyncio.to_thread(WxPusher.query_message, sent["data"][0]["messageId"])
    assert status["data"] == 3
