"""
Single values of a page: its price and its stock, and what follows a label.

| on the page | suggested as | found by |
|---|---|---|
| a short text with an amount of money, by its name a price, or near the heading | `price` | `prices` |
| a button or a short text that says whether the product is in stock | `stock` | this module |
| `<dt>` and `<dd>`, `<th>` and `<td>`, `Label: value` | money, date, stock or number by its label | `labelled_values` |
| `Status`, `Next appointment:` and what stands behind | a text, where it is no other value | `labelled_values` |
| `<p>Status: in progress</p>` | what stands behind the colon, a text or a date | `labelled_values` |
| `12 seats left` | a number | `figures` |
| a figure with a few words beside it: `18,406` and `signatures`, `84 / 250` and `visitors` | a number | `figures` |
| `The newest is <code>5.8.2</code> (20 November)`; a day of something to come; a status | text, date | this module |
| where nothing of these is found: what stands for itself | a value of any type | `standing_values` |

A number needs a label, or a word behind it, that says what is counted, and a date one that says what happens then: a
page about us has years, and telephones, too. What stands in the rows of a list is none of it (`found_values`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from watcher.core.values import Stock, ValueType
from watcher.core.watch import Query, Selector, Values
from watcher.core.wording import worded
from watcher.extract.count_words import COUNT_OF_ALL, is_of_all
from watcher.extract.selector_of import selector_of
from watcher.extract.stock import said
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.days import says_day
from watcher.extract.suggesting.figures import counts_of, figures_of
from watcher.extract.suggesting.found_values import (
    BOX_CHARACTERS,
    LEAST_ROWS,
    NEAR,
    VALUE_CHARACTERS,
    Found,
    Rows,
    alone,
    heading_of,
    inner,
    is_in_prose,
    is_short_value,
    names_of,
    outside_rows,
    rows_of,
)
from watcher.extract.suggesting.labelled_values import labelled_values
from watcher.extract.suggesting.moments import is_of_other_years
from watcher.extract.suggesting.naming import name_of_classes, named
from watcher.extract.suggesting.prices import prices_of, rates_of
from watcher.extract.suggesting.region_words import STATE_NAMES, words_of
from watcher.extract.suggesting.standing_values import standing_values
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import DATE, type_of

_MOST_PRICES = 4
_MOST_LABELLED = 6
_MOST_FIGURES = 3
_BESIDE = 120
"""Elements between a price and the stock of the same thing."""
_EVENT = re.compile(
    r"open|clos|releas|begin|start|deadline|due\b|until|on sale|expir|launch|next|starts|ends|erschein|ouvert|apertura"
    r"|截止|开始|开售|开放|发售|截至",
    re.IGNORECASE,
)
_WHOLE_VERSION = re.compile(r"v?\d{1,4}\.\d{1,5}\.\d{1,5}(?:[-+.]?[a-z]{1,6}\.?\d{0,3})?")
_MOST_STATES = 2
_MOST_STANDING = 2
_STOCK_WORDS = frozenset({"stock", "availability", "available", "inventory", "avail", "soldout", "instock", "status"})
_BUTTONS = frozenset({"button", "input", "a"})


def values_of(survey: Survey) -> Iterator[CandidateDraft]:
    """Yield the page's price with its stock, then other values, each for itself."""
    rows = rows_of(survey)
    prices = sorted(outside_rows(survey, rows, prices_of(survey, rows)), key=lambda found: -found.score)[:_MOST_PRICES]
    stocks = sorted(outside_rows(survey, rows, _stocks(survey, rows)), key=lambda found: -found.score)[:2]
    labelled = list(islice(outside_rows(survey, rows, labelled_values(survey)), _MOST_LABELLED))
    if prices and stocks and abs(prices[0].spot.place - stocks[0].spot.place) <= _BESIDE:
        both = (prices[0], stocks[0])
        yield _draft(survey, both, _SHOWS_ONE_PRICE, 20)
    elif stocks and _is_telling(survey, stocks[0]):
        yield _draft(survey, stocks[:1], _SHOWS_IN_STOCK, 4)
    for price in prices:
        yield _draft(survey, (price,), _amount_after(price.label), 6)
    for found in islice(rates_of(survey), _MOST_FIGURES):
        yield _draft(survey, (found,), _SHOWS_RATE, 0)
    for found in labelled:
        yield _draft(survey, (found,), _after_label(found.label), 0)
    for found in islice(outside_rows(survey, rows, figures_of(survey, rows)), _MOST_FIGURES):
        yield _draft(survey, (found,), _figure_beside(found.label), 0)
    for found in islice(outside_rows(survey, rows, counts_of(survey, rows)), _MOST_FIGURES):
        yield _draft(survey, (found,), _SHOWS_COUNT, 0)
    for found in islice(outside_rows(survey, rows, _dates(survey, rows)), _MOST_LABELLED):
        yield _draft(survey, (found,), _SHOWS_DATE, 0)
    for found in islice(_versions(survey, rows), 1):
        yield _draft(survey, (found,), "The page says which version there is, and since when.", 0)
    for found in islice(outside_rows(survey, rows, _states(survey, rows)), _MOST_STATES):
        yield _draft(survey, (found,), _SHOWS_STATUS, 0)


