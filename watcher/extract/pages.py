"""Where the other pages of a list are."""

from __future__ import annotations

from urllib.parse import quote_plus, unquote_plus, urldefrag, urlsplit, urlunsplit

from watcher.core.watch import NumberedPages


def first_url(url: str, pages: NumberedPages) -> str:
    """Return the URL of a list's first page: with its number, unless the URL names one itself."""
    is_named = any(_is_named(part, pages.param) for part in urlsplit(url).query.split("&"))
    return url if is_named else numbered_url(url, pages.param, pages.first)


def numbered_url(url: str, param: str, value: int) -> str:
    """Return the URL with the parameter set; all others stay as they are written."""
    parts = urlsplit(url)
    kept = [part for part in parts.query.split("&") if part]
    place = next((place for place, part in enumerate(kept) if _is_named(part, param)), len(kept))
    rest = [part for part in kept[place:] if not _is_named(part, param)]
    return urlunsplit(parts._replace(query="&".join([*kept[:place], f"{quote_plus(param)}={value}", *rest])))


def is_same_page(url: str, other: str) -> bool:
    """Return whether two URLs differ in nothing but the place within the page."""
    return urldefrag(url).url == urldefrag(other).url


def _is_named(part: str, param: str) -> bool:
    return unquote_plus(part.partition("=")[0]) == param
