"""
One step on the way to a page: what to ask for, and what of the operator's may go with it.

A redirect leads to another hop when all of this holds, and is an error otherwise:
- it is no more than the fifth;
- its Location is there, of 8,000 characters at most, and a web address;
- it stays on the host (a login or a robot check elsewhere is a BlockedError);
  a `www.` more or less, another port and another scheme are the same host;
- it does not leave https while configured headers would have been sent;
- it does not ask for a body to be sent to another origin (307 and 308 of a POST).
303 turns all but HEAD into GET, 301 and 302 turn POST into GET, 307 and 308 repeat method and body (RFC 9110 §15.4).
Configured headers, cookies, the body, all of them, stay behind when the origin (scheme, host, port) changes, for good.
A name and password in a Location or a link are dropped; in a watch's own URL there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from yarl import URL

from watcher.core.urls import is_web_url
from watcher.core.watch import Request
from watcher.core.wording import worded
from watcher.core.words import cut
from watcher.errors import BlockedError, NetworkError, RedirectError, UnsetError

MAX_REDIRECTS = 5
# What names a login or a robot check: a label of its host but the last two, or a segment of its path.
_WALL_LABELS = frozenset(
    {"accounts", "auth", "captcha", "challenge", "login", "passport", "sec", "signin", "sso", "verify"}
)
_WALL_SEGMENTS = frozenset(
    {"authwall", "captcha", "challenge", "login", "login.html", "login.php", "passport", "punish", "signin", "sorry"}
    | {"sso", "verify"}
)
_SHOWN_URL_CHARACTERS = 120
# RFC 9110 §4.1 asks for 8,000; Punycode takes a tenth of a second for 30,000.
_MAX_LOCATION_CHARACTERS = 8_000
_SAFE = frozenset({"GET", "HEAD"})
_OF_A_BODY = frozenset({"content-type", "content-length", "content-encoding", "content-language", "content-location"})


class Hop(Struct, frozen=True, kw_only=True):
    """
    One request on the way.

    Attributes:
        headers: the operator's own, cookies included.
        redirects: that led here; 0 is the watch's own URL.
    """

    url: URL
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes | None = None
    redirects: int = 0

    @property
    def may_be_conditional(self) -> bool:
        """True for the watch's own URL, asked in a way that changes nothing (RFC 9110 §9.2.1)."""
        return self.redirects == 0 and self.method in _SAFE

    def follow(self, location: str | None, *, status: int) -> Hop:
        """Return where a redirect leads, by the rules at the head of this module. Raises RedirectError."""
        if self.redirects == MAX_REDIRECTS:
            raise RedirectError(
                worded(
                    "error_redirects",
                    "more than {most} redirects, the last one from {page}",
                    most=MAX_REDIRECTS,
                    page=show(self.url),
                )
            )
        if not location:
            raise RedirectError(
                worded(
                    "error_redirect_nowhere",
                    "{page} redirects without saying where to (no Location)",
                    page=show(self.url),
                )
            )
        url = self._target(location)
        if not is_same_host(url, self.url):
            if is_wall(url):
                raise BlockedError(
                    worded(
                        "error_redirect_wall",
                        "{page} redirects to a login or a robot check on {host}; "
                        "`auth`, `headers` or `cookies` can hold a login",
                        page=show(self.url),
                        host=url.host,
                    )
                )
            raise RedirectError(
                worded(
                    "error_redirect_host",
                    "{page} redirects to {host}; if the page lives there now, write that URL",
                    page=show(self.url),
                    host=url.host,
                )
            )
        hop = replace(self._asked_again(status), url=url, redirects=self.redirects + 1)
        return hop if is_same_origin(url, self.url) else self._abroad(hop)

    def _asked_again(self, status: int) -> Hop:
        is_get = status == 303 or (status in (301, 302) and self.method == "POST")
        if not is_get or self.method in _SAFE:
            return self
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_A_BODY}
        return replace(self, method="GET", body=None, headers=headers)

    def _abroad(self, hop: Hop) -> Hop:
        if self.headers and self.url.scheme == "https" and hop.url.scheme == "http":
            raise RedirectError(
                worded(
                    "error_redirect_http",
                    "{page} redirects from https to http, where headers could be read",
                    page=show(self.url),
                )
            )
        if hop.method not in _SAFE:
            raise RedirectError(
                worded(
                    "error_redirect_method",
                    "{page} redirects a {method} to {target}, another origin; write that URL",
                    page=show(self.url),
                    method=hop.method,
                    target=show(hop.url),
                )
            )
        return replace(hop, headers={}, body=None)

    def _target(self, location: str) -> URL:
        if len(location) > _MAX_LOCATION_CHARACTERS:
            raise RedirectError(
                worded(
                    "error_redirect_long",
                    "{page} redirects to an address of {characters} characters",
                    page=show(self.url),
                    characters=f"{len(location):,}",
                )
            )
        try:
            url = self.url.join(URL(location)).with_fragment(None)
        except (ValueError, LookupError, AssertionError) as error:
            raise RedirectError(
                worded("error_redirect_no_address", "{page} redirects to what is no address", page=show(self.url))
            ) from error
        if not is_web_url(str(url)):
            raise RedirectError(
                worded(
                    "error_redirect_scheme",
                    "{page} redirects to an address that is not of the web ({scheme}:)",
                    page=show(self.url),
                    scheme=url.scheme,
                )
            )
        return url.with_user(None)


