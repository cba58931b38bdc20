"""
How many requests came, by route and by how they were answered.

WxPusher's routes answer what they refuse with HTTP 200, so the code of their envelope is counted beside the status.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from aiohttp import web

from watcher.core.figures import Durations
from watcher.web.api.envelope import CODE

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE: Final = "none"


class Answered(NamedTuple):
    """
    One kind of request: few, for a route is the pattern of its path, and never the path.

    Attributes:
        code: of the envelope, 1000 when it was not refused; empty for what has none.
    """

    method: str
    route: str
    status: int
    code: str = ""


class Requests:
    """The requests so far. Live inboxes are counted when they end, and their length is not."""

    def __init__(self) -> None:
        self.answered: Counter[Answered] = Counter()
        self.seconds = Durations()

    def note(self, request: web.Request, status: int, code: str = "") -> None:
        """Count a request."""
        method = request.method if request.method in _METHODS else "other"
        self.answered[Answered(method, _route(request), status, code)] += 1


REQUESTS = web.AppKey("requests", Requests)


@web.middleware
async def count_requests(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Count each request that reaches the application. A client that left before its answer has the status 499."""
    requests, began, status, code = request.app[REQUESTS], time.perf_counter(), 499, ""
    is_whole = True
    try:
        response = await handler(request)
        status, is_whole = response.status, isinstance(response, web.Response | web.FileResponse)
        code = str(response.get(CODE, ""))
    except web.HTTPException as answer:
        status = answer.status
        raise
    finally:
        requests.note(request, status, code)
        if is_whole:
            requests.seconds.note(time.perf_counter() - began)
    return response


def _route(request: web.Request) -> str:
    """Return the pattern of the path, in one spelling."""
    resource = request.match_info.route.resource
    if resource is None:
        return _NO_ROUTE
    return "/" + resource.canonical.strip("/")
