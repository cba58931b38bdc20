"""
Callbacks and webhooks as the document shows them: what an application's own server, and endpoints, are sent.

`push/events.py` and `push/webhook_events.py` make the bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Struct
from pydantic import Field

from watcher.core.callbacks import Source
from watcher.web.api.v1.changes import CHANGE_EXAMPLE, WatchChange
from watcher.web.api.v1.models import Response, example

_UID: Final = "UID_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1Fs0Ga"
_Milliseconds = Annotated[int, Field(description="Milliseconds since 1970.")]


class Followed(Response):
    """Who follows, and where from."""

    appId: int  # noqa: N815 as it is sent
    appKey: Annotated[str, Field(description="`AK_…`, the same for each callback of an application.")]  # noqa: N815 as it is sent
    appName: str  # noqa: N815 as it is sent
    source: Source
    userName: Annotated[str, Field(description="The nickname; empty without one.")]  # noqa: N815 as it is sent
    userHeadImg: Annotated[str, Field(description="Always empty.")]  # noqa: N815 as it is sent
    time: _Milliseconds
    uid: str
    extra: Annotated[str, Field(description="Of the parametric QR code that was scanned; empty for any other way.")]
    code: Annotated[str, Field(description="The code itself, likewise.")]


class FollowedCallback(Response):
    """Somebody began to follow the application, or scanned a parametric QR code of it."""

    model_config = example(
        action="app_subscribe",
        data={
            "appId": 2,
            "appKey": "AK_x7Kq2vYb8Rt4Wn6Zc3Hd9Lp5Jm1F",
            "appName": "Backups",
            "source": "scan",
            "userName": "",
            "userHeadImg": "",
            "time": 1795512600000,
            "uid": _UID,
            "extra": "order 17",
            "code": "",
        },
    )

    action: Literal["app_subscribe"]
    data: Followed


class Written(Response):
    """Who wrote what."""

    uid: str
    appId: int  # noqa: N815 as it is sent
    appName: str  # noqa: N815 as it is sent
    time: _Milliseconds
    content: str


class WrittenCallback(Response):
    """Somebody who follows the application wrote to it."""

    model_config = example(
        action="send_up_cmd",
        data={"uid": _UID, "appId": 2, "appName": "Backups", "time": 1795512600000, "content": "stop"},
    )

    action: Literal["send_up_cmd"]
    data: Written


class SentTopic(Response):
    """A topic that a message was sent to. `key`: in watches.yaml, if it is named there."""

    id: int
    key: str | None
    name: str


class SentMessage(Response):
    """What was sent, and to which topics; none: to people alone."""

    message_id: int
    app_id: int
    topics: list[SentTopic]
    summary: str
    content: Annotated[str | None, Field(description="Null where it is cut.")]
    content_type: Literal["text", "html", "markdown"]
    link: Annotated[str | None, Field(description="What the message links to.")]
    is_cut: Annotated[bool, Field(description="The body would have over 20,000 bytes with the content.")] = False


class MessageSentWebhook(Response):
    """A message was sent: to a topic, or to people."""

    model_config = example(
        type="message.sent",
        timestamp="2026-11-24T09:30:00Z",
        data={
            "message_id": 17,
            "app_id": 2,
            "topics": [{"id": 103, "key": None, "name": "Nightly backups"}],
            "summary": "Backup finished",
            "content": "42 GB in 11 minutes.",
            "content_type": "text",
            "link": None,
        },
    )

    type: Literal["message.sent"]
    timestamp: datetime
    data: SentMessage


class ToldChange(WatchChange):
    """A change with the types of its values, as `/changes` has it."""

    is_cut: Annotated[bool, Field(description="`old` and `new` are null, for they are over 20,000 bytes.")] = False


class ChangeWebhook(Response):
    """A watch found other values, or told some: of the watcher's own application, or of one of its topics."""

    model_config = example(type="change", timestamp="2026-11-24T09:30:00Z", data=CHANGE_EXAMPLE)

    type: Literal["change"]
    timestamp: datetime
    data: ToldChange


class Webhook(Struct, frozen=True, kw_only=True):
    """
    One kind of callback, or of what endpoints are told.

    Attributes:
        id: what generated servers call it.
        is_standard: it is for endpoints, signed by Standard Webhooks.
    """

    id: str
    summary: str
    body: type[Response]
    is_standard: bool = False

    @property
    def about(self) -> str:
        """When and how it comes."""
        return ABOUT_ENDPOINTS if self.is_standard else ABOUT

    @property
    def headers(self) -> Mapping[str, tuple[str, str]]:
        """What it carries."""
        return STANDARD_HEADERS if self.is_standard else HEADERS


WEBHOOKS: Final[Mapping[str, Webhook]] = {
    "app_subscribe": Webhook(id="on_app_subscribe", summary="Somebody follows an application", body=FollowedCallback),
    "send_up_cmd": Webhook(id="on_send_up_cmd", summary="Somebody wrote to an application", body=WrittenCallback),
    "message.sent": Webhook(
        id="on_message_sent", summary="A message was sent", body=MessageSentWebhook, is_standard=True
    ),
    "change": Webhook(id="on_change", summary="A watch found a change", body=ChangeWebhook, is_standard=True),
}
ABOUT: Final = (
    "Sent to the application's `callback_url`, at least once, in order and one at a time. Any answer but 2xx within "
    "5 s is tried again, 1 s doubling to 1 h, for a day. Verify the signature over the bytes of the body before you "
    "parse it."
)
ABOUT_ENDPOINTS: Final = (
    "Sent to each endpoint (`/webhooks`) that wants it, at least once, signed by Standard Webhooks. Any answer but 2xx "
    "within 20 s is tried again, after 5 s first and a day at last, for three days; 410 disables the endpoint. Verify "
    "the signature over the bytes of the body before you parse it."
)
STANDARD_HEADERS: Final[Mapping[str, tuple[str, str]]] = {
    "webhook-id": ("The same at each attempt: whoever has seen it before may ignore it.", r"^msg_[0-9a-f]{32}$"),
    "webhook-timestamp": ("When this attempt was made, in seconds since 1970.", r"^[0-9]+$"),
    "webhook-signature": (
        "`v1,` and the base64 HMAC-SHA256 of the id, the timestamp and the body as it came, joined by dots; two of "
        "them, separated by a blank, for 24 hours after the secret was replaced.",
        r"^v1,[0-9A-Za-z+/=]+( v1,[0-9A-Za-z+/=]+)?$",
    ),
}
EVENT_ID: Final = "X-Watcher-Event-Id"
HEADERS: Final[Mapping[str, tuple[str, str]]] = {
    EVENT_ID: (
        "32 letters and digits, the same at each attempt: whoever has seen it before may ignore it.",
        r"^[0-9A-Za-z]{32}$",
    ),
    "X-Watcher-Timestamp": ("When this attempt was made, in milliseconds since 1970.", r"^[0-9]+$"),
    "X-Watcher-Signature": (
        "Lowercase hex HMAC-SHA256, by the application's signing key, of the timestamp, a dot, and the body as it "
        "came.",
        r"^[0-9a-f]{64}$",
    ),
}
"""What a callback carries: what it is for, and its pattern. Without a signing key there is the first alone."""
