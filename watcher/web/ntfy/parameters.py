"""
Parameters, each of which has several names, in the headers and in the query; the header wins, as at ntfy.

A header alone may be encoded, since it is to be ASCII (RFC 2047), and only in charsets that are read in linear time:
of Python's codecs, which an encoded word may name, punycode takes seconds for what fits into a query.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from aiohttp import web

MAX_CHARS: Final = 262_144
"""Of one parameter: a message may come in the query."""
MAX_ENCODED_CHARS: Final = 2_000
"""Of a header that is decoded; a longer one stays as it is."""
_CHARSETS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "windows-1251"}
    | {"gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr"}
)
_TRUE: Final = frozenset({"1", "yes", "true"})
USUAL_PRIORITY: Final = 3
_NAMED: Final = {"min": 1, "low": 2, "default": 3, "high": 4, "max": 5, "urgent": 5}
_PRIORITIES: Final = _NAMED | {str(number): number for number in range(1, 6)}


class Parameters:
    """What a request says by name."""

    def __init__(self, *, headers: Mapping[str, str] | None = None, others: Mapping[str, str]) -> None:
        """`headers`: they go before the others, and alone may be encoded."""
        self._headers = headers or {}
        self._others = others

    def text(self, *names: str) -> str:
        """Return what the first of these names says, without blanks around it; empty where none does."""
        if said := _first(self._headers, names):
            return _decoded(said)
        return _first(self._others, names)

    def is_set(self, *names: str) -> bool:
        """Return whether one of these is given and says yes."""
        return self.text(*names).lower() in _TRUE


def parameters_of(request: web.Request) -> Parameters:
    """Return those of a request's headers and its query."""
    return Parameters(headers=request.headers, others=request.query)


def _first(source: Mapping[str, str], names: Sequence[str]) -> str:
    said = (source.get(name, "").strip() for name in names)
    return next((text for text in said if text), "")[:MAX_CHARS]


def _decoded(text: str) -> str:
    """Return a text that may be encoded as RFC 2047 has it, for headers that are to be ASCII."""
    if "=?" not in text or len(text) > MAX_ENCODED_CHARS:
        return text
    try:
        parts = decode_header(text)
        if not {charset.lower() for _, charset in parts if charset} <= _CHARSETS:
            return text
        return str(make_header(parts)).strip()
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return text


def parse_priority(text: str) -> int | None:
    """Return a priority, 1 to 5, that is given by its number or its name; None for what is none."""
    return _PRIORITIES.get(text.strip().lower())