_SHOWS_ONE_PRICE = worded("suggest_product", "The page shows one price, and whether the product is in stock.")
_SHOWS_IN_STOCK = worded("suggest_stock", "The page says whether the product is in stock.")
_SHOWS_RATE = worded("suggest_rate", "The page says what a currency is worth.")
_SHOWS_COUNT = worded("suggest_count", "The page counts something.")
_SHOWS_DATE = worded("suggest_date", "The page says when something happens.")
_SHOWS_STATUS = worded("suggest_status", "The page shows the status of something.")


def _after_label(label: str) -> str:
    return worded("suggest_label", "The page shows this after the label “{label}”.", label=label)


def _figure_beside(label: str) -> str:
    return worded("suggest_figure", "The page shows this figure beside “{label}”.", label=label)


def _by_itself(label: str) -> str:
    if not label:
        return worded("suggest_alone", "The page shows this for itself, and says of when it is.")
    return worded(
        "suggest_alone_after", "The page shows this for itself beside “{label}”, and says of when it is.", label=label
    )


def _amount_after(label: str) -> str:
    if not label:
        return worded("suggest_amount", "The page shows an amount of money.")
    return worded("suggest_amount_after", "The page shows an amount of money after “{label}”.", label=label)


def last_values_of(survey: Survey, *, has_lists: bool) -> Iterator[CandidateDraft]:
    """Yield what stands for itself, whatever it is: for a page that shows no other value."""
    most_alike = LEAST_ROWS - has_lists
    for found in outside_rows(survey, rows_of(survey), _standing(survey, most_alike)):
        yield _draft(survey, (found,), _by_itself(found.label), 0)


def _draft(survey: Survey, found: Sequence[Found], why: str, bonus: float) -> CandidateDraft:
    names: set[str] = set()
    selectors = {named(each.name, names): _selector(survey, each) for each in found}
    score = min(84, max(each.score for each in found) + bonus)
    return CandidateDraft(kind=Kind.VALUE, why=why, extraction=Values(selectors=selectors), score=score)


def _selector(survey: Survey, found: Found) -> Selector:
    css = selector_of(survey.document, found.spot.element)
    is_of = found.type is ValueType.INTEGER and is_of_all(survey.text(found.spot))
    of_all = COUNT_OF_ALL if is_of else None
    return Selector(query=Query.css(css), type=found.type, regex=found.regex or of_all)


def _stocks(survey: Survey, rows: Rows) -> Iterator[Found]:
    skip = 0
    for spot in alone(survey, rows):
        if spot.place < skip or not 0 < _shown_chars(spot) <= VALUE_CHARACTERS:
            continue
        words = {word for name in names_of(spot) for word in words_of(name)}
        is_named = bool(_STOCK_WORDS & words)
        if not (is_named or spot.tag in _BUTTONS) or type_of(survey, [spot]) is not ValueType.STOCK:
            continue
        skip = spot.end
        is_off = spot.tag in _BUTTONS and spot.element.attr("disabled") is not None
        yield Found(spot=spot, name="stock", type=ValueType.STOCK, score=scores.STOCK + 12 * (is_named or is_off))


