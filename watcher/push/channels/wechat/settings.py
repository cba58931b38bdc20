"""
What the operator says of the account, in the environment.

    WATCHER_WECHAT_APP_ID     wx and 16 hex digits
    WATCHER_WECHAT_SECRET     the AppSecret, 32 hex digits
    WATCHER_WECHAT_TOKEN      of the callback: 3 to 32 letters and digits, the same as in the account's settings
    WATCHER_WECHAT_TEMPLATE   id of the template
    WATCHER_WECHAT_AES_KEY    optional: the EncodingAESKey, 43 letters and digits; the account is in AES mode
    WATCHER_WECHAT_FIELDS     optional: the template's fields, `title=title,body=body,topic=topic,time=time`
    WATCHER_WECHAT_API        optional: where the API is, when a relay with a fixed address stands in between
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from watcher.core.urls import UrlFault, read_base_url
from watcher.errors import ConfigError
from watcher.push.channels.offered import Channels, Deployment

PREFIX: Final = "WATCHER_WECHAT_"
DEFAULT_API: Final = "https://api.weixin.qq.com"
DEFAULT_FIELDS: Final = "title=title,body=body,topic=topic,time=time"
_REQUIRED: Final = ("APP_ID", "SECRET", "TOKEN", "TEMPLATE")
_MAX_FIELDS: Final = 10
_FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_SHAPES: Final = {
    "APP_ID": (re.compile(r"wx[0-9a-f]{16}"), "wx and 16 lowercase hex digits"),
    "SECRET": (re.compile(r"[0-9a-f]{32}"), "32 lowercase hex digits"),
    "TOKEN": (re.compile(r"[A-Za-z0-9]{3,32}"), "3 to 32 letters and digits"),
    "AES_KEY": (re.compile(r"[A-Za-z0-9]{43}"), "43 letters and digits"),
    "TEMPLATE": (re.compile(r"[A-Za-z0-9_-]{16,64}"), "16 to 64 letters, digits, `-` and `_`"),
}


class Part(StrEnum):
    """What of a message a template's field shows."""

    TITLE = "title"
    """its summary"""
    BODY = "body"
    """the beginning of its text"""
    TOPIC = "topic"
    """the topic's name, else the application's"""
    TIME = "time"
    """when it was sent, Beijing time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatSettings:
    """
    One account, known to be well-formed.

    Attributes:
        aes_key: None: the account is in plain mode.
        fields: the template's field names, 1 to 10, with what each shows.
        api: http or https, without a slash at the end.

    Raises:
        ConfigError: names every variable that is wrong, and what belongs there; never a value that may be a secret.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    template_id: str
    aes_key: str | None = field(default=None, repr=False)
    fields: Mapping[str, Part] = field(default_factory=lambda: parse_fields(DEFAULT_FIELDS))
    api: str = DEFAULT_API

    def __post_init__(self) -> None:
        given = {
            "APP_ID": self.app_id,
            "SECRET": self.secret,
            "TOKEN": self.token,
            "AES_KEY": self.aes_key,
            "TEMPLATE": self.template_id,
        }
        wrong = [_mistake(name, value) for name, value in given.items() if value is not None]
        problems = [problem for problem in (*wrong, _api_mistake(self.api)) if problem]
        if problems:
            raise ConfigError("\n".join(problems))

    @property
    def is_relayed(self) -> bool:
        """True when the operator named another place for the API, which may then be a private one."""
        return self.api != DEFAULT_API

    @property
    def scene_key(self) -> bytes:
        """What signs the scenes of QR codes, 32 bytes. A new AppSecret ends the codes made before it."""
        return hmac.digest(self.secret.encode(), b"watcher wechat scenes", "sha256")


def set_up(deployment: Deployment, offered: Channels) -> None:
    """Offer WeChat where the environment names an account. Raises ConfigError."""
    settings = wechat_settings(deployment.environ)
    if settings is not None:
        from watcher.push.channels.wechat.account import offer

        offer(settings, deployment, offered)


def wechat_settings(environ: Mapping[str, str]) -> WeChatSettings | None:
    """
    Return the account that the environment names, None when it names none.

    Raises:
        ConfigError: something is missing or malformed.
    """
    given = {
        name.removeprefix(PREFIX): value.strip()
        for name, value in environ.items()
        if name.startswith(PREFIX) and value.strip()
    }
    if not given:
        return None
    missing = [PREFIX + name for name in _REQUIRED if name not in given]
    if missing:
        raise ConfigError(f"WeChat needs {', '.join(missing)} as well (docs/wechat.md)")
    return WeChatSettings(
        app_id=given["APP_ID"],
        secret=given["SECRET"],
        token=given["TOKEN"],
        aes_key=given.get("AES_KEY"),
        template_id=given["TEMPLATE"],
        fields=parse_fields(given.get("FIELDS", DEFAULT_FIELDS)),
        api=given.get("API", DEFAULT_API).rstrip("/"),
    )


def parse_fields(text: str) -> Mapping[str, Part]:
    """
    Return a template's fields from text like `thing1=title,time2=time`.

    Raises:
        ConfigError: what is wrong, with the piece.
    """
    # Commas and equals signs typed on a Chinese keyboard look the same on screen.
    pieces = [piece.strip() for piece in text.replace("，", ",").replace("＝", "=").split(",") if piece.strip()]
    fields: dict[str, Part] = {}
    for piece in pieces:
        name, part = _field(piece)
        if name in fields:
            raise ConfigError(f"{PREFIX}FIELDS: {name} is there twice")
        fields[name] = part
    if not 1 <= len(fields) <= _MAX_FIELDS:
        raise ConfigError(f"{PREFIX}FIELDS: {len(fields)} fields; write 1 to {_MAX_FIELDS}, as in `{DEFAULT_FIELDS}`")
    return fields


def _field(piece: str) -> tuple[str, Part]:
    name, _, part = (half.strip() for half in piece.partition("="))
    bare = name.removeprefix("{{").removesuffix("}}").removesuffix(".DATA")
    if not _FIELD_NAME.fullmatch(bare):
        raise ConfigError(
            f"{PREFIX}FIELDS: {piece!r}: write the name in the template's {{{{thing1.DATA}}}}: thing1=title"
        )
    try:
        return bare, Part(part)
    except ValueError as error:
        known = ", ".join(Part)
        raise ConfigError(f"{PREFIX}FIELDS: {piece!r}: after `=` stands one of {known}") from error


def _mistake(name: str, value: str) -> str | None:
    pattern, shape = _SHAPES[name]
    if pattern.fullmatch(value):
        return None
    return f"{PREFIX}{name}: has to be {shape}; this is something else, {len(value)} long"


def _api_mistake(api: str) -> str | None:
    if isinstance(read_base_url(api), UrlFault) or api.endswith("/"):
        return f"{PREFIX}API: write it like {DEFAULT_API}, without user, query or a slash at the end"
    return None
