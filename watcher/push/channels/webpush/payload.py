"""
What a notification says: declarative Web Push, which newer browsers show by themselves and all hand to the page's
service worker.

The message itself stays here: its title, summary and link travel, in under 2,000 bytes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from watcher.core.channels import Notification
from watcher.core.instants import epoch_milliseconds
from watcher.core.values import Json
from watcher.core.words import clean, one_line
from watcher.push.channels.webpush.keys import base64url

MAX_BYTES: Final = 2_000
"""With a link of up to 1,000 bytes."""
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TITLE_BYTES: Final = 120
_BODY_BYTES: Final = 480
_SHORT_BYTES: Final = 60


def payload(notification: Notification) -> bytes:
    """Return the notification as JSON in UTF-8: what it is about, the summary, where to read on."""
    return _written(notification, _TITLE_BYTES, _BODY_BYTES)


def short_payload(notification: Notification) -> bytes:
    """Return the same in as few bytes as still say something, for a push service that found it too large."""
    return _written(notification, _SHORT_BYTES, _SHORT_BYTES)


def collapse_tag(notification: Notification) -> str:
    """
    Return the tag by which a later notification replaces an earlier one: 32 characters of base64url.

    One without a collapse key replaces only itself, when it comes twice.
    """
    key = f"m{notification.item_id}" if notification.collapse_key is None else f"k{notification.collapse_key}"
    return base64url(hashlib.sha256(key.encode(errors="surrogatepass")).digest()[:24])


def cut_bytes(text: str, most: int) -> str:
    """Return the text, its end replaced by `…` when it takes more bytes of JSON than this (≥ 3)."""
    if _size(text) <= most:
        return text
    kept, left = 0, most - len("…".encode())
    for character in text:
        left -= _size(character)
        if left < 0:
            break
        kept += 1
    return text[:kept] + "…"


def _written(notification: Notification, title_bytes: int, body_bytes: int) -> bytes:
    message = notification.message
    title = cut_bytes(one_line(clean(message.topic or message.app_name)), title_bytes)
    said: Json = {
        "web_push": 8030,
        "notification": {
            "title": title,
            "body": cut_bytes(one_line(clean(message.draft.summary)), body_bytes),
            "navigate": notification.link,
            "lang": notification.lang,
            "dir": "auto",
            "silent": False,
            "tag": collapse_tag(notification),
        },
        "d": {"id": notification.item_id, "topic": title, "ts": epoch_milliseconds(message.created_at)},
    }
    return _json(said)


def _json(value: Json) -> bytes:
    return _JSON.encode(value).encode()


def _size(text: str) -> int:
    return len(_json(text)) - len('""')
