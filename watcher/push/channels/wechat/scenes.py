"""
The scene of a parametric QR code: what somebody who scans it with WeChat came for. Pure.

A scene is 61 letters and digits: its kind (1), what it leads to (28), and the first 128 bits of an HMAC-SHA256 over
both, in hex (32). WeChat allows 64. Signed, because what WeChat sends back came from a code that anybody can make
for an account whose credentials leaked, and because a slug of one kind must not pass for one of another.
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import Final

from msgspec import Struct

from watcher.push.ids import is_slug

_KIND_LENGTH: Final = 1
_SLUG_LENGTH: Final = 28
_MAC_LENGTH: Final = 32
SCENE_LENGTH: Final = _KIND_LENGTH + _SLUG_LENGTH + _MAC_LENGTH


class SceneKind(StrEnum):
    """What a scene leads to."""

    TOPIC = "t"
    """follow the topic with this slug"""
    APP = "a"
    """follow the application with this slug"""
    CLAIM = "c"
    """the WeChat channel of a subscriber that is there already, who was given this one-time claim"""


class Scene(Struct, frozen=True, kw_only=True):
    """`slug`: of the topic or the application, or the claim: 28 letters and digits."""

    kind: SceneKind
    slug: str


def sign_scene(scene: Scene, key: bytes) -> str:
    """Return the text for the QR code; ValueError for a slug that is none."""
    if not is_slug(scene.slug):
        raise ValueError("a scene takes a slug of 28 letters and digits")
    return scene.kind + scene.slug + _mac(scene.kind + scene.slug, key)


def read_scene(text: str, key: bytes) -> Scene | None:
    """Return what a scene that WeChat sent stands for, None for one that we did not sign. Takes any text."""
    if len(text) != SCENE_LENGTH or not text.isascii():
        return None
    signed, mac = text[:-_MAC_LENGTH], text[-_MAC_LENGTH:]
    if not hmac.compare_digest(mac, _mac(signed, key)) or signed[0] not in set(SceneKind):
        return None
    return Scene(kind=SceneKind(signed[0]), slug=signed[_KIND_LENGTH:])


def _mac(signed: str, key: bytes) -> str:
    return hmac.digest(key, signed.encode(), "sha256").hex()[:_MAC_LENGTH]
