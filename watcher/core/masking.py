"""
What is never logged: whatever looks like a token, or opens something.

The address of a page of ours opens it, so of one (`/m/…`, `/t/…`, `/feed/…`, …) the unguessable part is left out, and
of a simple push, whose address holds all, everything after the beginning of its token.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"\b((?:AT|SPT|WT|inbox)_|claim/|confirm/|console/in/)\w+")
_FIELD: Final = re.compile(
    r"(?i)\b((?:watcher_device|watcher_former|watcher_account|watcher_approver|watcher_code|watcher_mark|access_?token|app_?token|openid|claim|secret|password)"
    r"\"?'?\s*[=:]\s*\"?'?)[^\s\"'&;,]+"
)
_CREDENTIALS: Final = re.compile(r"(://)[^/\s@]+@")
_PAGES: Final = "m|t|a|q|feed|try|claim|confirm|console/in|api/message|api/qrcode"
_LINK: Final = re.compile(rf"(/(?:{_PAGES})/)[A-Za-z0-9]{{28,}}")
"""Anywhere in a text, of the length that ours have: other people's pages have such names too."""
_PATH: Final = re.compile(rf"\A(/+(?:{_PAGES})/+)[^/]+")
_SIMPLE_PUSH: Final = re.compile(r"\A(/+api/send/message/+SPT_).*", re.DOTALL)


def masked(text: str) -> str:
    """Return the text with everything that looks like a token, a password, or opens something, cut down to its name."""
    text = _TOKEN.sub(r"\1***", text)
    text = _FIELD.sub(r"\1***", text)
    text = _LINK.sub(r"\1***", text)
    return _CREDENTIALS.sub(r"\1***@", text)


def masked_path(path: str) -> str:
    """Return the path of a request to us, without what opens something: `/m/***`, `/t/***/qr.svg`."""
    if simple := _SIMPLE_PUSH.fullmatch(path):
        return f"{simple[1]}***"
    if page := _PATH.match(path):
        path = f"{page[1]}***{path[page.end() :]}"
    return masked(path)
