"""
One step on the way to a page: the URL to ask for, and the configured headers that may go with it.

A redirect leads to another hop when all of this holds, and is an error otherwise:
- it is no more than the fifth;
- its Location is there, and a web address;
- it does not leave https while configured headers would have been sent.
Configured headers, all of them, stay behind when the origin (scheme, host, port) changes, for good.
A name and password in the first URL are such a header; in a Location they are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aiohttp import encode_basic_auth
from yarl import URL

from watcher.core.watch import Request
from watcher.errors import NetworkError, RedirectError

MAX_REDIRECTS = 5
_SHOWN_URL_CHARACTERS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """
    One request on the way.

    Attributes:
        headers: the operator's own, credentials included.
        redirects: that led here; 0 is the watch's own URL.
    """

    url: URL
    headers: Mapping[str, str]
    redirects: int = 0

    def follow(self, location: str | None) -> Hop:
        """Return where a redirect leads, by the rules at the head of this module. Raises RedirectError."""
        if self.redirects == MAX_REDIRECTS:
            raise RedirectError(f"more than {MAX_REDIRECTS} redirects, the last one from {show(self.url)}")
        if not location:
            raise RedirectError(f"{show(self.url)} redirects without saying where to (no Location)")
        url = self._target(location)
        if _origin(url) == _origin(self.url):
            return Hop(url=url, headers=self.headers, redirects=self.redirects + 1)
        if self.headers and self.url.scheme == "https" and url.scheme == "http":
            raise RedirectError(f"{show(self.url)} redirects from https to http, where headers could be read")
        return Hop(url=url, headers={}, redirects=self.redirects + 1)

    def _target(self, location: str) -> URL:
        try:
            url = self.url.join(URL(location)).with_fragment(None)
        except (ValueError, LookupError, AssertionError) as error:
            raise RedirectError(f"{show(self.url)} redirects to what is no address") from error
        if not is_web_address(url):
            raise RedirectError(f"{show(self.url)} redirects to an address that is not of the web ({url.scheme}:)")
        return url.with_user(None)


def first_hop(request: Request) -> Hop:
    """Return the hop that the watch itself names. Raises NetworkError when its URL is none."""
    url = parse(request.url)
    if url.raw_user is None and url.raw_password is None:
        return Hop(url=url, headers=request.headers)
    login = {"Authorization": encode_basic_auth(url.user or "", url.password or "")}
    return Hop(url=url.with_user(None), headers={**login, **request.headers})


@lru_cache(maxsize=10_000)
def parse(url: str) -> URL:
    """Return the parsed URL of a web page. Raises NetworkError."""
    try:
        parsed = URL(url).with_fragment(None)
    except (ValueError, LookupError, AssertionError) as error:
        raise NetworkError("the watch's `url` is no address that can be asked for") from error
    if not is_web_address(parsed):
        raise NetworkError("the watch's `url` is no web address: write https://… or http://…")
    return parsed


def is_web_address(url: URL) -> bool:
    """Return whether this is http or https, with a host that can be read and a port that exists."""
    try:
        # `host` raises for Punycode that is none.
        return url.scheme in ("http", "https") and bool(url.host) and bool(url.port)
    except ValueError:
        return False


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    # Not yarl's origin(), to which a default port that is written out is another one.
    return url.scheme, url.raw_host, url.port


def show(url: URL) -> str:
    """Return the URL as messages may show it: without login, query and fragment, which may hold secrets."""
    text = str(url.with_user(None).with_query(None).with_fragment(None))
    return text if len(text) <= _SHOWN_URL_CHARACTERS else text[: _SHOWN_URL_CHARACTERS - 1] + "…"
