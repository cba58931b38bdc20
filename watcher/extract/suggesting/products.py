"""What the page tells machines of the product that it is about (schema.org): its price, and whether it can be had."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.core.values import ValueType
from watcher.core.watch import Language, Pick, Query, Selector, Values
from watcher.extract.document import Document
from watcher.extract.product import product_values, stock_of
from watcher.extract.suggesting.candidate import Kind, Offer

_SCORE = 90
_MOST_OFFERS = 12
"""A page with more offers than this is a list of products."""


def products_of(document: Document) -> Iterator[Offer]:
    """Yield the page's product; where only one of price and availability is told, that."""
    prices = product_values(document, "price")
    words = product_values(document, "availability")
    if max(len(prices), len(words)) > _MOST_OFFERS:
        return
    selectors = {}
    if prices:
        selectors["price"] = _selector("price", ValueType.MONEY, prices)
    if words and all(stock_of(word) for word in words):
        selectors["stock"] = _selector("availability", ValueType.STOCK, words)
    if selectors:
        what = " and ".join({"price": "price", "stock": "availability"}[name] for name in selectors)
        why = f"The page tells machines the {what} of its product (schema.org), which a new design seldom changes."
        yield Offer(kind=Kind.PRODUCT, why=why, extraction=Values(selectors=selectors), score=_SCORE)


def _selector(part: str, kind: ValueType, found: list[str]) -> Selector:
    pick = Pick.FIRST if len(set(found)) > 1 else None
    return Selector(query=Query(Language.PRODUCT, part), type=kind, pick=pick)
