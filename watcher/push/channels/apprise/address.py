"""
Addresses of Apprise: its URLs, such as `tgram://TOKEN/CHAT`, of which nothing but the scheme is ever shown. Pure.

Their owners confirm them by a code of 6 digits, good for a day.

What Apprise reads out of an address decides what it opens and how long it waits, so one is taken only where all that
it says is known: one URL, no other within it, and after `?` nothing but whom a message is for and how it looks.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from watcher.errors import InvalidRequestError
from watcher.push.channels.asking import Confirmation

MAX_CHARS: Final = 1_000
_URL: Final = re.compile(r"([a-z][a-z0-9]{1,31})://([!->@-~]+)(?:\?([!->@-~]*))?", re.IGNORECASE)
_WEB: Final = frozenset({"http", "https"})
_PARAMETERS: Final = frozenset({
    "avatar", "badge", "batch", "blocks", "botname", "category", "channel", "channels", "color", "content",
    "fields", "flags", "footer", "format", "from", "group", "image", "lang", "level", "mdv", "name", "overflow",
    "ping", "preview", "priority", "region", "severity", "silent", "sound", "subtitle", "tags", "thread", "to",
    "topic", "tts", "unicode", "urgency", "volume",
})  # fmt: skip
"""None of them names a file, a header or a time to wait, in any service of Apprise 2.3; of hosts, see `sending`."""
_VALUE: Final = re.compile(r"[\w@+.,:*!~ -]{0,200}")
"""Decoded; with no `%`, for Apprise decodes some twice, and nothing that ends a host."""


def scheme_of(text: str) -> str:
    """Return the scheme of an Apprise URL, in lower case; empty for a text that is none, or that may not be given."""
    found = _URL.fullmatch(text.strip()) if len(text) <= MAX_CHARS else None
    if found is None:
        return ""
    scheme, where, query = found[1].lower(), found[2], found[3] or ""
    is_one = "://" not in _decoded(where)
    return scheme if is_one and _are_harmless(query) and scheme not in _WEB else ""


def valid_url(text: str) -> str:
    """Return an address as it is stored. Raises InvalidRequestError, which quotes nothing."""
    if not scheme_of(text):
        raise InvalidRequestError("it is an address of Apprise, such as tgram://…", field="apprise")
    return text.strip()


def hint(value: str) -> str:
    """Return by what its owner tells a stored address from others."""
    return f"{scheme_of(value)}://…"


def _are_harmless(query: str) -> bool:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return all(name.lower() in _PARAMETERS and _VALUE.fullmatch(unquote(value)) for name, _, value in pairs)


def _decoded(text: str) -> str:
    """Apprise decodes some parts twice."""
    return unquote(unquote(text)).replace("\\", "/")


CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_url, canonical=str, mailbox_of=str)
