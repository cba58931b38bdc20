"""Parameters, each of which has several names, in the headers and in the query; the header wins, as at ntfy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from aiohttp import web

MAX_CHARS: Final = 262_144
"""Of one parameter: a message may come in the query."""
_TRUE: Final = frozenset({"1", "yes", "true"})


class Parameters:
    """What a request says by name."""

    def __init__(self, sources: Sequence[Mapping[str, str]]) -> None:
        """`sources`: the first that has one of the names wins."""
        self._sources = sources

    def text(self, *names: str) -> str:
        """Return what the first of these names says, without blanks around it; empty where none does."""
        found = (source.get(name, "").strip() for source in self._sources for name in names)
        return next((_decoded(value[:MAX_CHARS]) for value in found if value), "")

    def is_set(self, *names: str) -> bool:
        """Return whether one of these is given and says yes."""
        return self.text(*names).lower() in _TRUE


def parameters_of(request: web.Request) -> Parameters:
    """Return those of a request's headers and its query."""
    return Parameters([request.headers, request.query])


def _decoded(text: str) -> str:
    """Return a text that may be encoded as RFC 2047 has it, for headers that are to be ASCII."""
    if "=?" not in text:
        return text
    try:
        return str(make_header(decode_header(text))).strip()
    except (HeaderParseError, LookupError, UnicodeDecodeError, ValueError):
        return text
