"""
What a page offers, as it tells machines: in JSON-LD, else in microdata (both schema.org), else in Open Graph.

Offers are read where they belong to what the page is about: of a product or an event, of its variants, alone, in a
graph or as `mainEntity`. Lists of other products (ItemList, isRelatedTo) are passed over. The variants and offers of
one product have one availability: it is in stock when one of them is.

| in the page | price | availability |
|---|---|---|
| `"price": 1299.5, "priceCurrency": "EUR"` | `EUR 1299.5` | |
| `"price": "1,299.00"` | `1,299.00` | |
| AggregateOffer: `"lowPrice": "9.90"` | `9.90` | |
| `"availability": "https://schema.org/InStock"` | | `InStock` |
| variants: `OutOfStock`, `InStock` | | `InStock` |
| `<meta property="og:price:amount" content="12.50">` | `12.50` | |

A point is decimal (schema.org/price); nobody guesses whether 129900 are cents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from turbohtml import Element

from watcher.core.values import Json, Stock
from watcher.core.words import one_line
from watcher.errors import PageError
from watcher.extract.document import Document
from watcher.extract.json_values import json_text, parse_json, unambiguous
from watcher.extract.text import clean

_MAX_DEPTH = 8
_MAX_OFFERS = 1_000
_NAMED = ("Product", "ProductGroup", "Event", "Book")
_MAX_LINKED_CHARS = 1_000_000
"""Of JSON-LD on one page; real ones have a tenth."""
_COMMENT_STARTS = ("//", "<!--", "<![CDATA[")
_COMMENT_ENDS = ("-->", "]]>", "//")
EACH = "availability of each"
"""The part that a watch does not name: what each offer of a product says."""
_OF_ONE_PRODUCT = ("offers", "hasVariant", "model")
_DOCUMENTS = ("@graph", "mainEntity", "itemOffered")
_AVAILABLE_FIRST = (Stock.IN_STOCK, None, Stock.PREORDER, Stock.OUT_OF_STOCK)
"""Which state of several variants is the product's; beside a word that nobody knows, only one in stock is known."""
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]++|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
_OLD_PRICES = ("listprice", "strikethroughprice", "msrp", "srp")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def stock_of(word: str) -> Stock | None:
    """Return what a schema.org word says of the stock; None for any other text."""
    from watcher.extract.stock_phrases import MEANINGS  # 20 ms, and few watches read stock

    return MEANINGS.get(word)


def product_values(document: Document, part: str) -> list[str]:
    """Return the prices, or the availabilities, of the page's offers, in its order."""
    return schema_values(document, part) or _values(_open_graph_offers(document), part)


def schema_values(document: Document, part: str) -> list[str]:
    """Return what the page says of its offers in the words of schema.org."""
    return linked_values(document, part) or _values(_marked_offers(document), part)


def linked_values(document: Document, part: str) -> list[str]:
    """Return what the page's JSON-LD says of its offers."""
    return _values(_linked_offers(document), part)


def _values(offers: Iterable[dict[str, str]], part: str) -> list[str]:
    return [text for offer in offers if (text := _read(offer, part))]


def _read(offer: dict[str, str], part: str) -> str:
    return _price(offer) if part == "price" else _availability(offer.get(part) or offer.get("availability", ""))


def _price(offer: dict[str, str]) -> str:
    """Return the price with its currency, unless the text names one itself."""
    price, currency = offer.get("price", ""), offer.get("currency", "")
    if _NUMBER.fullmatch(price):
        price = unambiguous(price)
    is_bare = bool(re.fullmatch(r"[\d\s.,'’-]+", price))
    return f"{currency} {price}" if currency and is_bare else price


def _availability(text: str) -> str:
    """Return schema.org's word: `https://schema.org/InStock`, `schema:InStock` and `in stock` are `InStock`."""
    from watcher.extract.stock_phrases import WORDS  # see `stock_of`

    word = re.split("[/:#]", text.strip().rstrip("/"))[-1]
    return WORDS.get(re.sub(r"[\s_-]", "", word).casefold(), clean(word))


def product_name(document: Document) -> str:
    """Return what JSON-LD calls the product or event that the page is about; empty without one, or with several."""
    named = islice((each for block in _linked_blocks(document) for each in _names_of(block, 0)), _MAX_OFFERS)
    names = {one_line(clean(_text(each))) for each in named}
    return names.pop() if len(names) == 1 else ""


def _names_of(node: Json, depth: int) -> Iterator[Json]:
    if isinstance(node, list) and depth <= _MAX_DEPTH:
        for each in node:
            yield from _names_of(each, depth + 1)
    if not isinstance(node, dict) or depth > _MAX_DEPTH or _has_type(node, "ItemList"):
        return
    if any(_has_type(node, kind) for kind in _NAMED):
        yield node.get("name")
        return
    for name in _DOCUMENTS:
        yield from _names_of(node.get(name), depth + 1)


def _linked_offers(document: Document) -> Iterator[dict[str, str]]:
    """Yield the offers in JSON-LD."""
    offers = (offer for block in _linked_blocks(document) for offer in _offers_of(block, "", 0))
    yield from islice(offers, _MAX_OFFERS)


def _linked_blocks(document: Document) -> Iterator[Json]:
    """Yield the blocks of JSON-LD; one that is no JSON hides no other."""
    left = _MAX_LINKED_CHARS
    for script in document.select('script[type^="application/ld+json" i]'):
        source = script.text
        left -= len(source)
        if left < 0:
            return
        yield _block(_bare(source))


def _block(source: str) -> Json:
    """Return what a block says, with a comma behind the last of its members too; None when it is no JSON."""
    try:
        return parse_json(source)
    except PageError:
        mended = _TRAILING_COMMA.sub(r"\1", source)
    try:
        return parse_json(mended) if mended != source else None
    except PageError:
        return None


