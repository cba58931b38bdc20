"""What the tests of the operator's login say often."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookies import Morsel
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from msgspec.structs import replace

from tests.web.site import PASSWORD, Site
from watcher.core.protocols import WatchReader
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.console.outbox import nobody
from watcher.web.keys import LiveWatches, LocalWatcher, OutboxActs, ServerLook, no_look
from watcher.web.sessions.account import ACCOUNT_COOKIE
from watcher.web.transport.proxies import read_proxy
from watcher.web.transport.server import RunningServer, open_socket, start_server

COOKIE = ACCOUNT_COOKIE.named(is_https=False)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def try_login(
    site: Site,
    password: str = PASSWORD,
    *,
    wanted: str | None = None,
    session: str | None = None,
    headers: Mapping[str, str] | None = None,
    path: str = "/console/login",
) -> ClientResponse:
    """Send the form of the login."""
    fields = {"password": password} | ({} if wanted is None else {"next": wanted})
    return await site.post(
        path, body=urlencode(fields).encode(), headers=FORM | as_operator(session) | {**(headers or {})}
    )


async def logged_in(site: Site) -> str:
    """Log in; return the token of the session."""
    return given(await try_login(site)).value


def given(answer: ClientResponse, name: str = COOKIE) -> Morsel[str]:
    """Return the session's cookie that an answer sets."""
    assert answer.status == 303
    return answer.cookies[name]


def as_operator(session: str | None, name: str = COOKIE) -> dict[str, str]:
    """Return the header that sends the session's cookie."""
    return {} if session is None else {"Cookie": f"{name}={session}"}


def address(path: str) -> str:
    """Return an address of a route: numbers are 1, of what has a choice the first."""
    return re.sub(r"{\w+(?::([^}|]+)[^}]*)?}", lambda found: found[1] or "1", path)


async def is_open(site: Site, session: str | None) -> bool:
    """Return whether the console opens."""
    return (await site.get("/console", headers=as_operator(session))).status == 200


def wait_of(answer: ClientResponse) -> int:
    """Return the seconds that a refused try has to wait."""
    assert answer.status == 429
    return int(answer.headers["Retry-After"])


@asynccontextmanager
async def behind_proxy(push: PushService, settings: Settings) -> AsyncIterator[Site]:
    """Serve where the proxy on 127.0.0.1 is believed, as which the client speaks."""
    trusting = replace(settings, trusted_proxies=[read_proxy("127.0.0.1")])
    async with serving(push, trusting) as site:
        yield site


@asynccontextmanager
async def serving(
    push: PushService,
    settings: Settings,
    live: LiveWatches = dict,
    look: ServerLook = no_look,
    outbox: OutboxActs = nobody,
    local: LocalWatcher | None = None,
    watches: WatchReader | None = None,
    channels: Channels | None = None,
) -> AsyncIterator[Site]:
    """Serve with these settings."""
    reader = watches or DiskWatchReader(settings.watches)
    server: RunningServer = await start_server(
        build_app(push, settings, reader, channels, live=live, look=look, outbox=outbox, local=local),
        open_socket("127.0.0.1", 0),
    )
    base = f"http://127.0.0.1:{server.port}"
    try:
        async with ClientSession(base, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=30)) as client:
            yield Site(push=push, client=client, server=server, base=base)
    finally:
        await server.stop()


def clients(count: int) -> list[str]:
    """Return as many addresses, of IPv4 and of different /64s of IPv6."""
    return [f"203.0.{n >> 8 & 255}.{n & 255}" if n % 2 else f"2001:db8:{n & 0xFFFF:x}::1" for n in range(count)]
