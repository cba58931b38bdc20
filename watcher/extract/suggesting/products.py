"""
What the page tells machines of the product that it is about: its price, and whether it is in stock.

Data of schema.org comes first (JSON-LD, microdata), then the `<meta>` of Open Graph. A page with the data of several
products is a list, unless one of them has the name of the page's heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.core.values import ValueType
from watcher.core.watch import Language, Pick, Query, Selector, Values
from watcher.core.wording import worded
from watcher.core.words import cut, one_line
from watcher.extract.document import Document
from watcher.extract.product import product_name, schema_values, stock_of
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.survey import Survey
from watcher.extract.text import clean

_MOST_OFFERS = 12
"""A page with more offers than this is a list of products."""
_MOST_PRODUCTS = 2
_NAME_CHARACTERS = 80
_PRODUCT = re.compile(r'"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"(?:Product|Event|Book)"')
_NAMED = re.compile(r'"name"\s{0,9}:\s{0,9}"([^"]{1,200})"')
_MOST_CHARACTERS = 300_000
_CURRENCY = re.compile(r"[A-Z]{3}")


def products_of(survey: Survey) -> Iterator[CandidateDraft]:
    """Yield the page's product; where only one of price and availability is told, that."""
    if survey.is_over():
        return
    document = survey.document
    prices = schema_values(document, "price")
    words = schema_values(document, "availability")
    is_list = max(len(prices), len(words)) > _MOST_OFFERS or _has_several(document)
    selectors = {}
    if prices and not is_list:
        selectors["price"] = _selector("price", ValueType.MONEY, prices)
    if words and not is_list and all(stock_of(word) for word in words):
        selectors["stock"] = _selector("availability", ValueType.STOCK, words)
    if selectors:
        why = worded(
            "suggest_schema",
            "The page tells machines the {what} of {thing} (schema.org), which a new design seldom changes.",
            what=_TOLD[tuple(selectors)],
            thing=_called(document),
        )
        yield CandidateDraft(kind=Kind.PRODUCT, why=why, extraction=Values(selectors=selectors), score=scores.PRODUCT)
    elif not is_list:
        yield from _of_open_graph(document)


_TOLD = {
    ("price",): worded("suggest_the_price", "price"),
    ("stock",): worded("suggest_the_stock", "availability"),
    ("price", "stock"): worded("suggest_price_and_stock", "price and availability"),
}
"""What of a product is told, by the names of what is read."""


def _selector(part: str, kind: ValueType, found: list[str]) -> Selector:
    pick = Pick.FIRST if len(set(found)) > 1 else None
    return Selector(query=Query(Language.PRODUCT, part), type=kind, pick=pick)


def _called(document: Document) -> str:
    """Return the product by the name that the page's data has for it, else by the page's heading."""
    headings = (one_line(clean(one.text)) for one in document.select("h1")[:1])
    name = product_name(document) or next(headings, "")
    return f"“{cut(name, _NAME_CHARACTERS)}”" if name else "its product"


def _linked(document: Document) -> str:
    scripts = document.select('script[type^="application/ld+json" i]')
    return "".join(script.text for script in scripts)[:_MOST_CHARACTERS]


def _has_several(document: Document) -> bool:
    """Return whether the page tells of several products, none of which has the name of its heading."""
    marked = document.select('[itemtype$="/Product"], [itemtype$="/Event"], [itemtype$="/Book"]')
    source = _linked(document)
    if max(len(marked), len(_PRODUCT.findall(source))) <= _MOST_PRODUCTS:
        return False
    heading = next((" ".join(one.text.split()).casefold() for one in document.select("h1")), "")
    names = {name.casefold() for name in _NAMED.findall(source)}
    parts = (one for scope in marked[:_MOST_OFFERS] for one in scope.select("[itemprop=name]"))
    names |= {" ".join(one.text.split()).casefold() for one in parts}
    return not heading or heading not in names


def _of_open_graph(document: Document) -> Iterator[CandidateDraft]:
    """Yield the price that Open Graph tells of, in its currency."""
    for prefix in ("product", "og"):
        css = f'meta[property="{prefix}:price:amount"]'
        found = document.select(css)
        if not found:
            continue
        currencies = document.select(f'meta[property="{prefix}:price:currency"]')
        told = currencies[0].attr("content") or "" if currencies else ""
        currency = told if _CURRENCY.fullmatch(told) else None
        price = Selector(query=Query.css(css), type=ValueType.MONEY, currency=currency)
        why = worded(
            "suggest_open_graph",
            "The page tells machines the price of {thing} (Open Graph), which a new design seldom changes.",
            thing=_called(document),
        )
        yield CandidateDraft(
            kind=Kind.PRODUCT, why=why, extraction=Values(selectors={"price": price}), score=scores.OPEN_GRAPH
        )
        return