def _bare(source: str) -> str:
    """Return a script without the comments that old pages hide it in."""
    source = source.strip()
    for mark in _COMMENT_STARTS:
        source = source.removeprefix(mark).lstrip()
    for mark in _COMMENT_ENDS:
        source = source.removesuffix(mark).rstrip()
    return source


def _offers_of(node: Json, currency: str, depth: int) -> Iterator[dict[str, str]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, list):
        for each in node:
            yield from _offers_of(each, currency, depth + 1)
    if not isinstance(node, dict) or _has_type(node, "ItemList"):
        return
    currency = _text(node.get("priceCurrency")) or currency
    if _is_offer(node):
        yield from _offer(node, currency, depth)
        return
    yield from _as_one(chain.from_iterable(_offers_of(node.get(name), currency, depth + 1) for name in _OF_ONE_PRODUCT))
    for name in _DOCUMENTS:
        yield from _offers_of(node.get(name), currency, depth + 1)


def _as_one(offers: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield the offers of one product, the first with the availability of all of them."""
    offers = list(islice(offers, _MAX_OFFERS))
    words = {offer["availability"]: None for offer in offers if offer.get("availability")}
    if len(words) > 1:
        word = min(words, key=lambda word: _AVAILABLE_FIRST.index(stock_of(_availability(word))))
        owns = [offer.get(EACH) or offer.get("availability", "") for offer in offers]
        offers = [{**offer, "availability": word, EACH: own} for offer, own in zip(offers, owns, strict=True)]
        offers[1:] = [{**offer, "availability": ""} for offer in offers[1:]]
    yield from offers


def _is_offer(node: dict[str, Json]) -> bool:
    return any(name in node for name in ("price", "lowPrice", "availability", "priceSpecification")) or _has_type(
        node, "Offer"
    )


def _has_type(node: dict[str, Json], word: str) -> bool:
    types = node.get("@type")
    return any(
        isinstance(each, str) and each.endswith(word) for each in (types if isinstance(types, list) else [types])
    )


def _offer(node: dict[str, Json], currency: str, depth: int) -> Iterator[dict[str, str]]:
    """Yield an offer; an aggregate without a price of its own stands for the offers within it."""
    price = _text(node.get("price")) or _text(node.get("lowPrice"))
    specified = None if price else _specified(node.get("priceSpecification"))
    if specified:
        price, currency = _text(specified.get("price")), _text(specified.get("priceCurrency")) or currency
    availability = _text(node.get("availability"))
    within = list(_offers_of(node.get("offers"), currency, depth + 1))
    if price or availability:
        yield {"price": price, "currency": currency, "availability": availability}
        within = [{**offer, "price": ""} for offer in within] if price else within
        within = [{**offer, "availability": ""} for offer in within] if availability else within
    yield from within


def _specified(specification: Json) -> dict[str, Json] | None:
    """Return the specification of the price that is asked now, not of the one that is crossed out."""
    found = specification if isinstance(specification, list) else [specification]
    for each in found:
        is_old = isinstance(each, dict) and _text(each.get("priceType")).casefold().endswith(_OLD_PRICES)
        if isinstance(each, dict) and not is_old and _text(each.get("price")):
            return each
    return None


def _text(value: Json) -> str:
    if isinstance(value, dict):
        value = value.get("@value") or value.get("@id")
    if isinstance(value, list):
        value = value[0] if value else None
    return json_text(value) if isinstance(value, (str, int, float)) else ""


def _marked_offers(document: Document) -> Iterator[dict[str, str]]:
    """
    Yield the offers in microdata, those of one product as one.

    turbohtml's reader leaves out `content` on anything but <meta> (HTML §5.2.4), where shops keep the exact price.
    """
    offers: dict[Element | None, dict[str, str]] = {}
    for element in document.select("[itemprop]"):
        scope = _scope(element)
        for name in (element.attr("itemprop") or "").split():
            key = _MARKED.get(name)
            if key and key not in offers.setdefault(scope, {}):
                offers[scope][key] = _marked(element, document)
        if len(offers) > _MAX_OFFERS:
            break
    products: dict[Element | None, list[dict[str, str]]] = {}
    for scope, offer in offers.items():
        products.setdefault(_product(scope), []).append(offer)
    yield from chain.from_iterable(map(_as_one, products.values()))


def _product(scope: Element | None) -> Element | None:
    """Return the product of an offer, or the group that it is a variant of; the offer itself without one."""
    kinds = ("ProductGroup", "Product") if scope is not None else ()
    return next((found for kind in kinds if scope and (found := scope.closest(f'[itemtype$="/{kind}"]'))), scope)


def _open_graph_offers(document: Document) -> Iterator[dict[str, str]]:
    """Yield the offers that `<meta property>` tells of, as shops write them for others; a sale price first."""
    for prefix in ("product:sale_", "product:", "og:"):
        names = {"price": "price:amount", "currency": "price:currency", "availability": "availability"}
        found = {key: document.select(f'meta[property="{prefix}{name}"][content]') for key, name in names.items()}
        yield {key: clean(metas[0].attr("content") or "") for key, metas in found.items() if metas}


_MARKED = {"price": "price", "lowPrice": "price", "priceCurrency": "currency", "availability": "availability"}


def _scope(element: Element) -> Element | None:
    parent = element.parent
    return parent.closest("[itemscope]") if isinstance(parent, Element) else None


def _marked(element: Element, document: Document) -> str:
    for name in ("content", "href", "value"):
        if found := element.attr(name):
            return clean(found)
    return document.text_of(element).replace("\n", " ")
