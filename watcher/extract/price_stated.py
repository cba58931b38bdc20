"""
What an element's markup says its price is → its text, where that leaves open which price, or in what currency.

| the text | markup in the element | becomes |
|---|---|---|
| `$49 $39` | `itemprop=price content=39`, `data-price="39"` | `39 USD` |
| `$49 $39` | `class=regular-price` of the dearer one, `class=price-web` of the other | `39 USD` |
| `$49 $39` | in the page's JSON-LD, offers of 39 alone | `39 USD` |
| `849,-`, `$849` | `itemprop=priceCurrency content=EUR`, `data-currency="CAD"` | `849 EUR`, `849 CAD` |
| `89.00` | `aria-label="ريال سعودي"` of a sign that is drawn | `89.00 SAR` |

Markup is never believed against the text: what it says is the price must be one of those left open, and a
currency one that the sign may mean. Where two of them differ, none is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence, Set
from decimal import Decimal

from turbohtml import Element

from watcher.core.values import Money
from watcher.errors import UnparsableError
from watcher.extract.currencies import CODES, Place, code_of, is_shared, may_mean, place_of
from watcher.extract.money import money
from watcher.extract.nesting import outermost
from watcher.extract.price_names import Kind, kinds_of
from watcher.extract.price_text import has_several_amounts, price_text_of

_IS_STATED = re.compile(
    r"itemprop=\"?price|price:(?:amount|currency)|data-[a-z-]{0,20}(?:price|currency)|aria-label=|alt=|title="
    r"|\bcur\b|currenc|symbol|valut"
)
_PRICES = (
    "[itemprop=price]",
    "[property$='price:amount']",
    "[data-price-amount], [data-price], [data-product-price], [data-current-price], [data-sale-price]"
    ", [data-final-price], [data-price-final], [data-price-value]",
)
"""The first of these that the element has counts."""
_CURRENCIES = "[itemprop=priceCurrency], [property$='price:currency'], [data-currency], [data-currency-code]"
_OF_PRICE = (
    *("content", "data-price-amount", "data-price", "data-product-price", "data-current-price", "data-sale-price"),
    *("data-final-price", "data-price-final", "data-price-value"),
)
_OF_CURRENCY = ("content", "data-currency", "data-currency-code")
_FORMER_TYPES = frozenset(["oldPrice", "basePrice", "minPrice", "maxPrice"])
"""Of Magento's `data-price-type`."""
_AMOUNT = re.compile(r"\D{0,5}(?P<whole>\d{1,3}(?:[., ]\d{3})+|\d{1,9})(?:[.,](?P<cents>\d{1,2}))?\D{0,5}")
_GROUPING = str.maketrans("", "", "., ")
_MOST_CHARS = 40
_MOST_LABEL_CHARS = 80
_MOST_SIGN_CHARS = 10
_MOST_MARKUP_CHARS = 20_000


def with_stated(text: str, element: Element, language: str, offered: Callable[[], Sequence[str]] = tuple) -> str:
    """Return the text, or what markup, or a price `offered` in JSON-LD, singles out where the text leaves it open."""
    if not _may_be_stated(element):
        return text
    place = place_of(language)
    read = _read(text, place)
    price = read or _read(text, place, _price(element) or _less_by_name(element, place) or _offered(offered(), place))
    if price is None or not price.amount:
        return text
    price = _with_currency(price, element, place)
    written = f"{price.amount:f} {price.unit or ''}".strip()
    return text if read == price or _read(written, place) != price else written


def _may_be_stated(element: Element) -> bool:
    """Return whether markup may say it; an element as long as a page is none of a price."""
    own = " ".join(f'{name}="{value}"' for name, value in element.attrs.items())
    markup = f"{own} {element.inner_html}"
    if len(markup) > _MOST_MARKUP_CHARS:
        return False
    return _IS_STATED.search(markup) is not None or has_several_amounts(markup)


def _read(text: str, place: Place, stated: Decimal | None = None) -> Money | None:
    try:
        return money(text, place=place, may_be_year=True, stated=stated)
    except UnparsableError:
        return None


