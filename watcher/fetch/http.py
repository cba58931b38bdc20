"""
A page over plain HTTP.

    status             outcome
    200, 203           the page
    304                not modified, when validators were sent; else an error
    301 302 303 307 308  the next hop (`hop.py`)
    401, 407           BlockedError: a login
    403, 429, 503      BlockedError when head or body are those of a known wall, else StatusError
    anything else      StatusError

A head that says `this is a challenge` is a wall with any status.

Validators belong to the URL that sent them: they go with the first hop only, and only with a question that
changes nothing (GET, HEAD); a page found behind a redirect has none. Otherwise a site that once redirected
to its login page could answer 304 to the login page's date for ever.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import xxhash
from aiohttp import ClientError, ClientResponse, ClientSession, hdrs
from msgspec.structs import replace

from watcher.core.page import NotModified, Response, Validators
from watcher.core.redaction import redacted, shown_validators
from watcher.core.watch import Request
from watcher.core.wording import worded
from watcher.core.words import cut
from watcher.errors import AddressDeniedError, BlockedError, BodyError, DeadlineError, FetchError, StatusError
from watcher.fetch import answer as head
from watcher.fetch.body import start_of, too_big
from watcher.fetch.failures import RAISED_BELOW, failure
from watcher.fetch.hop import Hop, first_hop, show
from watcher.fetch.lanes import Lanes
from watcher.fetch.turns import Turns
from watcher.net.sessions import Sessions

_NO_VALIDATORS = Validators()
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAGES = frozenset({200, 203})
_MAX_ERROR_BYTES = 65_536
_ERROR_BODY_SECONDS = 5.0  # it only says whose wall this is, and the host's lane is held meanwhile
_MOST_CHUNKS = 1_000
"""A body that comes byte by byte would take forty times its size."""
_ACCEPT: dict[str, str] = {
    hdrs.ACCEPT: "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.8",
    hdrs.ACCEPT_ENCODING: "gzip, deflate, br, zstd",
}
# Never a page to select from, however long it is downloaded.
_BINARY_TYPES = frozenset({"audio", "font", "image", "video"})
_BINARY_MEDIA = frozenset({"application/pdf", "application/zip", "application/gzip", "application/x-tar"})


class HttpFetcher:
    """Fetches pages as their watches ask for them. See `core.protocols.Fetcher`."""

    def __init__(self, sessions: Sessions, lanes: Lanes, *, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._lanes = lanes
        self._now = now
        self._turns = Turns()
        self.fetches: Counter[str] = Counter()
        """by how they went: `page`, `not_modified`, `error`"""
        self.wire_bytes = 0

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        """Return the page, or that it is unchanged. Raises FetchError."""
        hop = first_hop(request)
        async with self._lanes.slot(request) as lane:
            try:
                result = await self._in_time(hop, request, validators)
            except FetchError as error:
                if request.secrets is not None:  # before others hear of it, who share the lane
                    error.args = (redacted(str(error), request.secrets),)
                lane.report(error)
                self.fetches["error"] += 1
                raise
            lane.report(None)
            self._count(result)
            if request.secrets is not None:
                result = replace(result, validators=shown_validators(result.validators, request.secrets))
            if isinstance(result, Response):
                await self._turns.take(result)
            return result

    def _count(self, result: Response | NotModified) -> None:
        if isinstance(result, Response):
            self.fetches["page"] += 1
            self.wire_bytes += len(result.wire)
        else:
            self.fetches["not_modified"] += 1

    async def _in_time(self, hop: Hop, request: Request, validators: Validators) -> Response | NotModified:
        seconds = request.timeout.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await self._walk(hop, request, validators)
        except TimeoutError as error:
            raise DeadlineError(
                worded(
                    "error_slow",
                    "{host} did not send the whole page within {seconds} s",
                    host=hop.url.host,
                    seconds=f"{seconds:g}",
                )
            ) from error

    async def _walk(self, hop: Hop, request: Request, validators: Validators) -> Response | NotModified:
        is_proxied = request.proxy is not None
        session = self._sessions.of(request.allow_private or is_proxied)
        while True:
            known = validators if hop.may_be_conditional else _NO_VALIDATORS
            try:
                if is_proxied and not request.allow_private:
                    await self._sessions.admit(hop.url)
                outcome = await self._ask(session, hop, request, known)
            except AddressDeniedError as error:
                error.is_redirect = hop.redirects > 0
                raise
            except RAISED_BELOW as error:
                raise failure(error, hop.url, is_proxied=is_proxied) from error
            if not isinstance(outcome, Hop):
                return outcome
            hop = outcome

    async def _ask(
        self, session: ClientSession, hop: Hop, request: Request, known: Validators
    ) -> Response | NotModified | Hop:
        async with session.request(
            hop.method,
            hop.url,
            headers=_headers(hop, request, known),
            data=hop.body,
            proxy=request.proxy,
            ssl=request.verify,  # False: the one SSLContext of the process that verifies nothing
            allow_redirects=False,
        ) as answer:
            if wall := head.wall(answer):
                raise head.blocked(answer, wall, now=self._now())
            if answer.status in _PAGES:
                return await _page(answer, request, hop)
            if answer.status == 304:
                return _not_modified(answer, known)
            if answer.status in _REDIRECTS:
                return hop.follow(answer.headers.get(hdrs.LOCATION), status=answer.status)
            raise await self._refusal(answer)

    async def _refusal(self, answer: ClientResponse) -> StatusError | BlockedError:
        """Return the error for a status that is no page, and is a wall's when its body is one."""
        if answer.status in head.BUSY_OR_WALL and (who := await _wall(answer)):
            return head.blocked(answer, head.walled_by(who), now=self._now())
        return head.refusal(answer, now=self._now())


