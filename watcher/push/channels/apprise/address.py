"""
Addresses of Apprise: its URLs, such as `tgram://TOKEN/CHAT`, of which nothing but the scheme is ever shown. Pure.

Their owners confirm them by a code of 6 digits, good for a day.
"""

from __future__ import annotations

import re
from typing import Final

from watcher.errors import InvalidRequestError
from watcher.push.channels.asking import Confirmation

MAX_CHARS: Final = 1_000
_URL: Final = re.compile(r"([a-z][a-z0-9]{1,31})://[\x21-\x7e]+", re.IGNORECASE)
_WEB: Final = frozenset({"http", "https"})


def scheme_of(text: str) -> str:
    """Return the scheme of an Apprise URL, in lower case; empty for a text that is none, or a web address."""
    found = _URL.fullmatch(text.strip())
    scheme = found[1].lower() if found and len(text) <= MAX_CHARS else ""
    return "" if scheme in _WEB else scheme


def valid_url(text: str) -> str:
    """Return an address as it is stored. Raises InvalidRequestError, which quotes nothing."""
    if not scheme_of(text):
        raise InvalidRequestError("it is an address of Apprise, such as tgram://…", field="apprise")
    return text.strip()


def hint(value: str) -> str:
    """Return by what its owner tells a stored address from others."""
    return f"{scheme_of(value)}://…"


CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_url, canonical=str, mailbox_of=str)
