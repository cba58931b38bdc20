"""Callbacks as the document shows them: what an application's own server is sent. `push/events.py` makes the bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from msgspec import Struct
from pydantic import Field

from watcher.core.callbacks import Source
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


class Webhook(Struct, frozen=True, kw_only=True):
    """One kind of callback. `id`: what generated servers call it."""

    id: str
    summary: str
    body: type[Response]


WEBHOOKS: Final[Mapping[str, Webhook]] = {
    "app_subscribe": Webhook(id="on_app_subscribe", summary="Somebody follows an application", body=FollowedCallback),
    "send_up_cmd": Webhook(id="on_send_up_cmd", summary="Somebody wrote to an application", body=WrittenCallback),
}
ABOUT: Final = (
    "Sent to the application's `callback_url`, at least once, in order and one at a time. Any answer but 2xx within "
    "5 s is tried again, 1 s doubling to 1 h, for a day. Verify the signature over the bytes of the body before you "
    "parse it."
)
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
