"""
What WeChat tells the callback, as events. Pure.

| MsgType | Event | here |
|---|---|---|
| event | subscribe, EventKey `qrscene_<scene>` or without | Subscribed |
| event | SCAN (who scans follows the account already), EventKey `<scene>` | Scanned |
| event | unsubscribe | Unsubscribed |
| event | TEMPLATESENDJOBFINISH | JobFinished |
| text | | Said |
| anything else | | Other |
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

OPENID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCENE_PREFIX: Final = "qrscene_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """Somebody follows the account now. `scene`: as it came, unchecked (`read_scene`); None without a code of ours."""

    openid: str = field(repr=False)
    scene: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A follower scanned a code. `scene`: as it came, unchecked (`read_scene`)."""

    openid: str = field(repr=False)
    scene: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """Somebody left: nothing reaches this openid until it subscribes again."""

    openid: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A follower wrote something, any text."""

    openid: str = field(repr=False)
    text: str


class JobOutcome(StrEnum):
    """The result of a template message."""

    DELIVERED = "delivered"
    BLOCKED = "blocked"
    """the follower refuses the account's messages"""
    FAILED = "failed"
    """WeChat's own fault"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    """A template message was delivered or not."""

    openid: str = field(repr=False)
    outcome: JobOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Something of no consequence here: a picture, a menu, a place. `kind`: what WeChat calls it."""

    openid: str = field(repr=False)
    kind: str


Event: TypeAlias = Subscribed | Scanned | Unsubscribed | Said | JobFinished | Other


def read_event(fields: Mapping[str, str]) -> Event | None:
    """Return the event that these fields of an envelope tell of, None when nobody can have sent them."""
    openid = fields.get("FromUserName", "").strip()
    if not OPENID.fullmatch(openid):
        return None
    match fields.get("MsgType", "").strip():
        case "event":
            return _event(fields.get("Event", "").strip(), openid, fields)
        case "text":
            return Said(openid=openid, text=fields.get("Content", ""))
        case kind:
            return Other(openid=openid, kind=kind)


def dedupe_key(fields: Mapping[str, str]) -> str:
    """
    Return what is the same when WeChat tells the same thing again.

    A hash of MsgId; else of who, when and what. A second has room for two scans, so what was scanned counts too.
    """
    number = fields.get("MsgId", "").strip()
    names = ("MsgId",) if number else ("FromUserName", "CreateTime", "Event", "EventKey", "MsgID")
    told = "/".join(f"{name}={fields.get(name, '').strip()}" for name in names)
    return hashlib.sha256(told.encode()).hexdigest()


def _event(name: str, openid: str, fields: Mapping[str, str]) -> Event:
    key = fields.get("EventKey", "").strip()
    match name:
        case "subscribe":
            return Subscribed(openid=openid, scene=_scene(key))
        case "SCAN":
            return Scanned(openid=openid, scene=key)
        case "unsubscribe":
            return Unsubscribed(openid=openid)
        case "TEMPLATESENDJOBFINISH":
            return JobFinished(openid=openid, outcome=_outcome(fields))
        case _:
            return Other(openid=openid, kind=name)


def _scene(key: str) -> str | None:
    return key.removeprefix(_SCENE_PREFIX) if key.startswith(_SCENE_PREFIX) else None


def _outcome(fields: Mapping[str, str]) -> JobOutcome:
    status = fields.get("Status", "").strip()
    if status == "success":
        return JobOutcome.DELIVERED
    return JobOutcome.BLOCKED if "block" in status else JobOutcome.FAILED
