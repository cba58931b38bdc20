"""
The one factory of outbound HTTP sessions.

Two of them, for a pooled connection is not guarded again: what may go to private addresses and what may
not must never share one. Both use aiohttp's SSLContexts of the process, which it makes at import: one that
verifies, and one for `ssl=False`.

Through a proxy the guard of the socket sees the proxy alone, which the operator named and which may be
anywhere. So a proxied request goes through the session that allows everything, after `admit` has looked
its target up. The proxy looks it up again and could be told something else: whoever fears that denies
private addresses to the proxy itself.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

import watcher
from watcher.core.addresses import is_public
from watcher.core.files import ADVICE, is_out_of_files
from watcher.core.wording import worded
from watcher.net.guard import denied, guarded_sockets
from watcher.net.resolver import LOOKUPS, LookUp, Places, Resolver
from watcher.net.sockets import MOST, BudgetedConnector, SocketBudget

NO_ANSWER: Final = (ClientError, HttpProcessingError, OSError, AssertionError, LookupError, ValueError)
"""
What a request raises when no answer comes: names, sockets, TLS, what is no HTTP, and URLs that are odd to aiohttp.

The text of each may quote the URL, secrets included. A limit of time (TimeoutError) is among them as an OSError, the
guard's AddressDeniedError is not.
"""
_KEEP_ALIVE_SECONDS = 30.0
_DNS_CACHE_SECONDS = 60
# What browsers take for an IPv4 address: the last label is a number (URL Standard, "ends in a number").
_NUMBER: Final = re.compile(r"(.*\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\.?")
# Real sites send cookies and policies beyond aiohttp's 8 KB a header; ten times that is an attack.
_MAX_HEADER_BYTES = 32_768
_MAX_HEADERS = 256


def why_failed(error: BaseException) -> str:
    """Return why no answer came (NO_ANSWER), in words without the error's own text."""
    if is_out_of_files(error):
        return f"not asked, for this process can open no more files; {ADVICE}"
    return f"the request failed ({type(error).__name__})"


class Sessions:
    """
    The sessions of this process, open inside `async with`.

    They follow no environment (proxies, netrc), keep no cookies and set no time limit: callers do.
    Bodies come as sent, so they ask for none to be compressed (`Accept-Encoding: identity`); who can
    inflate says so in the request's own headers. Redirects are the caller's: `allow_redirects=False`.

    Args:
        contact: a URL or an address for the operators of the sites we visit.
        most: sockets at a time, idle ones included.
        lookups: of names at a time, those included of which nothing is heard.
        look_up, is_allowed: what stands in for DNS and for the guard's table.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        look_up: LookUp = socket.getaddrinfo,
        is_allowed: Callable[[str], bool] = is_public,
        most: int = MOST,
        lookups: int = LOOKUPS,
    ) -> None:
        self._user_agent = f"watcher/{watcher.__version__}" + (f" (+{contact})" if contact else "")
        self._look_up = look_up
        self._is_allowed = is_allowed
        self.sockets = SocketBudget(most)
        self._places = Places(lookups)
        self._targets = Resolver(is_allowed=lambda _: True, look_up=look_up, places=self._places)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._public = await self._stack.enter_async_context(self._open(self._is_allowed))
        self._private = await self._stack.enter_async_context(self._open(lambda _: True))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    def of(self, allow_private: bool) -> ClientSession:
        """Return the session that refuses addresses which are not public, or the one that does not."""
        return self._private if allow_private else self._public

    async def admit(self, url: URL) -> None:
        """
        Refuse a URL that somebody else, a proxy, will connect to: every address that it has must be allowed.

        A number that is no plain address (`010.0.0.1`, `127.1`) is refused: to one program it is octal, to another not.

        Raises:
            AddressDeniedError: one of them is not.
            socket.gaierror: it has none, or nobody answered in time.
        """
        host = url.raw_host or ""
        if _NUMBER.fullmatch(host) and not self._is_allowed(host):
            raise denied(worded("error_target", "the target is {address}", address=host))
        for address in await self._targets.resolve(host, url.port or 0):
            if not self._is_allowed(address["host"]):
                raise denied(worded("error_host_is", "{host} is {address}", host=url.host, address=address["host"]))

    def _open(self, is_allowed: Callable[[str], bool]) -> ClientSession:
        connector = BudgetedConnector(
            self.sockets,
            resolver=Resolver(is_allowed=is_allowed, look_up=self._look_up, places=self._places),
            socket_factory=guarded_sockets(is_allowed, self.sockets),
            keepalive_timeout=_KEEP_ALIVE_SECONDS,
            ttl_dns_cache=_DNS_CACHE_SECONDS,
        )
        return ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "identity"},
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            timeout=ClientTimeout(),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            max_headers=_MAX_HEADERS,
        )
