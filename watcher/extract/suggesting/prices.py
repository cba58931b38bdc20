"""
Amounts of money → the prices of a page, and what a currency is worth.

An amount is a price by its name or the words before it, or near the heading; not what a delivery costs, or what it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from watcher.core.values import ValueType
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.amount_words import AmountIs, amount_by_label
from watcher.extract.suggesting.found_values import (
    LABEL_CHARACTERS,
    LEAST_ROWS,
    NEAR,
    SAMPLE,
    VALUE_CHARACTERS,
    Found,
    Rows,
    alone,
    as_label,
    heading_of,
    inner,
    is_in_prose,
    is_short_value,
    names_of,
)
from watcher.extract.suggesting.region_words import words_of
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import MONEY_MARK, type_of

_AMOUNT_CHARACTERS = 24
_FEE_TAGS = frozenset({"tr", "li", "dd"})
_PRICE_WORDS = frozenset({"price", "prices", "preis", "prix", "precio", "prezzo", "cost", "amount", "jiage", "价格"})
_OTHER_WORDS = frozenset(
    {"cart", "basket", "minicart", "shipping", "delivery", "total", "subtotal", "save", "saving", "savings", "discount"}
    | {"balance", "wallet", "threshold", "fee", "deposit", "voucher", "coupon"}
)
"""An amount that is none of what is sold."""
_OLD_WORDS = frozenset(
    {"old", "was", "original", "regular", "list", "rrp", "msrp", "compare", "crossed", "strike", "del"}
)
_BARE = re.compile(r"\d[\d.,]*(?: ?(?:p|ct|c|cents?|¢|分|角|/.{1,12}))?", re.IGNORECASE)
_UNIT = re.compile(r".{0,200}=|10{0,3} ?(?:[A-Z]{3}|[$€£¥])|[$€£¥] ?10{0,3}")
"""`1 EUR =`, or above what it is worth; a price of so much is seldom seen."""
_RATE = re.compile(r"\W{0,2}10{0,3} ?[^\d=]{1,30}= ?\D{0,4}\d[\d.,]{0,15} ?\D{0,20}")
_WORTH = r"=\D*(\d[\d.,]*)"
_BEFORE_NUMBER = re.compile(r"[^\d$€£¥￥₹₩₽₺₫฿₴₱₪]{1,40}")


def prices_of(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the amounts that are a price, in the order of the page."""
    heading = heading_of(survey)
    skip = 0
    for spot in _alone_or_priced(survey, rows):
        if spot.place < skip or not is_short_value(survey, spot):
            continue
        has_mark = MONEY_MARK.search(survey.text(spot)) is not None
        score = _price_score(survey, spot, heading) if has_mark or _is_bare_price(survey, spot) else 0
        kind = type_of(survey, [spot]) if score > 0 else ValueType.TEXT
        if kind in ((ValueType.MONEY,) if has_mark else (ValueType.NUMBER, ValueType.INTEGER)):
            skip = spot.end
            spot = inner(survey, spot)
            yield Found(spot=spot, name="price", type=kind, label=_label_before(survey, spot), score=score)


def rates_of(survey: Survey) -> Iterator[Found]:
    """Yield what one unit of a currency is worth: of `1 EUR = 4,2731 PLN` the number behind."""
    told = [spot for spot in survey.spots if "=" in spot.own and _RATE.fullmatch(spot.own)]
    for spot in told if len(told) < LEAST_ROWS else ():
        if is_short_value(survey, spot):
            yield Found(spot=spot, name="rate", type=ValueType.NUMBER, regex=_WORTH, score=scores.LABELLED)


def is_of_fees(survey: Survey, spot: Spot) -> bool:
    """Return whether an amount stands in one of several rows, each with an amount of its own: so much for what."""
    row = next((each for each in (spot, *survey.above(spot)) if each.tag in _FEE_TAGS), None)
    if row is None or row.parent < 0:
        return False
    rows = [each for each in survey.children(survey.spots[row.parent]) if each.tag == row.tag][:SAMPLE]
    return sum(MONEY_MARK.search(survey.text(each)) is not None for each in rows) > 1


