"""
Parameters, each of which has several names, in a JSON body, the headers and the query; the first wins, as at ntfy.

A header alone may be encoded, since it is to be ASCII (RFC 2047), and only in charsets that are read in linear time:
of Python's codecs, which an encoded word may name, punycode takes seconds for what fits into a query.

Browsers and proxies send a header `Priority` of their own (RFC 9218: `u=1, i`), which is no parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from aiohttp import web

from watcher.core.values import Json
from watcher.web.ntfy.problem import Failure, NtfyError

MAX_CHARS: Final = 262_144
"""Of one parameter: a message may come in the query."""
MAX_ENCODED_CHARS: Final = 2_000
"""Of a header that is decoded; a longer one stays as it is."""
_CHARSETS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "koi8-r", "windows-1251"}
    | {"gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr"}
)
_TRUE: Final = frozenset({"1", "yes", "true"})
_HTTP_PRIORITY: Final = re.compile(r"(?:u=[0-9]|i(?:=\?[01])?)(?:[,;\s]|\Z)", re.IGNORECASE)
"""How a list of RFC 9218's priority parameters begins; no priority of ntfy's does."""
USUAL_PRIORITY: Final = 3
_NAMED: Final = {"min": 1, "low": 2, "default": 3, "high": 4, "max": 5, "urgent": 5}
_PRIORITIES: Final = _NAMED | {str(number): number for number in range(1, 6)}


class Parameters:
    """What a request says by name."""

    def __init__(
        self,
        *,
        members: Mapping[str, Json] | None = None,
        headers: Mapping[str, str] | None = None,
        others: Mapping[str, str],
    ) -> None:
        """`members`: of the JSON body; they go before the headers, which go before the others, and may be encoded."""
        self._members = members or {}
        self._headers = headers or {}
        self._others = others

    def text(self, *names: str) -> str:
        """
        Return what the first of these names says, without blanks around it; empty where none does.

        Raises NtfyError for a member that says no text.
        """
        if said := _first(_as_text(self._members.get(name)) for name in names):
            return said
        if said := _first(_header(self._headers, name) for name in names):
            return _decoded(said)
        return _first(self._others.get(name, "") for name in names)

    def is_set(self, *names: str) -> bool:
        """Return whether one of these is given and says yes."""
        return self.text(*names).lower() in _TRUE


def parameters_of(request: web.Request, members: Mapping[str, Json] | None = None) -> Parameters:
    """Return those of a request's headers and its query, and of the JSON in its body."""
    return Parameters(members=members, headers=request.headers, others=request.query)


def _first(texts: Iterable[str]) -> str:
    stripped = (text.strip() for text in texts)
    return next((text for text in stripped if text), "")[:MAX_CHARS]


def _header(headers: Mapping[str, str], name: str) -> str:
    said = headers.get(name, "")
    return "" if name == "priority" and _HTTP_PRIORITY.match(said.strip()) else said


def _as_text(value: Json) -> str:
    """Return a member as the header that stands for it would have it. Raises NtfyError for what none can say."""
    match value:
        case str():
            return value
        case bool():
            return "1" if value else ""
        case None:
            return ""
        case [*several] if all(isinstance(each, str) for each in several):
            return ",".join(map(str, several))
        case int():
            return str(value)
        case float():
            return f"{value:g}"
        case _:
            raise NtfyError(Failure.JSON)


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
