"""
Text → the value of the type that a selector names.

| type | value | rules |
|---|---|---|
| text | the text | |
| integer, number | `int`, `Decimal` | `numbers.py` |
| money | `Money` | `money.py` |
| stock | `Stock` | `stock.py` |
| date | `date`, or `datetime` with a time of day | `dates.py` |
| url | an absolute http or https URL | here |
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from watcher.core.urls import escaped, is_web_url
from watcher.core.values import Money, Value, ValueType
from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.numbers import integer, number, quoted


class Origin(Struct, frozen=True, kw_only=True):
    """
    Where a text comes from.

    Attributes:
        base_url: what a relative URL is relative to.
        language: of the page, as `<html lang>` says it.
        host: the name of the page's server.
        is_prose: people read it, so `2026` may be a year; it is no attribute, and not from JSON.
    """

    base_url: str = ""
    language: str = ""
    host: str = ""
    is_prose: bool = False


def typed(
    text: str,
    type: ValueType,  # noqa: A002  the operator's word
    origin: Origin,
    *,
    currency: str | None = None,
) -> Value:
    """
    Return the text as a value of this type.

    Args:
        text: as `text_of` or an attribute gives it.
        currency: of an amount of money, as the watch says it.

    Raises:
        UnparsableError: it is not of this type; the message shows the text and says why.
    """
    match type:
        case ValueType.TEXT:
            return text
        case ValueType.INTEGER:
            return integer(text)
        case ValueType.NUMBER:
            return number(text)
        case ValueType.MONEY:
            read = _money if len(text) <= _SHORT_CHARS else _money.__wrapped__
            return read(text, origin.language, origin.host, currency, is_prose=origin.is_prose)
        case ValueType.STOCK:
            from watcher.extract.stock import stock

            return stock(text)
        case ValueType.DATE:
            return (_date if len(text) <= _SHORT_CHARS else _date.__wrapped__)(text)
        case ValueType.URL:
            return _url(text, origin.base_url)


_SHORT_CHARS = 100
"""What such texts are read as is kept: a list shows the same ones at each check and in many rows."""
_MAX_URL_CHARS = 1_000


@lru_cache(maxsize=2_000)  # 100 µs each
def _money(text: str, language: str, host: str, currency: str | None, *, is_prose: bool) -> Money:
    from watcher.extract.currencies import place_of  # these tables, and those of dates, are for few watches
    from watcher.extract.money import money

    return money(text, place=place_of(language, host), currency=currency, may_be_year=is_prose)


@lru_cache(maxsize=2_000)  # 60 µs each
def _date(text: str) -> date:
    from watcher.extract.dates import date_of

    return date_of(text)


_PLAIN_PATH = re.compile(r"(?:/[\w%~-]+)+/?(?:\?[\w%~=&+-]+)?", re.ASCII)
"""An address below the root in which nothing has to be resolved, as most links of lists are: a fifth of the time."""


@lru_cache(maxsize=1_000)
def _root(base_url: str) -> str:
    """Return what an absolute path is relative to; empty where that is no http or https URL."""
    if not is_web_url(base_url):
        return ""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=2_000)  # a list shows the same links at each check, and joining is most of reading one
def _url(text: str, base_url: str) -> str:
    if len(text) > _MAX_URL_CHARS:
        raise UnparsableError(
            worded(
                "error_long_url",
                "{text}: a URL of {characters} characters, more than {most}",
                text=quoted(text),
                characters=f"{len(text):,}",
                most=f"{_MAX_URL_CHARS:,}",
            )
        )
    if _PLAIN_PATH.fullmatch(text) and (root := _root(base_url)):
        return f"{root}{text}"
    try:
        url = urljoin(base_url, text.strip())
    except ValueError as error:
        raise UnparsableError(
            worded("error_no_url", "{text} is no URL: {reason}", text=quoted(text), reason=error)
        ) from error
    if not text.strip() or not is_web_url(escaped(url)):
        raise UnparsableError(
            worded(
                "error_no_web_url",
                "{text} is no http or https URL; `attr: href` reads a link's target",
                text=quoted(text),
            )
        )
    return url