def _with_currency(price: Money, element: Element, place: Place) -> Money:
    """Return the price in the currency that markup names, where the text names none or a sign of several."""
    is_shared_sign = price.currency is not None and is_shared(price.currency)
    if price.unit is not None and not is_shared_sign:
        return price
    code = _currency(element) or (None if price.unit else _currency_read_out(element, price, place))
    is_other = code is not None and price.code != code and (not price.currency or may_mean(price.currency, code))
    return Money(amount=price.amount, currency=code, code=code) if is_other else price


def _price(element: Element) -> Decimal | None:
    """Return the one price that attributes state; None where there is none, or several."""
    for css in _PRICES:
        found = [amount for each in _with(element, css) if (amount := _amount_of(each)) is not None]
        if found:
            return found[0] if len(set(found)) == 1 else None
    return None


def _offered(texts: Sequence[str], place: Place) -> Decimal | None:
    """Return the one price that the page's JSON-LD states; None where there is none, or several."""
    prices = {price.amount if (price := _read(text, place)) else None for text in texts}
    return prices.pop() if len(prices) == 1 else None


def _less_by_name(element: Element, place: Place) -> Decimal | None:
    """Return the one price that is less than what names set apart: beside `price-list`, or of `price-web` itself."""
    listed, left = _set_apart(element, place, Kind.LIKELY_FORMER, {Kind.PRESENT, Kind.BESIDE})
    if left is not None and listed and left < min(listed):
        return left
    present, left = _set_apart(element, place, Kind.PRESENT, {Kind.FORMER, Kind.LIKELY_FORMER, Kind.BESIDE})
    return present.pop() if left is not None and len(present) == 1 and max(present) < left else None


def _set_apart(element: Element, place: Place, kind: Kind, others: Set[Kind]) -> tuple[set[Decimal], Decimal | None]:
    """Return the prices of the elements whose names say this and none of the others, and what is left without them."""
    rest = copy.deepcopy(element)
    kinds = {each: kinds_of(each) for each in rest.select("*")}
    named = list(outermost([each for each, said in kinds.items() if kind in said and not said & others]))
    prices = {price.amount for each in named if (price := _read(price_text_of(each), place))}
    for each in named:
        each.decompose()
    left = _read(price_text_of(rest), place) if prices else None
    return prices, left.amount if left else None


def _currency_read_out(element: Element, price: Money, place: Place) -> str | None:
    """Return the currency of the same amount in a text for screen readers, or of a sign in an element of its own."""
    for each in _with(element, "[aria-label], [alt], [title]"):
        label = (each.attr("aria-label") or each.attr("alt") or each.attr("title") or "")[:_MOST_LABEL_CHARS].strip()
        read = _read(label, place) if any(map(str.isdigit, label)) else None
        if read is not None and read.amount == price.amount and read.code:
            return read.code
        code = None if each.text.strip() else code_of(label, place)
        if code is not None:
            return code
    signs = {sign for each in element.select("*") if (sign := each.text.strip()[:_MOST_SIGN_CHARS])}
    codes = {code for sign in signs if (code := code_of(sign, place))}
    return codes.pop() if len(codes) == 1 else None


def _currency(element: Element) -> str | None:
    said = {_said(each, _OF_CURRENCY) for each in _with(element, _CURRENCIES)} & CODES
    return said.pop() if len(said) == 1 else None


def _with(element: Element, css: str) -> Iterator[Element]:
    if element.matches(css):
        yield element
    yield from element.select(css)


def _amount_of(element: Element) -> Decimal | None:
    is_former = element.attr("data-price-type") in _FORMER_TYPES or Kind.FORMER in kinds_of(element)
    match = None if is_former else _AMOUNT.fullmatch(_said(element, _OF_PRICE))
    return Decimal(f"{match['whole'].translate(_GROUPING)}.{match['cents'] or 0}") if match else None


def _said(element: Element, names: tuple[str, ...]) -> str:
    """Return what the first of these attributes holds, else the element's text."""
    value = next((said for name in names if (said := element.attr(name))), None)
    return (element.text if value is None else value)[:_MOST_CHARS].strip()
