"""
The health of the process, for monitoring.

`/metrics` is for who asks from this very machine, or sends an access token with the scope `metrics:read`. From here
means also by a name of ours: a page whose name leads to this machine (DNS rebinding) is not from here. Behind a
proxy on this machine everybody seems to ask from here, so a request that a proxy has passed on is never from here,
whether we trust the proxy or not.
"""

from __future__ import annotations

from typing import Final

from aiohttp import hdrs, web

from watcher.core.access import Scope
from watcher.core.settings import Settings
from watcher.core.urls import host_of
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address
from watcher.web.transport.client import is_from_here
from watcher.web.transport.proxies import read_address
from watcher.web.vitals import VITALS, Vitals

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_NO_STORE: Final = {hdrs.CACHE_CONTROL: "no-store"}


async def healthz(_request: web.Request) -> web.Response:
    """`GET /healthz`: 200 while the event loop turns."""
    return web.Response(text="ok\n", headers=_NO_STORE)


async def readyz(request: web.Request) -> web.Response:
    """`GET /readyz`: 200 when all that is essential works; else 503, with what does not, a line each."""
    problems = await request.app[VITALS].problems()
    if not problems:
        return web.Response(text="ok\n", headers=_NO_STORE)
    return web.Response(text="".join(f"{problem}\n" for problem in problems), status=503, headers=_NO_STORE)


async def metrics(request: web.Request) -> web.Response:
    """`GET /metrics`: the figures, for Prometheus."""
    if not ((is_from_here(request) and _is_by_our_name(request)) or await _may_read(request)):
        return web.Response(
            text="ask from this machine, or send `Authorization: Bearer WT_…` with the scope metrics:read\n",
            status=401,
            headers={**_NO_STORE, hdrs.WWW_AUTHENTICATE: 'Bearer realm="watcher", scope="metrics:read"'},
        )
    return await show_metrics(request)


async def show_metrics(request: web.Request) -> web.Response:
    """Return the figures to whoever asks."""
    body = await request.app[VITALS].metrics()
    return web.Response(body=body, headers={**_NO_STORE, hdrs.CONTENT_TYPE: METRICS_TYPE})


def build_health_app(vitals: Vitals, settings: Settings) -> web.Application:
    """Return an application that shows the health of the process, and nothing else, to whoever asks."""
    app = web.Application()
    app[SETTINGS] = settings
    app[VITALS] = vitals
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", show_metrics)])
    return app


def _is_by_our_name(request: web.Request) -> bool:
    """Return whether the request names this machine: by an address, as localhost, or as the base URL does."""
    name = host_of(f"http://{request.host}")
    ours = host_of(request.app[SETTINGS].public_url)
    return bool(name) and (name in ("localhost", ours) or name.endswith(".localhost") or read_address(name) is not None)


async def _may_read(request: web.Request) -> bool:
    """Return whether a token says so; a wrong one is counted. Raises HTTPTooManyRequests."""
    scheme, _, secret = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    caller = await request.app[SERVICE].tokens.caller(secret.strip()) if scheme.lower() == "bearer" else None
    if caller is None:
        count_address(request, "wrong token", request.app[SETTINGS].address_calls)
    return caller is not None and caller.app_id is None and Scope.METRICS_READ in caller.scopes
