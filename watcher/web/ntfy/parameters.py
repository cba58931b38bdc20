"""Parameters, each of which has several names, in the headers and in the query; the header wins, as at ntfy."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from aiohttp import web

MAX_CHARS: Final = 8_190
"""Of one parameter; a header has no more."""
_TRUE: Final = frozenset({"1", "yes", "true"})


def parameter(request: web.Request, *names: str) -> str:
    """Return the first of these that is given, without blanks around it; empty where none is. Names are lower case."""
    for name in names:
        if value := _decoded(request.headers.get(name, "")):
            return value
    for name in names:
        if value := request.query.get(name, "").strip():
            return value[:MAX_CHARS]
    return ""


def is_set(request: web.Request, *names: str) -> bool:
    """Return whether one of these is given and says yes."""
    return parameter(request, *names).lower() in _TRUE


def _decoded(header: str) -> str:
    """Return a header's text: as UTF-8, which aiohttp reads headers as, or encoded by RFC 2047."""
    header = header.strip()
    if "=?" not in header:
        return header
    try:
        return str(make_header(decode_header(header))).strip()
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return header
