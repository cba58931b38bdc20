"""
Webhooks of robots, as their owners paste them. Pure.

| service | webhook |
|---|---|
| WeCom | `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…` |
| Feishu | `https://open.feishu.cn/open-apis/bot/v2/hook/…` |
| Lark | `https://open.larksuite.com/open-apis/bot/v2/hook/…` |
| DingTalk | `https://oapi.dingtalk.com/robot/send?access_token=…` |

Who has the webhook posts into the group: it is never shown again in full, quoted or logged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from watcher.core.channels import ChannelName
from watcher.errors import InvalidRequestError

MAX_WEBHOOK_CHARS: Final = 500
MAX_SECRET_CHARS: Final = 128
MAX_KEYWORD_CHARS: Final = 50
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")
_SECRET: Final = re.compile(r"[\x21-\x7e]*")
_SHOWN: Final = 4
"""Characters of a key that are shown, to tell robots apart."""


class _Stored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    host: str
    key: str
    secret: str = ""
    keyword: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """
    One robot in one group.

    Attributes:
        host: of the service.
        key: what names the robot and lets post; `access_token` of DingTalk.
        secret: signs what is posted; empty: the robot asks for no signature.
        keyword: stands in all that is posted, as some robots demand; empty: none does.
    """

    channel: ChannelName
    host: str
    key: str = field(repr=False)
    secret: str = field(default="", repr=False)
    keyword: str = ""

    @property
    def value(self) -> str:
        """How it is stored as an address."""
        stored = _Stored(host=self.host, key=self.key, secret=self.secret, keyword=self.keyword)
        return msgspec.json.encode(stored).decode()

    @property
    def hint(self) -> str:
        """By what its owner tells it from others: the host, and the key's end."""
        return f"{self.host} …{self.key[-_SHOWN:]}"


_SERVICES: Final = {
    "qyapi.weixin.qq.com": (ChannelName.WECOM, "/cgi-bin/webhook/send", "key"),
    "oapi.dingtalk.com": (ChannelName.DINGTALK, "/robot/send", "access_token"),
    "open.feishu.cn": (ChannelName.FEISHU, "/open-apis/bot/v2/hook/", ""),
    "open.larksuite.com": (ChannelName.FEISHU, "/open-apis/bot/v2/hook/", ""),
}
HOSTS: Final = frozenset(_SERVICES)
_SIGNING: Final = frozenset({ChannelName.FEISHU, ChannelName.DINGTALK})


def read_webhook(text: str, *, secret: str = "", keyword: str = "") -> Robot:
    """
    Return the robot whose webhook this is.

    Raises:
        InvalidRequestError: it is of no service that is known, or another address of one; its field is `webhook`,
            `secret` or `keyword`, and nothing of it is quoted.
    """
    channel, host, key = _parts(text.strip())
    secret, keyword = secret.strip(), " ".join(keyword.split())
    if len(secret) > MAX_SECRET_CHARS or not _SECRET.fullmatch(secret):
        raise InvalidRequestError("copy it from the robot's settings: letters, digits and signs", field="secret")
    if secret and channel not in _SIGNING:
        raise InvalidRequestError("robots of WeCom sign nothing; leave it empty", field="secret")
    if len(keyword) > MAX_KEYWORD_CHARS or not keyword.isprintable():
        raise InvalidRequestError(f"at most {MAX_KEYWORD_CHARS} characters", field="keyword")
    return Robot(channel=channel, host=host, key=key, secret=secret, keyword=keyword)


def stored_robot(channel: ChannelName, value: str) -> Robot | None:
    """Return the robot that is stored as this value; None where it cannot be read."""
    try:
        stored = msgspec.json.decode(value, type=_Stored)
    except (msgspec.DecodeError, ValueError):
        return None
    is_known = stored.host in _SERVICES and _SERVICES[stored.host][0] is channel
    if not is_known or not _KEY.fullmatch(stored.key):
        return None
    return Robot(channel=channel, host=stored.host, key=stored.key, secret=stored.secret, keyword=stored.keyword)


def _parts(text: str) -> tuple[ChannelName, str, str]:
    """Return the channel, the host and the key of a webhook."""
    if len(text) > MAX_WEBHOOK_CHARS:
        raise InvalidRequestError(f"at most {MAX_WEBHOOK_CHARS} characters", field="webhook")
    try:
        url = urlsplit(text)
        host = url.hostname or ""
    except ValueError:
        raise InvalidRequestError("it is no web address", field="webhook") from None
    if url.scheme != "https" or url.netloc.lower() not in _SERVICES:
        known = ", ".join(_SERVICES)
        raise InvalidRequestError(f"it begins with https:// and one of {known}", field="webhook")
    channel, path, parameter = _SERVICES[host]
    shape = f"https://{host}{path}" + (f"?{parameter}=…" if parameter else "…")
    if parameter:
        key = parse_qs(url.query, max_num_fields=20).get(parameter, [""])[0] if url.path == path else ""
    else:
        key = url.path.removeprefix(path) if url.path.startswith(path) else ""
    if not _KEY.fullmatch(key):
        raise InvalidRequestError(f"copy it whole from the robot's settings: {shape}", field="webhook")
    return channel, host, key
