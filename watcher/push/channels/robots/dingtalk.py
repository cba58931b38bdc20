"""
Robots of DingTalk groups (钉钉自定义机器人).

Source: "自定义机器人接入", https://open.dingtalk.com/document/orgapp/custom-robot-access, and "自定义机器人安全设置",
https://open.dingtalk.com/document/robots/customize-robot-security-settings: 20 messages a minute for each robot, and
10 minutes of rest after more; the signature is the base64 HMAC-SHA256 of `timestamp\\nsecret` under the secret, with
the timestamp in milliseconds, and is good for an hour. A message has at most 20,000 bytes.

| errcode | means |
|---|---|
| 0 | sent |
| −1 | later |
| 130101, 410100, 90018 | later; in 10 minutes |
| 310000: the signature, the keyword or our address | refused, and the operator is told |
| 300001, 300005, 400013, 400101, 400102, 400106: the robot | refused, and the operator is told |
| 40035, 43004, 400105, 430101 to 430104: the message as it is | refused |
| any other | refused, and the operator is told |
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from watcher.core.channels import ChannelName, Notification, Refused, Retry, SendResult
from watcher.core.instants import epoch_milliseconds
from watcher.push.channels.robots.service import TAKEN, Call, Service, encoded
from watcher.push.channels.robots.webhook import Robot
from watcher.push.channels.words import fitted, words_of

MAX_BYTES: Final = 20_000
_WORDS_BYTES: Final = 16_000
_HEAD_BYTES: Final = 600
_TITLE: Final = "DingTalk"
_TOO_FAST: Final = frozenset({130101, 410100, 90018})
_RESTS: Final = timedelta(minutes=10)
_NOT_SO: Final = frozenset({40035, 43004, 400105, 430101, 430102, 430103, 430104})
_UNSAFE: Final = 310000
_ALARMS: Final = {
    300001: "it does not know the robot's token any more",
    300005: "it does not know the robot's token any more",
    400013: "the group is not there any more",
    400101: "it does not know the robot's token any more",
    400102: "the robot is switched off",
    400106: "the robot is not there any more",
}
_ABOUT: Final = (
    ("keyword", "the message has none of the robot's keywords"),
    ("sign", "the signature does not match: look at the robot's secret"),
    ("timestamp", "this machine's clock is wrong"),
    ("ip", "this server's address is not on the robot's list"),
)


def call(robot: Robot, notification: Notification, now: datetime) -> Call:
    """Return the request: markdown for markdown, else text."""
    words = words_of(notification, keyword=robot.keyword)
    head = fitted(words.head, _HEAD_BYTES)
    body = fitted(words.body, _WORDS_BYTES)
    if words.is_markdown and body:
        said = f"#### {head}\n\n{body}\n\n[{words.open}]({words.link})"
        sent = encoded({"msgtype": "markdown", "markdown": {"title": head, "text": said}})
    else:
        said = "\n".join(filter(None, (head, body, words.link)))
        sent = encoded({"msgtype": "text", "text": {"content": said}})
    query = {"access_token": robot.key, **_signed(robot.secret, now)}
    return Call(url=URL.build(scheme="https", host=robot.host, path="/robot/send", query=query), body=sent)


def signature(secret: str, timestamp: str) -> str:
    """Return what signs a request at this time, in milliseconds since 1970."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")).decode()


def understand(code: int, words: str) -> SendResult:
    """Return what an errcode means."""
    said = f"{_TITLE} answered {code}"
    if code == 0:
        return TAKEN
    if code == -1:
        return Retry(reason=f"{said}: it is busy")
    if code in _TOO_FAST:
        return Retry(reason=f"{said}: too many messages in a minute", after=_RESTS)
    if code in _NOT_SO:
        return Refused(reason=f"{said}: it refuses the message as it is")
    why = _ALARMS.get(code, "a code that is not in our table")
    if code == _UNSAFE:
        why = next((why for word, why in _ABOUT if word in words), "the robot's security settings")
    return Refused(reason=f"{said}: {why}", is_alarm=True)


SERVICE: Final = Service(
    name=ChannelName.DINGTALK,
    title=_TITLE,
    limits=((20, 60.0),),
    code_keys=("errcode",),
    call=call,
    understand=understand,
)


def _signed(secret: str, now: datetime) -> dict[str, str]:
    if not secret:
        return {}
    timestamp = str(epoch_milliseconds(now))
    return {"timestamp": timestamp, "sign": signature(secret, timestamp)}