def _is_telling(survey: Survey, found: Found) -> bool:
    """Return whether a state of stock is worth watching without a price: a button to order stands on any page."""
    states = said(survey.text(found.spot)).states
    return found.spot.tag not in _BUTTONS or bool(states - {Stock.IN_STOCK})


def _dates(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield the dates that a word in their text, or of their names, says to be those of something to come."""
    for spot in alone(survey, rows):
        text = survey.text(spot) if is_short_value(survey, spot) else ""
        is_told = (
            DATE.search(text)
            and not is_of_other_years(survey, text)
            and _EVENT.search(" ".join((text, *names_of(spot))))
        )
        if is_told and not is_in_prose(survey, spot) and type_of(survey, [spot]) is ValueType.DATE:
            yield Found(spot=inner(survey, spot), name="date", type=ValueType.DATE, score=scores.DATE)


def _states(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield short texts that are called a status, near the page's heading; what they say may be anything."""
    heading = heading_of(survey)
    for spot in alone(survey, rows):
        is_near = heading is not None and 0 < spot.place - heading <= NEAR
        words = {word for each in _filled(survey, spot) for name in names_of(each) for word in words_of(name)}
        is_label = spot.own.endswith((":", "："))
        if (
            is_near
            and spot.own
            and not is_label
            and (STATE_NAMES | _STOCK_WORDS) & words
            and is_short_value(survey, spot)
            and not spot.link_chars
            and not _is_in_row(survey, rows, spot)
        ):
            kind = type_of(survey, [spot])
            if kind is not ValueType.DATE:  # of which day the states are
                yield Found(spot=spot, name="status", type=kind, score=scores.STATUS)


def _is_in_row(survey: Survey, rows: Rows, spot: Spot) -> bool:
    """Return whether a value and others fill one of several boxes alike: a line, a lift, each with its state."""
    box = survey.spots[spot.parent]
    beside = [each for each in rows.alike.get(box.path, ()) if each.parent == box.parent]
    return len(beside) >= LEAST_ROWS and not box.has_main


def _versions(survey: Survey, rows: Rows) -> Iterator[Found]:
    """Yield versions that stand for themselves in a short text with a day: `The newest: <b>5.8.2</b> (20.11.2026)`."""
    heading = heading_of(survey)
    for spot in alone(survey, rows):
        is_near = heading is not None and 0 < spot.place - heading <= NEAR
        is_version = _WHOLE_VERSION.fullmatch(spot.own) and not says_day(spot.own)
        if is_near and is_version and spot.chars == len(spot.own) and says_day(_beside(survey, spot)):
            yield Found(spot=spot, name="version", type=ValueType.TEXT, score=scores.STATUS)


def _beside(survey: Survey, spot: Spot) -> str:
    parent = survey.spots[spot.parent]
    return survey.text(parent) if parent.chars <= BOX_CHARACTERS else ""


def _filled(survey: Survey, spot: Spot) -> Iterator[Spot]:
    """Yield the element, and those that show nothing but it."""
    yield spot
    yield from takewhile(lambda each: each.chars == spot.chars, survey.above(spot))


def _standing(survey: Survey, most_alike: int) -> Iterator[Found]:
    """Yield what stands for itself, the likeliest first."""
    heading = heading_of(survey)
    told = [] if heading is None else list(standing_values(survey, heading, most_alike=most_alike))
    for each in sorted(told, key=lambda one: -one.points)[:_MOST_STANDING]:
        kind = type_of(survey, [each.spot]) if each.spot.own else ValueType.TEXT  # a level with its word
        if not (kind is ValueType.DATE and each.spot.tag == "time"):
            kind = ValueType.TEXT if kind is ValueType.DATE else kind
            name = each.label or name_of_classes(each.spot.names) or "status"
            yield Found(
                spot=each.spot, name=name, type=kind, label=each.label, score=scores.STANDING + 8 * (each.points - 4)
            )


def _shown_chars(spot: Spot) -> int:
    return spot.chars or (len(spot.element.attr("value") or "") if spot.tag == "input" else 0)
