"""Parameters of a query. An empty value means an absent one."""

from __future__ import annotations

import re

from aiohttp import web

from watcher.errors import InvalidRequestError

_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_SHOWN = 40
"""Characters of a wrong value that its error quotes."""


def text_of(request: web.Request, name: str) -> str:
    """Return a parameter, empty where it is absent."""
    return request.query.get(name, "").strip()


def integer_of(request: web.Request, name: str) -> int | None:
    """Return a number, None where it is absent. Raises InvalidRequestError."""
    given = text_of(request, name)
    if not given:
        return None
    if not _INTEGER.fullmatch(given):
        raise InvalidRequestError(f"{name}: {given[:_SHOWN]!r} is no number")
    return int(given)


def needed_integer_of(request: web.Request, name: str) -> int:
    """Return a number that must be there. Raises InvalidRequestError."""
    number = integer_of(request, name)
    if number is None:
        raise InvalidRequestError(f"{name}: missing; give a number")
    return number


def boolean_of(request: web.Request, name: str) -> bool | None:
    """Return `true` or `false`, None where it is absent. Raises InvalidRequestError."""
    match text_of(request, name).lower():
        case "":
            return None
        case "true":
            return True
        case "false":
            return False
        case given:
            raise InvalidRequestError(f"{name}: {given[:_SHOWN]!r}; it is true or false")
