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

from functools import lru_cache
from urllib.parse import urljoin

from watcher.core.urls import escaped, is_web_url
from watcher.core.values import Value, ValueType
from watcher.errors import UnparsableError
from watcher.extract.numbers import integer, number, quoted
from watcher.extract.stock import stock


def typed(text: str, type: ValueType, *, base_url: str) -> Value:  # noqa: A002  the operator's word
    """
    Return the text as a value of this type.

    Args:
        text: as `text_of` or an attribute gives it.
        base_url: what a relative URL is relative to.

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
            from watcher.extract.money import money  # its tables, and those of dates, are for few watches

            return money(text)
        case ValueType.STOCK:
            return stock(text)
        case ValueType.DATE:
            from watcher.extract.dates import date_of

            return date_of(text)
        case ValueType.URL:
            return _url(text, base_url)


_MAX_URL_CHARS = 1_000


@lru_cache(maxsize=2_000)  # a list shows the same links at each check, and joining is most of reading one
def _url(text: str, base_url: str) -> str:
    if len(text) > _MAX_URL_CHARS:
        raise UnparsableError(f"{quoted(text)}: a URL of {len(text):,} characters, more than {_MAX_URL_CHARS:,}")
    try:
        url = urljoin(base_url, text.strip())
    except ValueError as error:
        raise UnparsableError(f"{quoted(text)} is no URL: {error}") from error
    if not text.strip() or not is_web_url(escaped(url)):
        raise UnparsableError(f"{quoted(text)} is no http or https URL; `attr: href` reads a link's target")
    return url
