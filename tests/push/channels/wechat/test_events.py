from __future__ import annotations

import pytest

from watcher.push.channels.wechat.events import (
    Event,
    JobFinished,
    JobOutcome,
    Other,
    Said,
    Scanned,
    Subscribed,
    Unsubscribed,
    dedupe_key,
    read_event,
)

ME = "oA-1_b"
WHO = {"ToUserName": "gh_1", "FromUserName": ME, "CreateTime": "1700000000"}
JOB_ID = "200163836"
JOB = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": JOB_ID}


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_tabc"}, Subscribed(openid=ME, scene="tabc")),
        ({"MsgType": "event", "Event": "subscribe", "EventKey": ""}, Subscribed(openid=ME, scene=None)),
        ({"MsgType": "event", "Event": "subscribe"}, Subscribed(openid=ME, scene=None)),
        ({"MsgType": "event", "Event": "subscribe", "EventKey": "last_trade_no_1"}, Subscribed(openid=ME, scene=None)),
        ({"MsgType": "event", "Event": "SCAN", "EventKey": "tabc"}, Scanned(openid=ME, scene="tabc")),
        ({"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}, Unsubscribed(openid=ME)),
        ({"MsgType": "text", "Content": "退订 1", "MsgId": "23"}, Said(openid=ME, text="退订 1")),
        ({**JOB, "Status": "success"}, JobFinished(openid=ME, outcome=JobOutcome.DELIVERED)),
        ({**JOB, "Status": "failed:user block"}, JobFinished(openid=ME, outcome=JobOutcome.BLOCKED)),
        ({**JOB, "Status": "failed: system failed"}, JobFinished(openid=ME, outcome=JobOutcome.FAILED)),
        ({"MsgType": "image", "PicUrl": "http://x.example"}, Other(openid=ME, kind="image")),
        ({"MsgType": "event", "Event": "VIEW"}, Other(openid=ME, kind="VIEW")),
    ],
)
def test_each_kind_of_event_is_told_apart(fields: dict[str, str], event: Event) -> None:
    assert read_event(WHO | fields) == event


@pytest.mark.parametrize("openid", ["", " ", "a/b", "x" * 65, "微信"])
def test_an_event_from_nobody_is_none(openid: str) -> None:
    assert read_event({**WHO, "FromUserName": openid, "MsgType": "text", "Content": "x"}) is None


def test_no_event_shows_its_openid() -> None:
    assert ME not in repr(read_event(WHO | {"MsgType": "text", "Content": "x"}))


def test_a_message_is_known_by_its_number_alone() -> None:
    once = WHO | {"MsgType": "text", "MsgId": "23"}
    assert dedupe_key(once) == dedupe_key({**once, "CreateTime": "1700000005"})
    assert dedupe_key(once) != dedupe_key({**once, "MsgId": "24"})


@pytest.mark.parametrize("name", ["FromUserName", "CreateTime", "Event", "EventKey", "MsgID"])
def test_an_event_is_known_by_who_when_and_what(name: str) -> None:
    once = WHO | {"MsgType": "event", "Event": "SCAN", "EventKey": "tabc"}
    assert dedupe_key(once) == dedupe_key(dict(once))
    assert dedupe_key(once) != dedupe_key({**once, name: "other"})
