"""
Reaches a follower of the account with a template message.

| WeChat says | answer |
|---|---|
| taken | Sent |
| the follower is not there, or wants nothing | Gone |
| the day's quota is used up | Retry after 00:00 Beijing time, everybody |
| too fast, busy, a token that it refuses again, nothing or nonsense | Retry, everybody |
| the account's set-up is wrong | Refused, an alarm |
| anything else | Refused |

A template's field takes 20 characters and no line break: the message's page has the rest.
"""

from __future__ import annotations

import asyncio
import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final, assert_never

from msgspec.structs import replace

from watcher.core.channels import (
    Address,
    ChannelName,
    Gone,
    Notification,
    Pause,
    Refused,
    Retry,
    SendResult,
    Sent,
)
from watcher.core.push import ContentType, Draft, Message
from watcher.errors import RefusedError
from watcher.push.channels.wechat.answers import Failure, Trouble
from watcher.push.channels.wechat.api import TemplateMessage, WeChatApi
from watcher.push.channels.wechat.events import OPENID
from watcher.push.channels.wechat.settings import Part, WeChatSettings
from watcher.push.draft import rough_head
from watcher.push.render import is_cheap, render, text_of_html

SEND_SECONDS: Final = 10.0
FIELD_CHARS: Final = 20
_BUSY_FOR: Final = timedelta(minutes=1)
"""The quota of a minute is renewed by then."""
_BEIJING: Final = timezone(timedelta(hours=8))
_HEAD_CHARS: Final = 1_000
"""So much of a content is looked at for 20 characters of text."""
_JOINERS: Final = "\u200c\u200d"
"""Among what nobody sees, these hold emoji together, and letters apart where they must be."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})


class WeChatChannel:
    """A Channel whose addresses are openids."""

    name: Final = ChannelName.WECHAT
    at_once: Final = 4

    def __init__(
        self,
        settings: WeChatSettings,
        api: WeChatApi,
        *,
        now: Callable[[], datetime],
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """`now`: the wall clock, aware."""
        self._settings = settings
        self._api = api
        self._now = now
        self._send_seconds = send_seconds

    def lane(self, address: Address) -> str:  # noqa: ARG002  one account has one quota, whoever is told
        return self._api.origin

    async def send(self, notification: Notification, address: Address) -> SendResult:
        if not OPENID.fullmatch(address.value):
            return Gone(reason="the address is no openid")
        try:
            async with asyncio.timeout(self._send_seconds):
                answer = await self._api.send(self._template_message(notification, address.value))
        except TimeoutError:
            return Retry(reason=f"no answer within {self._send_seconds:g} s", pause=Pause.LANE)
        return _result(answer, now=self._now()) if isinstance(answer, Failure) else Sent()

    def _template_message(self, notification: Notification, openid: str) -> TemplateMessage:
        message = notification.message
        return TemplateMessage(
            openid=openid,
            template_id=self._settings.template_id,
            fields={name: field_text(part, message) for name, part in self._settings.fields.items()},
            link=notification.link,
            client_msg_id=client_msg_id(notification),
        )


def client_msg_id(notification: Notification) -> str:
    """
    Return the id by which WeChat recognises a repeat: 32 hex digits.

    An item's id alone will not do: a restored database gives it to another message.
    """
    named = f"{notification.item_id}/{notification.message.slug}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def field_text(part: Part, message: Message) -> str:
    """Return what a field shows of a message: one line of 1 to 20 characters (UTF-16, as WeChat counts)."""
    title = _one_line(message.draft.summary)
    match part:
        case Part.TITLE:
            text = title
        case Part.BODY:
            text = _one_line(_words(message.draft)) or title
        case Part.TOPIC:
            text = _one_line(message.topic or "") or _one_line(message.app_name)
        case Part.TIME:
            text = f"{message.created_at.astimezone(_BEIJING):%Y-%m-%d %H:%M}"
        case _:
            assert_never(part)
    # WeChat refuses the whole message for an empty field.
    return _cut(text) or "…"


def until_midnight(now: datetime) -> timedelta:
    """Return how long it is to 00:00 in Beijing, when quotas are renewed: more than 0, at most 24 h."""
    there = now.astimezone(_BEIJING)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - there


def _result(failure: Failure, *, now: datetime) -> SendResult:
    reason = failure.reason
    match failure.trouble:
        case Trouble.GONE:
            return Gone(reason=reason)
        case Trouble.QUOTA:
            return Retry(reason=reason, after=until_midnight(now), pause=Pause.LANE)
        case Trouble.BUSY | Trouble.TOKEN:
            return Retry(reason=reason, after=_BUSY_FOR, pause=Pause.LANE)
        case Trouble.UNREACHABLE:
            return Retry(reason=reason, pause=Pause.LANE)
        case Trouble.SET_UP:
            return Refused(reason=reason, is_alarm=True)
        case Trouble.REFUSED:
            return Refused(reason=reason)
        case _:
            assert_never(failure.trouble)


def _words(draft: Draft) -> str:
    if draft.content_type is ContentType.TEXT:
        return draft.content[:_HEAD_CHARS]
    head = draft.content[:_HEAD_CHARS]
    if not is_cheap(head, draft.content_type):
        return rough_head(head)
    try:
        return text_of_html(render(replace(draft, content=head)))
    except RefusedError:
        return ""


def _one_line(text: str) -> str:
    """Return the text in one line, without invisible characters: they reverse words, and WeChat refuses them."""
    return " ".join("".join(_seen(character) for character in text).split())


def _seen(character: str) -> str:
    if character in _JOINERS or character.isspace():
        return character
    return "" if unicodedata.category(character) in _UNSEEN else character


def _cut(text: str) -> str:
    if _width(text) <= FIELD_CHARS:
        return text
    kept, width = "", 1  # of the dots
    for character in text:
        width += _width(character)
        if width > FIELD_CHARS:
            break
        kept += character
    return kept.rstrip(f" {_JOINERS}") + "…"


def _width(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