def first_hop(request: Request) -> Hop:
    """Return the hop that the watch itself names. Raises NetworkError when its URL is none, UnsetError."""
    if request.unset:
        names = ", ".join(f"${{{name}}}" for name in request.unset)
        raise UnsetError(
            worded("error_unset", "{names} is not set in the environment, which is read at a start", names=names)
        )
    headers = dict(request.headers)
    if request.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in request.cookies.items())
    return Hop(url=parse(request.url), headers=headers, method=request.method, body=request.body)


def onward(request: Request, page_url: str, next_url: str) -> Request:
    """
    Return the request for the next page of the list that `request` asks for.

    What is the operator's goes along within the origin of the watch's own URL alone. A link that leaves https by
    mistake, as links behind a proxy do, is asked for over https.

    Raises RedirectError: the link is no address, or leads to another host than the page's.
    """
    own, page = parse(request.url), parse(page_url)
    try:
        url = parse(next_url).with_user(None)
    except NetworkError as error:  # of the page, not of the watch's `url`, and nothing of the network
        raise RedirectError(
            worded(
                "error_next_no_address", "the next page of {page} is no address that can be asked for", page=show(page)
            )
        ) from error
    if not is_same_host(url, page):
        raise RedirectError(
            worded(
                "error_next_host", "the next page of {page} is on {host}, another host", page=show(page), host=url.host
            )
        )
    if page.scheme == "https" and url.scheme == "http" and url.is_default_port():
        url = url.with_scheme("https").with_port(page.port)
    if not is_same_origin(url, own):
        return replace(request, url=str(url), method="GET", headers={}, cookies={}, body=None)
    return replace(request, url=str(url))


def bare(url: str) -> str:
    """Return the URL as it is asked for: in one spelling, without fragment. Raises NetworkError."""
    return str(parse(url))


@lru_cache(maxsize=2_000)  # one that was asked with takes 0.8 kB
def parse(url: str) -> URL:
    """Return the parsed URL of a web page. Raises NetworkError."""
    try:
        parsed = URL(url).with_fragment(None)
    except (ValueError, LookupError, AssertionError) as error:
        raise NetworkError(worded("error_url", "the watch's `url` is no address that can be asked for")) from error
    if not is_web_url(str(parsed)):
        raise NetworkError(
            worded("error_url_scheme", "the watch's `url` is no web address: write https://… or http://…")
        )
    return parsed


def is_same_host(one: URL, other: URL) -> bool:
    """Return whether both are on one host; with or without `www.` it is the same."""
    return _bare_host(one) == _bare_host(other)


def _bare_host(url: URL) -> str:
    return (url.raw_host or "").lower().removesuffix(".").removeprefix("www.")


def is_wall(url: URL) -> bool:
    """Return whether an address is by its own name a login or a robot check."""
    labels = _bare_host(url).split(".")[:-2]
    segments = url.path.lower().split("/")
    return not _WALL_LABELS.isdisjoint(labels) or not _WALL_SEGMENTS.isdisjoint(segments)


def is_same_origin(one: URL, other: URL) -> bool:
    """Return whether scheme, host and port are the same (RFC 6454)."""
    return _origin(one) == _origin(other)


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    # Not yarl's origin(), to which a default port that is written out is another one.
    return url.scheme, url.raw_host, url.port


def show(url: URL) -> str:
    """Return the URL as messages may show it: without login, query and fragment, which may hold secrets."""
    return cut(str(url.with_user(None).with_query(None).with_fragment(None)), _SHOWN_URL_CHARACTERS)
