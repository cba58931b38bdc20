"""Parameters of a query. An empty value means an absent one, and of two with one name the first counts."""

from __future__ import annotations

from urllib.parse import unquote

from aiohttp import web

from watcher.errors import InvalidRequestError
from watcher.web.api.fields import INTEGER

_SHOWN = 40
"""Characters of a wrong value that its error quotes."""


def text_of(request: web.Request, name: str) -> str:
    """Return a parameter, empty where it is absent."""
    return request.query.get(name, "").strip()


def escaped_query(request: web.Request) -> dict[str, str]:
    """Return the parameters as they were sent, for `unquoted`: `query` makes rubbish of what is not UTF-8."""
    found: dict[str, str] = {}
    for pair in request.rel_url.raw_query_string.split("&"):
        name, _, value = pair.replace("+", " ").partition("=")
        found.setdefault(unquote(name[:_SHOWN]), value)
    return found


def unquoted(name: str, escaped: str) -> str:
    """Return a text without its percent signs. Raises InvalidRequestError, which names it, unless it is UTF-8."""
    try:
        return unquote(escaped, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidRequestError("not UTF-8 behind its percent signs", field=name) from error


def integer_of(request: web.Request, name: str) -> int | None:
    """Return a number, None where it is absent. Raises InvalidRequestError."""
    given = text_of(request, name)
    if not given:
        return None
    if not INTEGER.fullmatch(given):
        raise InvalidRequestError(f"{given[:_SHOWN]!r} is no number", field=name)
    return int(given)


def needed_integer_of(request: web.Request, name: str) -> int:
    """Return a number that must be there. Raises InvalidRequestError."""
    number = integer_of(request, name)
    if number is None:
        raise InvalidRequestError("missing; give a number", field=name)
    return number


def boolean_of(request: web.Request, name: str) -> bool | None:
    """
    Return `true` or `false`, None where it is absent. Raises InvalidRequestError.

    PHP's `http_build_query` writes them as 1 and 0.
    """
    match text_of(request, name).lower():
        case "":
            return None
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case given:
            raise InvalidRequestError(f"{given[:_SHOWN]!r}; it is true or false", field=name)
