"""
The pages of the benchmark's sites, as bytes that are made once and filled in for each answer.

Mixed sites: half of the pages have 10 KB, 40 % have 100 KB, 10 % have 500 KB. Each is a shop's page as shops write
them: a head with a script and a style, a navigation, one product with its price, and a long list of offers. Of the two
other layouts, one has the product behind the offers, the other a table of 50 products in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

TITLE: Final = "h1.title"
PRICE: Final = "div.product > span.price"
"""What every tool selects: its text is what a subscriber waits for."""
ROWS: Final = "table.stocklist > tbody > tr"
"""What is selected of a table. The price of one of its rows is the page's."""
_SIZES: Final = (10_000,) * 5 + (100_000,) * 4 + (500_000,)
_PRICE_AT: Final = b"@@price@@"
_NOISE_AT: Final = b"@@noise@@"
_NUMBER_AT: Final = b"@@number@@"


class Phase(StrEnum):
    """How an answer differs from the one before it."""

    NOT_MODIFIED = "304"
    SAME = "same"
    PARSED = "parsed"
    CHANGED = "changed"


class Layout(StrEnum):
    """Where on its pages a site has what is watched."""

    EARLY = "early"
    """One price, 2 KB behind the start."""
    LATE = "late"
    """One price, in the last tenth."""
    ROWS = "rows"
    """A table of 50 rows, before all else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Template:
    """A page in pieces; between them stand its number, its noise and its price."""

    head: bytes
    before_price: bytes
    tail: bytes

    def filled(self, number: int, noise: int, price: int) -> list[bytes]:
        """Return the pieces of one page. They have the same length for the same size of page."""
        product = b"%08d" % number
        return [
            self.head,
            b"%012d" % noise,
            self.before_price.replace(_NUMBER_AT, product),
            b"%08d.00" % price,
            self.tail,
        ]


def page(number: int, layout: Layout = Layout.EARLY, *, noise: int, price: int) -> list[bytes]:
    """
    Return a page's body in pieces.

    Args:
        number: of the page; it decides the size.
        noise: what is written where nobody looks, as a request's id is.
        price: what is selected.
    """
    return _template(_SIZES[number % len(_SIZES)], layout).filled(number, noise, price)


@cache
def _template(size: int, layout: Layout) -> _Template:
    start = b"".join((_HEAD, *map(_navigation, range(12)), _MAIN))
    watched = _TABLE if layout is Layout.ROWS else _PRODUCT
    offers = _offers(size - len(start) - len(watched) - len(_END))
    middle = (offers, watched) if layout is Layout.LATE else (watched, offers)
    head, rest = b"".join((start, *middle, _END)).split(_NOISE_AT)
    before_price, tail = rest.split(_PRICE_AT)
    return _Template(head=head, before_price=before_price, tail=tail)


def _offers(size: int) -> bytes:
    """Return a list of as many offers as make so many bytes, or a few more."""
    offers: list[bytes] = []
    length = len(_OFFERS) + len(_OFFERS_END)
    while length < size:
        offers.append(_offer(len(offers)))
        length += len(offers[-1])
    return b"".join((_OFFERS, *offers, _OFFERS_END))


_HEAD: Final = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<!-- request @@noise@@ -->
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/assets/site.css"><link rel="icon" href="/favicon.ico">
<style>.price { font-weight: bold } .offer { display: grid; grid-template-columns: 1fr 4fr 1fr }</style>
<script>window.dataLayer = window.dataLayer || []; (function (d) { d.push({"page": "product"}); })(dataLayer);</script>
</head><body class="page page--product">
<header class="site-header"><a class="logo" href="/"><img src="/assets/logo.svg" alt="Shop" width="120" height="40"></a>
<nav class="site-nav" aria-label="Main"><ul class="site-nav__list">
"""
_MAIN: Final = b"""</ul></nav></header>
<main id="content">"""
_PRODUCT: Final = """<div class="product" data-id="@@number@@"><h1 class="title">A thing worth watching</h1>
<p class="lead">It is sold out most of the time, and it comes back without a word. <em>Ships</em> within two days.</p>
<span class="price">€ @@price@@</span> <span class="stock">In stock</span>
<form class="buy" action="/cart" method="post"><label>Number <input type="number" name="n" value="1" min="1"></label>
<button class="button button--primary" type="submit">Add to cart</button></form></div>
""".encode()
_OFFERS: Final = b"""<section class="offers"><h2>Other offers</h2><ol class="offers__list">
"""
_OFFERS_END: Final = b"</ol></section>"
_END: Final = b"""</main>
<footer class="site-footer"><p>&copy; 2026 Shop. <a href="/terms">Terms</a> &middot;
<a href="/privacy">Privacy</a></p></footer>
<script src="/assets/site.js" defer></script></body></html>
"""


def _navigation(entry: int) -> bytes:
    return b'<li class="site-nav__entry"><a class="site-nav__link" href="/c/%d">Category %d</a></li>\n' % (entry, entry)


def _offer(entry: int) -> bytes:
    text = f"""<li class="offer" id="offer-{entry}" data-sku="{entry * 7919 % 100_003:06d}">
<a class="offer__image" href="/p/{entry}"><img loading="lazy" src="/i/{entry}.webp" alt="Offer {entry}"></a>
<div class="offer__body"><h3 class="offer__title"><a href="/p/{entry}">Offer number {entry} of a long list</a></h3>
<p class="offer__text">Made of <b>oak</b> &amp; steel, 120 × 60 × 75 cm; delivered to the kerb,
returned within 30 days.</p>
<span class="offer__price">€ {entry * 37 % 900 + 10}.<sup>90</sup></span></div></li>
"""
    return text.encode()


def _row(entry: int) -> bytes:
    price = _PRICE_AT.decode() if entry == _TABLE_ROWS // 2 else f"{entry * 37 % 900 + 10}.90"
    cells = {"code": f"T-{entry:03d}", "name": f"Table {entry}", "price": f"€ {price}"}
    columns = "".join(f'<td class="{name}">{text}</td>' for name, text in cells.items())
    return f"<tr>{columns}</tr>\n".encode()


_TABLE_ROWS: Final = 50
_TABLE: Final = b"".join(
    (b'<table class="stocklist" data-id="@@number@@"><tbody>\n', *map(_row, range(_TABLE_ROWS)), b"</tbody></table>\n")
)
