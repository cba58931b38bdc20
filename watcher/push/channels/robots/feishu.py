"""
Robots of Feishu and Lark groups (自定义机器人).

Source: "自定义机器人使用指南", https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot:
100 messages a minute and 5 a second for each robot; a request of at most 20 KB; the signature is the base64 HMAC-SHA256
of nothing under the key `timestamp\\nsecret`, and is good for an hour.

| code | means |
|---|---|
| 0 | sent |
| 11232; 9499 that speaks of a frequency | later; in a minute |
| 19001, 19003: the webhook, 19021: the signature | refused, and the operator is told |
| 19022: our address, 19024: the keyword | refused, and the operator is told |
| 9499, 19002, 11246, 230025: the message as it is | refused |
| any other | refused, and the operator is told |
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from watcher.core.channels import ChannelName, Notification, Refused, Retry, SendResult
from watcher.core.values import Json
from watcher.push.channels.robots.service import TAKEN, Call, Service, encoded
from watcher.push.channels.robots.webhook import Robot
from watcher.push.channels.words import Words, calling_nobody, fitted, words_of

MAX_BYTES: Final = 20_000
_WORDS_BYTES: Final = 16_000
"""Of these: the rest is for what stands around the words."""
_HEAD_BYTES: Final = 600
_TITLE: Final = "Feishu"
_TOO_FAST: Final = 11232
_BAD_REQUEST: Final = 9499
_NOT_SO: Final = frozenset({_BAD_REQUEST, 19002, 11246, 230025})
_ALARMS: Final = {
    19001: "it does not know the robot's webhook any more",
    19003: "the robot is switched off",
    19021: "the signature does not match: look at the robot's secret, and at this machine's clock",
    19022: "this server's address is not on the robot's list",
    19024: "the message has none of the robot's keywords",
}


def call(robot: Robot, notification: Notification, now: datetime) -> Call:
    """Return the request: a card for markdown, else a post, which has a title and a link."""
    words = words_of(notification, keyword=robot.keyword)
    body: dict[str, Json] = _card(words) if words.is_markdown and words.body else _post(words)
    if robot.secret:
        timestamp = str(int(now.timestamp()))
        body |= {"timestamp": timestamp, "sign": signature(robot.secret, timestamp)}
    url = URL.build(scheme="https", host=robot.host, path=f"/open-apis/bot/v2/hook/{robot.key}")
    return Call(url=url, body=encoded(body))


def signature(secret: str, timestamp: str) -> str:
    """Return what signs a request at this time, in seconds since 1970."""
    return base64.b64encode(hmac.digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")).decode()


def understand(code: int, words: str) -> SendResult:
    """Return what a code means."""
    said = f"{_TITLE} answered {code}"
    if code == 0:
        return TAKEN
    if code == _TOO_FAST or (code == _BAD_REQUEST and ("frequen" in words or "too many" in words)):
        return Retry(reason=f"{said}: too many messages", after=timedelta(minutes=1))
    if code in _NOT_SO:
        return Refused(reason=f"{said}: it refuses the message as it is")
    return Refused(reason=f"{said}: {_ALARMS.get(code, 'a code that is not in our table')}", is_alarm=True)


SERVICE: Final = Service(
    name=ChannelName.FEISHU,
    title=_TITLE,
    limits=((100, 60.0), (5, 1.0)),
    code_keys=("code", "StatusCode"),
    call=call,
    understand=understand,
)


def _post(words: Words) -> dict[str, Json]:
    # What stands in a `text` of a post is shown as it is: `<at …>` in it calls nobody.
    lines: list[Json] = [[{"tag": "text", "text": fitted(words.body, _WORDS_BYTES)}]] if words.body else []
    lines.append([{"tag": "a", "text": words.open, "href": words.link}])
    post: Json = {"title": fitted(words.head, _HEAD_BYTES), "content": lines}
    return {"msg_type": "post", "content": {"post": {"zh_cn": post}}}


def _card(words: Words) -> dict[str, Json]:
    said = f"{fitted(calling_nobody(words.body), _WORDS_BYTES)}\n\n[{words.open}]({words.link})"
    title: Json = {"tag": "plain_text", "content": fitted(words.head, _HEAD_BYTES)}
    card: Json = {"header": {"title": title}, "elements": [{"tag": "markdown", "content": said}]}
    return {"msg_type": "interactive", "card": card}
