"""
What WeChat's API answers, and what each error means. Pure.

| errcode | meaning | what follows |
|---|---|---|
| 0 | taken | |
| 40001, 40014, 42001 | the access token is no longer good | another token, then once more |
| 43004, 43019, 43101, 40003 | this follower is not there, or wants nothing | the address is dropped |
| 45009 | the day's quota is used up | nobody is sent anything until 00:00 in Beijing |
| 45011, -1 | too fast, or busy | later |
| 40013, 40125, 40164, 48001, 40036, 40037, 47003 | the account's set-up is wrong | the operator is told |
| any other | this message is not wanted | the next channel |

40001 in answer to the request for a token is a wrong AppSecret. An answer that is not WeChat's (HTML, a cut body, a
5xx) is no word about anybody: later. Source: the global return codes of the official account platform.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from typing import Final, TypeAlias

from msgspec import Struct

from watcher.core.urls import is_web_url

_MAX_CODE: Final = 10_000_000
_MAX_TOKEN: Final = 1_024
_LONGEST_TOKEN_LIFE: Final = timedelta(hours=2)
_MAX_CODE_URL: Final = 512
_MAX_ADDRESSES: Final = 1_000
_IP: Final = re.compile(r"(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])")


class Trouble(Enum):
    """What kind of failure it is."""

    TOKEN = auto()
    GONE = auto()
    QUOTA = auto()
    BUSY = auto()
    SET_UP = auto()
    REFUSED = auto()
    UNREACHABLE = auto()


class Failure(Struct, frozen=True, kw_only=True):
    """Not done. `reason`: one line for the operator that names no secret and no openid."""

    trouble: Trouble
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """Good for `lasts` from when it was asked for, 1 s to 2 h."""

    value: str = field(repr=False)
    lasts: timedelta


class SceneCode(Struct, frozen=True, kw_only=True):
    """A QR code to draw from `url`; it works for `lasts`."""

    url: str
    lasts: timedelta


class Taken(Struct, frozen=True, kw_only=True):
    """The template message is on its way."""


class Callers(Struct, frozen=True, kw_only=True):
    """The addresses from which WeChat calls the callback: numeric ones or networks."""

    addresses: tuple[str, ...]


Fields: TypeAlias = Mapping[str, object]

_MEANINGS: Final[Mapping[int, tuple[Trouble, str]]] = {
    40001: (Trouble.TOKEN, "the access token is not good"),
    40014: (Trouble.TOKEN, "the access token is not good"),
    42001: (Trouble.TOKEN, "the access token has expired"),
    43004: (Trouble.GONE, "no longer follows the account"),
    43019: (Trouble.GONE, "is on the account's block list"),
    43101: (Trouble.GONE, "refuses the account's messages"),
    40003: (Trouble.GONE, "is no follower of this account"),
    45009: (Trouble.QUOTA, "the day's quota is used up; it is renewed at 00:00 Beijing time"),
    45011: (Trouble.BUSY, "too many calls in a minute"),
    -1: (Trouble.BUSY, "WeChat is busy"),
    40013: (Trouble.SET_UP, "the app id is unknown; compare WATCHER_WECHAT_APP_ID with the account's settings"),
    40125: (Trouble.SET_UP, "the AppSecret is wrong; make a new one and set WATCHER_WECHAT_SECRET"),
    40164: (Trouble.SET_UP, "this server's address is not in the account's IP whitelist; add it"),
    48001: (Trouble.SET_UP, "the account may not send template messages; use a verified service or test account"),
    40036: (Trouble.SET_UP, "the template id is malformed; set WATCHER_WECHAT_TEMPLATE"),
    40037: (Trouble.SET_UP, "the account has no such template; set WATCHER_WECHAT_TEMPLATE"),
    47003: (Trouble.SET_UP, "a field does not fit the template; compare WATCHER_WECHAT_FIELDS with it"),
}

KNOWN_CODES: Final = tuple(_MEANINGS)


def read_answer(status: int, body: bytes) -> Fields | Failure:
    """Return the fields of an answer that reports success, whatever the bytes are."""
    if status != 200:
        return _no_answer(status)
    try:
        fields: object = json.loads(body)
    except (ValueError, RecursionError):
        return _strange("no JSON")
    if not isinstance(fields, dict):
        return _strange("no JSON object")
    code = fields.get("errcode", 0)
    if type(code) is not int or abs(code) > _MAX_CODE:
        return _strange("an errcode that is none")
    return fields if code == 0 else _failure(code, fields.get("errmsg"))


def as_token(answer: Fields | Failure) -> AccessToken | Failure:
    """Return the access token of an answer to `stable_token`."""
    if isinstance(answer, Failure):
        return _wrong_secret() if answer.trouble is Trouble.TOKEN else answer
    value, lasts = answer.get("access_token"), _seconds(answer.get("expires_in"))
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TOKEN or not value.isascii() or not value.isprintable():
        return _strange("no access token")
    return AccessToken(value=value, lasts=min(lasts, _LONGEST_TOKEN_LIFE)) if lasts else _strange("no expires_in")


def as_code(answer: Fields | Failure) -> SceneCode | Failure:
    """Return the QR code of an answer to `qrcode/create`."""
    if isinstance(answer, Failure):
        return answer
    url, lasts = answer.get("url"), _seconds(answer.get("expire_seconds"))
    if not isinstance(url, str) or not is_web_url(url) or not _is_short_line(url):
        return _strange("no address for the QR code")
    return SceneCode(url=url, lasts=lasts) if lasts else _strange("no expire_seconds")


def as_taken(answer: Fields | Failure) -> Taken | Failure:
    """Return whether a template message was taken: only an `errcode` of 0 says so."""
    if isinstance(answer, Failure):
        return answer
    return Taken() if "errcode" in answer else _strange("no errcode")


def as_callers(answer: Fields | Failure) -> Callers | Failure:
    """Return the addresses of an answer to `getcallbackip`."""
    if isinstance(answer, Failure):
        return answer
    listed = answer.get("ip_list")
    if not isinstance(listed, list):
        return _strange("no ip_list")
    return Callers(addresses=tuple(one for one in listed[:_MAX_ADDRESSES] if isinstance(one, str) and _is_network(one)))


def _failure(code: int, said: object) -> Failure:
    trouble, meaning = _MEANINGS.get(code, (Trouble.REFUSED, "a code without a meaning here"))
    if code == 40164 and isinstance(said, str):
        meaning += _own_address(said)
    return Failure(trouble=trouble, reason=f"WeChat {code}: {meaning}")


def _own_address(said: str) -> str:
    """Return the IP address that WeChat saw us call from, to be added to its whitelist; nothing else of its text."""
    found = _IP.search(said[:500])
    return f": {found[1]}" if found and _is_network(found[1]) else ""


def _wrong_secret() -> Failure:
    return Failure(trouble=Trouble.SET_UP, reason=f"WeChat 40001: {_MEANINGS[40125][1]}")


def _no_answer(status: int) -> Failure:
    # 3xx is what captive portals say. A refusal by name is a relay's, or WATCHER_WECHAT_API leads elsewhere.
    if 400 <= status < 500 and status not in {408, 425, 429}:
        return Failure(
            trouble=Trouble.SET_UP, reason=f"HTTP {status} where WeChat's API should be; see WATCHER_WECHAT_API"
        )
    return Failure(trouble=Trouble.UNREACHABLE, reason=f"HTTP {status} in place of an answer")


def _strange(what: str) -> Failure:
    return Failure(trouble=Trouble.UNREACHABLE, reason=f"an answer that is not WeChat's: {what}")


def _seconds(number: object) -> timedelta | None:
    if type(number) is not int or not 0 < number <= _MAX_CODE:
        return None
    return timedelta(seconds=number)


def _is_short_line(text: str) -> bool:
    return len(text) <= _MAX_CODE_URL and text.isascii() and text.isprintable()


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
