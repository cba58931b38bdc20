"""Small questions on the head of an HTTP answer. Every header is hostile text."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from aiohttp import ClientResponse, hdrs
from multidict import istr

from watcher.core.page import Validators
from watcher.core.retry_after import retry_after
from watcher.core.wording import worded
from watcher.errors import BlockedError, StatusError

BUSY_OR_WALL = frozenset({403, 429, 503})
"""Statuses of a challenge, whose body says whether it is one."""
_MAX_VALIDATOR_CHARACTERS = 1_000
_MAX_CODINGS_CHARACTERS = 200
# As `hdrs` has the others: what is no `istr` is put in small letters for each look.
_CLOUDFLARE = istr("cf-mitigated")
_AWS_WAF = istr("x-amzn-waf-action")
_DATADOME = (istr("x-datadome"), istr("x-dd-b"))

_ADVICE = {
    202: worded("error_status_202", "the page is not ready, or the site checks for robots"),
    204: worded("error_status_204", "there is no page"),
    206: worded("error_status_206", "only a part of the page came"),
    403: worded("error_status_403", "the site refuses us; it may want a login (`headers`) or keep robots out"),
    404: worded("error_status_404", "the page is gone"),
    408: worded("error_status_408", "the site timed out waiting for the request"),
    410: worded("error_status_410", "the page is gone for good"),
    418: worded("error_status_robot", "the site takes us for a robot"),
    429: worded("error_status_429", "the site is asked too often; raise `every` or `per_host.min_delay`"),
    451: worded("error_status_451", "the page is withheld for legal reasons"),
    503: worded("error_status_503", "the site is overloaded, down for maintenance, or keeps robots out"),
    999: worded("error_status_robot", "the site takes us for a robot"),
}


def validators(answer: ClientResponse) -> Validators:
    """
    Return what makes the next request conditional.

    A validator that could not be sent back (not printable ASCII, or over 1,000 characters) is none.
    """
    return Validators(
        etag=_returnable(answer.headers.get(hdrs.ETAG)),
        last_modified=_returnable(answer.headers.get(hdrs.LAST_MODIFIED)),
    )


def _returnable(header: str | None) -> str | None:
    if header and len(header) <= _MAX_VALIDATOR_CHARACTERS and header.isascii() and header.isprintable():
        return header
    return None


def codings(answer: ClientResponse) -> tuple[str, ...]:
    """Return the content codings in the order applied, lower case, without `identity` (RFC 9110 §8.4)."""
    if hdrs.CONTENT_ENCODING not in answer.headers:
        return ()
    said = ",".join(answer.headers.getall(hdrs.CONTENT_ENCODING)).lower()
    if len(said) > _MAX_CODINGS_CHARACTERS:
        return (said[:_MAX_CODINGS_CHARACTERS],)  # which nobody can undo; a head has room for a million of them
    return tuple(name for name in map(str.strip, said.split(",")) if name not in ("", "identity"))


def is_framed(answer: ClientResponse) -> bool:
    """
    Return whether it can be told where the body ends, and that nothing but its chunks was done to it on the way.

    To aiohttp a transfer coding that it does not know is none, and the end of the connection the body's end
    (RFC 9112 §6.1: we asked for no transfer coding, so `chunked` is the only one that may come).
    """
    codings = answer.headers.getall(hdrs.TRANSFER_ENCODING, ())
    return not codings or [coding.strip().lower() for coding in codings] == ["chunked"]


def is_close_delimited(answer: ClientResponse) -> bool:
    """Return whether only the end of the connection ends the body (RFC 9112 §6.3)."""
    return hdrs.CONTENT_LENGTH not in answer.headers and hdrs.TRANSFER_ENCODING not in answer.headers


def refusal(answer: ClientResponse, *, now: datetime) -> StatusError:
    """Return the error for a status that is no page."""
    asked = retry_after(answer.headers.get(hdrs.RETRY_AFTER), now=now)
    phrase, advice = _phrase(answer.status), _advice(answer.status)
    text = worded("error_status", "{status}: {advice}", status=phrase, advice=advice)
    if asked:
        seconds = f"{asked.total_seconds():.0f}"
        text = worded("error_status_wait", "{problem}; it asks to wait {seconds} s", problem=text, seconds=seconds)
    return StatusError(text, status=answer.status, retry_after=asked)


def wall(answer: ClientResponse) -> str | None:
    """Return the words for a wall where the head alone says that the answer is one; None when it does not."""
    match answer.status:
        case 401:
            return worded(
                "error_login",
                "the site asks for a login (401): `auth`, `headers` or `cookies` can hold one; "
                "for a URL on the command line --auth, --header or --cookie",
            )
        case 407:
            return worded(
                "error_proxy_login", "a proxy asks for a login (407): `proxy: http://user:password@host:port`"
            )
    who = _challenger(answer)
    return walled_by(who) if who else None


def walled_by(who: str) -> str:
    """Return the words for a wall. `who`: what stands in the way, as `extract.walls` names it."""
    return worded(
        "error_wall",
        "{who} stands in front of the page: the site takes us for a robot; ask less often, or with `cookies`",
        who=who,
    )


def blocked(answer: ClientResponse, text: str, *, now: datetime) -> BlockedError:
    """Return the error for a wall, with the wait that its head asks for."""
    asked = retry_after(answer.headers.get(hdrs.RETRY_AFTER), now=now)
    return BlockedError(text, status=answer.status, retry_after=asked)


def _challenger(answer: ClientResponse) -> str | None:
    headers = answer.headers
    if headers.get(_CLOUDFLARE, "").lower() == "challenge":
        return "Cloudflare's challenge"
    if headers.get(_AWS_WAF, "").lower() in ("challenge", "captcha"):
        return "the challenge of AWS WAF"
    # DataDome marks good pages, too.
    if answer.status in BUSY_OR_WALL and any(name in headers for name in _DATADOME):
        return "DataDome's captcha"
    return None


def _phrase(status: int) -> str:
    # Not the server's own reason, which may say anything.
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _advice(status: int) -> str:
    if status in _ADVICE:
        return _ADVICE[status]
    if 500 <= status <= 599:
        return worded("error_status_5xx", "the site has an internal error")
    return worded("error_status_other", "this is no page")