def _is_bare_price(survey: Survey, spot: Spot) -> bool:
    """Return whether a number without a currency is called a price."""
    words = {word for name in names_of(spot) for word in words_of(name)}
    return bool(_PRICE_WORDS & words) and _BARE.fullmatch(survey.text(spot)) is not None


def _alone_or_priced(survey: Survey, rows: Rows) -> Iterator[Spot]:
    """Yield the elements of content that are alone, or alone among their like in that they are an amount of money."""
    alike = (spots for spots in rows.alike.values() if len(spots) >= LEAST_ROWS)
    amounts = [list(islice(filter(_is_amount, spots), LEAST_ROWS)) for spots in alike]
    others = [spot for found in amounts if len(found) < LEAST_ROWS for spot in found]
    yield from sorted([*alone(survey, rows), *others], key=lambda spot: spot.place)


def _is_amount(spot: Spot) -> bool:
    """Return whether an element says an amount of money, and nothing else."""
    own = spot.own
    if not 0 < len(own) <= _AMOUNT_CHARACTERS or not any(map(str.isdigit, own)):
        return False
    return MONEY_MARK.search(own) is not None and not any(map(str.isalpha, MONEY_MARK.sub("", own)))


def _price_score(survey: Survey, spot: Spot, heading: int | None) -> float:
    words = {word for each in (spot, *_around(survey, spot)) for name in names_of(each) for word in words_of(name)}
    is_near = heading is not None and 0 < spot.place - heading <= NEAR
    said = amount_by_label(_said_beside(survey, spot))
    is_none = _UNIT.fullmatch(survey.text(spot)) is not None or said is AmountIs.SENDING
    is_told = _PRICE_WORDS & words or is_near or said is AmountIs.PRESENT or _label_before(survey, spot)
    if is_none or is_in_prose(survey, spot) or not is_told or (_OTHER_WORDS & words and not _PRICE_WORDS & words):
        return 0
    if said is not AmountIs.PRESENT and not _PRICE_WORDS & words and is_of_fees(survey, spot):
        return scores.FIXED - 6
    if said is AmountIs.OTHER and not _PRICE_WORDS & words:
        return scores.FIXED - 6
    is_other = said is AmountIs.OTHER or (_OLD_WORDS | _OTHER_WORDS) & words
    return 44 + 10 * bool(_PRICE_WORDS & words) + 10 * is_near + 10 * (said is AmountIs.PRESENT) - 15 * bool(is_other)


def _label_before(survey: Survey, spot: Spot) -> str:
    """Return the label that ends with a colon right before the element, empty when there is none."""
    before = survey.spots[spot.place - 1] if spot.place else None
    if before is None or before.is_out:
        return ""
    text = before.own
    return as_label(text) if text.endswith((":", "：")) and len(text) <= LABEL_CHARACTERS else ""


def _said_beside(survey: Survey, spot: Spot) -> str:
    """Return the few words right before an amount, in its element or before it; empty where there are none."""
    own = _BEFORE_NUMBER.match(survey.text(spot))
    if own and own[0].strip():
        return own[0].strip()
    while spot.parent >= 0:
        parent = survey.spots[spot.parent]
        before = survey.before(spot)
        text = parent.own or (survey.text(before) if before is not None else "")
        if text or parent.chars > spot.chars:
            return as_label(text) if len(text) <= LABEL_CHARACTERS and not any(map(str.isdigit, text)) else ""
        spot = parent
    return ""


def _around(survey: Survey, spot: Spot) -> list[Spot]:
    """Return what the element lies in that holds little else."""
    return [each for each in survey.above(spot) if each.chars <= 2 * VALUE_CHARACTERS][:2]
