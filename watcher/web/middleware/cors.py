"""
Which answers a page of another site may read (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).

| answer                                          | a page of any site        |
|-------------------------------------------------|---------------------------|
| of a route whose role is open to pages          | may read it, errors too   |
| to a method that such an address does not have  | the same                  |
| to an address below `/api/`, or of ntfy's, that | the same                  |
| nothing is at                                   |                           |
| to what is no HTTP request                      | the same                  |
| where a cookie decides; a page; `/metrics`      | may not                   |

Where a token in the request decides, who reads the answer has the token, wherever its page comes from; and such a page
could send before as well, it only never learned what became of it. Credentials are never allowed: with `*` a browser
shows no answer to a request that carried cookies. A page of the internet may ask a server in its reader's network for
the same reason (Private Network Access).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from aiohttp import hdrs, web

from watcher.web.api.envelope import REPLAYED
from watcher.web.middleware.guard import ROLE, Handler, path_of, speaks_envelope, speaks_ntfy

_ALLOWED_HEADERS: Final = "Authorization, Content-Type, Idempotency-Key, X-Requested-With"
"""`X-Requested-With` is what libraries add by themselves."""
_ALL_HEADERS: Final = f"{_ALLOWED_HEADERS}, *"
"""Below `/ntfy`, whose parameters may be headers, each of several names; `Authorization` is not among `*`."""
_EXPOSED_HEADERS: Final = f"Allow, {REPLAYED}, Location, Retry-After, WWW-Authenticate"
_MAX_AGE_SECONDS: Final = 7_200
"""Browsers remember an answer to a preflight for no longer."""
_ASKED_FOR_PRIVATE: Final = "Access-Control-Request-Private-Network"
_PRIVATE: Final = "Access-Control-Allow-Private-Network"


def preflight(methods: Collection[str]) -> Handler:
    """Return the handler that says what a page may ask an address for, which has these methods."""
    allowed = ", ".join(sorted(methods))

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.Response(status=204)
        headers = _ALL_HEADERS if path_of(request).startswith("/ntfy") else _ALLOWED_HEADERS
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = allowed
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = headers
        response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = str(_MAX_AGE_SECONDS)
        if request.headers.get(_ASKED_FOR_PRIVATE) == "true":
            response.headers[_PRIVATE] = "true"
        open_to_pages(response)
        return response

    return answer


def is_open_to_pages(request: web.Request) -> bool:
    """Return whether pages of any site may read the answer to this."""
    if ROLE in request:
        return request[ROLE].is_open_to_pages
    problem = request.match_info.http_exception
    if isinstance(problem, web.HTTPMethodNotAllowed):
        return hdrs.METH_OPTIONS in problem.allowed_methods
    return problem is not None and (speaks_envelope(request) or speaks_ntfy(request))


def open_to_pages(response: web.StreamResponse) -> None:
    """Let pages of any site read this answer."""
    response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*"
    response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _EXPOSED_HEADERS
