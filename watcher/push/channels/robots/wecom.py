"""
Robots of WeCom groups (企业微信群机器人).

Source: "群机器人配置说明", https://developer.work.weixin.qq.com/document/path/91770: 20 messages a minute for each
robot; a text of at most 2,048 bytes of UTF-8, markdown of at most 4,096.
Codes: https://developer.work.weixin.qq.com/document/path/90313.

| errcode | means |
|---|---|
| 0 | sent |
| −1 | later |
| 45009, 45033 | later; in a minute |
| 93000 and its kin: the webhook | refused, and the operator is told |
| 40008, 40058, 44004, 45002: the message as it is | refused |
| any other | refused, and the operator is told |
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from watcher.core.channels import ChannelName, Notification, Refused, Retry, SendResult
from watcher.push.channels.robots.service import TAKEN, Call, Service, encoded
from watcher.push.channels.robots.webhook import Robot
from watcher.push.channels.words import calling_nobody, fitted, words_of

MAX_TEXT_BYTES: Final = 2_048
MAX_MARKDOWN_BYTES: Final = 4_096
_TITLE: Final = "WeCom"
_TOO_FAST: Final = frozenset({45009, 45033})
_NO_ROBOT: Final = frozenset({93000, 93004, 93008})
_NOT_SO: Final = frozenset({40008, 40058, 44004, 45002})


def call(robot: Robot, notification: Notification, now: datetime) -> Call:  # noqa: ARG001 - WeCom signs nothing
    """Return the request: markdown for markdown, else text, which WeChat's own app shows too."""
    words = words_of(notification, keyword=robot.keyword)
    url = URL.build(scheme="https", host=robot.host, path="/cgi-bin/webhook/send", query={"key": robot.key})
    title, text = calling_nobody(words.head), calling_nobody(words.body)
    if words.is_markdown and text:
        body = _filled(f"**{title}**\n", text, f"\n[{words.open}]({words.link})", MAX_MARKDOWN_BYTES)
        return Call(url=url, body=encoded({"msgtype": "markdown", "markdown": {"content": body}}))
    body = _filled(title, f"\n{text}" if text else "", f"\n{words.link}", MAX_TEXT_BYTES)
    return Call(url=url, body=encoded({"msgtype": "text", "text": {"content": body}}))


def understand(code: int, words: str) -> SendResult:  # noqa: ARG001 - the code says it
    """Return what an errcode means."""
    said = f"{_TITLE} answered {code}"
    if code == 0:
        return TAKEN
    if code == -1:
        return Retry(reason=f"{said}: it is busy")
    if code in _TOO_FAST:
        return Retry(reason=f"{said}: too many messages in a minute", after=timedelta(minutes=1))
    if code in _NOT_SO:
        return Refused(reason=f"{said}: it refuses the message as it is")
    if code in _NO_ROBOT:
        return Refused(reason=f"{said}: it does not know the robot's key any more", is_alarm=True)
    return Refused(reason=f"{said}, which is not in our table", is_alarm=True)


SERVICE: Final = Service(
    name=ChannelName.WECOM,
    title=_TITLE,
    limits=((20, 60.0),),
    code_keys=("errcode",),
    call=call,
    understand=understand,
)


def _filled(head: str, body: str, tail: str, most: int) -> str:
    """Return all three, as much of the body as there is room for; of a long head its beginning."""
    room = most - len(tail.encode())
    head = fitted(head, room)
    left = room - len(head.encode())
    return head + (fitted(body, left) if body and left > 10 else "") + tail
