"""
The cookies by which browsers are known again; each opens what its module says, and nothing else.

Over https their names have the prefix `__Host-`: no other host of our domain can set one, and no page over http.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from aiohttp import web
from msgspec import Struct

from watcher.web.keys import SETTINGS

_LONGEST: Final = timedelta(days=400)  # that browsers grant (RFC 6265bis §5.5)


class Cookie(Struct, frozen=True, kw_only=True):
    """
    A cookie of ours.

    Attributes:
        life: how long a browser keeps it.
        same_site: `Lax` where a link from elsewhere must bring it along.
    """

    name: str
    life: timedelta = _LONGEST
    same_site: Literal["Strict", "Lax"] = "Strict"

    def named(self, *, is_https: bool) -> str:
        """Return its name where people reach us so."""
        return f"__Host-{self.name}" if is_https else self.name

    def of(self, request: web.Request) -> str | None:
        """Return what the browser came with, good or not."""
        return request.cookies.get(self.named(is_https=request.app[SETTINGS].is_https)) or None

    def put(self, request: web.Request, response: web.StreamResponse, value: str) -> None:
        """Let the browser keep this value."""
        self._set(request, response, value, self.life)

    def drop(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let the browser keep it no longer."""
        self._set(request, response, "", timedelta(0))

    def _set(self, request: web.Request, response: web.StreamResponse, value: str, life: timedelta) -> None:
        is_https, age = request.app[SETTINGS].is_https, int(life.total_seconds())
        name, site = self.named(is_https=is_https), self.same_site
        response.set_cookie(name, value, max_age=age, path="/", httponly=True, samesite=site, secure=is_https)
