"""
Who may call a route, and in what shape a request must come. Every route passes here first.

    role        who                                   a foreign site's form    without it
    public      anyone                                refused (403)            –
    open        any program                           harmless: no cookie is read    –
    device      who has a subscriber's cookie         refused (403)            the landing page, 401, or code 1002
    account     who is signed in to the console       refused (403)            the login, or 401
    operator    who is signed in there as operator    refused (403)            the login, or 401; 403 for an owner
    app token   who sends an application's token      harmless: no cookie is read    code 1001, by the handler
    bearer      who sends a token with the scope      harmless: no cookie is read    401 or 403, by the operation
    spt         who sends a simple push token         harmless: no cookie is read    code 1001, by the handler
    signed      who signs it with a shared secret     harmless: no cookie is read    403, by the handler
    ntfy        who knows an inbox's secret name, or  harmless: no cookie is read    403, by the handler
                sends an application's token
    monitor     who asks from this machine, or sends  harmless: no cookie is read    401, by the handler
                a token with the scope metrics:read

Where no cookie is read, pages of any site may read the answer too (`cors`), except of WeChat's calls and figures.

Bodies are read where they mean something, which is POST, PATCH and ntfy's PUT; those that come with another method are
passed over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeAlias

from aiohttp import web
from msgspec import Struct

from watcher.core.push import Subscriber
from watcher.core.urls import Url, UrlFault, read_web_url
from watcher.push.actor import acting
from watcher.web.keys import ACCOUNT, SESSION, SETTINGS, SUBSCRIBER
from watcher.web.middleware.bodies import holding_body, read_body
from watcher.web.middleware.limits import count_caller
from watcher.web.sessions.account import login_path, signed_in
from watcher.web.sessions.device import device_name, subscriber_of

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_PARAMETERS = 100
"""Of a query: to take thousands apart is work before anybody knows who asks."""
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_OUR_OWN = frozenset({"same-origin", "none"})  # `none`: the person typed or reloaded it


class Role(StrEnum):
    """Who may call a route."""

    PUBLIC = "public"
    OPEN = "open"
    DEVICE = "device"
    ACCOUNT = "account"
    OPERATOR = "operator"
    APP_TOKEN = "app token"  # noqa: S105 the name of a role
    SPT = "spt"
    BEARER = "bearer"
    SIGNED = "signed"
    NTFY = "ntfy"
    MONITOR = "monitor"

    @property
    def has_token(self) -> bool:
        """True where a token, a signature made with one, or an address says who calls, and no cookie is read."""
        return self in (Role.APP_TOKEN, Role.SPT, Role.BEARER, Role.SIGNED, Role.NTFY, Role.MONITOR)

    @property
    def is_open_to_pages(self) -> bool:
        """True where pages of any site may read the answers: see `cors`."""
        return self in (Role.OPEN, Role.APP_TOKEN, Role.SPT, Role.BEARER, Role.NTFY)


ROLE = web.RequestKey("role", Role)
"""Of the route that a request reached; on no request that reached none."""


class Route(Struct, frozen=True, kw_only=True):
    """One row of the table in `routes.py`."""

    method: str
    path: str
    handler: Handler
    role: Role


def path_of(request: web.Request) -> str:
    """Return the path with one slash at its beginning, however many were sent."""
    return "/" + request.path.lstrip("/")


def speaks_envelope(request: web.Request) -> bool:
    """Return whether this address answers programs; `/api/message/…` is WxPusher's address of a page."""
    path = path_of(request)
    return f"{path}/".startswith("/api/") and not path.startswith("/api/message/")


def speaks_ntfy(request: web.Request) -> bool:
    """Return whether nothing is at this address, and it is one of ntfy's."""
    return ROLE not in request and path_of(request).startswith(("/v1/", "/ntfy/"))


def guarded(route: Route) -> Handler:
    """Return the route's handler behind its checks."""

    async def handle(request: web.Request) -> web.StreamResponse:
        request[ROLE] = route.role
        if request.rel_url.raw_query_string.count("&") >= MAX_PARAMETERS:
            raise web.HTTPBadRequest(reason=f"over {MAX_PARAMETERS} parameters")
        is_unsafe = request.method not in _SAFE_METHODS
        if is_unsafe and not route.role.has_token:
            _refuse_foreign_sites(request)
        if route.role is Role.DEVICE:
            request[SUBSCRIBER] = await _known_subscriber(request)
        if route.role in (Role.ACCOUNT, Role.OPERATOR):
            await _sign_in(request, route.role)
            with acting(request[ACCOUNT].id, device_name(request.headers.get("User-Agent", ""))):
                return await answer(request)
        return await answer(request)

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.method not in ("POST", "PATCH") and (request.method, route.role) != ("PUT", Role.NTFY):
            return await route.handler(request)
        with holding_body(request):
            if route.role not in (Role.BEARER, Role.NTFY):  # whose bodies are read after their tokens
                await read_body(request)
            return await route.handler(request)

    return handle


async def _known_subscriber(request: web.Request) -> Subscriber:
    subscriber = await subscriber_of(request)
    if subscriber is not None:
        return subscriber
    if request.method in _SAFE_METHODS and _wants_page(request):
        raise web.HTTPSeeOther("/")
    raise web.HTTPUnauthorized


async def _sign_in(request: web.Request, role: Role) -> None:
    """Note who is signed in; whoever is not is led to the login."""
    if (known := await signed_in(request)) is not None:
        request[ACCOUNT], request[SESSION] = known
        if role is Role.OPERATOR and not request[ACCOUNT].is_operator:
            raise web.HTTPForbidden
        if request.method not in _SAFE_METHODS and (owner := request[ACCOUNT].id) is not None:
            count_caller(request, "console", owner, request.app[SETTINGS].address_calls)
        return
    if request.method in _SAFE_METHODS:
        raise web.HTTPSeeOther(login_path(request.path_qs))
    raise web.HTTPUnauthorized


def _wants_page(request: web.Request) -> bool:
    return not speaks_envelope(request) and "text/event-stream" not in request.headers.get("Accept", "")


def _refuse_foreign_sites(request: web.Request) -> None:
    """
    Raise HTTPForbidden when a page of another site sent this.

    Browsers send Sec-Fetch-Site to https and loopback only; on plain http in a LAN the Origin decides, which is
    why our pages have the referrer policy `same-origin`: under `no-referrer` a form's Origin is `null`.
    Without either header it is no browser, and has no cookie to abuse.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    is_ours = (origin is None or _is_our_origin(origin, request)) if site is None else site in _OUR_OWN
    if not is_ours:
        raise web.HTTPForbidden


def _is_our_origin(origin: str, request: web.Request) -> bool:
    site, ours = read_web_url(origin), read_web_url(request.app[SETTINGS].public_url)
    if isinstance(site, UrlFault):  # `null` is one
        return False
    return site.server == request.host.lower() or (isinstance(ours, Url) and site.server == ours.server)
