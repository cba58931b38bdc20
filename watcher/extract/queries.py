"""
Expressions of every language: whether one may stand in watches.yaml.

Asked for each selector when the file is loaded, so it imports an engine only for an expression that needs one to be
judged: plain CSS and plain JSONPath do not.
"""

from __future__ import annotations

from typing import assert_never

from watcher.core.watch import Language, Query
from watcher.extract.jsonpath import check_jsonpath
from watcher.extract.selectors import check_selector

MAX_EXPRESSION_CHARS = 1_000

FEED_PARTS = ("id", "title", "link", "summary", "content", "author", "published", "updated", "categories")
"""What an expression in Language.FEED may name within an entry. `id` is the link or the title where there is none."""

PRODUCT_PARTS = ("price", "availability")
"""What an expression in Language.PRODUCT may name."""


def check_query(query: Query, *, in_row: bool) -> None:
    """
    Check that a watch may use the query.

    Args:
        in_row: it is asked within a row of a list, not of the whole page.

    Raises:
        ValueError: with the reason in one line. Also for more than MAX_EXPRESSION_CHARS characters.
    """
    expression = query.expression
    if len(expression) > MAX_EXPRESSION_CHARS:
        raise ValueError(f"the selector has {len(expression):,} characters, more than {MAX_EXPRESSION_CHARS:,}")
    match query.language:
        case Language.CSS:
            check_selector(expression)
        case Language.XPATH:
            from watcher.extract.xpath import check_xpath  # the parser takes 40 ms

            check_xpath(expression, in_row=in_row)
        case Language.JSONPATH:
            check_jsonpath(expression)
        case Language.FEED:
            _check_feed(expression, in_row=in_row)
        case Language.PRODUCT:
            _check_product(expression, in_row=in_row)
        case _:
            assert_never(query.language)


def _check_feed(part: str, *, in_row: bool) -> None:
    if not in_row and part:
        raise ValueError(f"`feed` reads the entries of a feed as a list; {part!r} is a part of one entry")
    if in_row and part not in FEED_PARTS:
        raise ValueError(f"{part!r} is no part of an entry of a feed; it has {', '.join(FEED_PARTS)}")


def _check_product(part: str, *, in_row: bool) -> None:
    if in_row:
        raise ValueError("`product` reads what the whole page offers, and says nothing of a single row")
    if part not in PRODUCT_PARTS:
        raise ValueError(f"`product` knows {' and '.join(PRODUCT_PARTS)}, not {part!r}")