def _headers(hop: Hop, request: Request, known: Validators) -> dict[str, str]:
    headers = _ACCEPT.copy()
    if request.user_agent is not None:
        headers[hdrs.USER_AGENT] = request.user_agent
    headers |= hop.headers
    if known.etag is not None:
        headers[hdrs.IF_NONE_MATCH] = known.etag
    if known.last_modified is not None:
        headers[hdrs.IF_MODIFIED_SINCE] = known.last_modified
    return headers


def _not_modified(answer: ClientResponse, known: Validators) -> NotModified:
    if known == _NO_VALIDATORS:
        raise StatusError("304 Not Modified: but nothing was asked on a condition", status=304)
    new = head.validators(answer)
    return NotModified(
        validators=Validators(etag=new.etag or known.etag, last_modified=new.last_modified or known.last_modified)
    )


async def _page(answer: ClientResponse, request: Request, hop: Hop) -> Response:
    media_type = answer.content_type.lower() if hdrs.CONTENT_TYPE in answer.headers else None
    if media_type is not None and _is_binary(media_type):
        raise BodyError(
            worded(
                "error_media", "{page} is {kind}, no text to select from", page=show(hop.url), kind=cut(media_type, 80)
            )
        )
    if not head.is_framed(answer):
        raise BodyError(
            worded(
                "error_transfer",
                "{page} uses an unsupported Transfer-Encoding",
                page=show(hop.url),
            )
        )
    wire = await _body(answer, max_body_bytes=request.max_body_bytes)
    return Response(
        url=str(hop.url),
        wire=wire,
        digest=xxhash.xxh3_128_hexdigest(wire),
        content_encoding=head.codings(answer),
        media_type=media_type,
        charset=answer.charset,
        validators=head.validators(answer) if hop.may_be_conditional else _NO_VALIDATORS,
        may_be_cut=head.is_close_delimited(answer) and not head.codings(answer),  # these say where they end
    )


async def _wall(answer: ClientResponse) -> str | None:
    from watcher.extract.walls import read_wall  # only errors need it

    wire = await _start(answer)
    return read_wall(start_of(wire, head.codings(answer), max_bytes=_MAX_ERROR_BYTES))


async def _start(answer: ClientResponse) -> bytes:
    """Return what comes of the first 64 KB as sent; a body that breaks off is an error's body all the same."""
    wire = bytearray()
    with suppress(ClientError, OSError):
        async with asyncio.timeout(_ERROR_BODY_SECONDS):
            while len(wire) < _MAX_ERROR_BYTES and (chunk := await answer.content.readany()):
                wire += chunk
    return bytes(wire[:_MAX_ERROR_BYTES])


def _is_binary(media_type: str) -> bool:
    return media_type in _BINARY_MEDIA or (
        media_type.partition("/")[0] in _BINARY_TYPES and not media_type.endswith("+xml")
    )


async def _body(answer: ClientResponse, *, max_body_bytes: int) -> bytes:
    """Return the whole body as sent. Raises BodyError when it is too big, or cut short as far as can be seen."""
    end = _end_of_connection(answer)
    if (answer.content_length or 0) > max_body_bytes:
        raise too_big(max_body_bytes)
    chunks: list[bytes] = []
    left = max_body_bytes
    while chunk := await answer.content.readany():
        chunks.append(chunk)
        left -= len(chunk)
        if left < 0:
            raise too_big(max_body_bytes)
        if len(chunks) == _MOST_CHUNKS:
            chunks = [b"".join(chunks)]
    if end is not None and end.done() and end.exception() is not None:
        raise BodyError(worded("error_broke", "the connection broke before the page's end"))
    return b"".join(chunks)


def _end_of_connection(answer: ClientResponse) -> asyncio.Future[None] | None:
    """
    Return the future of the connection's end when only that ends the body.

    To aiohttp a body without length that ends in a reset is as good as one that ends in order.
    """
    connection = answer.connection
    if connection is None or connection.protocol is None or not head.is_close_delimited(answer):
        return None
    end = connection.protocol.closed
    if end is not None:
        end.add_done_callback(_see)
    return end


def _see(end: asyncio.Future[None]) -> None:
    # asyncio reports exceptions that nobody looked at, as when the body turned out too big before.
    if not end.cancelled():
        end.exception()
